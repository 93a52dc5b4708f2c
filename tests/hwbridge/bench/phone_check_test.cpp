#include "hwbridge/bench/phone_check.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using Verdict = CheckFinding::Verdict;

TEST(PhoneCheckTest, AFailureNamesAllThatIsBadInOneLine)
{
    EXPECT_EQ(failureOf({{"page", Verdict::Good, "answers"}, {"power", Verdict::NotChecked, "not asked"}}),
              "");
    EXPECT_EQ(failureOf({{"model", Verdict::Bad, "another\nmodel"},
                         {"page", Verdict::Good, "answers"},
                         {"power", Verdict::Bad, "it is off"}}),
              "another model; it is off");
}

TEST(PhoneCheckTest, AFailureIsCutBetweenLetters)
{
    std::string text(999, 'x');
    EXPECT_EQ(failureOf({{"page", Verdict::Bad, text + "é"}}), text);
    EXPECT_EQ(failureOf({{"page", Verdict::Bad, text + "e"}}), text + "e");
}

}  // namespace
}  // namespace hwbridge
