#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

namespace {

constexpr std::string_view client = "0.0.0.0:68";
constexpr std::string_view everybody = "255.255.255.255:67";
constexpr std::string_view dhcpServer = "192.168.1.1:67";

Described withOptions(const std::string& options, std::string sname = {}, std::string file = {})
{
    DhcpSample sample;
    sample.sname = std::move(sname);
    sample.file = std::move(file);
    sample.options = dhcpOption(53, "\x01") + options;
    return Wire{}.udp(client, everybody, sample.bytes());
}

}  // namespace

TEST(DhcpMessageTest, DescribesWhatAPhoneAsksFor)
{
    const Described seen = Wire{}.udp(client, everybody, dhcpDiscover());
    EXPECT_EQ(seen.kind(), EventKind::DhcpDiscover);
    EXPECT_EQ(seen.text(FieldName::ClientMac), "00:0e:08:aa:bb:cc");
    EXPECT_EQ(seen.text(FieldName::Xid), "3903f326");
    EXPECT_EQ(seen.text(FieldName::Flags), "broadcast");
    EXPECT_EQ(seen.text(FieldName::Hostname), "SEP000E08AABBCC");
    EXPECT_EQ(seen.text(FieldName::VendorClass), "Cisco Systems, Inc. IP Phone CP-7841-3PCC");
    EXPECT_EQ(seen.text(FieldName::Params), "1,66,6,3,15,150,35,159,160,125");
    EXPECT_EQ(seen.text(FieldName::ClientId), "01000e08aabbcc");
    EXPECT_FALSE(seen.has(FieldName::Yiaddr));
    EXPECT_FALSE(seen.has(FieldName::Options));
    EXPECT_FALSE(seen.has(FieldName::Note));
}

TEST(DhcpMessageTest, DescribesWhatAServerGives)
{
    const Described seen = Wire{}.udp(dhcpServer, "192.168.1.5:68", dhcpAck());
    EXPECT_EQ(seen.kind(), EventKind::DhcpAck);
    EXPECT_EQ(seen.text(FieldName::Yiaddr), "192.168.1.5");
    EXPECT_EQ(seen.text(FieldName::Siaddr), "192.168.1.1");
    EXPECT_EQ(seen.text(FieldName::ServerId), "192.168.1.1");
    EXPECT_EQ(seen.number(FieldName::Lease), 3600);
    EXPECT_EQ(seen.text(FieldName::Option66), "tftp.example.org");
    EXPECT_EQ(seen.text(FieldName::Option67), "boot.cfg");
    EXPECT_EQ(seen.text(FieldName::Option150), "192.168.1.2 192.168.1.3");
    EXPECT_EQ(seen.text(FieldName::Option159), "https://prov.example.org/$MA.cfg");
    EXPECT_EQ(seen.text(FieldName::Option43), "1=text 2=0a0b");
    EXPECT_EQ(seen.text(FieldName::Option125), "9:4=here");
    EXPECT_EQ(seen.text(FieldName::Options),
              "1=255.255.255.0 3=192.168.1.1 6=192.168.1.1,8.8.8.8 15=example.org");
}

TEST(DhcpMessageTest, ShowsNoPasswordOfAnUrl)
{
    const Described seen = Wire{}.udp(dhcpServer, "192.168.1.5:68", dhcpAck());
    EXPECT_THAT(seen.text(FieldName::Option160), MatchesRegex("http://secret-[0-9a-f]*@prov.example.org/x"));
    const std::string url = "http://rig:hunter2@h/";
    const Described everywhere = withOptions(
        dhcpOption(66, url) + dhcpOption(67, url) + dhcpOption(159, url) +
            dhcpOption(43, dhcpOption(1, url)) +
            dhcpOption(125, Bytes{}.u32(9).u8(23).text(dhcpOption(4, url)).string()) + dhcpOption(114, url) +
            dhcpOption(12, url) + dhcpOption(60, url) + dhcpOption(150, url),
        {}, url);
    EXPECT_EQ(everywhere.outcome(), Outcome::Described);
    for (const Field& field : everywhere.event().fields) {
        const auto* text = std::get_if<std::string_view>(&field.value);
        EXPECT_THAT(std::string{text == nullptr ? "" : *text}, Not(HasSubstr("hunter2"))) << name(field.name);
    }
}

