#include "emulator/provisioning/version_literal.hpp"

#include <gtest/gtest.h>

#include <array>

namespace emulator {
namespace {

using Form = VersionLiteral::Form;

struct OrderRow {
    const char* smaller;
    const char* larger;
};

class VersionOrderTest : public ::testing::TestWithParam<OrderRow> {};

TEST_P(VersionOrderTest, ComparesMajorMinorMicroThenBuild)
{
    const auto smaller = VersionLiteral::parse(GetParam().smaller);
    const auto larger = VersionLiteral::parse(GetParam().larger);
    ASSERT_TRUE(smaller && larger);
    ASSERT_EQ(smaller->form, larger->form);
    EXPECT_TRUE(smaller->compare(*larger) < 0);
    EXPECT_TRUE(larger->compare(*smaller) > 0);
    EXPECT_TRUE(smaller->compare(*smaller) == 0);
}

INSTANTIATE_TEST_SUITE_P(Printed, VersionOrderTest,
                         ::testing::Values(OrderRow{"11-2-3MPP-256", "11-3-1MPP-110"},
                                           OrderRow{"sip78xx.11-3-2MPP0001-609", "sip88xx.11-3-2MPP0002-256"},
                                           OrderRow{"11-3-1MPP-678", "sip78xx.11-3-1MPP-697.loads"},
                                           OrderRow{"sip78xx.11-2-3MPP-398", "sip78xx.11-2-3MSR1-1"},
                                           OrderRow{"sip78xx.11-1-1MSR1-1", "sip78xx.11-1-1MSR2-1"},
                                           OrderRow{"sip8845_65.12-0-2MPP0001-116",
                                                    "sip8845_65.12-0-2MPP0001-20230510-156252b771"},
                                           OrderRow{"9-4-1MPP-1", "11-0-1MPP-1"},
                                           OrderRow{"14-1-1MN-366", "14-1-1MN-367"},
                                           OrderRow{"1.0.31(a)", "1.0.31(b)"},
                                           OrderRow{"2.0.3(0412s)", "2.0.3(0413a)"},
                                           OrderRow{"7.4.8", "7.4.10"}, OrderRow{"1.0.31", "1.0.31(b)"},
                                           OrderRow{"7.4", "7.4.1"}));

TEST(VersionLiteralTest, KnowsWhichFormsCompare)
{
    EXPECT_EQ(VersionLiteral::parse("11-3-1MPP-678")->form, Form::Mpp);
    EXPECT_EQ(VersionLiteral::parse("11-2-3MSR1-1")->form, Form::Mpp);
    EXPECT_EQ(VersionLiteral::parse("11-3-2MPP0001-609")->form, Form::MppNumbered);
    EXPECT_EQ(VersionLiteral::parse("sip78xx.14-1-1MN-366")->form, Form::OtherLoad);
    EXPECT_EQ(VersionLiteral::parse("1.0.31(b)")->form, Form::Dotted);
}

TEST(VersionLiteralTest, IsNoVersionOtherwise)
{
    for (const char* text :
         {"", "11", "11-3", "11-3-1", "11-3-1MPP", "11-3-1MPP-", "11-3-1MPP-x", "11-3-1-678x", "x.y.z", "1.",
          "1.2.", "1.2.3.4", "1.0.31(b", "99999999999999999999.1", "CP-7832-3PCC", "-1", "1.2.3-"})
        EXPECT_FALSE(VersionLiteral::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace emulator
