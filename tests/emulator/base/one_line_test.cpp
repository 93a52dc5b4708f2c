#include "emulator/base/one_line.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(OneLineTest, KeepsWhatPeopleWrite)
{
    EXPECT_EQ(oneLine("na\u00efve \u260e \U0001F4DE", 100), "na\u00efve \u260e \U0001F4DE");
    EXPECT_EQ(oneLine("", 100), "");
}

TEST(OneLineTest, MakesControlCharactersSpacesAndOtherBytesQuestionMarks)
{
    EXPECT_EQ(oneLine("a\r\nb\x1b[31m\x7f", 100), "a  b [31m ");
    EXPECT_EQ(oneLine("caf\xe9, \xed\xa0\x80, \xc3", 100), "caf?, ???, ?");
}

TEST(OneLineTest, EndsBetweenTwoLetters)
{
    EXPECT_EQ(oneLine("abc\u00e9", 5), "abc\u00e9");
    EXPECT_EQ(oneLine("abc\u00e9", 4), "abc");
    EXPECT_EQ(oneLine("abc", 0), "");
}

}  // namespace
}  // namespace emulator
