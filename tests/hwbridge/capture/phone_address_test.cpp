#include "hwbridge/capture/phone_address.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

PhoneAddress phone(std::string_view text)
{
    return parsePhoneAddress(text).value();
}

TEST(PhoneAddressTest, ReadsAddressesRangesAndMacs)
{
    EXPECT_EQ(phone("192.168.1.20"), PhoneAddress{(AddressRange{{0xc0a80114}, 32})});
    EXPECT_EQ(phone("127.78.0.9/24"), PhoneAddress{(AddressRange{{0x7f4e0000}, 24})});
    EXPECT_EQ(phone("1.2.3.4/0"), PhoneAddress{(AddressRange{{0}, 0})});
    EXPECT_EQ(phone("000E08000001"), PhoneAddress{*emulator::MacAddress::parse("00:0e:08:00:00:01")});
    for (const char* same : {"192.168.1.20", "127.78.0.0/24", "00:0e:08:00:00:01"})
        EXPECT_EQ(text(phone(same)), same);
}

TEST(PhoneAddressTest, RefusesEverythingElse)
{
    for (const char* wrong : {"", "phone", "1.2.3", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/2x",
                              "1.2.3.4/2/2", "1.2.3.4 or arp", "00:0e:08:00:00", "/24"}) {
        const auto read = parsePhoneAddress(wrong);
        ASSERT_FALSE(read.has_value()) << wrong;
        EXPECT_EQ(read.error().kind, emulator::ErrorKind::Malformed);
        EXPECT_NE(read.error().detail.find(std::string{"found "} + wrong + ", expected"), std::string::npos);
    }
    EXPECT_EQ(parsePhoneAddress("fe80::1").error().kind, emulator::ErrorKind::Unsupported);
}

TEST(PhoneAddressTest, MakesAFilterForAllPhonesAndTheirVlans)
{
    const std::vector<PhoneAddress> phones{phone("10.0.0.1"), phone("10.1.0.0/16"), phone("000e08000001")};
    EXPECT_EQ(captureFilter({}, true), "");
    EXPECT_EQ(captureFilter(phones, false),
              "host 10.0.0.1 or net 10.1.0.0/16 or ether host 00:0e:08:00:00:01");
    EXPECT_EQ(captureFilter(std::span{phones}.first(1), true),
              "(host 10.0.0.1) or (vlan and (host 10.0.0.1)) or (vlan and (host 10.0.0.1))");
}

}  // namespace
}  // namespace hwbridge
