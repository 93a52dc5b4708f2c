#include "emulator/base/mac_address.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

MacAddress aMac(std::string_view text)
{
    return MacAddress::parse(text).value();
}

TEST(MacAddressTest, ReadsBothFormsInEitherCase)
{
    const MacAddress expected{{0x00, 0x0e, 0x08, 0xaa, 0xbb, 0xcc}};
    for (const char* text : {"000e08aabbcc", "000E08AABBCC", "00:0e:08:aa:bb:cc", "00:0E:08:aa:BB:cc"})
        EXPECT_EQ(aMac(text), expected) << text;
}

TEST(MacAddressTest, PrintsTheThreeFormsOfTheMacros)
{
    COVERS("MODEL-MAC-LABEL");
    const MacAddress mac = aMac("00:0E:08:AA:BB:CC");
    EXPECT_EQ(mac.plain(), "000e08aabbcc");
    EXPECT_EQ(mac.upper(), "000E08AABBCC");
    EXPECT_EQ(mac.colons(), "00:0e:08:aa:bb:cc");
}

TEST(MacAddressTest, RefusesOtherTexts)
{
    for (const char* text :
         {"", "000e08aabbc", "000e08aabbccd", "000e08aabbcg", "00-0e-08-aa-bb-cc", "00:0e:08:aa:bb:c",
          "00:0e:08:aa:bbcc:", ":00:0e:08:aa:bb:c", "00:0e:08:aa:bb;cc", "-1:0e:08:aa:bb:cc"}) {
        const Result<MacAddress> mac = MacAddress::parse(text);
        ASSERT_TRUE(mac.has_error()) << text;
        EXPECT_EQ(mac.error().kind, ErrorKind::Malformed);
    }
}

TEST(MacAddressTest, CountsOnThroughAllOctetsAndWraps)
{
    EXPECT_EQ(aMac("000e080000ff").plus(1), aMac("000e08000100"));
    EXPECT_EQ(aMac("000e08ffffff").plus(1), aMac("000e09000000"));
    EXPECT_EQ(aMac("000e08000001").plus(999'999), aMac("000e080f4240"));
    EXPECT_EQ(aMac("ffffffffffff").plus(1), aMac("000000000000"));
    EXPECT_EQ(aMac("0102030405fe").number(), 0x0102030405feULL);
}

}  // namespace
}  // namespace emulator
