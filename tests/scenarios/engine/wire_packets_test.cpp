#include "scenarios/engine/wire_packets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::TimePoint;
using emulator::WireMessage;
using hwbridge::TcpSegment;
using Kind = WireMessage::Kind;
using testing::ElementsAre;

const emulator::WallTime start{std::chrono::seconds{1'767'225'600}};

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t length)
{
    std::uint32_t value = 0;
    for (const char octet : bytes.substr(at, length))
        value = value << 8 | static_cast<unsigned char>(octet);
    return value;
}

// One frame, as far as these tests look.
struct Seen {
    explicit Seen(const hwbridge::Packet& packet)
        : at{packet.at},
          fromPhone{packet.bytes.substr(6, 6) == std::string_view{"\x00\x0e\x08\x00\x00\x01", 6}},
          protocol{number(packet.bytes, 23, 1)},
          sequence{number(packet.bytes, 38, 4)},
          acknowledged{number(packet.bytes, 42, 4)},
          flags{number(packet.bytes, 47, 1)},
          data{packet.bytes.substr(protocol == 17 ? 42 : 34 + (number(packet.bytes, 46, 1) >> 4) * 4)}
    {}
    hwbridge::WallNanoseconds at;
    bool fromPhone;
    std::uint32_t protocol;
    std::uint32_t sequence;
    std::uint32_t acknowledged;
    std::uint32_t flags;
    std::string data;
};

class WirePacketsTest : public testing::Test, private hwbridge::PacketSink {
protected:
    void cross(Kind kind, bool fromPhone, std::string bytes = {}, std::uint16_t port = 49152)
    {
        WireMessage message{TimePoint{m_at},
                            0,
                            m_sequence++,
                            kind,
                            fromPhone,
                            {{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}},
                            {{0x0a4e0001}, port},
                            {{0xc000020a}, 80},
                            std::move(bytes)};
        m_packets.crossed(message);
        m_at += 1ms;
    }
    std::vector<Seen> seen;
    hwbridge::PacketSink& sink() { return *this; }

private:
    void packetSeen(const hwbridge::Packet& packet) override
    {
        EXPECT_EQ(packet.wireLength, packet.bytes.size());
        seen.emplace_back(packet);
    }
    WirePackets m_packets{start, "a story", *this};
    emulator::Duration m_at = 1s;
    std::uint64_t m_sequence = 0;
};

TEST_F(WirePacketsTest, ADatagramCrossesAtItsTime)
{
    cross(Kind::Datagram, true, "<134>hello");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].at, start + 1s);
    EXPECT_TRUE(seen[0].fromPhone);
    EXPECT_EQ(seen[0].data, "<134>hello");
}

TEST_F(WirePacketsTest, SequenceNumbersOfAConnectionFollowItsBytes)
{
    cross(Kind::Open, true);
    cross(Kind::Accept, false);
    cross(Kind::Acknowledge, true);
    cross(Kind::Bytes, true, "GET");
    cross(Kind::Acknowledge, false);
    cross(Kind::Bytes, false, "answer");
    cross(Kind::Finish, true);
    cross(Kind::Finish, false);
    cross(Kind::Acknowledge, true);
    ASSERT_EQ(seen.size(), 10u);
    const std::uint32_t phone = seen[0].sequence;
    const std::uint32_t server = seen[1].sequence;
    struct Expected {
        bool fromPhone;
        std::uint32_t sequence;
        std::uint32_t acknowledged;
        std::uint32_t flags;
        std::string data;
    };
    const Expected expected[] = {
        {true, phone, 0, TcpSegment::Syn, ""},
        {false, server, phone + 1, TcpSegment::Syn | TcpSegment::Ack, ""},
        {true, phone + 1, server + 1, TcpSegment::Ack, ""},
        {true, phone + 1, server + 1, TcpSegment::Ack | TcpSegment::Psh, "GET"},
        {false, server + 1, phone + 4, TcpSegment::Ack, ""},
        {false, server + 1, phone + 4, TcpSegment::Ack | TcpSegment::Psh, "answer"},
        {true, phone + 4, server + 7, TcpSegment::Ack, ""},
        {true, phone + 4, server + 7, TcpSegment::Fin | TcpSegment::Ack, ""},
        {false, server + 7, phone + 5, TcpSegment::Fin | TcpSegment::Ack, ""},
        {true, phone + 5, server + 8, TcpSegment::Ack, ""},
    };
    for (std::size_t i = 0; i < seen.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(seen[i].fromPhone, expected[i].fromPhone);
        EXPECT_EQ(seen[i].sequence, expected[i].sequence);
        EXPECT_EQ(seen[i].acknowledged, expected[i].acknowledged);
        EXPECT_EQ(seen[i].flags, expected[i].flags);
        EXPECT_EQ(seen[i].data, expected[i].data);
    }
}

TEST_F(WirePacketsTest, ALongAnswerComesInSegmentsOfWhichEverySecondIsAcknowledged)
{
    cross(Kind::Open, true);
    cross(Kind::Accept, false);
    const std::size_t before = seen.size();
    const std::string answer(5 * hwbridge::segmentMost - 1, 'x');
    cross(Kind::Bytes, false, answer);
    std::string data;
    std::string order;
    for (std::size_t i = before; i < seen.size(); ++i) {
        order += seen[i].fromPhone ? 'a' : 'd';
        data += seen[i].data;
    }
    EXPECT_EQ(order, "ddaddada");
    EXPECT_EQ(data, answer);
    EXPECT_EQ(seen.back().acknowledged, seen[1].sequence + 1 + answer.size());
}

TEST_F(WirePacketsTest, WhoRefusesAConnectionHasNoSequence)
{
    cross(Kind::Open, true);
    cross(Kind::Reset, false);
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[1].flags, std::uint32_t{TcpSegment::Rst | TcpSegment::Ack});
    EXPECT_EQ(seen[1].sequence, 0u);
    EXPECT_EQ(seen[1].acknowledged, seen[0].sequence + 1);
}

TEST_F(WirePacketsTest, AfterAResetNothingMoreCrosses)
{
    cross(Kind::Open, true);
    cross(Kind::Accept, false);
    cross(Kind::Reset, true);
    const std::size_t before = seen.size();
    cross(Kind::Bytes, false, "late");
    EXPECT_EQ(seen.size(), before);
}

TEST_F(WirePacketsTest, ConnectionsBeginWithNumbersOfTheirOwn)
{
    cross(Kind::Open, true);
    cross(Kind::Open, true, {}, 49153);
    EXPECT_NE(seen[0].sequence, seen[1].sequence);
}

TEST_F(WirePacketsTest, AnotherStoryBeginsWithOtherNumbers)
{
    cross(Kind::Open, true);
    WirePackets other{start, "another story", sink()};
    other.crossed({TimePoint{1s},
                   0,
                   0,
                   Kind::Open,
                   true,
                   {{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}},
                   {{0x0a4e0001}, 49152},
                   {{0xc000020a}, 80},
                   {}});
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_NE(seen[0].sequence, seen[1].sequence);
}

TEST_F(WirePacketsTest, NobodyListening)
{
    cross(Kind::Unreachable, false, "RRQ");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_FALSE(seen[0].fromPhone);
    EXPECT_EQ(seen[0].protocol, 1u);
}

}  // namespace
}  // namespace scenarios
