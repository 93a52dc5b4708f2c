#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

namespace {

std::string begin()
{
    return lldpTlv(1, std::string{"\x07"} + "chassis") + lldpTlv(2, std::string{"\x07"} + "port") +
           lldpTlv(3, Bytes{}.u16(120).string());
}

std::string media(unsigned subtype, const std::string& value)
{
    return lldpTlv(127, Bytes{}.hex("0012bb").u8(subtype).text(value).string());
}

}  // namespace

TEST(LldpMessageTest, DescribesASwitch)
{
    const Described seen = Wire{}.lldp(lldpOfASwitch());
    EXPECT_EQ(seen.kind(), EventKind::LldpMessage);
    EXPECT_EQ(seen.text(FieldName::Chassis), "00:11:22:33:44:55");
    EXPECT_EQ(seen.text(FieldName::Port), "Gi1/0/7");
    EXPECT_EQ(seen.number(FieldName::Ttl), 120);
    EXPECT_EQ(seen.text(FieldName::PortDescription), "uplink of the lab");
    EXPECT_EQ(seen.text(FieldName::Name), "switch1");
    EXPECT_EQ(seen.text(FieldName::Description), "IOS 15.2");
    EXPECT_EQ(seen.text(FieldName::Capabilities), "bridge");
    EXPECT_EQ(seen.text(FieldName::Management), "192.168.1.2");
    EXPECT_EQ(seen.number(FieldName::NativeVlan), 10);
    EXPECT_EQ(seen.number(FieldName::Vlan), 110);
    EXPECT_EQ(seen.text(FieldName::Policy), "voice tagged priority 5 dscp 46");
    EXPECT_EQ(seen.number(FieldName::Power), 6300);
    EXPECT_EQ(seen.event().exchange, ExchangeId{});
}

TEST(LldpMessageTest, DescribesAPhoneByItsAddressAndInventory)
{
    const std::string phone = lldpTlv(1, Bytes{}.hex("05 01 c0a80105").string()) +
                              lldpTlv(2, Bytes{}.hex("03 000e08aabbcc").string()) +
                              lldpTlv(3, Bytes{}.u16(180).string()) + media(5, "V01") + media(6, "boot") +
                              media(7, "sip78xx.11-3-1") + media(8, "FCH1234") +
                              media(9, "Cisco Systems, Inc.") + media(10, "CP-7841-3PCC") +
                              media(2, Bytes{}.hex("01 800000").string()) + lldpTlv(0, "");
    const Described seen = Wire{}.lldp(phone);
    EXPECT_EQ(seen.text(FieldName::Chassis), "192.168.1.5");
    EXPECT_EQ(seen.text(FieldName::Port), "00:0e:08:aa:bb:cc");
    EXPECT_EQ(seen.text(FieldName::Hardware), "V01");
    EXPECT_EQ(seen.text(FieldName::Firmware), "boot");
    EXPECT_EQ(seen.text(FieldName::Software), "sip78xx.11-3-1");
    EXPECT_EQ(seen.text(FieldName::Serial), "FCH1234");
    EXPECT_EQ(seen.text(FieldName::Manufacturer), "Cisco Systems, Inc.");
    EXPECT_EQ(seen.text(FieldName::Model), "CP-7841-3PCC");
    EXPECT_EQ(seen.text(FieldName::Policy), "voice unknown priority 0 dscp 0");
    EXPECT_FALSE(seen.has(FieldName::Vlan));
}

TEST(LldpMessageTest, TakesWhatStandsFirst)
{
    const Described seen =
        Wire{}.lldp(begin() + lldpTlv(5, "one") + lldpTlv(5, "two") + lldpTlv(0, "") + lldpTlv(5, "three"));
    EXPECT_EQ(seen.text(FieldName::Name), "one");
    EXPECT_EQ(seen.event().fields.size(), 5u);
}

TEST(LldpMessageTest, SaysWhatIsWrong)
{
    const auto note = [](const std::string& bytes) { return Wire{}.lldp(bytes).note(); };
    EXPECT_EQ(note(lldpTlv(2, "\x07x")), "lldp: found type 2 of 2 bytes; expected the chassis");
    EXPECT_EQ(note(lldpTlv(1, "\x07")), "lldp: found type 1 of 1 bytes; expected the chassis");
    EXPECT_EQ(note("\x02"), "lldp: found the end of 1 bytes; expected a whole chassis");
    EXPECT_EQ(note(begin() + lldpTlv(5, "name").substr(0, 4)),
              "lldp: found the end inside type 5; expected 4 bytes");
    EXPECT_EQ(note(begin() + lldpTlv(7, "abc")), "lldp: found type 7 with 3 bytes; expected another length");
    EXPECT_EQ(note(begin() + lldpTlv(8, "\x09xx")),
              "lldp: found type 8 with 3 bytes; expected another length");
    EXPECT_EQ(note(begin() + media(2, "ab")), "lldp: found type 127 with 6 bytes; expected another length");
}

}  // namespace hwbridge
