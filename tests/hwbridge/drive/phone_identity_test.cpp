#include "hwbridge/drive/phone_identity.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::MacAddress;
using emulator::Result;

const std::vector<HtmlFact> facts{{"Product Name", "CP-7841-3PCC"},
                                  {"Software Version", "sip78xx.11-3-1MPP-678"},
                                  {"MAC Address", "000E08AABBCC"},
                                  {"Serial Number", "FCH2100ABCD"}};

std::string difference(const ExpectedIdentity& expected)
{
    const PhoneIdentity identity = readIdentity(facts, "the page").value();
    const Result<void> same = checkIdentity(identity, expected, "CP7832-1", "CP7832-1 at 192.0.2.7:80");
    return same.has_value() ? "none" : same.error().detail;
}

TEST(PhoneIdentityTest, IsReadFromWhatThePageShows)
{
    const Result<PhoneIdentity> identity = readIdentity(facts, "the page");
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity->product, "CP-7841-3PCC");
    EXPECT_EQ(identity->firmware, "sip78xx.11-3-1MPP-678");
    EXPECT_EQ(identity->mac.colons(), "00:0e:08:aa:bb:cc");
    EXPECT_EQ(identity->serial, "FCH2100ABCD");
}

TEST(PhoneIdentityTest, AMissingFieldIsNamed)
{
    EXPECT_EQ(readIdentity({{"Product Name", "CP"}}, "the page / of CP7832-1").error().detail,
              "the page / of CP7832-1 shows no 'Software Version', by which a phone is known");
    EXPECT_FALSE(
        readIdentity({{"Product_Name", "a"}, {"Software_Version", "b"}, {"MAC_Address", "c"}}, "the page")
            .has_value());
}

TEST(PhoneIdentityTest, AnotherPhoneThanTheInventorySaysIsRefusedInOneSentence)
{
    EXPECT_EQ(
        difference({.product = "CP-7832-3PCC"}),
        "the inventory says that the model of CP7832-1 is CP-7832-3PCC, but CP7832-1 at 192.0.2.7:80 says "
        "CP-7841-3PCC");
    EXPECT_EQ(difference({.mac = MacAddress{{0, 1, 2, 3, 4, 5}}}),
              "the inventory says that the MAC address of CP7832-1 is 00:01:02:03:04:05, but CP7832-1 at "
              "192.0.2.7:80 "
              "says 00:0e:08:aa:bb:cc");
    EXPECT_EQ(difference({.serial = "X"}),
              "the inventory says that the serial number of CP7832-1 is X, but CP7832-1 at "
              "192.0.2.7:80 says FCH2100ABCD");
    EXPECT_EQ(difference({.firmware = "X"}),
              "the inventory says that the firmware of CP7832-1 is X, but CP7832-1 at "
              "192.0.2.7:80 says sip78xx.11-3-1MPP-678");
    EXPECT_EQ(difference({.product = "CP-7841-3PCC", .serial = "FCH2100ABCD"}), "none");
    EXPECT_EQ(difference({}), "none");
}

}  // namespace
}  // namespace hwbridge
