#include "hwbridge/drive/notify_transaction.hpp"

#include "emulator/protocol/sip_message.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::SipMessage;
using emulator::TimePoint;

const emulator::Endpoint phone{{0xC0000207}, 5060};
const emulator::Endpoint rig{{0xC0000202}, 40000};

NotifyTransaction aNotify(NotifyCommand command = {.event = "check-sync"})
{
    return {"CP7832-1", phone, std::move(command), {rig, "0123456789abcdef"}};
}

// What a phone answers to a request: its fields as RFC 3261 section 8.2.6 copies them.
std::string answer(const std::string& request, int status, std::string_view field = {},
                   std::string_view value = {})
{
    const SipMessage asked = emulator::readSipLines(request).value();
    SipMessage said;
    said.status = status;
    said.reason = status == 403 ? "Forbidden" : "OK";
    for (const std::string_view copied : {"Via", "From", "To", "Call-ID", "CSeq"})
        said.fields.add(std::string{copied}, std::string{asked.fields.first(copied)});
    if (!field.empty())
        said.fields.add(std::string{field}, std::string{value});
    return encode(said);
}

TEST(NotifyTransactionTest, AsksAsTheGuidesShowIt)
{
    NotifyTransaction notify =
        aNotify({.event = "resync;profile=\"tftp://192.0.2.2/a.cfg\"", .lineUser = "4711"});
    const SipMessage sent = emulator::readSipLines(notify.begin(TimePoint{}).datagram).value();
    EXPECT_EQ(sent.method, "NOTIFY");
    EXPECT_EQ(sent.uri, "sip:4711@192.0.2.7:5060");
    EXPECT_EQ(sent.fields.first("Event"), "resync;profile=\"tftp://192.0.2.2/a.cfg\"");
    EXPECT_EQ(sent.fields.first("To"), "<sip:4711@192.0.2.7:5060>");
    EXPECT_EQ(sent.fields.first("CSeq"), "1 NOTIFY");
}

TEST(NotifyTransactionTest, AnObjectTravelsAsItsBody)
{
    NotifyTransaction notify = aNotify({.event = "XML-Service", .body = "<x/>", .contentType = "text/xml"});
    const SipMessage sent = emulator::readSipLines(notify.begin(TimePoint{}).datagram).value();
    EXPECT_EQ(sent.fields.first("Content-Type"), "text/xml");
    EXPECT_EQ(sent.body, "<x/>");
}

TEST(NotifyTransactionTest, EndsWithTheAnswer)
{
    NotifyTransaction notify = aNotify();
    const std::string sent = notify.begin(TimePoint{}).datagram;
    const NotifyTransaction::Step step = notify.arrived(TimePoint{10ms}, answer(sent, 200));
    ASSERT_TRUE(step.ended.has_value());
    EXPECT_TRUE(step.ended->has_value());
    EXPECT_FALSE(notify.arrived(TimePoint{11ms}, answer(sent, 403)).ended.has_value());
}

TEST(NotifyTransactionTest, ARefusalIsToldWithItsStatus)
{
    NotifyTransaction notify = aNotify({.event = "resync;profile=\"http://user:pass@h/\""});
    const std::string sent = notify.begin(TimePoint{}).datagram;
    const NotifyTransaction::Step step = notify.arrived(TimePoint{}, answer(sent, 403));
    ASSERT_TRUE(step.ended && !step.ended->has_value());
    EXPECT_EQ(step.ended->error().detail,
              "CP7832-1 at 192.0.2.7:5060 answers 403 Forbidden to NOTIFY resync");
}

TEST(NotifyTransactionTest, RepeatsAtGrowingIntervalsAndGivesUpAfter32Seconds)
{
    NotifyTransaction notify = aNotify();
    const std::string first = notify.begin(TimePoint{}).datagram;
    std::vector<TimePoint> sent;
    NotifyTransaction::Step step = notify.woken(TimePoint{499ms});
    EXPECT_EQ(step.datagram, "");
    while (!step.ended) {
        const TimePoint now = step.wakeAt;
        step = notify.woken(now);
        if (!step.datagram.empty()) {
            EXPECT_EQ(step.datagram, first);
            sent.push_back(now);
        }
    }
    EXPECT_EQ(sent, (std::vector<TimePoint>{TimePoint{500ms}, TimePoint{1500ms}, TimePoint{3500ms},
                                            TimePoint{7500ms}, TimePoint{11500ms}, TimePoint{15500ms},
                                            TimePoint{19500ms}, TimePoint{23500ms}, TimePoint{27500ms},
                                            TimePoint{31500ms}}));
    EXPECT_EQ(step.ended->error().kind, ErrorKind::TimedOut);
    EXPECT_EQ(step.ended->error().detail, "CP7832-1 at 192.0.2.7:5060 gives no answer to NOTIFY check-sync");
}

