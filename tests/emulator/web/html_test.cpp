#include "emulator/web/html.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(HtmlTest, EscapesWhatCouldEndATextOrAnAttribute)
{
    EXPECT_EQ(escaped(R"(<a href="x">'&'</a>)"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(HtmlTest, KeepsTextInAnyLanguage)
{
    EXPECT_EQ(escaped("Zürich 東京 \xf0\x9f\x93\x9e"), "Zürich 東京 \xf0\x9f\x93\x9e");
    EXPECT_TRUE(isFieldText("Zürich 東京 \xf0\x9f\x93\x9e"));
}

class BrokenTextTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(BrokenTextTest, IsReplacedAndIsNoFieldText)
{
    EXPECT_NE(escaped(GetParam()).find("\xef\xbf\xbd"), std::string::npos);
    EXPECT_FALSE(isFieldText(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Bytes, BrokenTextTest,
                         ::testing::Values("\x80", "\xff", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80",
                                           "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\x01", "\x7f",
                                           std::string_view{"\0", 1}));

TEST(HtmlTest, TakesNoLineBreaksInFields)
{
    EXPECT_EQ(escaped("a\nb\tc"), "a\nb\tc");
    EXPECT_FALSE(isFieldText("a\nb"));
}

}  // namespace
}  // namespace emulator
