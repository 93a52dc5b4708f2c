#include "emulator/profile/alias_map.hpp"

#include "emulator/profile/profile.hpp"
#include "tests/emulator/profile/sample_schema.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr std::string_view credentials = "<CPE>\n"
                                         "  <SIP-Credentials>\n"
                                         "    <name>J. Smith</name>\n"
                                         "    <number>14085551234</number>\n"
                                         "  </SIP-Credentials>\n"
                                         "  <auth-secret>hidden</auth-secret>\n"
                                         "</CPE>\n";

class AliasMapTest : public testing::Test {
protected:
    Result<std::shared_ptr<const Profile>> parsed(std::string_view bytes, std::string_view map)
    {
        return parseProfile(bytes, *m_schema, AliasMap::parse(map).value());
    }
    // "Name=value" of what is taken.
    std::vector<std::string> taken(std::string_view bytes, std::string_view map)
    {
        const auto profile = parsed(bytes, map);
        EXPECT_TRUE(profile.has_value()) << profile.error().detail;
        std::vector<std::string> all;
        if (profile.has_value())
            for (const ProfileElement& element : (*profile)->elements)
                all.push_back(fmt::format("{}={}", m_schema->at(element.id).name, element.value));
        return all;
    }

    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7832");
};

TEST_F(AliasMapTest, MapsElementsOfAnotherFormToParameters)
{
    EXPECT_THAT(taken(credentials, "/CPE/SIP-Credentials/name = /flat-profile/Display_Name_1_ ;\n"
                                   "/CPE/SIP-Credentials/number = /flat-profile/User_ID_1_ ;\n"
                                   "/CPE/auth-secret = /flat-profile/Password_1_ ;"),
                testing::UnorderedElementsAre("Display_Name_1_=J. Smith", "User_ID_1_=14085551234",
                                              "Password_1_=hidden"));
}

TEST_F(AliasMapTest, MatchesThePathFromItsRightEnd)
{
    EXPECT_THAT(taken(credentials, "/SIP-Credentials/name=/flat-profile/Display_Name_1_;"
                                   "number=/flat-profile/User_ID_1_"),
                testing::UnorderedElementsAre("Display_Name_1_=J. Smith", "User_ID_1_=14085551234"));
    EXPECT_TRUE(parsed(credentials, "/ame = /flat-profile/Display_Name_1_").has_error())
        << "element names match whole";
}

TEST_F(AliasMapTest, PrefersTheLongerPath)
{
    EXPECT_THAT(
        taken("<a><x>1</x><b><x>2</x></b></a>", "/x = /flat-profile/GPP_A ; /b/x = /flat-profile/GPP_B"),
        testing::ElementsAre("GPP_A=1", "GPP_B=2"));
}

TEST_F(AliasMapTest, WorksInsideAFlatProfileToo)
{
    EXPECT_THAT(taken("<flat-profile><SIP-number>17775551234</SIP-number><GPP_A>1</GPP_A></flat-profile>",
                      "/flat-profile/SIP-number = /flat-profile/User_ID_1_ ;"),
                testing::UnorderedElementsAre("User_ID_1_=17775551234", "GPP_A=1"));
}

TEST_F(AliasMapTest, LeavesCanonicalNamesAloneOutsideTheFlatProfile)
{
    EXPECT_THAT(taken("<a><GPP_A>no</GPP_A><x>1</x></a>", "/x = /flat-profile/GPP_B"),
                testing::ElementsAre("GPP_B=1"));
}

TEST_F(AliasMapTest, ReadsAttributesAndLinesOfMappedElements)
{
    const auto profile = parsed("<a>\n<x ua=\"rw\">1</x></a>", "/a/x = /flat-profile/GPP_A").value();
    ASSERT_EQ(profile->elements.size(), 1u);
    EXPECT_EQ(profile->elements[0].line, 2u);
    EXPECT_EQ(profile->elements[0].attributes.access, UserAccess::ReadWrite);
}

TEST_F(AliasMapTest, KeepsMappedElementsWithElementsInThemAsProblems)
{
    const auto profile =
        parsed("<a><x>1<y>2</y>3</x><y>4</y></a>", "/x = /flat-profile/GPP_A; /y = /flat-profile/GPP_B")
            .value();
    ASSERT_EQ(profile->problems.size(), 1u);
    EXPECT_EQ(profile->problems[0].name, "GPP_A");
    ASSERT_EQ(profile->elements.size(), 1u);
    EXPECT_EQ(profile->elements[0].value, "4");
}

TEST_F(AliasMapTest, NamesAParameterThatIsNone)
{
    const auto profile = parsed("<a><x>1</x></a>", "/x = /flat-profile/GPP_Z").value();
    ASSERT_EQ(profile->problems.size(), 1u);
    EXPECT_EQ(profile->problems[0].name, "GPP_Z");
}

TEST_F(AliasMapTest, RefusesAFileThatHasNothingOfTheMap)
{
    const auto refused = parsed("<a><b>1</b></a>", "/x = /flat-profile/GPP_A");
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(refused.error().detail,
              "not a profile: XML without <flat-profile> or an element that the alias map "
              "names; its first element, at line 1, is <a>");
}

TEST_F(AliasMapTest, HoldsThirtyEntriesAndNotOneMore)
{
    std::string map;
    for (std::size_t i = 0; i < AliasMap::maxEntries; ++i)
        map += fmt::format("/e{} = /flat-profile/GPP_A ;", i);
    EXPECT_TRUE(AliasMap::parse(map).has_value());
    const auto refused = AliasMap::parse(map + "/e31 = /flat-profile/GPP_A");
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().detail, "alias map of more than 30 entries");
}

TEST_F(AliasMapTest, NamesTheEntryThatIsNone)
{
    for (const std::string_view entry : {"/x", "= /flat-profile/GPP_A", "/x = GPP_A", "/x = /flat-profile/",
                                         "/x = /flat-profile/a/b", "/ = /flat-profile/GPP_A"}) {
        const auto refused = AliasMap::parse(fmt::format("/y = /flat-profile/GPP_B ; {} ;", entry));
        ASSERT_TRUE(refused.has_error()) << entry;
        EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);
        EXPECT_THAT(refused.error().detail, testing::HasSubstr(fmt::format("'{}'", entry)));
    }
}

TEST_F(AliasMapTest, IsEmptyForAnEmptyText)
{
    EXPECT_TRUE(AliasMap::parse("").value().empty());
    EXPECT_TRUE(AliasMap::parse(" ;\n; ").value().empty());
}

}  // namespace
}  // namespace emulator
