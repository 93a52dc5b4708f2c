#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

namespace {

std::string head()
{
    return Bytes{}.hex("02 b4 0000");
}

}  // namespace

TEST(CdpMessageTest, DescribesAPhone)
{
    const Described seen = Wire{}.cdp(cdpOfAPhone());
    EXPECT_EQ(seen.kind(), EventKind::CdpMessage);
    EXPECT_EQ(seen.text(FieldName::Device), "SEP000E08AABBCC");
    EXPECT_EQ(seen.text(FieldName::Addresses), "192.168.1.5");
    EXPECT_EQ(seen.text(FieldName::Port), "Port 1");
    EXPECT_EQ(seen.text(FieldName::Capabilities), "host telephone two-port");
    EXPECT_EQ(seen.text(FieldName::Version), "sip78xx.11-3-1MPP-15");
    EXPECT_EQ(seen.text(FieldName::Platform), "Cisco IP Phone CP-7841-3PCC");
    EXPECT_EQ(seen.number(FieldName::NativeVlan), 10);
    EXPECT_EQ(seen.number(FieldName::Vlan), 110);
    EXPECT_EQ(seen.number(FieldName::Power), 6300);
    EXPECT_EQ(seen.number(FieldName::Ttl), 180);
}

TEST(CdpMessageTest, TakesWhatStandsFirst)
{
    const Described seen = Wire{}.cdp(head() + cdpTlv(1, "one") + cdpTlv(1, "two"));
    EXPECT_EQ(seen.text(FieldName::Device), "one");
}

TEST(CdpMessageTest, ReadsAVoiceVlanQueryWithoutVlan)
{
    const Described seen = Wire{}.cdp(head() + cdpTlv(0xf, "\x01"));
    EXPECT_EQ(seen.outcome(), Outcome::Described);
    EXPECT_FALSE(seen.has(FieldName::Vlan));
}

TEST(CdpMessageTest, SaysWhatIsWrong)
{
    const auto note = [](const std::string& bytes) { return Wire{}.cdp(bytes).note(); };
    EXPECT_EQ(note("abc"), "cdp: found 3 bytes; expected at least 4");
    EXPECT_EQ(note("abcd"), "cdp: found version 97; expected 1 or 2");
    EXPECT_EQ(note(head() + Bytes{}.u16(1).u16(9).text("one").string()),
              "cdp: found type 0x0001 that says 9 bytes; expected 4 to 7");
    EXPECT_EQ(note(head() + Bytes{}.u16(1).u16(3).string()),
              "cdp: found type 0x0001 that says 3 bytes; expected 4 to 4");
    EXPECT_EQ(note(head() + cdpTlv(0xa, "a")),
              "cdp: found type 0x000a with 1 bytes; expected another length");
    EXPECT_EQ(note(head() + cdpTlv(2, Bytes{}.u32(0xffffffff).hex("01 01 cc 0004 0a0b").string())),
              "cdp: found type 0x0002 with 11 bytes; expected another length");
}

}  // namespace hwbridge
