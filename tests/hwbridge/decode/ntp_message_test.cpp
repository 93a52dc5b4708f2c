#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

TEST(NtpMessageTest, DescribesAQuestionAndItsAnswer)
{
    Wire wire;
    const Described asked = wire.udp("192.168.1.5:40000", "192.168.1.1:123",
                                     ntpMessage(3, "0000000000000000", "e0000000 00000001"));
    EXPECT_EQ(asked.kind(), EventKind::NtpMessage);
    EXPECT_EQ(asked.text(FieldName::Version), "4");
    EXPECT_EQ(asked.text(FieldName::Mode), "client");
    EXPECT_EQ(asked.number(FieldName::Stratum), 0);
    const Described other = wire.udp("192.168.1.5:40000", "192.168.1.1:123",
                                     ntpMessage(3, "0000000000000000", "e0000000 00000002"));
    const Described answered = wire.udp("192.168.1.1:123", "192.168.1.5:40000",
                                        ntpMessage(4, "e0000000 00000001", "e0000000 00000003", 2));
    EXPECT_EQ(answered.text(FieldName::Mode), "server");
    EXPECT_EQ(answered.number(FieldName::Stratum), 2);
    EXPECT_EQ(answered.exchange(), asked.exchange());
    EXPECT_NE(other.exchange(), asked.exchange());
}

TEST(NtpMessageTest, DescribesControlMessagesByName)
{
    const Described seen = Wire{}.udp("192.168.1.5:123", "192.168.1.1:123",
                                      Bytes{}.hex("16 02 0001 00000000 0000 0000").string());
    EXPECT_EQ(seen.text(FieldName::Version), "2");
    EXPECT_EQ(seen.text(FieldName::Mode), "control");
    EXPECT_FALSE(seen.has(FieldName::Stratum));
}

TEST(NtpMessageTest, SaysWhatIsMissing)
{
    EXPECT_EQ(Wire{}.udp("192.168.1.5:123", "192.168.1.1:123", "\x23 short").note(),
              "ntp: found 7 bytes of mode client; expected at least 48");
}

}  // namespace hwbridge
