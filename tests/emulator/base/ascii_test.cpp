#include "emulator/base/ascii.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(AsciiTest, ComparesLettersWithoutCaseAndNothingElse)
{
    EXPECT_TRUE(equalsAnyCase("Profile_Rule", "PROFILE_rule"));
    EXPECT_TRUE(equalsAnyCase("", ""));
    EXPECT_FALSE(equalsAnyCase("Profile_Rule", "Profile_Rule_"));
    EXPECT_FALSE(equalsAnyCase("@", "`"));
    EXPECT_FALSE(equalsAnyCase("[", "{"));
    EXPECT_FALSE(equalsAnyCase("\xC4", "\xE4"));
}

}  // namespace
}  // namespace emulator
