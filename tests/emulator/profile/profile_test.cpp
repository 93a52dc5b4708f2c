#include "emulator/profile/profile.hpp"

#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

class ProfileTest : public testing::Test {
protected:
    std::shared_ptr<const Profile> parsed(std::string_view bytes)
    {
        const auto profile = parseProfile(bytes, *m_schema);
        EXPECT_TRUE(profile.has_value()) << profile.error().detail;
        return profile.has_value() ? *profile : std::make_shared<const Profile>();
    }

    Error refused(std::string_view bytes)
    {
        const auto profile = parseProfile(bytes, *m_schema);
        EXPECT_TRUE(profile.has_error()) << bytes.substr(0, 100);
        return profile.has_error() ? profile.error() : fail(ErrorKind::Refused, "");
    }

    const ProfileElement* element(const Profile& profile, std::string_view name)
    {
        for (const ProfileElement& one : profile.elements)
            if (m_schema->at(one.id).name == name)
                return &one;
        return nullptr;
    }

    std::string value(std::string_view bytes, std::string_view name)
    {
        const std::shared_ptr<const Profile> profile = parsed(bytes);
        const ProfileElement* const found = element(*profile, name);
        return found == nullptr ? "(not set)" : found->value;
    }

    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7832");
};

TEST_F(ProfileTest, ReadsParameterElementsOfAFlatProfile)
{
    COVERS("PROF-XML-FLAT");
    const auto profile =
        parsed("<flat-profile>\n<GPP_A>12345678</GPP_A>\n<GPP_B>ABCD</GPP_B>\n</flat-profile>");
    ASSERT_EQ(profile->elements.size(), 2u);
    EXPECT_EQ(element(*profile, "GPP_A")->value, "12345678");
    EXPECT_EQ(element(*profile, "GPP_A")->line, 2u);
    EXPECT_EQ(element(*profile, "GPP_B")->value, "ABCD");
    EXPECT_EQ(element(*profile, "GPP_B")->line, 3u);
    EXPECT_TRUE(profile->problems.empty());
    EXPECT_EQ(refused("<other-profile><GPP_A>1</GPP_A></other-profile>").kind, ErrorKind::Corrupt);
}

TEST_F(ProfileTest, FindsTheFlatProfileInsideOtherElements)
{
    const char* wrapped = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by a tool -->\n"
                          "<device xsi:type=\"axl:XIPPhone\"><GPP_B>no</GPP_B><env>\n"
                          "<flat-profile><GPP_A>1</GPP_A></flat-profile></env><GPP_C>no</GPP_C></device>";
    const auto profile = parsed(wrapped);
    ASSERT_EQ(profile->elements.size(), 1u);
    EXPECT_EQ(element(*profile, "GPP_A")->value, "1");
    EXPECT_EQ(element(*profile, "GPP_A")->line, 4u);
    EXPECT_TRUE(profile->problems.empty()) << "what is outside does not concern the phone";
}

TEST_F(ProfileTest, CutsWhiteSpaceAroundValues)
{
    COVERS("PROF-VALUE-TRIM", "PROF-RULE-MULTILINE");
    EXPECT_EQ(value("<flat-profile><GPP_A> 12345678\n</GPP_A></flat-profile>", "GPP_A"), "12345678");
    EXPECT_EQ(value("<flat-profile><GPP_A>\r\n\t 12 34 \r\n</GPP_A></flat-profile>", "GPP_A"), "12 34");
    EXPECT_EQ(
        value(
            "<flat-profile><Profile_Rule>\n  tftp://192.168.1.200/basic.txt\n</Profile_Rule></flat-profile>",
            "Profile_Rule"),
        "tftp://192.168.1.200/basic.txt");
}

TEST_F(ProfileTest, KeepsAllLinesOfAValueAsOne)
{
    COVERS("PROF-MULTILINE-VALUE");
    EXPECT_EQ(value("<flat-profile><GPP_D>\nOU=CP-7832-3PCC\nL=000e08aabbcc\r\nS=88012BA01234\n</GPP_D></"
                    "flat-profile>",
                    "GPP_D"),
              "OU=CP-7832-3PCC L=000e08aabbcc S=88012BA01234");
}

