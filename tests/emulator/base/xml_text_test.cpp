#include "emulator/base/xml_text.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(XmlTextTest, WritesReferencesForWhatMeansSomethingInMarkup)
{
    EXPECT_EQ(escapeXml("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
    EXPECT_EQ(escapeXml("one\ttwo\r\nthree"), "one&#9;two&#13;&#10;three");
    EXPECT_EQ(escapeXml("]]>"), "]]&gt;");
}

TEST(XmlTextTest, LeavesCharactersOfAllLanguagesAlone)
{
    EXPECT_EQ(escapeXml("Zürich 東京 😀"), "Zürich 東京 😀");
    EXPECT_EQ(escapeXml(""), "");
}

TEST(XmlTextTest, WritesNothingThatXmlCannotHold)
{
    using namespace std::string_literals;
    EXPECT_EQ(escapeXml("a\0\x01\x1f\x62"s), "ab");
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(escapeXml("\xFF"), mark);
    EXPECT_EQ(escapeXml("caf\xE9"), "caf" + mark) << "Latin-1";
    EXPECT_EQ(escapeXml("\xC0\xAF"), mark + mark) << "overlong";
    EXPECT_EQ(escapeXml("\xED\xA0\x80"), mark + mark + mark) << "surrogate";
    EXPECT_EQ(escapeXml("\xEF\xBF\xBE"), mark + mark + mark) << "U+FFFE";
    EXPECT_EQ(escapeXml("\xF4\x90\x80\x80"), mark + mark + mark + mark) << "above U+10FFFF";
    EXPECT_EQ(escapeXml("\xE6\x9D"), mark + mark) << "cut off";
}

TEST(XmlTextTest, KeepsCommentsFromEndingEarly)
{
    EXPECT_EQ(commentXml("System Configuration"), "System Configuration");
    EXPECT_EQ(commentXml("a--b---"), "a- -b- - - ");
    EXPECT_EQ(commentXml("->x"), "->x");
}

}  // namespace
}  // namespace emulator
