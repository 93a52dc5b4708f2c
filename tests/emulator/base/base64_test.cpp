#include "emulator/base/base64.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct Base64Row {
    std::string_view bytes;
    std::string_view text;
};

class Base64Test : public testing::TestWithParam<Base64Row> {};

TEST_P(Base64Test, IsAsRfc4648Prints)
{
    EXPECT_EQ(base64(GetParam().bytes), GetParam().text);
    EXPECT_EQ(base64Decoded(GetParam().text), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(Section10, Base64Test,
                         testing::Values(Base64Row{"", ""}, Base64Row{"f", "Zg=="}, Base64Row{"fo", "Zm8="},
                                         Base64Row{"foo", "Zm9v"}, Base64Row{"foob", "Zm9vYg=="},
                                         Base64Row{"fooba", "Zm9vYmE="}, Base64Row{"foobar", "Zm9vYmFy"},
                                         Base64Row{"\xFB\xEF\xFF", "++//"}));

TEST(Base64Test, TakesTheLettersForUrlsAndNoPadding)
{
    EXPECT_EQ(base64Decoded("--__"), "\xFB\xEF\xFF");
    EXPECT_EQ(base64Decoded("Zm8"), "fo");
    EXPECT_EQ(base64Decoded("Zg"), "f");
}

TEST(Base64Test, RefusesWhatIsNoBase64)
{
    for (const std::string_view text : {"Z", "Zm9vY", "Zm9 v", "Zm9v===", "Zm=9", "Zm9v!"})
        EXPECT_FALSE(base64Decoded(text).has_value()) << text;
}

}  // namespace
}  // namespace emulator