TEST(NotifyTransactionTest, AfterAProvisionalAnswerItRepeatsEveryFourSeconds)
{
    NotifyTransaction notify = aNotify();
    const std::string sent = notify.begin(TimePoint{}).datagram;
    EXPECT_EQ(notify.arrived(TimePoint{100ms}, answer(sent, 100)).wakeAt, TimePoint{500ms});
    EXPECT_EQ(notify.woken(TimePoint{500ms}).wakeAt, TimePoint{4500ms});
}

TEST(NotifyTransactionTest, AnswersAChallengeOnceWithTheLinesPassword)
{
    NotifyTransaction notify =
        aNotify({.event = "reboot_now", .lineUser = "4711", .login = {"4711", "lucky"}});
    const std::string first = notify.begin(TimePoint{}).datagram;
    constexpr std::string_view challenge = "Digest realm=\"phone\", nonce=\"n\", qop=\"auth\"";
    const NotifyTransaction::Step again =
        notify.arrived(TimePoint{1s}, answer(first, 401, "WWW-Authenticate", challenge));
    const SipMessage second = emulator::readSipLines(again.datagram).value();
    EXPECT_EQ(second.fields.first("CSeq"), "2 NOTIFY");
    EXPECT_NE(second.fields.first("Via"), emulator::readSipLines(first)->fields.first("Via"));
    const std::string_view login = second.fields.first("Authorization");
    EXPECT_NE(login.find("uri=\"sip:4711@192.0.2.7:5060\""), std::string_view::npos) << login;
    EXPECT_EQ(again.wakeAt, TimePoint{1500ms});

    // The first request's answer comes again: it changes nothing.
    EXPECT_FALSE(notify.arrived(TimePoint{1s}, answer(first, 401, "WWW-Authenticate", challenge)).ended);
    const NotifyTransaction::Step end =
        notify.arrived(TimePoint{1s}, answer(again.datagram, 401, "WWW-Authenticate", challenge));
    ASSERT_TRUE(end.ended.has_value());
    EXPECT_EQ(end.ended->error().detail,
              "CP7832-1 at 192.0.2.7:5060 refuses the line's user and password that are known "
              "for NOTIFY reboot_now");
}

TEST(NotifyTransactionTest, WithoutAPasswordAChallengeIsTheEnd)
{
    NotifyTransaction notify = aNotify();
    const std::string sent = notify.begin(TimePoint{}).datagram;
    const NotifyTransaction::Step end =
        notify.arrived(TimePoint{}, answer(sent, 401, "WWW-Authenticate", "Digest realm=\"a\", nonce=\"b\""));
    EXPECT_EQ(end.ended->error().detail,
              "CP7832-1 at 192.0.2.7:5060 asks for the line's password, and none is known, "
              "before it takes NOTIFY check-sync");
}

TEST(NotifyTransactionTest, BasicIsNoWayToAnswerSip)
{
    NotifyTransaction notify = aNotify({.event = "report", .login = {"a", "b"}});
    const std::string sent = notify.begin(TimePoint{}).datagram;
    const NotifyTransaction::Step end =
        notify.arrived(TimePoint{}, answer(sent, 401, "WWW-Authenticate", "Basic realm=\"a\""));
    EXPECT_EQ(end.ended->error().kind, ErrorKind::Unsupported);
}

TEST(NotifyTransactionTest, WhatAnswersNothingChangesNothing)
{
    NotifyTransaction notify = aNotify();
    const std::string sent = notify.begin(TimePoint{}).datagram;
    std::string other = answer(sent, 200);
    other.replace(other.find("abcdef-1"), 8, "abcdef-9");
    for (const std::string& datagram : {std::string{}, std::string{"garbage"}, sent, other})
        EXPECT_FALSE(notify.arrived(TimePoint{}, datagram).ended.has_value()) << datagram;
}

}  // namespace
}  // namespace hwbridge