TEST_F(ProfileTest, TakesElementsWithAndWithoutUaAlike)
{
    COVERS("PROF-UA-ATTR");
    const auto profile =
        parsed("<flat-profile><GPP_A ua=\"na\">1</GPP_A><GPP_B>2</GPP_B><GPP_C ua=\"rw\">3</GPP_C>"
               "<GPP_D ua='ro'>4</GPP_D><GPP_E ua=\"all\">5</GPP_E></flat-profile>");
    ASSERT_EQ(profile->elements.size(), 5u);
    const auto access = [&](std::string_view name) { return element(*profile, name)->attributes.access; };
    EXPECT_EQ(element(*profile, "GPP_A")->value, "1");
    EXPECT_EQ(element(*profile, "GPP_B")->value, "2");
    EXPECT_EQ(access("GPP_A"), UserAccess::None);
    EXPECT_EQ(access("GPP_B"), std::nullopt);
    EXPECT_EQ(access("GPP_C"), UserAccess::ReadWrite);
    EXPECT_EQ(access("GPP_D"), UserAccess::ReadOnly);
    EXPECT_EQ(access("GPP_E"), std::nullopt);
}

TEST_F(ProfileTest, ReadsWhatMayStayOfThePhonesOwnValues)
{
    const auto profile =
        parsed("<flat-profile><GPP_A preserve-value=\"y\">1</GPP_A><GPP_B user-pref=\"y\" um=\"y\">2</GPP_B>"
               "<GPP_C user-pref=\"n\" preserve-value=\"n\">3</GPP_C></flat-profile>");
    EXPECT_TRUE(element(*profile, "GPP_A")->attributes.preserveValue);
    EXPECT_FALSE(element(*profile, "GPP_A")->attributes.userPreference);
    EXPECT_TRUE(element(*profile, "GPP_B")->attributes.userPreference);
    EXPECT_FALSE(element(*profile, "GPP_C")->attributes.userPreference);
    EXPECT_FALSE(element(*profile, "GPP_C")->attributes.preserveValue);
}

TEST_F(ProfileTest, TakesNamesInAnyCase)
{
    COVERS("PROF-NAME-CASE");
    const auto profile =
        parsed("<flat-profile><profile_rule>/a</profile_rule><RESYNC_ON_RESET>no</RESYNC_ON_RESET>"
               "</flat-profile>");
    EXPECT_EQ(element(*profile, "Profile_Rule")->value, "/a");
    EXPECT_EQ(element(*profile, "Resync_On_Reset")->value, "No");
}

TEST_F(ProfileTest, SetsTheEmptyStringByAnEmptyElement)
{
    COVERS("PROF-EMPTY-ELEMENT");
    const auto profile =
        parsed("<flat-profile><profile_rule_b ua=\"na\"></profile_rule_b><resync_trigger_2 ua=\"na\"/>"
               "<GPP_A>\n</GPP_A><Resync_Periodic/></flat-profile>");
    for (const char* name : {"Profile_Rule_B", "Resync_Trigger_2", "GPP_A", "Resync_Periodic"}) {
        const ProfileElement* const one = element(*profile, name);
        ASSERT_NE(one, nullptr) << name;
        EXPECT_EQ(one->value, "");
        EXPECT_FALSE(one->attributes.userPreference);
    }
}

TEST_F(ProfileTest, LetsTheUsersValueStayUnderAnEmptyElementThatTheUserMayWrite)
{
    const auto profile = parsed("<flat-profile><GPP_A ua=\"rw\"/><GPP_B ua=\"rw\">x</GPP_B></flat-profile>");
    EXPECT_TRUE(element(*profile, "GPP_A")->attributes.userPreference);
    EXPECT_FALSE(element(*profile, "GPP_B")->attributes.userPreference);
}

TEST_F(ProfileTest, RefusesTheClosingTagsThatGuidesPrintWrongly)
{
    COVERS("PROF-MALFORMED-CLOSE");
    for (const char* bytes :
         {"<flat-profile><Profile_Rule>/a</Profile Rule></flat-profile>",
          "<flat-profile><GPP_B>ABCD</GPP B></flat-profile>",
          "<flat-profile><GPP B>ABCD</GPP B></flat-profile>",
          "<flat-profile><resync_error_retry_delay>60</resync_error_retry_delay</flat-profile>",
          "<flat-profile><mic_cert_refresh_rule>http://a/</mic_cert_refresh_rule\n</flat-profile>"})
        EXPECT_EQ(refused(bytes).kind, ErrorKind::Corrupt) << bytes;
    EXPECT_EQ(value("<flat-profile><resync_error_retry_delay>60</resync_error_retry_delay></flat-profile>",
                    "Resync_Error_Retry_Delay"),
              "60");
    EXPECT_EQ(value("<flat-profile><mic_cert_refresh_rule>http://a/</mic_cert_refresh_rule></flat-profile>",
                    "MIC_Cert_Refresh_Rule"),
              "http://a/");
}

