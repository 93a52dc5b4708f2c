#include "hwbridge/decode/decoder.hpp"

#include "emulator/profile/gzip.hpp"
#include "tests/hwbridge/decode/wire.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>

using namespace wire;
using testing::HasSubstr;

namespace {

std::string get(std::string_view target = "/basic.txt")
{
    return fmt::format("GET {} HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n", target);
}

std::string ok(std::string_view body, std::string_view fields = "")
{
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), fields, body);
}

std::string kinds(const std::vector<TraceEvent>& events)
{
    std::string text;
    for (const TraceEvent& event : events)
        text.append(text.empty() ? "" : " ").append(name(event.kind));
    return text;
}

std::string observers(const std::vector<TraceEvent>& events)
{
    std::string text;
    for (const TraceEvent& event : events)
        text.append(text.empty() ? "" : " ").append(name(event.by));
    return text;
}

// Whatever happens, each packet has one fate.
void expectAllCounted(Capture& capture)
{
    EXPECT_EQ(capture.counters().all(), capture.packets());
}

TEST(DecoderTest, TellsTheRigsOwnReadingFromAPersonsVisit)
{
    const auto asks = [](std::string_view agent) {
        return fmt::format("GET / HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: {}\r\n\r\n", agent);
    };
    Capture capture;
    Talk{capture}
        .open()
        .client(asks("phonerig"))
        .answer(ok("1"))
        .client(asks("phonerig/2"))
        .answer(ok("2"))
        .close();
    EXPECT_EQ(observers(capture.end()), "rig rig wire wire");
}

TEST(DecoderTest, MakesOneEventPerHttpMessage)
{
    Capture capture;
    Talk{capture}.open().client(get()).answer(ok("12345678")).close();
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.response");
    const TraceEvent& request = events[0];
    EXPECT_EQ(request.by, Observer::Wire);
    EXPECT_EQ(request.text(FieldName::Method), "GET");
    EXPECT_EQ(request.text(FieldName::Target), "/basic.txt");
    EXPECT_EQ(request.text(FieldName::Host), "10.0.0.2");
    EXPECT_EQ(request.text(FieldName::Headers), "Host: 10.0.0.2\n");
    EXPECT_EQ(request.number(FieldName::Bytes), 0);
    EXPECT_EQ(request.number(FieldName::Packet), 4);
    EXPECT_EQ(request.at.time_since_epoch(), std::chrono::milliseconds{3});
    EXPECT_EQ(request.from, phone);
    EXPECT_EQ(request.to, server);
    EXPECT_EQ(request.phone->colons(), "00:0e:08:00:00:01");
    EXPECT_EQ(events[1].number(FieldName::Status), 200);
    EXPECT_EQ(events[1].number(FieldName::Bytes), 8);
    EXPECT_EQ(events[1].phone, request.phone);
    EXPECT_EQ(events[1].exchange, request.exchange);
    EXPECT_EQ(events[1].text(FieldName::Note), "");
    expectAllCounted(capture);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpControl), 6u);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpMessage), 2u);
}

TEST(DecoderTest, JoinsPipelinedRequestsWithTheirAnswersInOrder)
{
    Capture capture;
    Talk{capture}.open().client(get("/a") + get("/b")).answer(ok("a") + ok("b"));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.request http.response http.response");
    EXPECT_NE(events[0].exchange, events[1].exchange);
    EXPECT_EQ(events[2].exchange, events[0].exchange);
    EXPECT_EQ(events[3].exchange, events[1].exchange);
}