TEST(DhcpMessageTest, JoinsTheFourMessagesOfALease)
{
    Wire wire;
    const auto message = [](unsigned operation, std::string_view type, std::uint32_t yiaddr) {
        DhcpSample sample;
        sample.operation = operation;
        sample.yiaddr = yiaddr;
        sample.options = dhcpOption(53, type);
        return sample.bytes();
    };
    const Described discover = wire.udp(client, everybody, message(1, "\x01", 0));
    const Described offer = wire.udp(dhcpServer, "192.168.1.5:68", message(2, "\x02", 0xc0a80105));
    const Described request = wire.udp(client, everybody, message(1, "\x03", 0));
    const Described ack = wire.udp(dhcpServer, "192.168.1.5:68", message(2, "\x05", 0xc0a80105));
    EXPECT_EQ(discover.kind(), EventKind::DhcpDiscover);
    EXPECT_EQ(offer.kind(), EventKind::DhcpOffer);
    EXPECT_EQ(request.kind(), EventKind::DhcpRequest);
    EXPECT_EQ(ack.kind(), EventKind::DhcpAck);
    for (const Described* one : {&offer, &request, &ack}) {
        EXPECT_EQ(one->exchange(), discover.exchange());
        EXPECT_EQ(one->repeat(), 0);
    }
}

TEST(DhcpMessageTest, NamesEveryMessageType)
{
    const std::vector<EventKind> kinds{EventKind::DhcpDiscover, EventKind::DhcpOffer, EventKind::DhcpRequest,
                                       EventKind::DhcpDecline,  EventKind::DhcpAck,   EventKind::DhcpNak,
                                       EventKind::DhcpRelease,  EventKind::DhcpInform};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        DhcpSample sample;
        sample.options = dhcpOption(53, std::string(1, static_cast<char>(i + 1)));
        EXPECT_EQ(Wire{}.udp(client, everybody, sample.bytes()).kind(), kinds[i]);
    }
}

TEST(DhcpMessageTest, CountsARetransmissionThoughItsSecondsDiffer)
{
    Wire wire;
    const Described first = wire.udp(client, everybody, dhcpDiscover(0));
    const Described second = wire.pass(4s).udp(client, everybody, dhcpDiscover(4));
    const Described third = wire.pass(8s).udp(client, everybody, dhcpDiscover(12));
    EXPECT_EQ(second.exchange(), first.exchange());
    EXPECT_EQ(second.repeat(), 1);
    EXPECT_EQ(third.repeat(), 2);
    EXPECT_NE(wire.pass(300s).udp(client, everybody, dhcpDiscover(0)).exchange(), first.exchange());
}

TEST(DhcpMessageTest, JoinsThePartsOfALongOption)
{
    // RFC 3396: parts in the order of their appearance, whatever stands between them.
    const Described seen =
        withOptions(dhcpOption(66, "tftp.") + dhcpOption(12, "phone") + dhcpOption(66, "example.org"));
    EXPECT_EQ(seen.text(FieldName::Option66), "tftp.example.org");
    EXPECT_EQ(seen.text(FieldName::Hostname), "phone");
}

TEST(DhcpMessageTest, FindsOptionsInFileAndSname)
{
    const std::string inFile = dhcpOption(66, "from the ") + "\xff";
    const std::string inSname = dhcpOption(66, "two fields") + "\xff";
    const Described both = withOptions(dhcpOption(52, "\x03"), inSname, inFile);
    EXPECT_EQ(both.text(FieldName::Option66), "from the two fields");
    EXPECT_FALSE(both.has(FieldName::File));
    EXPECT_FALSE(both.has(FieldName::Server));
    EXPECT_EQ(both.text(FieldName::Options), "52=3");
    const Described fileOnly = withOptions(dhcpOption(52, "\x01"), "server", inFile);
    EXPECT_EQ(fileOnly.text(FieldName::Option66), "from the ");
    EXPECT_EQ(fileOnly.text(FieldName::Server), "server");
    const Described none = withOptions("", "server", "boot.cfg");
    EXPECT_EQ(none.text(FieldName::File), "boot.cfg");
}

