#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include "emulator/runtime/traffic_trace.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

namespace {

constexpr std::string_view asker = "192.0.2.9:5060";
constexpr std::string_view phone = "127.0.0.1:5078";

DatagramOptions keyed()
{
    DatagramOptions options;
    options.key = "a run's key";
    return options;
}

std::string response(std::string_view cseq = "2 NOTIFY")
{
    return "SIP/2.0 200 OK\r\nCall-ID: 1234@192.0.2.9\r\nCSeq: " + std::string{cseq} +
           "\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

TEST(SipDatagramTest, DescribesARequestAndItsResponse)
{
    Wire wire;
    const Described asked = wire.udp(asker, phone, sipNotify());
    EXPECT_EQ(asked.kind(), EventKind::SipRequest);
    EXPECT_EQ(asked.text(FieldName::Method), "NOTIFY");
    EXPECT_EQ(asked.text(FieldName::CallId), "1234@192.0.2.9");
    EXPECT_EQ(asked.text(FieldName::Cseq), "2 NOTIFY");
    EXPECT_EQ(asked.number(FieldName::Bytes), 4);
    const Described answered = wire.udp(phone, asker, response());
    EXPECT_EQ(answered.kind(), EventKind::SipResponse);
    EXPECT_EQ(answered.number(FieldName::Status), 200);
    EXPECT_EQ(answered.text(FieldName::Reason), "OK");
    EXPECT_EQ(answered.exchange(), asked.exchange());
}

TEST(SipDatagramTest, TellsTheSameFieldsAsAPhoneDoes)
{
    for (const std::string& message : {sipNotify(), response()}) {
        Wire wire{keyed()};
        const Described onTheWire = wire.udp(asker, phone, message);
        TrafficTrace trace{"a run's key"};
        TraceEvent event;
        ASSERT_TRUE(trace.describeSip(event, message));
        EXPECT_EQ(onTheWire.kind(), event.kind);
        for (const Field& field : event.fields) {
            if (const auto* text = std::get_if<std::string_view>(&field.value))
                EXPECT_EQ(onTheWire.text(field.name), *text) << name(field.name);
            else
                EXPECT_EQ(onTheWire.number(field.name), std::get<std::int64_t>(field.value))
                    << name(field.name);
        }
    }
}

TEST(SipDatagramTest, ShowsTheHeadAsItStoodWithoutSecrets)
{
    const Described seen = Wire{}.udp(asker, phone, sipNotify());
    EXPECT_THAT(seen.text(FieldName::Headers),
                MatchesRegex("v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK77\n"
                             "Max-Forwards: 70\n"
                             "From: <sip:admin@192.0.2.9>;tag=1\n"
                             "To: <sip:4711:secret-[0-9a-f]*@127.0.0.1>\n"
                             "Call-ID: 1234@192.0.2.9\n"
                             "CSeq: 2 NOTIFY\n"
                             "Event: resync;profile=http://secret-[0-9a-f]*@192.0.2.1/a\n"
                             "Authorization: secret-[0-9a-f]*\n"
                             "Subject: one, two\n"
                             "Content-Length: 4\n"));
    for (const Field& field : seen.event().fields)
        if (const auto* text = std::get_if<std::string_view>(&field.value)) {
            EXPECT_THAT(std::string{*text}, Not(HasSubstr("pw123"))) << name(field.name);
            EXPECT_THAT(std::string{*text}, Not(HasSubstr("u:p@"))) << name(field.name);
            EXPECT_THAT(std::string{*text}, Not(HasSubstr("4567"))) << name(field.name);
        }
}

TEST(SipDatagramTest, JoinsByCallAndNumberAndCountsRetransmissions)
{
    Wire wire;
    const Described first = wire.udp(asker, phone, sipNotify());
    const Described second = wire.pass(500ms).udp(asker, phone, sipNotify());
    EXPECT_EQ(second.exchange(), first.exchange());
    EXPECT_EQ(second.repeat(), 1);
    wire.udp(phone, asker, response());
    EXPECT_EQ(wire.udp(phone, asker, response()).repeat(), 1);
    // The ACK of an INVITE bears its number.
    EXPECT_EQ(wire.udp(phone, asker, response("2 ACK")).exchange(), first.exchange());
    EXPECT_NE(wire.udp(phone, asker, response("3 NOTIFY")).exchange(), first.exchange());
}

TEST(SipDatagramTest, IsKnownByItsFirstLineAtAnyPort)
{
    EXPECT_EQ(Wire{}.udp("192.0.2.9:40000", "127.0.0.1:40001", sipNotify()).kind(), EventKind::SipRequest);
    EXPECT_EQ(Wire{}.udp("192.0.2.9:40000", "127.0.0.1:40001", "\r\n" + response()).kind(),
              EventKind::SipResponse);
    EXPECT_EQ(
        Wire{}.udp("192.0.2.9:40000", "127.0.0.1:40001", "NOTIFY * HTTP/1.1\r\nHost: x\r\n\r\n").outcome(),
        Outcome::Unknown);
    EXPECT_EQ(Wire{}.udp(asker, "127.0.0.1:5060", "\r\n\r\n").outcome(), Outcome::Unknown);
    EXPECT_EQ(Wire{}.udp(asker, "127.0.0.1:5060", std::string(4, '\0')).outcome(), Outcome::Unknown);
}

TEST(SipDatagramTest, DescribesOneMessageOfAStream)
{
    Wire wire;
    TraceEvent event;
    EXPECT_EQ(wire.decoder().sip(event, sipNotify()), Outcome::Described);
    EXPECT_EQ(event.text(FieldName::Method), "NOTIFY");
}

TEST(SipDatagramTest, SaysWhatIsWrong)
{
    const auto note = [](const std::string& message) {
        return Wire{}.udp(asker, "127.0.0.1:5060", message).note();
    };
    const std::string firstLine =
        "sip: found another first line; expected one such as \"NOTIFY sip:phone SIP/2.0\"";
    EXPECT_EQ(note("hello\r\n\r\n"), firstLine);
    EXPECT_EQ(note("SIP/2.0 20 OK\r\n\r\n"), firstLine);
    EXPECT_EQ(note("SIP/2.0 2000 OK\r\n\r\n"), firstLine);
    EXPECT_EQ(note("NOTIFY sip:a b SIP/2.0\r\n\r\n"), firstLine);
    EXPECT_EQ(note("NOTIFY sip:a SIP/2.0\r\nCSeq: 1"),
              "sip: found a head without its end; expected an empty line behind it");
    EXPECT_EQ(note("NOTIFY sip:a SIP/2.0\r\nCSeq 1\r\n\r\n"),
              "sip: found a line without a colon in the head; expected \"Name: value\"");
    EXPECT_EQ(note("NOTIFY sip:a SIP/2.0\r\nCSeq: \x01\r\n\r\n"),
              "sip: found a control character in the head; expected text");
}

}  // namespace hwbridge