TEST(DecoderTest, ReadsMessagesHoweverTheyAreCutIntoSegments)
{
    const std::string request = get("/first") + get("/second");
    const std::string answer =
        ok("one") +
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n";
    Capture whole;
    Talk{whole}.open().client(request).answer(answer).close();
    whole.end();
    for (std::size_t step = 1; step < 9; ++step) {
        Capture capture;
        Talk talk{capture};
        talk.open();
        for (std::size_t at = 0; at < request.size(); at += step)
            talk.client(std::string_view{request}.substr(at, step));
        for (std::size_t at = 0; at < answer.size(); at += step)
            talk.answer(std::string_view{answer}.substr(at, step));
        talk.close();
        const auto& events = capture.end();
        ASSERT_EQ(events.size(), whole.events().size()) << step;
        for (std::size_t i = 0; i < events.size(); ++i) {
            EXPECT_EQ(events[i].text(FieldName::Headers), whole.events()[i].text(FieldName::Headers));
            EXPECT_EQ(events[i].number(FieldName::Bytes), whole.events()[i].number(FieldName::Bytes));
            EXPECT_EQ(events[i].text(FieldName::Target), whole.events()[i].text(FieldName::Target));
            EXPECT_EQ(events[i].text(FieldName::BodyHash), whole.events()[i].text(FieldName::BodyHash));
        }
        expectAllCounted(capture);
    }
}

TEST(DecoderTest, ReadsMessagesBehindAnEmptyLine)
{
    for (const std::string& first : {"\r\n" + get(), "\n\r\n" + get()}) {
        Capture capture;
        Talk{capture}.open().client(first).answer(ok("x"));
        EXPECT_EQ(kinds(capture.end()), "http.request http.response");
    }
    Capture middle;
    Talk{middle}.client("\x01 of something else").client("\r\n" + get()).answer(ok("x"));
    EXPECT_EQ(kinds(middle.end()), "http.request http.response");
}

TEST(DecoderTest, KnowsEndsWithoutBody)
{
    Capture capture;
    Talk talk{capture};
    talk.open().client("HEAD / HTTP/1.1\r\n\r\n").answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    talk.client(get()).answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
    talk.client(get()).answer("HTTP/1.1 204 No Content\r\n\r\n");
    talk.client(get()).answer(ok("x"));
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 8u);
    EXPECT_EQ(events[1].number(FieldName::Bytes), 0);
    EXPECT_EQ(events[7].number(FieldName::Bytes), 1);
    EXPECT_EQ(events[7].exchange, events[6].exchange);
}

TEST(DecoderTest, GivesA100ContinueTheExchangeOfItsRequest)
{
    Capture capture;
    Talk talk{capture};
    talk.open().client("POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    talk.answer("HTTP/1.1 100 Continue\r\n\r\n").client("body").answer(ok(""));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.response http.request http.response");
    EXPECT_EQ(events[0].number(FieldName::Status), 100);
    EXPECT_EQ(events[0].exchange, events[1].exchange);
    EXPECT_EQ(events[2].exchange, events[1].exchange);
}

TEST(DecoderTest, EndsABodyWithoutLengthWithTheConnection)
{
    Capture capture;
    Talk{capture}
        .open()
        .client("GET / HTTP/1.0\r\n\r\n")
        .answer("HTTP/1.0 200 OK\r\n\r\nabc")
        .answer("def")
        .close();
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.response");
    EXPECT_EQ(events[1].number(FieldName::Bytes), 6);
    EXPECT_EQ(events[1].text(FieldName::Note), "");
}

TEST(DecoderTest, SaysWhenABodyIsCutOff)
{
    Capture capture;
    Talk{capture}.open().client(get()).answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").reset();
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request tcp.reset http.response");
    EXPECT_EQ(events[2].text(FieldName::Note), "cut off by a reset, 7 bytes are missing");
}

TEST(DecoderTest, UnpacksCompressedBodiesAndHashesWhatIsInside)
{
    const std::string content(5000, 'x');
    Capture capture;
    Talk talk{capture};
    talk.open().client(get()).answer(ok(emulator::gzip(content), "Content-Encoding: gzip\r\n"));
    talk.client(get()).answer(ok(content));
    talk.client(get()).answer(ok("no gzip", "Content-Encoding: gzip\r\n"));
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 6u);
    EXPECT_EQ(events[1].number(FieldName::Unpacked), 5000);
    EXPECT_LT(events[1].number(FieldName::Bytes), 100);
    EXPECT_EQ(events[1].text(FieldName::BodyHash), events[3].text(FieldName::BodyHash));
    EXPECT_THAT(std::string{events[5].text(FieldName::Note)}, HasSubstr("cannot be unpacked"));
}

