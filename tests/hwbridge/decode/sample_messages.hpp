#pragma once

#include "tests/hwbridge/decode/wire_bytes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// One message of each kind, as it stands behind its lower layer. What a test wants to vary is an argument.

inline std::string arpPacket(unsigned operation, std::string_view senderMac, std::uint32_t sender,
                             std::string_view targetMac, std::uint32_t target)
{
    return Bytes{}
        .hex("0001 0800 06 04")
        .u16(operation)
        .hex(senderMac)
        .u32(sender)
        .hex(targetMac)
        .u32(target);
}

struct DhcpSample {
    unsigned operation = 1;
    std::string_view xid = "3903f326";
    unsigned secs = 0;
    unsigned flags = 0;
    std::uint32_t ciaddr = 0;
    std::uint32_t yiaddr = 0;
    std::uint32_t siaddr = 0;
    std::uint32_t giaddr = 0;
    std::string sname{};
    std::string file{};
    std::string options{};  // without end

    std::string bytes(bool ended = true) const
    {
        Bytes out;
        out.u8(operation).hex("01 06 00").hex(xid).u16(secs).u16(flags);
        out.u32(ciaddr).u32(yiaddr).u32(siaddr).u32(giaddr).hex("000e08aabbcc").zeros(10);
        out.text(sname).zeros(64 - sname.size()).text(file).zeros(128 - file.size());
        out.hex("63825363").text(options);
        return ended ? out.u8(255).string() : out.string();
    }
};

inline std::string dhcpOption(unsigned code, std::string_view value)
{
    return Bytes{}.u8(code).u8(static_cast<unsigned>(value.size())).text(value);
}

inline std::string dhcpDiscover(unsigned secs = 0)
{
    DhcpSample sample;
    sample.secs = secs;
    sample.flags = 0x8000;
    sample.options = dhcpOption(53, "\x01") + dhcpOption(12, "SEP000E08AABBCC") +
                     dhcpOption(60, "Cisco Systems, Inc. IP Phone CP-7841-3PCC") +
                     dhcpOption(55, Bytes{}.hex("01 42 06 03 0f 96 23 9f a0 7d").string()) +
                     dhcpOption(61, Bytes{}.hex("01 000e08aabbcc").string());
    return sample.bytes();
}

inline std::string dhcpAck()
{
    DhcpSample sample;
    sample.operation = 2;
    sample.yiaddr = 0xc0a80105;
    sample.siaddr = 0xc0a80101;
    sample.options = dhcpOption(53, "\x05") + dhcpOption(54, "\xc0\xa8\x01\x01") +
                     dhcpOption(51, Bytes{}.u32(3600).string()) + dhcpOption(1, "\xff\xff\xff\x00") +
                     dhcpOption(3, "\xc0\xa8\x01\x01") + dhcpOption(6, "\xc0\xa8\x01\x01\x08\x08\x08\x08") +
                     dhcpOption(15, "example.org") + dhcpOption(66, "tftp.example.org") +
                     dhcpOption(67, "boot.cfg") + dhcpOption(150, "\xc0\xa8\x01\x02\xc0\xa8\x01\x03") +
                     dhcpOption(159, "https://prov.example.org/$MA.cfg") +
                     dhcpOption(160, "http://rig:hunter2@prov.example.org/x") +
                     dhcpOption(43, dhcpOption(1, "text") + dhcpOption(2, Bytes{}.hex("0a0b").string())) +
                     dhcpOption(125, Bytes{}.u32(9).u8(6).text(dhcpOption(4, "here")).string());
    return sample.bytes();
}

inline std::string dnsQuery(unsigned id = 0x1234, unsigned type = 1)
{
    return Bytes{}
        .u16(id)
        .hex("0100 0001 0000 0000 0000")
        .hex("03")
        .text("www")
        .hex("07")
        .text("example")
        .hex("03")
        .text("org")
        .hex("00")
        .u16(type)
        .u16(1);
}

// www.example.org is an alias of host.example.org, which has two addresses; both names are compressed.
inline std::string dnsAnswer(unsigned id = 0x1234)
{
    Bytes out;
    out.u16(id)
        .hex("8180 0001 0003 0000 0000")
        .hex("03")
        .text("www")
        .hex("07")
        .text("example")
        .hex("03")
        .text("org")
        .hex("00 0001 0001");
    out.hex("c00c 0005 0001").u32(300).u16(7).hex("04").text("host").hex("c010");
    out.hex("c02d 0001 0001").u32(60).u16(4).hex("c0a80107");
    out.hex("c02d 0001 0001").u32(90).u16(4).hex("c0a80108");
    return out;
}

inline std::string snmpGet(std::string_view community = "public", unsigned id = 0x4711)
{
    const Bytes binding = Bytes{}.hex("30 0c 06 08 2b06010201010500 05 00");
    const Bytes bindings = Bytes{}.hex("30").u8(static_cast<unsigned>(binding.size())).text(binding.string());
    const Bytes pdu = Bytes{}.hex("02 02").u16(id).hex("02 01 00 02 01 00").text(bindings.string());
    const Bytes inside = Bytes{}
                             .hex("02 01 01 04")
                             .u8(static_cast<unsigned>(community.size()))
                             .text(community)
                             .hex("a0")
                             .u8(static_cast<unsigned>(pdu.size()))
                             .text(pdu.string());
    return Bytes{}.hex("30").u8(static_cast<unsigned>(inside.size())).text(inside.string());
}

