#include "emulator/protocol/xml_execute.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace emulator {
namespace {

std::string object(std::string_view item)
{
    return "<CP-7832-3PCCExecute>\n  " + std::string{item} + "\n</CP-7832-3PCCExecute>\n";
}

TEST(XmlExecuteTest, TakesTheItemAsTheGuidesPrintIt)
{
    COVERS("XML-UNQUOTED-ATTR");
    const XmlExecute read =
        parseXmlExecute(object("<ExecuteItem URL=Resync:tftp://192.168.1.200/$MA.cfg/>")).value();

    EXPECT_EQ(read.product, "CP-7832-3PCC");
    EXPECT_EQ(read.url, "Resync:tftp://192.168.1.200/$MA.cfg");
}

struct Written {
    const char* name;
    const char* item;
    const char* url;
};
class XmlExecuteItemTest : public testing::TestWithParam<Written> {};

TEST_P(XmlExecuteItemTest, IsRead)
{
    COVERS("XML-UNQUOTED-ATTR");
    EXPECT_EQ(parseXmlExecute(object(GetParam().item)).value().url, GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    Items, XmlExecuteItemTest,
    testing::Values(
        Written{"Quoted", R"(<ExecuteItem URL="Resync:tftp://h/a.cfg"/>)", "Resync:tftp://h/a.cfg"},
        Written{"SingleQuotes", "<ExecuteItem URL='Resync:x'/>", "Resync:x"},
        Written{"BlankBeforeTheEnd", "<ExecuteItem URL=Resync:x />", "Resync:x"},
        Written{"WithEndTag", "<ExecuteItem URL=Resync:x></ExecuteItem>", "Resync:x"},
        Written{"SlashAtTheEnd", "<ExecuteItem URL=Resync:http://h/dir//>", "Resync:http://h/dir/"},
        Written{"OptionsWithBlanks", "<ExecuteItem URL=Resync:[--key 12 --alias a]http://h/a/>",
                "Resync:[--key 12 --alias a]http://h/a"},
        Written{"Priority", R"(<ExecuteItem Priority="0" URL="Resync:x"/>)", "Resync:x"},
        Written{"PriorityBehind", R"(<ExecuteItem URL=Resync:x Priority="0"/>)", "Resync:x"},
        Written{"References", R"(<ExecuteItem URL="Resync:http://h/?a=1&amp;b=&quot;2&quot;"/>)",
                "Resync:http://h/?a=1&b=\"2\""},
        Written{"BareAmpersand", "<ExecuteItem URL=Resync:http://h/?a=1&b=2/>", "Resync:http://h/?a=1&b=2"},
        Written{"OtherCase", "<ExecuteItem Url=Resync:x/>", "Resync:x"}),
    [](const auto& row) { return row.param.name; });

TEST(XmlExecuteTest, SkipsDeclarationAndComments)
{
    const std::string text =
        "\xef\xbb\xbf<?xml version=\"1.0\"?><!-- now -->" + object("<!-- it --><ExecuteItem URL=Resync:x/>");

    EXPECT_EQ(parseXmlExecute(text).value().url, "Resync:x");
}

class XmlExecuteRefusalTest : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(XmlExecuteRefusalTest, IsMalformed)
{
    EXPECT_EQ(parseXmlExecute(GetParam().second).error().kind, ErrorKind::Malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Objects, XmlExecuteRefusalTest,
    testing::Values(std::pair{"Nothing", std::string{}}, std::pair{"NoXml", std::string{"Resync:x"}},
                    std::pair{"OtherRoot", std::string{"<flat-profile><ExecuteItem URL=x/></flat-profile>"}},
                    std::pair{"RootWithoutModel", std::string{"<Execute><ExecuteItem URL=x/></Execute>"}},
                    std::pair{"NoItem", object("")}, std::pair{"NoUrl", object("<ExecuteItem/>")},
                    std::pair{"TwoItems", object("<ExecuteItem URL=a/><ExecuteItem URL=b/>")},
                    std::pair{"TwoUrls", object(R"(<ExecuteItem URL="a" URL="b"/>)")},
                    std::pair{"OpenQuote", object(R"(<ExecuteItem URL="a/>)")},
                    std::pair{"RootNotClosed", std::string{"<CP-7832-3PCCExecute><ExecuteItem URL=x/>"}},
                    std::pair{"OtherEnd", std::string{"<AExecute><ExecuteItem URL=x/></BExecute>"}},
                    std::pair{"MoreBehind", object("<ExecuteItem URL=a/>") + "<x/>"}),
    [](const auto& row) { return row.param.first; });

TEST(XmlExecuteTest, TakesNoMoreThanItsLimit)
{
    const std::string item = "<ExecuteItem URL=Resync:" + std::string(maxXmlExecuteBytes, 'x') + "/>";

    EXPECT_EQ(parseXmlExecute(object(item)).error().kind, ErrorKind::TooLarge);
}

TEST(XmlExecuteTest, SurvivesDamagedObjects)
{
    RandomBytes random{3};
    std::size_t good = 0;
    for (int i = 0; i < 20'000; ++i)
        good += parseXmlExecute(random.damaged(object("<ExecuteItem URL=Resync:tftp://h/$MA.cfg/>"), 4))
                        .has_value()
                    ? 1u
                    : 0u;
    EXPECT_GT(good, 100u);
    EXPECT_LT(good, 19'000u);
}

}  // namespace
}  // namespace emulator