TEST(DecoderTest, SaysHowTheBodyOfARequestIsCoded)
{
    Capture capture;
    Talk talk{capture};
    talk.open().client("POST /r HTTP/1.1\r\nContent-encoding:  aes128gcm \r\nContent-Length: 3\r\n\r\nabc");
    talk.client(get());
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.request");
    EXPECT_EQ(events[0].text(FieldName::Coding), "aes128gcm");
    EXPECT_EQ(events[1].text(FieldName::Coding), "");
}

TEST(DecoderTest, SaysThatFramingIsAmbiguous)
{
    Capture capture;
    Talk{capture}.open().client(
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_THAT(std::string{events[0].text(FieldName::Note)},
                HasSubstr("Content-Length beside Transfer-Encoding"));
    EXPECT_EQ(events[0].number(FieldName::Bytes), 0);
}

TEST(DecoderTest, TellsAGapAndGoesOnBehindIt)
{
    Capture capture;
    Talk talk{capture};
    const std::string answer = ok(std::string(1000, 'b'));
    talk.open().client(get()).answer(answer.substr(0, 500)).skipAnswer(200);
    talk.answer(answer.substr(700)).acknowledge(TcpStream::patience + 1);
    talk.client(get("/next")).answer(ok("x"));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request tcp.gap http.response http.request http.response");
    EXPECT_EQ(events[1].number(FieldName::Bytes), 200);
    EXPECT_EQ(events[1].from, server);
    EXPECT_EQ(events[2].number(FieldName::Bytes), 1000);
    EXPECT_EQ(events[2].text(FieldName::Note), "bytes of the body are missing in the capture");
    EXPECT_EQ(events[2].text(FieldName::BodyHash), "");
    EXPECT_EQ(events[4].exchange, events[3].exchange);
}

TEST(DecoderTest, FindsTheNextMessageAfterALostHead)
{
    Capture capture;
    Talk talk{capture};
    talk.open().client(get("/a")).skipAnswer(80).acknowledge(TcpStream::patience + 2);
    talk.client(get("/b")).answer("the rest of a body").answer(ok("x"));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request tcp.gap http.request http.response");
    EXPECT_EQ(events[3].exchange, events[2].exchange);
    EXPECT_EQ(capture.counters().senselessBytes, 18u);
}

TEST(DecoderTest, SaysWhenBytesCameTwiceWithOtherContent)
{
    Capture capture;
    Talk talk{capture};
    talk.open().client(get()).answer(ok("abc")).answerAt(-3, "aXc");
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.response packet.malformed");
    EXPECT_THAT(std::string{events[2].text(FieldName::Note)}, HasSubstr("other content"));
    expectAllCounted(capture);
}

TEST(DecoderTest, SaysSoWhenTheyCameAfterBothEndsHadClosedOrOneHadReset)
{
    const auto note = [](bool closed) {
        Capture capture;
        Talk talk{capture};
        talk.open().client(get("/a")).answer(ok("abc"));
        closed ? talk.close() : talk.reset();
        talk.answerAt(closed ? -4 : -3, "aXc");
        expectAllCounted(capture);
        const TraceEvent last = capture.end().back();
        EXPECT_EQ(last.exchange, capture.events().front().exchange);
        return std::string{name(last.kind)} + ": " + std::string{last.text(FieldName::Note)};
    };
    EXPECT_THAT(note(true), AllOf(HasSubstr("packet.malformed"), HasSubstr("other content")));
    EXPECT_THAT(note(false), AllOf(HasSubstr("packet.malformed"), HasSubstr("other content")));
}

TEST(DecoderTest, ComparesLateBytesWithThoseOfTheLastClosedConnectionsOnly)
{
    Capture capture;
    std::vector<Talk> talks;
    for (std::size_t i = 0; i <= TcpConnections::mostComparable; ++i)
        talks.push_back(Talk{capture, {phone.address, static_cast<std::uint16_t>(1000 + i)}}
                            .open()
                            .client(get())
                            .answer(ok("abc"))
                            .close());
    talks[0].answerAt(-4, "aXc");
    EXPECT_EQ(capture.counters().of(PacketFate::Malformed), 0u);
    talks[1].answerAt(-4, "aXc");
    EXPECT_EQ(capture.counters().of(PacketFate::Malformed), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpAgain), 1u);
}