inline std::string ntpMessage(unsigned mode, std::string_view originate, std::string_view transmit,
                              unsigned stratum = 0)
{
    return Bytes{}.u8(4 << 3 | mode).u8(stratum).hex("0600").zeros(20).hex(originate).zeros(8).hex(transmit);
}

inline std::string sipNotify()
{
    return "NOTIFY sip:4711:pw123@127.0.0.1:5078 SIP/2.0\r\n"
           "v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK77\r\n"
           "Max-Forwards: 70\r\n"
           "From: <sip:admin@192.0.2.9>;tag=1\r\n"
           "To: <sip:4711:pw123@127.0.0.1>\r\n"
           "Call-ID: 1234@192.0.2.9\r\n"
           "CSeq: 2 NOTIFY\r\n"
           "Event: resync;profile=http://u:p@192.0.2.1/a\r\n"
           "Authorization: Digest username=\"u\", response=\"0123\",\r\n"
           "  nonce=\"4567\"\r\n"
           "Subject: one,\r\n"
           "  two\r\n"
           "Content-Length: 4\r\n"
           "\r\n"
           "body";
}

inline std::string lldpTlv(unsigned type, std::string_view value)
{
    return Bytes{}.u16(type << 9 | static_cast<unsigned>(value.size())).text(value);
}

inline std::string lldpOfASwitch()
{
    return lldpTlv(1, Bytes{}.hex("04 001122334455").string()) + lldpTlv(2, std::string{"\x05"} + "Gi1/0/7") +
           lldpTlv(3, Bytes{}.u16(120).string()) + lldpTlv(4, "uplink of the lab") + lldpTlv(5, "switch1") +
           lldpTlv(6, "IOS 15.2") + lldpTlv(7, Bytes{}.u16(0x14).u16(0x04).string()) +
           lldpTlv(8, Bytes{}.hex("05 01 c0a80102 02 00000001 00").string()) +
           lldpTlv(127, Bytes{}.hex("0080c2 01 000a").string()) +
           lldpTlv(127, Bytes{}.hex("0012bb 01 000f 04").string()) +
           // voice, tagged, VLAN 110, priority 5, DSCP 46
           lldpTlv(127, Bytes{}.hex("0012bb 02 01").u8(0x40).u16(110 << 9 | 5 << 6 | 46).string()) +
           lldpTlv(127, Bytes{}.hex("0012bb 04 42").u16(63).string()) + lldpTlv(0, "");
}

inline std::string cdpTlv(unsigned type, std::string_view value)
{
    return Bytes{}.u16(type).u16(static_cast<unsigned>(value.size()) + 4).text(value);
}

inline std::string cdpOfAPhone()
{
    return Bytes{}.hex("02 b4 0000").string() + cdpTlv(1, "SEP000E08AABBCC") +
           cdpTlv(2, Bytes{}.u32(1).hex("01 01 cc 0004 c0a80105").string()) + cdpTlv(3, "Port 1") +
           cdpTlv(4, Bytes{}.u32(0x490).string()) + cdpTlv(5, "sip78xx.11-3-1MPP-15") +
           cdpTlv(6, "Cisco IP Phone CP-7841-3PCC") + cdpTlv(0xa, Bytes{}.u16(10).string()) +
           cdpTlv(0xe, Bytes{}.hex("01 006e").string()) + cdpTlv(0x10, Bytes{}.u16(6300).string());
}

inline std::string icmpPortUnreachable(std::string_view quotedPayload = {})
{
    return Bytes{}
        .hex("03 03 0000 00000000")
        .hex("45 00 0020 0000 4000 40 11 0000 c0a80105 c0a80101")
        .u16(40000)
        .u16(69)
        .hex("000c 0000")
        .text(quotedPayload);
}

struct LinkMessage {
    std::string_view protocol;
    std::string bytes;
};
inline std::vector<LinkMessage> linkMessages()
{
    return {{"arp", arpPacket(1, "000e08000001", 0xc0a80105, "000000000000", 0xc0a80101)},
            {"icmp", icmpPortUnreachable()},
            {"lldp", lldpOfASwitch()},
            {"cdp", cdpOfAPhone()}};
}

struct UdpMessage {
    std::string_view protocol;
    std::string_view from;
    std::string_view to;
    std::string bytes;
    bool knownByContent;  // at other ports, too
};
inline std::vector<UdpMessage> udpMessages()
{
    const std::string zero(1, '\0');
    return {
        {"dhcp", "0.0.0.0:68", "255.255.255.255:67", dhcpDiscover(), true},
        {"dhcp", "192.168.1.1:67", "192.168.1.5:68", dhcpAck(), true},
        {"dns", "192.168.1.5:40000", "192.168.1.1:53", dnsQuery(), false},
        {"dns", "192.168.1.1:53", "192.168.1.5:40000", dnsAnswer(), false},
        {"tftp", "192.168.1.5:40001", "192.168.1.1:69",
         Bytes{}.u16(1).text("spa.cfg").u8(0).text("octet").u8(0).text("blksize").u8(0).text("1428").u8(0),
         true},
        {"syslog", "192.168.1.5:40002", "192.168.1.1:514", "<134>Nov 27 04:00:00 phone: up", true},
        {"sip", "192.0.2.9:5060", "192.168.1.5:5060", sipNotify(), true},
        {"snmp", "192.168.1.9:40003", "192.168.1.2:161", snmpGet(), true},
        {"ntp", "192.168.1.5:123", "192.168.1.1:123", ntpMessage(3, "0000000000000000", "e0000000 00000001"),
         false},
    };
}

}  // namespace hwbridge
