#include "emulator/provisioning/condition.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr std::string_view runningLoad = "sip7832.11-3-1MPP-678";

Condition readCondition(std::string_view text)
{
    RuleCursor cursor{text};
    const Result<Condition> condition = takeCondition(cursor);
    EXPECT_TRUE(condition.has_value() && cursor.atEnd()) << text;
    return condition.has_value() ? *condition : Condition{};
}

struct TruthRow {
    const char* text;
    Truth truth;
};

class ComparisonTest : public ::testing::TestWithParam<TruthRow> {};

TEST_P(ComparisonTest, ComesOutAsTheGuideSays)
{
    EXPECT_EQ(evaluate(readCondition(GetParam().text).all.at(0), runningLoad), GetParam().truth)
        << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Numbers, ComparisonTest,
                         ::testing::Values(TruthRow{"5 = 5", Truth::True}, TruthRow{"5 eq 6", Truth::False},
                                           TruthRow{"5 != 6", Truth::True}, TruthRow{"5 ne 5", Truth::False},
                                           TruthRow{"5<6", Truth::True}, TruthRow{"6 lt 6", Truth::False},
                                           TruthRow{"6 <= 6", Truth::True}, TruthRow{"7 le 6", Truth::False},
                                           TruthRow{"7 > 6", Truth::True}, TruthRow{"6 gt 6", Truth::False},
                                           TruthRow{"6 >= 6", Truth::True}, TruthRow{"5 ge 6", Truth::False},
                                           TruthRow{"10 > 9", Truth::True}, TruthRow{"-1 = -1", Truth::True},
                                           TruthRow{"-1 LT 0", Truth::True},
                                           TruthRow{"007 eq 7", Truth::True}));

INSTANTIATE_TEST_SUITE_P(Texts, ComparisonTest,
                         ::testing::Values(TruthRow{"\"a b\" = \"a b\"", Truth::True},
                                           TruthRow{"\"a\" eq \"A\"", Truth::False},
                                           TruthRow{"\"\" ne \"x\"", Truth::True},
                                           TruthRow{"\"5\" eq \"05\"", Truth::False},
                                           TruthRow{"\"a\" lt \"b\"", Truth::Incomparable},
                                           TruthRow{"\"5\" eq 5", Truth::Incomparable},
                                           TruthRow{"\"5\" ne 6", Truth::Incomparable}));

INSTANTIATE_TEST_SUITE_P(
    Versions, ComparisonTest,
    ::testing::Values(
        TruthRow{"sip7832.11-3-1MPP-678 lt 12-0-1MPP-1", Truth::True},
        TruthRow{"sip88xx.11-3-1MPP-678 eq sip78xx.11-3-1MPP-678", Truth::True},
        TruthRow{"ge 11-3-1MPP-678", Truth::True}, TruthRow{"! 11-3-1MPP-678", Truth::False},
        TruthRow{"< 11-3-1MPP-700", Truth::True}, TruthRow{"2.0.3(0412s) < 2.0.3(0413a)", Truth::True},
        TruthRow{"lt 12-0-1MPP0001-245", Truth::Incomparable}, TruthRow{"! 1.0.33", Truth::Incomparable},
        TruthRow{"11-3-1MPP-678 gt 5", Truth::Incomparable}, TruthRow{"ge 11.0.0", Truth::Incomparable},
        TruthRow{"CP-7832-3PCC eq CP-7832-3PCC", Truth::Incomparable}));

TEST(ConditionTest, AndJoinsAnyNumberOfComparisons)
{
    COVERS("RSYNC-TRIGGER-EXPR");
    const Condition condition = readCondition("301 gt 300 and 600 ge 600 AND \"a\"eq\"a\"");
    ASSERT_EQ(condition.all.size(), 3u);
    for (const Comparison& one : condition.all)
        EXPECT_EQ(evaluate(one, runningLoad), Truth::True);
    EXPECT_EQ(print(condition), "301 gt 300 and 600 ge 600 and \"a\" eq \"a\"");
}

}  // namespace
}  // namespace emulator
