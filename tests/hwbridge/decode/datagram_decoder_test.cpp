#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include "emulator/trace/ndjson.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <set>

namespace hwbridge {

namespace {

// What the caller relies on, whatever the bytes.
void expectSound(const Described& seen)
{
    const TraceEvent& event = seen.event();
    EXPECT_LE(event.fields.size(), 27u);  // the caller's own and 26
    EXPECT_EQ(seen.number(FieldName::Packet), 7);
    std::set<FieldName> names;
    for (const Field& field : event.fields)
        EXPECT_TRUE(names.insert(field.name).second) << name(field.name) << " stands twice";
    switch (seen.outcome()) {
    case Outcome::Described:
        EXPECT_LT(event.kind, EventKind::Count);
        break;
    case Outcome::Malformed:
        EXPECT_EQ(event.kind, EventKind::PacketMalformed);
        EXPECT_FALSE(seen.note().empty());
        EXPECT_EQ(event.fields.size(), 2u);
        break;
    case Outcome::Unknown:
        EXPECT_EQ(event.kind, EventKind::Count);
        EXPECT_EQ(event.fields.size(), 1u);
        EXPECT_EQ(event.exchange, ExchangeId{});
        break;
    }
    if (seen.outcome() != Outcome::Unknown) {
        std::string line;
        appendNdjson(line, event, 0);
        EXPECT_TRUE(line.ends_with("}\n"));
    }
}

Described onLink(Wire& wire, const LinkMessage& message, std::string_view bytes)
{
    if (message.protocol == "arp")
        return wire.arp(bytes);
    if (message.protocol == "icmp")
        return wire.icmp(bytes);
    return message.protocol == "lldp" ? wire.lldp(bytes) : wire.cdp(bytes);
}

}  // namespace

TEST(DatagramDecoderTest, KnowsProtocolsByPort)
{
    for (const UdpMessage& message : udpMessages()) {
        const Described seen = Wire{}.udp(message.from, message.to, message.bytes);
        EXPECT_EQ(seen.outcome(), Outcome::Described) << message.protocol << ' ' << seen.note();
        EXPECT_TRUE(name(seen.kind()).starts_with(message.protocol)) << name(seen.kind());
        EXPECT_EQ(seen.event().exchange.actor, 17u);
        expectSound(seen);
    }
}

TEST(DatagramDecoderTest, KnowsThoseByTheirBytesThatLieOnFreePorts)
{
    for (const UdpMessage& message : udpMessages()) {
        const Described seen = Wire{}.udp("192.0.2.1:40000", "192.0.2.2:41000", message.bytes);
        EXPECT_EQ(seen.outcome(), message.knownByContent ? Outcome::Described : Outcome::Unknown)
            << message.protocol;
        EXPECT_EQ(message.knownByContent,
                  seen.kind() != EventKind::Count && name(seen.kind()).starts_with(message.protocol))
            << message.protocol;
        expectSound(seen);
    }
}

TEST(DatagramDecoderTest, SaysMalformedAtWellKnownPortsOnly)
{
    const std::string garbage = Bytes{}.hex("deadbeef 00112233 44556677");
    for (const int port : {53, 67, 68, 69, 123, 161, 162, 5060}) {
        const Described seen = Wire{}.udp("192.0.2.1:40000", fmt::format("192.0.2.2:{}", port), garbage);
        EXPECT_EQ(seen.outcome(), Outcome::Malformed) << port;
        expectSound(seen);
    }
    EXPECT_EQ(Wire{}.udp("192.0.2.1:40000", "192.0.2.2:41000", garbage).outcome(), Outcome::Unknown);
}

TEST(DatagramDecoderTest, SurvivesTruncationAtEveryLength)
{
    for (const UdpMessage& message : udpMessages())
        for (std::size_t length = 0; length < message.bytes.size(); ++length) {
            expectSound(Wire{}.udp(message.from, message.to, message.bytes.substr(0, length)));
            expectSound(Wire{}.udp("192.0.2.1:40000", "192.0.2.2:41000", message.bytes.substr(0, length)));
        }
    for (const LinkMessage& message : linkMessages())
        for (std::size_t length = 0; length < message.bytes.size(); ++length) {
            Wire wire;
            expectSound(onLink(wire, message, std::string_view{message.bytes}.substr(0, length)));
        }
}

TEST(DatagramDecoderTest, SurvivesEveryByteThatIsChanged)
{
    Wire wire;
    for (const UdpMessage& message : udpMessages())
        for (std::size_t i = 0; i < message.bytes.size(); ++i)
            for (const unsigned value : {0u, 1u, 0x7fu, 0x80u, 0xc0u, 0xffu}) {
                std::string bytes = message.bytes;
                bytes[i] = static_cast<char>(value);
                expectSound(wire.udp(message.from, message.to, bytes));
            }
    for (const LinkMessage& message : linkMessages())
        for (std::size_t i = 0; i < message.bytes.size(); ++i)
            for (const unsigned value : {0u, 1u, 0x7fu, 0x80u, 0xffu}) {
                std::string bytes = message.bytes;
                bytes[i] = static_cast<char>(value);
                expectSound(onLink(wire, message, bytes));
            }
}

TEST(DatagramDecoderTest, SurvivesGarbage)
{
    std::minstd_rand random{4711};
    const auto bytes = [&] {
        std::string made(random() % 600, '\0');
        for (char& c : made)
            c = static_cast<char>(random() >> 8);
        return made;
    };
    Wire wire;
    for (int round = 0; round < 300; ++round) {
        for (const UdpMessage& message : udpMessages()) {
            expectSound(wire.udp(message.from, message.to, bytes()));
            expectSound(wire.udp(message.from, message.to, message.bytes + bytes()));
        }
        for (const LinkMessage& message : linkMessages()) {
            expectSound(onLink(wire, message, bytes()));
            expectSound(onLink(wire, message, message.bytes + bytes()));
        }
    }
}

TEST(DatagramDecoderTest, HoldsAMessageWithEveryFieldThatThereIs)
{
    DhcpSample sample;
    sample.flags = 0x8000;
    sample.ciaddr = sample.yiaddr = sample.siaddr = sample.giaddr = 0x0a000001;
    sample.sname = "server";
    sample.file = "file";
    sample.options = dhcpOption(53, "\x03");
    for (unsigned code = 1; code < 255; ++code)
        if (code != 52 && code != 53)
            sample.options += dhcpOption(code, "\x01\x02\x03\x04");
    Wire wire;
    wire.udp("0.0.0.0:68", "255.255.255.255:67", sample.bytes(false));
    const Described seen = wire.udp("0.0.0.0:68", "255.255.255.255:67", sample.bytes(false));
    EXPECT_EQ(seen.outcome(), Outcome::Described);
    EXPECT_EQ(seen.repeat(), 1);
    EXPECT_EQ(seen.event().fields.size(), 27u);
    EXPECT_EQ(seen.note(), "no end option");
    expectSound(seen);
}

TEST(DatagramDecoderTest, DescribesMessagesOfStreams)
{
    Wire wire;
    TraceEvent event;
    EXPECT_EQ(wire.decoder().dns(event, dnsQuery()), Outcome::Described);
    EXPECT_EQ(event.kind, EventKind::DnsQuery);
    TraceEvent line;
    EXPECT_EQ(wire.decoder().syslog(line, "<134>up"), Outcome::Described);
    EXPECT_EQ(line.kind, EventKind::SyslogMessage);
}

}  // namespace hwbridge
