// What we read, libtins reads too: messages that it made are described as it says, and it reads those of our tests.
#if __has_include(<tins/dhcp.h>)

#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>
#include <tins/arp.h>
#include <tins/dhcp.h>
#include <tins/dns.h>
#include <tins/icmp.h>
#include <tins/rawpdu.h>

namespace hwbridge {

namespace {

std::string bytesOf(Tins::PDU& pdu)
{
    const Tins::PDU::serialization_type bytes = pdu.serialize();
    return {bytes.begin(), bytes.end()};
}

template <class Pdu>
Pdu readByLibtins(const std::string& bytes)
{
    return Pdu{reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::uint32_t>(bytes.size())};
}

}  // namespace

TEST(LibtinsCheckTest, AgreesAboutDhcp)
{
    Tins::DHCP made;
    made.opcode(Tins::DHCP::BOOTREPLY);
    made.xid(0xcafe0001);
    made.chaddr(Tins::HWAddress<6>{"00:0e:08:00:00:01"});
    made.yiaddr("192.0.2.77");
    made.type(Tins::DHCP::OFFER);
    made.server_identifier("192.0.2.1");
    made.lease_time(7200);
    made.domain_name("example.org");
    made.routers({"192.0.2.1", "192.0.2.2"});
    made.hostname("phone");
    made.add_option(
        {static_cast<Tins::DHCP::OptionTypes>(66), 4, reinterpret_cast<const std::uint8_t*>("tftp")});
    made.end();
    const Described seen = Wire{}.udp("192.0.2.1:67", "192.0.2.77:68", bytesOf(made));
    EXPECT_EQ(seen.kind(), EventKind::DhcpOffer);
    EXPECT_EQ(seen.text(FieldName::Xid), "cafe0001");
    EXPECT_EQ(seen.text(FieldName::ClientMac), "00:0e:08:00:00:01");
    EXPECT_EQ(seen.text(FieldName::Yiaddr), "192.0.2.77");
    EXPECT_EQ(seen.text(FieldName::ServerId), "192.0.2.1");
    EXPECT_EQ(seen.number(FieldName::Lease), 7200);
    EXPECT_EQ(seen.text(FieldName::Hostname), "phone");
    EXPECT_EQ(seen.text(FieldName::Option66), "tftp");
    EXPECT_EQ(seen.text(FieldName::Options), "15=example.org 3=192.0.2.1,192.0.2.2");

    const auto read = readByLibtins<Tins::DHCP>(dhcpAck());
    const Described ours = Wire{}.udp("192.168.1.1:67", "192.168.1.5:68", dhcpAck());
    EXPECT_EQ(read.yiaddr().to_string(), ours.text(FieldName::Yiaddr));
    EXPECT_EQ(read.server_identifier().to_string(), ours.text(FieldName::ServerId));
    EXPECT_EQ(read.lease_time(), ours.number(FieldName::Lease));
}

TEST(LibtinsCheckTest, AgreesAboutDns)
{
    Tins::DNS made;
    made.id(77);
    made.type(Tins::DNS::RESPONSE);
    made.recursion_desired(1);
    made.add_query({"_sip._udp.example.org", Tins::DNS::A, Tins::DNS::IN});
    made.add_answer({"_sip._udp.example.org", "host.example.org", Tins::DNS::CNAME, Tins::DNS::IN, 300});
    made.add_answer({"host.example.org", "192.0.2.9", Tins::DNS::A, Tins::DNS::IN, 77});
    made.add_answer({"host.example.org", "2001:db8::9", Tins::DNS::AAAA, Tins::DNS::IN, 99});
    const Described seen = Wire{}.udp("192.0.2.1:53", "192.0.2.77:40000", bytesOf(made));
    EXPECT_EQ(seen.number(FieldName::Id), 77);
    EXPECT_EQ(seen.text(FieldName::Name), "_sip._udp.example.org");
    EXPECT_EQ(seen.text(FieldName::Flags), "rd");
    EXPECT_EQ(seen.text(FieldName::Addresses), "192.0.2.9 2001:db8::9");
    EXPECT_EQ(
        seen.text(FieldName::Answers),
        "_sip._udp.example.org CNAME host.example.org; host.example.org A 192.0.2.9; host.example.org AAAA "
        "2001:db8::9");
    EXPECT_EQ(seen.number(FieldName::Ttl), 77);

    const auto answers = readByLibtins<Tins::DNS>(dnsAnswer()).answers();
    ASSERT_EQ(answers.size(), 3u);
    const Described ours = Wire{}.udp("192.168.1.1:53", "192.168.1.5:40000", dnsAnswer());
    EXPECT_EQ(answers[0].dname() + " CNAME " + answers[0].data() + "; " + answers[1].dname() + " A " +
                  answers[1].data() + "; " + answers[2].dname() + " A " + answers[2].data(),
              ours.text(FieldName::Answers));
}

TEST(LibtinsCheckTest, AgreesAboutArp)
{
    Tins::ARP made{"192.0.2.1", "192.0.2.77", "00:00:00:00:00:00", "00:0e:08:00:00:01"};
    made.opcode(Tins::ARP::REQUEST);
    const Described seen = Wire{}.arp(bytesOf(made));
    EXPECT_EQ(seen.kind(), EventKind::ArpRequest);
    EXPECT_EQ(seen.text(FieldName::SenderIp), made.sender_ip_addr().to_string());
    EXPECT_EQ(seen.text(FieldName::SenderMac), made.sender_hw_addr().to_string());
    EXPECT_EQ(seen.text(FieldName::TargetIp), made.target_ip_addr().to_string());
}

TEST(LibtinsCheckTest, AgreesAboutIcmp)
{
    Tins::ICMP made{Tins::ICMP::ECHO_REQUEST};
    made.id(0x1234);
    made.sequence(9);
    const Described seen = Wire{}.icmp(bytesOf(made));
    EXPECT_EQ(seen.text(FieldName::Name), "echo request");
    EXPECT_EQ(seen.number(FieldName::Id), 0x1234);
    EXPECT_EQ(seen.number(FieldName::Sequence), 9);
}

}  // namespace hwbridge
#endif
