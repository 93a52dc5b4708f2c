#include "emulator/profile/profile_check.hpp"

#include "emulator/profile/gzip.hpp"
#include "tests/emulator/profile/sample_schema.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ProfileCheckTest : public testing::Test {
protected:
    ProfileCheck checked(std::string_view file, const ProfileReading& reading = {})
    {
        return checkProfile(file, *m_schema, reading, {"Serial_Number", "Host_Name"}).value();
    }
    // "LINE NAME"
    static std::vector<std::string> places(const std::vector<CheckedElement>& elements)
    {
        std::vector<std::string> all;
        for (const CheckedElement& element : elements)
            all.push_back(fmt::format("{} {}", element.line, element.name));
        return all;
    }

    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7832");
};

TEST_F(ProfileCheckTest, SortsElementsByWhatComesOfThem)
{
    const ProfileCheck check = checked("<flat-profile>\n"
                                       "<Resync_Periodic>3600</Resync_Periodic>\n"
                                       "<GPP_A>12345678</GPP_A>\n"
                                       "<Profil_Rule>/a.xml</Profil_Rule>\n"
                                       "<Provision_Enable>perhaps</Provision_Enable>\n"
                                       "<Serial_Number>88012BA01234</Serial_Number>\n"
                                       "<Forced_Resync_Delay>65536</Forced_Resync_Delay>\n"
                                       "</flat-profile>\n");
    EXPECT_FALSE(check.isClean());
    EXPECT_THAT(places(check.taken), ElementsAre("2 Resync_Periodic", "3 GPP_A"));
    EXPECT_THAT(places(check.unknown), ElementsAre("4 Profil_Rule"));
    EXPECT_EQ(check.unknown[0].nearest, "Profile_Rule");
    EXPECT_THAT(places(check.malformed), ElementsAre("5 Provision_Enable"));
    EXPECT_THAT(check.malformed[0].detail, HasSubstr("perhaps"));
    EXPECT_THAT(places(check.readOnly), ElementsAre("6 Serial_Number"));
    EXPECT_THAT(places(check.outOfRange), ElementsAre("7 Forced_Resync_Delay"));
}

TEST_F(ProfileCheckTest, TakesAParameterThatTheStatusPageShowsToo)
{
    const ProfileCheck check = checked("<flat-profile><Host_Name>desk</Host_Name></flat-profile>");
    EXPECT_TRUE(check.isClean());
    EXPECT_THAT(places(check.taken), ElementsAre("1 Host_Name"));
}

TEST_F(ProfileCheckTest, IsCleanWhereEverythingIsTaken)
{
    const ProfileCheck check =
        checked("<flat-profile><GPP_A ua=\"na\" preserve-value=\"y\">1</GPP_A></flat-profile>");
    EXPECT_TRUE(check.isClean());
    ASSERT_THAT(check.taken, testing::SizeIs(1));
    EXPECT_THAT(check.taken[0].detail, HasSubstr("keeps the value that it has"));
}

TEST_F(ProfileCheckTest, NamesTheLastOfSeveralElementsWithOneName)
{
    const ProfileCheck check = checked("<flat-profile>\n<GPP_A>1</GPP_A>\n<GPP_A>2</GPP_A></flat-profile>");
    EXPECT_THAT(places(check.taken), ElementsAre("3 GPP_A"));
}

TEST_F(ProfileCheckTest, ReadsWhatAPhoneReads)
{
    ProfileReading reading;
    reading.aliases = "/x = /flat-profile/GPP_A";
    EXPECT_THAT(places(checked(gzip("<a>\n<x>1</x></a>"), reading).taken), ElementsAre("2 GPP_A"));
    EXPECT_EQ(checkProfile("no", *m_schema, {}, {}).error().kind, ErrorKind::Corrupt);
}

TEST_F(ProfileCheckTest, TellsNoSecret)
{
    const ProfileCheck check =
        checked(fmt::format("<flat-profile><Admin_Password>{}</Admin_Password></flat-profile>",
                            std::string(maxValueBytes + 1, 's')));
    ASSERT_THAT(check.outOfRange, testing::SizeIs(1));
    EXPECT_EQ(check.outOfRange[0].detail.find("ssss"), std::string::npos);
}

TEST_F(ProfileCheckTest, SaysWhatIsWrongWithEveryElementHoweverManyThereAre)
{
    constexpr std::size_t many = 3000;  // of a model with more lines, say
    std::string profile = "<flat-profile>";
    for (std::size_t i = 0; i < many; ++i)
        profile += "<Profil_Rule>1</Profil_Rule>\n<Provision_Enable>perhaps</Provision_Enable>";
    const ProfileCheck check = checked(profile + "</flat-profile>");
    EXPECT_THAT(check.malformed, testing::SizeIs(many));
    ASSERT_THAT(check.unknown, testing::SizeIs(many));
    for (const CheckedElement& element : check.unknown)
        ASSERT_EQ(element.nearest, "Profile_Rule") << element.line;
    EXPECT_THAT(check.unknown.back().detail, HasSubstr("the nearest is Profile_Rule"));
    EXPECT_THAT(check.unknown.back().line, many);
}

}  // namespace
}  // namespace emulator