// Each closed connection is remembered in the place of an older one, which is forgotten for good.
TEST(DecoderTest, ForgetsTheBytesOfNoOtherConnectionInTheSamePlace)
{
    DecodeOptions options;
    options.tcp.mostOver = 2;
    Capture capture{std::move(options)};
    std::vector<Talk> talks;
    for (std::size_t i = 0; i <= TcpConnections::mostComparable; ++i)
        talks.push_back(Talk{capture, {phone.address, static_cast<std::uint16_t>(1000 + i)}}
                            .open()
                            .client(get())
                            .answer(ok("abc"))
                            .close());
    for (const std::size_t last : {talks.size() - 2, talks.size() - 1})
        talks[last].answerAt(-4, "aXc");
    EXPECT_EQ(capture.counters().of(PacketFate::Malformed), 2u);
}

TEST(DecoderTest, ReadsCapturesThatCutPackets)
{
    Capture capture;
    Talk talk{capture};
    const std::string answer = ok(std::string(300, 'b'));
    talk.open().client(get()).answerAt(0, answer, 200).skipAnswer(static_cast<std::uint32_t>(answer.size()));
    talk.client(get()).answerAt(0, answer, 200);
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request tcp.gap http.response http.request http.response");
    EXPECT_EQ(events[2].number(FieldName::Bytes), 300);
}

TEST(DecoderTest, JoinsAConnectionInTheMiddle)
{
    Capture capture;
    Talk talk{capture};
    talk.startAt(70'000, 90'000).answer("end of an older body").client(get()).answer(ok("x"));
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.response");
    EXPECT_EQ(events[1].exchange, events[0].exchange);
}

TEST(DecoderTest, TellsNewConnectionsOnOldPortsApart)
{
    Capture capture;
    Talk{capture}.open().client(get("/a")).answer(ok("a")).close();
    Talk{capture}.startAt(777'000, 888'000).open().client(get("/b")).answer(ok("b")).close();
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 4u);
    EXPECT_NE(events[0].exchange.about, events[2].exchange.about);
    EXPECT_EQ(capture.counters().connections, 2u);
}

TEST(DecoderTest, TakesARepeatedSynForTheSameConnection)
{
    Capture capture;
    capture.add(ethernet(ip(6, phone.address, server.address, tcp(phone, server, 1000, 0, Syn))));
    Talk{capture}.open().client(get()).answer(ok("a")).close();
    EXPECT_EQ(kinds(capture.end()), "http.request http.response");
    EXPECT_EQ(capture.counters().connections, 1u);
}

TEST(DecoderTest, RemembersOnlySoManyClosedConnections)
{
    DecodeOptions options;
    options.tcp.mostOver = 2;
    Capture capture{std::move(options)};
    std::vector<Talk> talks;
    for (std::uint16_t port = 1000; port < 1003; ++port)
        talks.push_back(Talk{capture, {phone.address, port}}.open().client(get()).answer(ok("a")).close());
    talks[1].acknowledge();
    EXPECT_EQ(capture.counters().connections, 3u);
    talks[0].acknowledge();
    EXPECT_EQ(capture.counters().connections, 4u);
}

