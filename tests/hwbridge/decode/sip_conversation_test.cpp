#include "hwbridge/decode/sip_conversation.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gmock/gmock.h>

using namespace wire;
using testing::HasSubstr;

namespace {

const std::string notify =
    "NOTIFY sip:4711@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.2:5060;branch=z9hG4bK1\r\n"
    "From: <sip:rig@10.0.0.2>;tag=1\r\nTo: <sip:4711@10.0.0.1>\r\nCall-ID: abc\r\n"
    "CSeq: 7 NOTIFY\r\nEvent: check-sync\r\nContent-Length: 4\r\n\r\nbody";
const std::string answer =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 10.0.0.2:5060;branch=z9hG4bK1\r\n"
    "From: <sip:rig@10.0.0.2>;tag=1\r\nTo: <sip:4711@10.0.0.1>;tag=2\r\nCall-ID: abc\r\n"
    "CSeq: 7 NOTIFY\r\nl: 0\r\n\r\n";

TEST(SipConversationTest, FindsMessagesHoweverTheyAreCut)
{
    for (std::size_t step : {1u, 7u, 200u, 2000u}) {
        Capture capture;
        Talk talk{capture, {phone.address, 5070}, {server.address, 5060}};
        const std::string requests = notify + "\r\n\r\n" + notify;
        talk.open();
        for (std::size_t at = 0; at < requests.size(); at += step)
            talk.answer(std::string_view{requests}.substr(at, step));
        talk.client(answer);
        const auto& events = capture.end();
        ASSERT_EQ(kinds(events), "sip.request sip.request sip.response") << step;
        EXPECT_EQ(events[0].text(FieldName::Method), "NOTIFY");
        EXPECT_EQ(events[0].number(FieldName::Bytes), 4);
        EXPECT_EQ(events[2].number(FieldName::Status), 200);
        EXPECT_EQ(events[2].exchange, events[0].exchange);
        EXPECT_EQ(events[0].from.port, 5060);
    }
}

TEST(SipConversationTest, FindsMessagesBehindKeepAlives)
{
    Capture capture;
    Talk{capture, {phone.address, 5070}, {server.address, 5060}}
        .open()
        .client("\r\n\r\n")
        .answer("\r\n")
        .client("\r")
        .client("\n")
        .answer("\r\n" + notify)
        .client(answer);
    EXPECT_EQ(kinds(capture.end()), "sip.request sip.response");
}

TEST(SipConversationTest, KnowsTheShortNameOfTheLength)
{
    Capture capture;
    std::string compact = notify;
    compact.replace(compact.find("Content-Length"), 14, "l");
    Talk{capture, {phone.address, 5070}, {server.address, 5060}}.open().answer(compact + notify);
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "sip.request sip.request");
    EXPECT_EQ(events[0].number(FieldName::Bytes), 4);
}

TEST(SipConversationTest, SaysWhatIsNoMessageAndGoesOnBehindIt)
{
    Capture capture;
    Talk{capture}
        .open()
        .client(notify)
        .client("neither this\r\n")
        .client(notify)
        .client(notify.substr(0, 100));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "sip.request packet.malformed sip.request packet.malformed");
    EXPECT_THAT(std::string{events[1].text(FieldName::Note)}, HasSubstr("no start line"));
    EXPECT_THAT(std::string{events[3].text(FieldName::Note)}, HasSubstr("cut off"));
}

TEST(SipConversationTest, RefusesMessagesWithoutEnd)
{
    std::string endless = notify;
    endless.replace(endless.find("Length: 4"), 9, "Length: 4000000000");
    Capture capture;
    Talk{capture}.open().client(endless).client("more");
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "packet.malformed");
    EXPECT_THAT(std::string{events[0].text(FieldName::Note)}, HasSubstr("beyond"));
}

}  // namespace
