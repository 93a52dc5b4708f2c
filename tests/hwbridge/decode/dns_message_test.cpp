#include "hwbridge/decode/text_arena.hpp"
#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

constexpr std::string_view dnsClient = "192.168.1.5:40000";
constexpr std::string_view dnsServer = "192.168.1.1:53";

// An answer to "a." with one record of that type.
std::string answerWith(unsigned type, const std::string& data)
{
    return Bytes{}
        .hex("1234 8180 0001 0001 0000 0000 01 61 00 00ff 0001")
        .hex("c00c")
        .u16(type)
        .u16(1)
        .u32(60)
        .u16(static_cast<unsigned>(data.size()))
        .text(data);
}

std::string dataShown(unsigned type, const std::string& data)
{
    return Wire{}.udp(dnsServer, dnsClient, answerWith(type, data)).text(FieldName::Answers);
}

std::string queryFor(const std::string& name)
{
    return Bytes{}.hex("1234 0100 0001 0000 0000 0000").text(name).hex("0001 0001");
}

}  // namespace

TEST(DnsMessageTest, DescribesAQuestionAndItsAnswer)
{
    Wire wire;
    const Described asked = wire.udp(dnsClient, dnsServer, dnsQuery());
    EXPECT_EQ(asked.kind(), EventKind::DnsQuery);
    EXPECT_EQ(asked.text(FieldName::Name), "www.example.org");
    EXPECT_EQ(asked.text(FieldName::Qtype), "A");
    EXPECT_EQ(asked.number(FieldName::Id), 0x1234);
    EXPECT_EQ(asked.text(FieldName::Flags), "rd");
    const Described answered = wire.udp(dnsServer, dnsClient, dnsAnswer());
    EXPECT_EQ(answered.kind(), EventKind::DnsResponse);
    EXPECT_EQ(answered.text(FieldName::Name), "www.example.org");
    EXPECT_EQ(answered.text(FieldName::Flags), "rd ra");
    EXPECT_EQ(answered.text(FieldName::Addresses), "192.168.1.7 192.168.1.8");
    EXPECT_EQ(answered.text(FieldName::Answers), "www.example.org CNAME host.example.org; host.example.org A "
                                                 "192.168.1.7; host.example.org A 192.168.1.8");
    EXPECT_EQ(answered.number(FieldName::Ttl), 60);
    EXPECT_EQ(answered.exchange(), asked.exchange());
    EXPECT_FALSE(answered.has(FieldName::Error));
}

TEST(DnsMessageTest, TellsQuestionsApartByNumberAndEnds)
{
    Wire wire;
    const Described asked = wire.udp(dnsClient, dnsServer, dnsQuery());
    EXPECT_EQ(wire.udp(dnsClient, dnsServer, dnsQuery()).repeat(), 1);
    EXPECT_NE(wire.udp(dnsClient, dnsServer, dnsQuery(0x1235)).exchange(), asked.exchange());
    EXPECT_NE(wire.udp("192.168.1.5:40001", dnsServer, dnsQuery()).exchange(), asked.exchange());
    EXPECT_NE(wire.pass(31s).udp(dnsClient, dnsServer, dnsQuery()).exchange(), asked.exchange());
}

TEST(DnsMessageTest, NamesTheErrorOfAnAnswer)
{
    std::string nothing = Bytes{}.hex("1234 8183 0001 0000 0000 0000 01 61 00 0001 0001");
    EXPECT_EQ(Wire{}.udp(dnsServer, dnsClient, nothing).text(FieldName::Error), "NXDOMAIN");
    nothing[3] = static_cast<char>(0x85);
    EXPECT_EQ(Wire{}.udp(dnsServer, dnsClient, nothing).text(FieldName::Error), "REFUSED");
    nothing[3] = static_cast<char>(0x8f);
    EXPECT_EQ(Wire{}.udp(dnsServer, dnsClient, nothing).text(FieldName::Error), "RCODE15");
}

TEST(DnsMessageTest, WritesRecordsAsAZoneFileDoes)
{
    EXPECT_EQ(dataShown(28, Bytes{}.hex("20010db8 00000000 00000000 00000001")), "a AAAA 2001:db8::1");
    EXPECT_EQ(dataShown(12, Bytes{}.hex("01 62 c00c")), "a PTR b.a");
    EXPECT_EQ(dataShown(33, Bytes{}.u16(10).u16(60).u16(5060).hex("03").text("sip").hex("c00c")),
              "a SRV 10 60 5060 sip.a");
    EXPECT_EQ(dataShown(35, Bytes{}
                                .u16(10)
                                .u16(20)
                                .hex("01")
                                .text("s")
                                .hex("07")
                                .text("SIP+D2U")
                                .hex("00")
                                .hex("04")
                                .text("_sip")
                                .hex("00")),
              "a NAPTR 10 20 \"s\" \"SIP+D2U\" \"\" _sip");
    EXPECT_EQ(dataShown(16, Bytes{}.hex("05").text("a \"b\"").hex("01").text("c")),
              "a TXT \"a \\\"b\\\"\" \"c\"");
    EXPECT_EQ(dataShown(15, Bytes{}.u16(5).hex("c00c")), "a MX 5 a");
    EXPECT_EQ(dataShown(2, Bytes{}.hex("00")), "a NS .");
    EXPECT_EQ(dataShown(6, Bytes{}.hex("c00c c00c").u32(1).u32(2).u32(3).u32(4).u32(5)),
              "a SOA a a 1 2 3 4 5");
    EXPECT_EQ(dataShown(65, Bytes{}.hex("0a0b")), "a TYPE65 0a0b");
}

