#include "emulator/trace/ndjson_reader.hpp"

#include "emulator/trace/ndjson.hpp"
#include "emulator/trace/trace_buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace emulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Kept : public TraceSink {
public:
    bool wants(EventKind) const override { return true; }
    void seen(const TraceEvent& event) override
    {
        buffer.add(event);
        if (reader != nullptr)
            lines.push_back(reader->line());
    }
    TraceBuffer buffer;
    std::vector<std::uint64_t> lines;
    const NdjsonReader* reader = nullptr;
};

Result<void> readAll(NdjsonReader& reader, std::string_view text, std::size_t piece = 1u << 20)
{
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        if (const auto read = reader.read(text.substr(0, piece)); read.has_error())
            return read;
    return reader.finish();
}

// What a reader says of one line after a good one.
std::string refusalOf(std::string_view line)
{
    Kept sink;
    NdjsonReader reader{sink};
    const auto read =
        readAll(reader, "{\"t\":0,\"kind\":\"run.end\",\"by\":\"rig\"}\n" + std::string{line} + "\n");
    return read.has_error() ? read.error().detail : "no error";
}

constexpr std::string_view request =
    R"({"t":0.500312,"kind":"http.request","n":17,"by":"server","x":"3.0.4","phone":"00:0e:08:00:00:01","from":"127.78.0.1:514","to":"127.0.0.1:80","method":"GET","target":"/a \"quoted\"\u00e9","minor":1,"bytes":0})"
    "\n";

TEST(NdjsonReaderTest, ReadsBackWhatWasWritten)
{
    Kept sink;
    NdjsonReader reader{sink};
    ASSERT_TRUE(readAll(reader, request).has_value());
    ASSERT_EQ(sink.buffer.events().size(), 1u);
    const TraceEvent& event = sink.buffer.events().front();
    EXPECT_EQ(event.at, TimePoint{Duration{500312}});
    EXPECT_EQ(event.exchange, (ExchangeId{3, 0, 4}));
    EXPECT_EQ(event.text(FieldName::Target), "/a \"quoted\"\xc3\xa9");
    std::string again;
    appendNdjson(again, event, 17);
    Kept second;
    NdjsonReader rereader{second};
    ASSERT_TRUE(readAll(rereader, again).has_value());
    std::string third;
    appendNdjson(third, second.buffer.events().front(), 17);
    EXPECT_EQ(third, again);
}

TEST(NdjsonReaderTest, ReadsPiecesOfAnySize)
{
    std::string text{request};
    text.append("\r\n").append(request);
    for (const std::size_t piece : {1u, 2u, 7u, 100u}) {
        Kept sink;
        NdjsonReader reader{sink};
        sink.reader = &reader;
        ASSERT_TRUE(readAll(reader, text, piece).has_value());
        EXPECT_THAT(sink.lines, ElementsAre(1u, 3u)) << piece;
    }
}

TEST(NdjsonReaderTest, TakesALastLineWithoutItsEnd)
{
    Kept sink;
    NdjsonReader reader{sink};
    ASSERT_TRUE(readAll(reader, request.substr(0, request.size() - 1)).has_value());
    EXPECT_EQ(sink.buffer.events().size(), 1u);
}

TEST(NdjsonReaderTest, SkipsAndCountsWhatItDoesNotKnow)
{
    Kept sink;
    NdjsonReader reader{sink};
    ASSERT_TRUE(
        readAll(reader,
                R"({"t":1,"kind":"phone.dream","by":"phone"})"
                "\n"
                R"({"t":1,"kind":"phone.led","by":"phone","led":"mute","mood":{"a":[1,{}]},"new":true})"
                "\n")
            .has_value());
    EXPECT_EQ(reader.skippedEvents(), 1u);
    EXPECT_EQ(reader.skippedFields(), 2u);
    EXPECT_EQ(sink.buffer.events().front().text(FieldName::Led), "mute");
}

TEST(NdjsonReaderTest, NamesTheLineThatIsWrong)
{
    EXPECT_THAT(refusalOf("nonsense"), HasSubstr("line 2: found no JSON"));
    EXPECT_THAT(refusalOf("{\"t\":1,\"kind\":\"run.end\",\"by\":\"rig\""),
                HasSubstr("line 2: found no JSON"));
    EXPECT_THAT(refusalOf("[1]"), HasSubstr("line 2: found a list, expected a JSON object per line"));
    EXPECT_THAT(refusalOf("17"), HasSubstr("line 2: found a number, expected a JSON object per line"));
    EXPECT_THAT(refusalOf("{}{}"), HasSubstr("line 2: found more behind the object"));
    EXPECT_THAT(refusalOf("{\"kind\":\"run.end\",\"by\":\"rig\"}"), HasSubstr("without t"));
    EXPECT_THAT(refusalOf("{\"t\":1,\"by\":\"rig\"}"), HasSubstr("without kind"));
    EXPECT_THAT(refusalOf("{\"t\":\"x\",\"kind\":\"run.end\",\"by\":\"rig\"}"), HasSubstr("t: seconds"));
    EXPECT_THAT(refusalOf("{\"t\":1e300,\"kind\":\"run.end\",\"by\":\"rig\"}"), HasSubstr("beyond"));
    EXPECT_THAT(refusalOf("{\"t\":1,\"kind\":\"run.end\",\"by\":\"rig\",\"x\":\"1.2\"}"),
                HasSubstr("x \"1.2\""));
    EXPECT_THAT(refusalOf("{\"t\":1,\"kind\":\"run.end\",\"by\":\"rig\",\"from\":\"here\"}"),
                HasSubstr("here"));
}

TEST(NdjsonReaderTest, RefusesALineBeyondTheLimit)
{
    Kept sink;
    NdjsonReader reader{sink};
    const std::string endless(maxNdjsonLine + 1, 'x');
    EXPECT_EQ(reader.read(endless).error().kind, ErrorKind::TooLarge);
}

TEST(NdjsonReaderTest, SurvivesGarbage)
{
    std::uint64_t state = 1;
    for (int round = 0; round < 300; ++round) {
        std::string text{request};
        for (int changes = 0; changes < 4; ++changes) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[(state >> 33) % text.size()] = static_cast<char>(state >> 56);
        }
        Kept sink;
        NdjsonReader reader{sink};
        (void)readAll(reader, text, 13);
    }
    SUCCEED();
}

}  // namespace
}  // namespace emulator
