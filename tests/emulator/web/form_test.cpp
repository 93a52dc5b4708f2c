#include "emulator/web/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(FormTest, ReadsFieldsInTheirOrder)
{
    EXPECT_THAT(parseForm("GPP_A=1+2%203&GPP_B=&&GPP_C=a%3Db%26c").value(),
                ElementsAre(Pair("GPP_A", "1 2 3"), Pair("GPP_B", ""), Pair("GPP_C", "a=b&c")));
    EXPECT_THAT(parseForm("").value(), ElementsAre());
    EXPECT_THAT(parseForm("GPP_A").value(), ElementsAre(Pair("GPP_A", "")));
}

class BrokenFormTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(BrokenFormTest, IsMalformed)
{
    const Result<FormFields> form = parseForm(GetParam());
    ASSERT_FALSE(form.has_value());
    EXPECT_EQ(form.error().kind, ErrorKind::Malformed);
}

INSTANTIATE_TEST_SUITE_P(Bodies, BrokenFormTest,
                         ::testing::Values("GPP_A=%", "GPP_A=%4", "GPP_A=%zz", "%=1", "=1",
                                           "GPP_A=1&GPP_B=%4x"));

TEST(FormTest, HasBoundsOfBytesAndFields)
{
    EXPECT_EQ(parseForm("a=" + std::string(maxFormBytes, 'x')).error().kind, ErrorKind::TooLarge);
    std::string many;
    for (std::size_t i = 0; i <= maxFormFields; ++i)
        many += "a=1&";
    EXPECT_EQ(parseForm(many).error().kind, ErrorKind::TooLarge);
}

TEST(FormTest, LeavesAPlusSignAloneWhereItIsOne)
{
    EXPECT_EQ(percentDecoded("a+b%2Bc", PlusSign::Itself).value(), "a+b+c");
    EXPECT_EQ(percentDecoded("a+b%2Bc", PlusSign::Space).value(), "a b+c");
}

}  // namespace
}  // namespace emulator
