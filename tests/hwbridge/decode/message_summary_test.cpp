#include "hwbridge/decode/message_summary.hpp"

#include "hwbridge/decode/event_text.hpp"
#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

using namespace wire;

namespace {

std::string datagram(const Endpoint& from, const Endpoint& to, std::string_view payload)
{
    return ethernet(ip(17, from.address, to.address, udp(from, to, payload)), 0x0800,
                    from.address == phone.address);
}

TEST(MessageSummaryTest, DerivesATftpTransferWithWhatWasSentAgain)
{
    const Endpoint requested{server.address, 69};
    const Endpoint answers{server.address, 3000};
    const std::string first = be16(3) + be16(1) + std::string(512, 'x');
    Capture capture;
    capture.add(datagram(phone, requested, be16(1) + std::string{"a.txt\0octet\0", 12}));
    capture.add(datagram(answers, phone, first));
    capture.add(datagram(answers, phone, first));
    capture.add(datagram(phone, answers, be16(4) + be16(1)));
    capture.add(datagram(answers, phone, be16(3) + be16(2) + "end"));
    capture.add(datagram(phone, answers, be16(4) + be16(2)));
    MessageSummary summary;
    for (const TraceEvent& event : capture.end())
        summary.seen(event);
    ASSERT_EQ(summary.transfers().size(), 1u);
    const TransferLine& line = summary.transfers()[0];
    EXPECT_EQ(line.file, "a.txt");
    EXPECT_EQ(line.bytes, 515);
    EXPECT_EQ(line.blocks, 2u);
    EXPECT_EQ(line.resent, 1u);
    EXPECT_EQ(text(line), "10.0.0.1:40000 reads 10.0.0.2: a.txt, 515 bytes in 2 blocks, 1 sent again, "
                          "0.005000 s, complete");
}

TEST(MessageSummaryTest, JoinsHttpRequestsWithTheirAnswers)
{
    Capture capture;
    Talk{capture}
        .open()
        .client("GET /a HTTP/1.1\r\n\r\n")
        .answer("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
    Talk{capture, {phone.address, 41'000}}.open().client("GET /b HTTP/1.1\r\n\r\n").reset();
    MessageSummary summary;
    for (const TraceEvent& event : capture.end())
        summary.seen(event);
    ASSERT_EQ(summary.exchanges().size(), 2u);
    EXPECT_EQ(text(summary.exchanges()[0]),
              "10.0.0.1:40000 > 10.0.0.2:80: GET /a 404 Not Found, 0 bytes up, 2 down, 0.001000 s");
    EXPECT_EQ(text(summary.exchanges()[1]), "10.0.0.1:41000 > 10.0.0.2:80: GET /b, no answer was seen");
}

TEST(MessageSummaryTest, KeepsTheBeginningsOfLongTextsOnly)
{
    const std::string longName(50'000, 'n');
    Capture capture;
    Talk{capture}
        .open()
        .client("GET /" + longName + " HTTP/1.1\r\n\r\n")
        .answer("HTTP/1.1 200 " + longName + "\r\n\r\n");
    capture.add(datagram(phone, {server.address, 69},
                         be16(1) + longName.substr(0, 1000) + std::string{"\0octet\0", 7}));
    MessageSummary summary;
    for (const TraceEvent& event : capture.end())
        summary.seen(event);
    ASSERT_EQ(summary.exchanges().size(), 1u);
    const ExchangeLine& exchange = summary.exchanges()[0];
    EXPECT_EQ(exchange.request, "GET /" + longName.substr(0, MessageSummary::longestText - 1));
    EXPECT_EQ(exchange.status, "200 " + longName.substr(0, MessageSummary::longestText));
    ASSERT_EQ(summary.transfers().size(), 1u);
    EXPECT_EQ(summary.transfers()[0].file, longName.substr(0, MessageSummary::longestText));
}

TEST(EventTextTest, SaysAMessageInOneLine)
{
    Capture capture;
    Talk{capture}
        .open()
        .client("get /a HTTP/1.1\r\nHost: h\n\r\n")
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(eventText(events[0]), "http   get /a HTTP/1.1, 0 bytes [a line end without CR]");
    EXPECT_EQ(eventText(events[1]), "http   HTTP/1.1 200 OK, 2 bytes");
}

}  // namespace