TEST(DecoderTest, KnowsOfAClosedConnectionWhatCameBefore)
{
    Capture capture;
    const std::string answer = ok("hello");
    Talk talk{capture};
    talk.open().client(get()).answer(answer).close();
    talk.answerAt(-1 - static_cast<std::int32_t>(answer.size()), answer).client(get("/late"));
    const auto& events = capture.end();
    EXPECT_EQ(kinds(events), "http.request http.response");
    EXPECT_EQ(capture.counters().of(PacketFate::TcpMessage), 2u);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpAgain), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpUnknown), 1u);
}

TEST(DecoderTest, CountsWhatClosedConnectionsHadOfNoMessage)
{
    Capture capture;
    for (std::uint16_t port = 1000; port < 1003; ++port)
        Talk{capture, {phone.address, port}}
            .open()
            .client(get())
            .answer(ok("a"))
            .answer("no message")
            .close();
    capture.end();
    EXPECT_EQ(capture.counters().senselessBytes, 30u);
}

// Connections that begin use the memory of those that are over.
TEST(DecoderTest, TellsNothingOfOneConnectionInAnother)
{
    Capture capture;
    Talk{capture, {phone.address, 1000}}
        .open()
        .client(get("/a"))
        .client("GET /half HTTP/1.1\r\nHost: ")
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly so much")
        .reset();
    Talk{capture, {phone.address, 1001}}.open().client(get("/b")).answer(ok("b")).close();
    Talk{capture, {phone.address, 1002}}.startAt(1, 7).open().client(get("/c")).answer(ok("c")).close();
    const auto& events = capture.end();
    std::vector<std::string> told;
    for (const TraceEvent& event : events)
        if (event.from.port > 1000 || event.to.port > 1000)
            told.push_back(fmt::format("{} {} {}", event.exchange.number, event.text(FieldName::Target),
                                       event.number(FieldName::Bytes).value_or(-1)));
    EXPECT_THAT(told, testing::ElementsAre("1 /b 0", "1  1", "1 /c 0", "1  1"));
    EXPECT_EQ(capture.counters().of(PacketFate::Malformed), 0u);
}

TEST(DecoderTest, ReadsWhatATunnelHolds)
{
    Capture capture;
    Talk{capture}
        .open()
        .client("CONNECT 10.0.0.9:80 HTTP/1.1\r\n\r\n")
        .answer("HTTP/1.1 200 OK\r\n\r\n")
        .client(get("/inside"))
        .answer(ok("hello"))
        .close();
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "http.request http.response http.request http.response");
    EXPECT_EQ(events[2].text(FieldName::Target), "/inside");
    EXPECT_EQ(events[3].exchange, events[2].exchange);
    EXPECT_NE(events[2].exchange, events[0].exchange);
}