TEST(DnsMessageTest, EscapesWhatANameCannotShow)
{
    EXPECT_EQ(Wire{}
                  .udp(dnsClient, dnsServer, queryFor(Bytes{}.hex("03").text("a.b").hex("02 0a5c 00")))
                  .text(FieldName::Name),
              "a\\.b.\\010\\\\");
    EXPECT_EQ(Wire{}.udp(dnsClient, dnsServer, queryFor(std::string(1, '\0'))).text(FieldName::Name), ".");
}

TEST(DnsMessageTest, RefusesNamesThatDoNotEnd)
{
    const auto note = [](const std::string& name) {
        return Wire{}.udp(dnsClient, dnsServer, queryFor(name)).note();
    };
    const std::string broken = "dns: found a broken question; expected 1";
    EXPECT_EQ(note(Bytes{}.hex("c00c")), broken);           // a pointer to itself
    EXPECT_EQ(note(Bytes{}.hex("01 61 c00c")), broken);     // to the name's own start
    EXPECT_EQ(note(Bytes{}.hex("c00e 01 61 00")), broken);  // forth
    EXPECT_EQ(note(Bytes{}.hex("41 61 00")), broken);       // a length that is none
    std::string labels;
    for (int i = 0; i < 4; ++i)
        labels += "\x3f" + std::string(63, 'x');
    EXPECT_EQ(note(labels + std::string(1, '\0')), broken);  // 257 bytes
    EXPECT_EQ(note(labels.substr(0, 192) + Bytes{}.hex("3e").string() + std::string(62, 'y') +
                   std::string(1, '\0')),
              broken);  // 256 bytes
    EXPECT_EQ(Wire{}
                  .udp(dnsClient, dnsServer,
                       queryFor(labels.substr(0, 192) + Bytes{}.hex("3d").string() + std::string(61, 'y') +
                                std::string(1, '\0')))
                  .outcome(),
              Outcome::Described);  // 255 bytes
}

TEST(DnsMessageTest, ReadsAMessageThatPointsAllOverInAMoment)
{
    // Every name is a chain of pointers, each to the one before; the first is the root.
    constexpr std::string_view rest = "00ff 0001 0000003c 0000";
    Bytes message;
    message.hex("1234 8180 0000").u16(4000).hex("0000 0000").hex("00").hex(rest);
    for (std::size_t target = 12; target < 0x3fff;) {
        const std::size_t here = message.size();
        message.u16(0xc000 | static_cast<unsigned>(target)).hex(rest);
        target = here;
    }
    const Described seen = Wire{}.udp(dnsServer, dnsClient, message.string());
    EXPECT_EQ(seen.outcome(), Outcome::Malformed);
    EXPECT_EQ(seen.note(),
              "dns: found answer 129 of 4000 broken");  // 128 pointers: no name has more than 127
}

TEST(DnsMessageTest, RefusesRecordsThatAreNotWhatTheirTypeWants)
{
    const auto note = [](unsigned type, const std::string& data) {
        return Wire{}.udp(dnsServer, dnsClient, answerWith(type, data)).note();
    };
    const std::string broken = "dns: found answer 1 of 1 broken";
    EXPECT_EQ(note(1, "abc"), broken);
    EXPECT_EQ(note(28, "abcd"), broken);
    EXPECT_EQ(note(5, Bytes{}.hex("c00c 00")), broken);
    EXPECT_EQ(note(16, Bytes{}.hex("05 61")), broken);
    EXPECT_EQ(note(33, Bytes{}.hex("0001 0001 0001")), broken);
    EXPECT_EQ(note(6, Bytes{}.hex("c00c c00c 00000001")), broken);
    EXPECT_EQ(Wire{}
                  .udp(dnsClient, dnsServer, Bytes{}.hex("1234 0100 0000 0000 0000 0001 00 0029").string())
                  .note(),
              "dns: found record 1 behind the answers broken; expected 1");
    EXPECT_EQ(Wire{}.udp(dnsClient, dnsServer, "dns").note(), "dns: found 3 bytes; expected at least 12");
}

TEST(DnsMessageTest, IsLookedForWhereItWasAskedFor)
{
    EXPECT_EQ(Wire{}.udp(dnsClient, "192.168.1.1:5300", dnsQuery()).outcome(), Outcome::Unknown);
    DatagramOptions options;
    options.dnsPorts = {53, 5300};
    EXPECT_EQ(Wire{options}.udp(dnsClient, "192.168.1.1:5300", dnsQuery()).kind(), EventKind::DnsQuery);
}

TEST(DnsMessageTest, CutsAnEndlessListOfAnswers)
{
    Bytes message;
    message.hex("1234 8180 0001 0fa0 0000 0000 3c").text(std::string(60, 'x')).hex("00 0001 0001");
    for (int i = 0; i < 4000; ++i)
        message.hex("c00c 0001 0001 0000003c 0004 0a000001");
    const Described seen = Wire{}.udp(dnsServer, dnsClient, message.string());
    EXPECT_EQ(seen.outcome(), Outcome::Described);
    EXPECT_EQ(seen.text(FieldName::Answers).size(), TextArena::longestText);
    EXPECT_THAT(seen.text(FieldName::Answers), testing::EndsWith("…"));
    EXPECT_THAT(seen.text(FieldName::Addresses), testing::EndsWith("…"));
}

}  // namespace hwbridge