TEST(DhcpMessageTest, ShowsWhatIsNotPrintableAsHexadecimal)
{
    const Described seen = withOptions(
        dhcpOption(66, Bytes{}.hex("0102").string()) + dhcpOption(150, Bytes{}.hex("010203").string()) +
        dhcpOption(43, Bytes{}.hex("01ff02").string()) + dhcpOption(125, Bytes{}.hex("0000").string()));
    EXPECT_EQ(seen.text(FieldName::Option66), "0102");
    EXPECT_EQ(seen.text(FieldName::Option150), "010203");
    EXPECT_EQ(seen.text(FieldName::Option43), "01ff02");
    EXPECT_EQ(seen.text(FieldName::Option125), "0000");
}

TEST(DhcpMessageTest, ShowsTextsWithoutTheZerosThatSomeServersAdd)
{
    EXPECT_EQ(withOptions(dhcpOption(66, std::string{"tftp\0", 5})).text(FieldName::Option66), "tftp");
    EXPECT_EQ(withOptions(dhcpOption(150, "tftp.example")).text(FieldName::Option150),
              "116.102.116.112 46.101.120.97 109.112.108.101");
    EXPECT_EQ(withOptions(dhcpOption(56, "do not \"want\"")).text(FieldName::Options),
              "56=\"do not \\\"want\\\"\"");
}

TEST(DhcpMessageTest, SaysWhatIsWrong)
{
    Wire wire;
    const auto note = [&](const std::string& bytes) {
        const Described seen = wire.udp(client, everybody, bytes);
        EXPECT_EQ(seen.outcome(), Outcome::Malformed);
        EXPECT_EQ(seen.kind(), EventKind::PacketMalformed);
        EXPECT_EQ(seen.number(FieldName::Packet), 7);
        EXPECT_EQ(seen.event().fields.size(), 2u);
        return seen.note();
    };
    DhcpSample sample;
    EXPECT_EQ(note("short"), "dhcp: found 5 bytes; expected at least 240");
    sample.options = dhcpOption(53, "\x01") + Bytes{}.hex("42 09 4142").string();
    EXPECT_EQ(
        note(sample.bytes(false)),
        "dhcp: found an option 66 in the options that says 9 bytes; expected at most the 2 that are there");
    sample.options = dhcpOption(53, "\x01") + Bytes{}.hex("42 03 4142").string();
    EXPECT_EQ(
        note(sample.bytes(false)),
        "dhcp: found an option 66 in the options that says 3 bytes; expected at most the 2 that are there");
    sample.options = dhcpOption(53, "\x01") + "B";
    EXPECT_EQ(note(sample.bytes(false)),
              "dhcp: found the code of option 66 at the end of the options; expected a length behind it");
    sample.options = dhcpOption(53, "\x01") + dhcpOption(52, "\x04");
    EXPECT_EQ(note(sample.bytes()), "dhcp: found an option 52 of neither 1, 2 nor 3");
    sample.options = dhcpOption(53, "\x01\x01");
    EXPECT_EQ(note(sample.bytes()), "dhcp: found a message type of 2 bytes; expected one above 0");
    std::string other = dhcpDiscover();
    other[0] = 3;
    EXPECT_EQ(note(other), "dhcp: found operation 3; expected 1 or 2");
    other = dhcpDiscover();
    other[236] = 0;
    EXPECT_EQ(note(other), "dhcp: found no magic cookie; expected 63825363 at byte 236");
}

TEST(DhcpMessageTest, ReadsOptionsWithoutTheirEndAndSaysSo)
{
    DhcpSample sample;
    sample.options = dhcpOption(53, "\x01");
    EXPECT_EQ(Wire{}.udp(client, everybody, sample.bytes(false)).note(), "no end option");
}

TEST(DhcpMessageTest, LeavesBootpAndLaterTypesAlone)
{
    DhcpSample sample;
    EXPECT_EQ(Wire{}.udp(client, everybody, sample.bytes()).outcome(), Outcome::Unknown);
    sample.options = dhcpOption(53, "\x0a");
    EXPECT_EQ(Wire{}.udp(client, everybody, sample.bytes()).outcome(), Outcome::Unknown);
}

}  // namespace hwbridge
