#include "emulator/trace/ndjson.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace emulator {
namespace {

std::string lineOf(const TraceEvent& event, std::uint64_t n = 0)
{
    std::string out;
    appendNdjson(out, event, n);
    return out;
}

std::string jsonOf(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

TEST(NdjsonTest, LeavesOutEndsThatAreNone)
{
    TraceEvent event;
    event.kind = EventKind::RunEnd;
    event.by = Observer::Rig;
    EXPECT_EQ(lineOf(event),
              "{\"t\":0.000000,\"kind\":\"run.end\",\"n\":0,\"by\":\"rig\",\"x\":null,\"phone\":null}\n");
}

TEST(NdjsonTest, TellsTimesBeforeTheFirstPacket)
{
    TraceEvent event;
    event.kind = EventKind::RunEnd;
    event.at = TimePoint{Duration{-1'000'042}};
    EXPECT_NE(lineOf(event).find("\"t\":-1.000042,"), std::string::npos) << lineOf(event);
    event.at = TimePoint{Duration{-42}};
    EXPECT_NE(lineOf(event).find("\"t\":-0.000042,"), std::string::npos) << lineOf(event);
}

TEST(NdjsonTest, HoldsTheLargestOfEverything)
{
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    TraceEvent event;
    event.kind = EventKind::TlsClientHello;
    event.by = Observer::Server;
    event.at = TimePoint{Duration{std::numeric_limits<std::int64_t>::max()}};
    event.exchange = {most, most, most};
    event.phone = MacAddress{{255, 255, 255, 255, 255, 255}};
    event.from = event.to = Endpoint{{most}, 65535};
    event.add(FieldName::PortDescription, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(lineOf(event, std::numeric_limits<std::int64_t>::max()),
              "{\"t\":9223372036854.775807,\"kind\":\"tls.client_hello\",\"n\":9223372036854775807,\"by\":"
              "\"server\","
              "\"x\":\"4294967295.4294967295.4294967295\",\"phone\":\"ff:ff:ff:ff:ff:ff\","
              "\"from\":\"255.255.255.255:65535\",\"to\":\"255.255.255.255:65535\","
              "\"port_description\":-9223372036854775808}\n");
}

// Texts are looked at eight bytes at a time: a byte that has to be escaped may stand at any of them.
TEST(NdjsonTest, EscapesWhatJsonForbidsAtEveryPlace)
{
    const std::pair<const char*, const char*> escaped[] = {
        {"\"", "\\\""},      {"\\", "\\\\"},           {"\n", "\\n"},           {"\x01", "\\u0001"},
        {"\x1f", "\\u001f"}, {"\x80", "\xef\xbf\xbd"}, {"\xc3\xa9", "\xc3\xa9"}};
    for (std::size_t before = 0; before < 20; ++before)
        for (std::size_t after = 0; after < 10; ++after)
            for (const auto& [byte, expected] : escaped) {
                const std::string front(before, 'a');
                const std::string back(after, '~');
                EXPECT_EQ(jsonOf(front + byte + back), "\"" + front + expected + back + "\"");
            }
}

TEST(NdjsonTest, LeavesPlainTextsAsTheyAre)
{
    std::string all;
    for (char c = 0x20; c < 0x7f; ++c)
        if (c != '"' && c != '\\')
            all += c;
    all += '\x7f';
    for (std::size_t from = 0; from < all.size(); ++from)
        EXPECT_EQ(jsonOf(std::string_view{all}.substr(from)), "\"" + all.substr(from) + "\"");
}

}  // namespace
}  // namespace emulator
