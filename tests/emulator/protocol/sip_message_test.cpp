#include "emulator/protocol/sip_message.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace emulator {
namespace {

const std::string notify = "NOTIFY sip:alice@127.78.0.1:5078 SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1;rport\r\n"
                           "From: <sip:proxy@127.0.0.1>;tag=abc\r\n"
                           "To: <sip:bob@127.78.0.1>\r\n"
                           "Call-ID: 1@127.0.0.1\r\n"
                           "CSeq: 7 NOTIFY\r\n"
                           "Event: resync\r\n"
                           "Content-Length: 4\r\n"
                           "\r\n"
                           "body and what is none";

std::string changed(std::string_view from, std::string_view to)
{
    std::string text = notify;
    text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(SipMessageTest, ReadsTheHeadsOfANotify)
{
    const SipDatagram read = parseSip(notify).value();

    EXPECT_EQ(read.message.method, "NOTIFY");
    EXPECT_EQ(read.message.uri, "sip:alice@127.78.0.1:5078");
    EXPECT_EQ(read.message.fields.first("event"), "resync");
    EXPECT_EQ(read.message.body, "body");
    EXPECT_EQ(read.heads.via.host, "127.0.0.1");
    EXPECT_EQ(read.heads.via.port, 5060);
    EXPECT_EQ(read.heads.via.branch, "z9hG4bK-1");
    EXPECT_TRUE(read.heads.via.rport);
    EXPECT_EQ(read.heads.uriUser, "alice");
    EXPECT_EQ(read.heads.toUser, "bob");
    EXPECT_EQ(read.heads.fromTag, "abc");
    EXPECT_EQ(read.heads.toTag, "");
    EXPECT_EQ(read.heads.callId, "1@127.0.0.1");
    EXPECT_EQ(read.heads.cseq, 7u);
}

TEST(SipMessageTest, ReadsAResponse)
{
    const SipDatagram read =
        parseSip("SIP/2.0 489 Bad Event\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@b>\r\nt: <sip:c@d>;tag=x\r\n"
                 "i: 1\r\nCSeq: 2 NOTIFY\r\n\r\n")
            .value();

    EXPECT_FALSE(read.message.isRequest());
    EXPECT_EQ(read.message.status, 489);
    EXPECT_EQ(read.message.reason, "Bad Event");
    EXPECT_EQ(read.heads.toTag, "x");
    EXPECT_EQ(read.heads.via.port, 0);
}

TEST(SipMessageTest, SpellsCompactNamesOutAndJoinsFoldedLines)
{
    const SipMessage read = readSipLines("OPTIONS sip:a SIP/2.0\no: resync;\r\n  profile=x\r\n\r\n").value();

    EXPECT_EQ(read.fields.first("Event"), "resync; profile=x");
}

TEST(SipMessageTest, IsReadAgainAsItWasWritten)
{
    const SipDatagram first = parseSip(notify).value();
    const SipDatagram again = parseSip(encode(first.message)).value();

    EXPECT_EQ(again.message.body, "body");
    EXPECT_EQ(again.message.fields.first("Content-Length"), "4");
    EXPECT_EQ(again.heads.callId, first.heads.callId);
}

TEST(SipMessageTest, DoesNotLetAValueBeginALineOfItsOwn)
{
    SipMessage message = parseSip(notify).value().message;
    message.fields.add("Event", "resync\r\nEvil: yes");

    EXPECT_EQ(parseSip(encode(message))->message.fields.first("Evil"), "");
}

struct Wrong {
    const char* name;
    std::string text;
};
class SipMessageRefusalTest : public testing::TestWithParam<Wrong> {};

TEST_P(SipMessageRefusalTest, IsMalformed)
{
    const Result<SipDatagram> read = parseSip(GetParam().text);

    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().kind, ErrorKind::Malformed) << read.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Messages, SipMessageRefusalTest,
                         testing::Values(Wrong{"Nothing", ""}, Wrong{"Blanks", "\r\n\r\n\r\n"},
                                         Wrong{"Version", changed("SIP/2.0\r\n", "SIP/3.0\r\n")},
                                         Wrong{"NoUri", changed(" sip:alice@127.78.0.1:5078", "")},
                                         Wrong{"NoVia", changed("Via", "X-Via")},
                                         Wrong{"NoFrom", changed("From", "X-From")},
                                         Wrong{"NoTo", changed("To:", "X-To:")},
                                         Wrong{"NoCallId", changed("Call-ID", "X")},
                                         Wrong{"NoCseq", changed("CSeq", "X")},
                                         Wrong{"TwoTos", changed("Event: resync", "To: <sip:x@y>")},
                                         Wrong{"OtherMethod", changed("7 NOTIFY", "7 INVITE")},
                                         Wrong{"CseqTooLarge", changed("7 NOTIFY", "2147483648 NOTIFY")},
                                         Wrong{"CseqNoNumber", changed("7 NOTIFY", "seven NOTIFY")},
                                         Wrong{"LengthBeyond", changed("Length: 4", "Length: 4444")},
                                         Wrong{"LengthNegative", changed("Length: 4", "Length: -4")},
                                         Wrong{"HeadWithoutEnd", notify.substr(0, notify.find("\r\n\r\n"))},
                                         Wrong{"Control", changed("resync", std::string("re\0sync", 7))},
                                         Wrong{"NamelessField", changed("Event:", ":")},
                                         Wrong{"NoField", changed("Event: ", "Event ")}),
                         [](const auto& row) { return row.param.name; });

TEST(SipMessageTest, TakesNoMoreThanItsLimits)
{
    const std::string body(maxSipBytes, 'x');
    EXPECT_EQ(parseSip(notify + body).error().kind, ErrorKind::TooLarge);

    std::string fields;
    for (std::size_t i = 0; i <= maxSipFields; ++i)
        fields += "X: y\r\n";
    EXPECT_EQ(parseSip(changed("Event", fields + "Event")).error().kind, ErrorKind::TooLarge);
}

TEST(SipMessageTest, SurvivesDamagedMessages)
{
    RandomBytes random{7};
    std::size_t good = 0;
    for (int i = 0; i < 20'000; ++i) {
        const Result<SipDatagram> read = parseSip(random.damaged(notify, 6));
        good += read.has_value() ? 1u : 0u;
    }
    EXPECT_GT(good, 100u);
    EXPECT_LT(good, 19'000u);
}

}  // namespace
}  // namespace emulator