TEST_F(ProfileTest, DecodesReferencesAndLeavesCommentsOut)
{
    EXPECT_EQ(value("<flat-profile><GPP_A>a&amp;b&lt;c&gt;&apos;&quot;&#65;&#x42;<!-- not this "
                    "-->z</GPP_A></flat-profile>",
                    "GPP_A"),
              "a&b<c>'\"ABz");
    EXPECT_EQ(value("<flat-profile><GPP_A><![CDATA[<x> & y]]></GPP_A></flat-profile>", "GPP_A"), "<x> & y");
    EXPECT_EQ(value("\xEF\xBB\xBF<flat-profile><GPP_A>Zürich</GPP_A></flat-profile>", "GPP_A"), "Zürich");
}

TEST_F(ProfileTest, TakesTheLastOfSeveralElementsWithOneName)
{
    EXPECT_EQ(
        value("<flat-profile><GPP_B>x</GPP_B><GPP_A>1</GPP_A><gpp_a>2</gpp_a><GPP_C>y</GPP_C><GPP_A>3</GPP_A>"
              "</flat-profile>",
              "GPP_A"),
        "3");
    const auto profile =
        parsed("<flat-profile><GPP_C>c</GPP_C><GPP_A>a</GPP_A><GPP_B>b</GPP_B><GPP_C>d</GPP_C>"
               "<Resync_On_Reset>No</Resync_On_Reset></flat-profile>");
    EXPECT_EQ(profile->elements.size(), 4u);
    EXPECT_TRUE(std::is_sorted(profile->elements.begin(), profile->elements.end(),
                               [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST_F(ProfileTest, KeepsWhatItCannotUseAsProblemsAndTakesTheRest)
{
    const auto profile =
        parsed("<flat-profile>\n<Resync_On_Rest>No</Resync_On_Rest>\n<GPP_A>1</GPP_A>\n"
               "<Resync_Random_Delay>65536</Resync_Random_Delay>\n"
               "<Resync_From_SIP>perhaps</Resync_From_SIP>\n"
               "<GPP_B>text<GPP_C>2</GPP_C></GPP_B>\n"
               "<Something_Else_Entirely><GPP_D>3</GPP_D></Something_Else_Entirely>\n</flat-profile>");
    ASSERT_EQ(profile->elements.size(), 1u);
    EXPECT_EQ(element(*profile, "GPP_A")->value, "1");
    ASSERT_EQ(profile->problems.size(), 5u);
    using Kind = ProfileProblem::Kind;
    const auto is = [&](std::size_t i, Kind kind, std::string_view name, std::uint32_t line,
                        std::string_view detail) {
        EXPECT_EQ(profile->problems[i].kind, kind) << i;
        EXPECT_EQ(profile->problems[i].name, name) << i;
        EXPECT_EQ(profile->problems[i].line, line) << i;
        EXPECT_THAT(profile->problems[i].detail, testing::HasSubstr(detail)) << i;
    };
    is(0, Kind::Unknown, "Resync_On_Rest", 2, "the nearest is Resync_On_Reset");
    is(1, Kind::OutOfRange, "Resync_Random_Delay", 4, "from 0 to 65535");
    is(2, Kind::Malformed, "Resync_From_SIP", 5, "expected Yes or No");
    is(3, Kind::Malformed, "GPP_B", 6, "holds another element");
    is(4, Kind::Unknown, "Something_Else_Entirely", 7, "no parameter of this phone");
}

TEST_F(ProfileTest, SaysInOneSentenceWhyAFileIsNoProfile)
{
    const auto says = [&](std::string_view bytes, std::string_view detail) {
        const Error error = refused(bytes);
        EXPECT_EQ(error.kind, ErrorKind::Corrupt) << bytes;
        EXPECT_EQ(error.detail, detail);
    };
    says("", "not a profile: the file is empty");
    says(" \n", "not a profile: the file is empty");
    says("File not found",
         "not a profile: text that is not XML at line 1, column 1; expected <flat-profile>");
    says({"SPC\0\x01\x02 abc", 10}, "not a profile: binary data at line 1, column 1, perhaps a compiled "
                                    "(SPC) profile, whose format is not "
                                    "published; expected <flat-profile>");
    says("Salted__abcdefgh", "not a profile: the file is encrypted (it begins with Salted__)");
    says("\x1F\x8B\x08", "not a profile: the file is compressed with gzip");
    says("<?xml version=\"1.0\"?>\n<html><body/></html>",
         "not a profile: XML without <flat-profile>; its first element, at line 2, is <html>");
    says("<flat-profile>\n<GPP_A>1</GPP_A>\n", "not a profile: no element found at line 3, column 1");
    says("<flat-profile>\n <GPP_A>1</GPP_B></flat-profile>",
         "not a profile: mismatched tag at line 2, column 12");
    says("<flat-profile><GPP_A>&nbsp;</GPP_A></flat-profile>",
         "not a profile: undefined entity at line 1, column 22");
}

TEST_F(ProfileTest, RefusesDocumentTypesAndEntitiesThatGrow)
{
    const std::string_view laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\">"
                                    "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n"
                                    "<flat-profile><GPP_A>&b;</GPP_A></flat-profile>";
    EXPECT_EQ(refused(laughs).kind, ErrorKind::Corrupt);
    EXPECT_THAT(refused(laughs).detail, testing::HasSubstr("a document type declaration"));
    EXPECT_THAT(refused("<!DOCTYPE flat-profile SYSTEM \"http://a/b.dtd\"><flat-profile/>").detail,
                testing::HasSubstr("at line 1"));
}

TEST_F(ProfileTest, BoundsDepthSizeAndLengths)
{
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "<a>";
    EXPECT_THAT(refused(deep).detail, testing::HasSubstr("nested more than 64 deep"));

    const std::string large = "<flat-profile>" + std::string(maxProfileBytes, ' ') + "</flat-profile>";
    EXPECT_EQ(refused(large).kind, ErrorKind::TooLarge);

    const std::string longest(maxValueBytes, 'x');
    EXPECT_EQ(value("<flat-profile><GPP_A>\n" + longest + "\n</GPP_A></flat-profile>", "GPP_A"), longest);
    for (const std::size_t length : {maxValueBytes + 1, std::size_t{1} << 20}) {
        const auto profile =
            parsed("<flat-profile><GPP_A>" + std::string(length, 'x') + "</GPP_A></flat-profile>");
        EXPECT_TRUE(profile->elements.empty());
        ASSERT_EQ(profile->problems.size(), 1u);
        EXPECT_EQ(profile->problems[0].kind, ProfileProblem::Kind::OutOfRange);
        EXPECT_LT(profile->problems[0].detail.size(), 300u);
    }
    std::string unknown = "<flat-profile>";
    for (int i = 0; i < 5000; ++i)
        unknown += fmt::format("<Unknown_{0}>1</Unknown_{0}>", i);
    EXPECT_EQ(parsed(unknown + "</flat-profile>")->problems.size(), Profile::maxProblems);
    const auto longName = parsed("<flat-profile><" + std::string(100'000, 'n') + "/></flat-profile>");
    EXPECT_LE(longName->problems.at(0).name.size(), 200u);
}

TEST_F(ProfileTest, TakesAProfileThatSetsNothing)
{
    EXPECT_TRUE(parsed("<flat-profile/>")->elements.empty());
    EXPECT_TRUE(parsed("<flat-profile></flat-profile>")->problems.empty());
}

std::string sampleProfile()
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- sample -->\n<device><flat-profile>\n"
           "  <Profile_Rule ua=\"na\">[--key MyOwnSecret] tftp://192.168.1.200/$MA.cfg</Profile_Rule>\n"
           "  <Resync_On_Reset>Yes</Resync_On_Reset> <GPP_A preserve-value='y'>a&amp;b &#x20AC;</GPP_A>\n"
           "  <Unknown_One>\n x "
           "</Unknown_One><GPP_B/><GPP_C><![CDATA[<&>]]></GPP_C>\n</flat-profile></device>\n";
}

TEST_F(ProfileTest, TakesNothingOfAFileThatIsCutAnywhere)
{
    const std::string whole = sampleProfile();
    const std::size_t end = whole.rfind('>');
    for (std::size_t length = 0; length <= end; ++length)
        EXPECT_EQ(refused(whole.substr(0, length)).kind, ErrorKind::Corrupt) << length;
    EXPECT_EQ(parsed(whole.substr(0, end + 1))->elements.size(), 5u);
}

TEST_F(ProfileTest, AnswersGarbageWithAnErrorOrAProfile)
{
    std::uint64_t state = 7832;
    const auto next = [&] { return (state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 33; };
    for (int round = 0; round < 5000; ++round) {
        std::string bytes = round % 3 == 0 ? std::string{} : sampleProfile();
        if (bytes.empty())
            for (std::uint64_t i = 0, length = next() % 400; i < length; ++i)
                bytes += static_cast<char>(next());
        else
            for (std::uint64_t i = 0, changes = next() % 8 + 1; i < changes; ++i)
                bytes[next() % bytes.size()] =
                    round % 3 == 1 ? static_cast<char>(next()) : "<>&\"'/=! ]-"[next() % 11];
        const auto profile = parseProfile(bytes, *m_schema);
        if (profile.has_error())
            EXPECT_FALSE(profile.error().detail.empty());
        else
            for (const ProfileElement& one : (*profile)->elements)
                EXPECT_LT(static_cast<std::size_t>(one.id), m_schema->size());
    }
}

}  // namespace
}  // namespace emulator