TEST(DecoderTest, SaysWhatAResetEnded)
{
    Capture capture;
    Talk refused{capture};
    capture.add(ethernet(ip(6, phone.address, server.address, tcp(phone, server, 1, 0, Syn))));
    capture.add(
        ethernet(ip(6, server.address, phone.address, tcp(server, phone, 0, 2, Rst | Ack)), 0x0800, false));
    Talk{capture, {phone.address, 40'001}}.open().client(get()).reset();
    const auto& events = capture.end();
    ASSERT_EQ(kinds(events), "tcp.reset http.request tcp.reset");
    EXPECT_EQ(events[0].text(FieldName::Note), "refused");
    EXPECT_EQ(events[0].from, server);
    EXPECT_EQ(events[2].text(FieldName::Note), "before a request was answered");
}

TEST(DecoderTest, SaysWhoHadClosedBeforeAReset)
{
    const auto note = [](bool byClient) {
        Capture capture;
        Talk{capture}.open().client(get()).answer(ok("a")).client("", Fin | Ack).reset(byClient);
        return std::string{capture.end().back().text(FieldName::Note)};
    };
    EXPECT_EQ(note(false), "after the other end had closed");
    EXPECT_EQ(note(true), "in the middle of a connection");
}

TEST(DecoderTest, BoundsOpenConnectionsAndCountsWhoHadToGo)
{
    DecodeOptions options;
    options.tcp.mostOpen = 4;
    Capture capture{std::move(options)};
    for (std::uint16_t port = 1000; port < 1010; ++port)
        Talk{capture, {phone.address, port}}.open().client("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
    EXPECT_EQ(capture.counters().connectionsEvicted, 6u);
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 10u);
    EXPECT_EQ(events[0].from.port, 1000);
    EXPECT_EQ(events[0].text(FieldName::Note),
              "cut off by the end of what was captured, 6 bytes are missing");
}

TEST(DecoderTest, BoundsTheMemoryOfConnections)
{
    DecodeOptions options;
    options.tcp.mostHeld = 1u << 20;
    Capture capture{std::move(options)};
    const std::string much(60'000, 'x');
    for (std::uint16_t port = 1000; port < 1100; ++port)
        Talk{capture, {phone.address, port}}.open().clientAt(10, much);
    EXPECT_GT(capture.counters().connectionsEvicted, 80u);
    capture.end();
    expectAllCounted(capture);
}

TEST(DecoderTest, CountsWhatMakesNoEvent)
{
    Capture capture;
    capture.add(ethernet("x", 0x86dd));
    capture.add(ethernet("x", 0x88b5));
    capture.add(ethernet(ip(47, phone.address, server.address, "gre")));
    capture.add(ethernet(udp(phone, server, "x"), 14));
    capture.add("any", LinkType{147});
    Talk{capture}.open().client("\x01\x02\x03 some other protocol");
    capture.end();
    EXPECT_EQ(capture.counters().of(PacketFate::Ipv6), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::OtherType), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::IpOther), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::OtherLlc), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::UnknownLink), 1u);
    EXPECT_EQ(capture.counters().of(PacketFate::TcpUnknown), 1u);
    EXPECT_TRUE(capture.events().empty());
    expectAllCounted(capture);
}

TEST(DecoderTest, SaysWhatIsWrongWithHeaders)
{
    Capture capture;
    capture.add("short");
    capture.add(ethernet("\x45"));
    IpFields lie;
    lie.lie = 400;
    capture.add(ethernet(ip(17, phone.address, server.address, udp(phone, server, "x"), lie)));
    capture.add(ethernet(ip(6, phone.address, server.address, "short")));
    const auto& events = capture.end();
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[0].text(FieldName::Note), "link: found less than a link header");
    EXPECT_EQ(events[2].text(FieldName::Note), "ip: found a total length beyond the frame");
    EXPECT_EQ(events[2].number(FieldName::Packet), 3);
    EXPECT_THAT(std::string{events[3].text(FieldName::Note)}, HasSubstr("tcp:"));
    EXPECT_EQ(capture.counters().of(PacketFate::Malformed), 4u);
}

TEST(DecoderTest, SurvivesAnyBytesOnAnyLink)
{
    Capture capture;
    std::uint32_t random = 7;
    const auto next = [&] { return random = random * 1664525 + 1013904223, random >> 16; };
    const std::string frame =
        ethernet(ip(6, phone.address, server.address, tcp(phone, server, 1, 1, Ack, get() + ok("body"))));
    const std::array<LinkType, 9> links{LinkType::Null, LinkType::Ethernet,     LinkType::RawIp,
                                        LinkType::Loop, LinkType::LinuxCooked,  LinkType::Ipv4,
                                        LinkType::Ipv6, LinkType::LinuxCooked2, LinkType{9999}};
    for (int i = 0; i < 30'000; ++i) {
        std::string bytes = frame.substr(0, next() % (frame.size() + 1));
        for (std::uint32_t changes = next() % 6; changes > 0 && !bytes.empty(); --changes)
            bytes[next() % bytes.size()] = static_cast<char>(next());
        const std::size_t cut = next() % 4 == 0 ? next() % (bytes.size() + 1) : 0;
        capture.add(bytes, i % 3 == 0 ? links[next() % links.size()] : LinkType::Ethernet, cut);
    }
    capture.end();
    expectAllCounted(capture);
}

}  // namespace
