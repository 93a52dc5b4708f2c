#include "emulator/provisioning/profile_rule.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(ProfileRuleTest, IsTheUrlWithoutTheWhiteSpaceAroundIt)
{
    EXPECT_EQ(ruleUrl("\n  tftp://192.168.1.200/basic.txt \n").value(), "tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(ruleUrl("/7832-3PCC.xml").value(), "/7832-3PCC.xml");
}

TEST(ProfileRuleTest, IsNothingWhenEmptyOrCommentedOut)
{
    for (const char* text : {"", "  \n ", "#tftp://192.168.1.200/basic.txt", "  # off"})
        EXPECT_FALSE(ruleUrl(text).value().has_value()) << text;
}

TEST(ProfileRuleTest, RefusesByNameWhatIsNotEmulated)
{
    for (const char* text : {"[--key MyOwnSecret] tftp://192.168.1.200/basic.cfg", "gds://",
                             "(\"$A\" eq \"x\")? http://a/b | http://a/c"}) {
        const auto rule = ruleUrl(text);
        ASSERT_FALSE(rule.has_value()) << text;
        EXPECT_EQ(rule.error().kind, ErrorKind::Unsupported);
        EXPECT_FALSE(rule.error().detail.empty());
    }
}

}  // namespace
}  // namespace emulator
