#include "hwbridge/compare/trace_file.hpp"

#include "emulator/trace/ndjson_reader.hpp"
#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/decode/decoder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace hwbridge {

namespace {

using emulator::ErrorKind;
using emulator::EventKind;
using emulator::Result;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

// Keeps the events of a trace, and sees whether it is one: each of its runs says by which schema it is written.
// Source: docs/trace.md, "The run".
class Lines : public emulator::TraceSink {
public:
    explicit Lines(TraceStore& store) : m_store{store} {}
    void readBy(const emulator::NdjsonReader& reader) { m_reader = &reader; }

    bool wants(EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override
    {
        const bool begins = event.kind == EventKind::RunBegin;
        if (m_problem.empty() && (begins || !m_begun))
            m_problem = problemOf(event);
        if (!m_problem.empty())
            return;
        if (begins && m_open && m_cut.empty())
            m_cut = cutBy("run.begin");
        m_begun = true;
        m_open = begins || (m_open && event.kind != EventKind::RunEnd);
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        m_store.add(event, static_cast<std::uint32_t>(std::min(m_reader->line(), most)));
    }

    // So far.
    Result<void> isTrace() const
    {
        return m_problem.empty() ? Result<void>{} : emulator::fail(ErrorKind::Malformed, m_problem);
    }
    // When all was read.
    Result<void> hasBegun() const
    {
        return m_begun ? Result<void>{} : emulator::fail(ErrorKind::Malformed, notBegun(unknown));
    }
    // Then, too: where a run breaks off; empty when none does.
    std::string cut(bool inALine) const
    {
        return !m_cut.empty() ? m_cut : m_open || inALine ? cutBy("the end of the file") : std::string{};
    }

private:
    static constexpr std::int64_t schema = 1;
    static constexpr std::string_view unknown = "nothing that this version knows";

    static std::string notBegun(std::string_view found)
    {
        return fmt::format("line 1: found {}, expected run.begin with schema {}", found, schema);
    }
    std::string cutBy(std::string_view found) const
    {
        return fmt::format("line {}: found {}, expected run.end: the trace was cut short", m_reader->line(),
                           found);
    }
    std::string problemOf(const emulator::TraceEvent& event) const
    {
        const bool first = m_reader->line() == 1;
        if (!m_begun && (!first || event.kind != EventKind::RunBegin))
            return notBegun(first ? name(event.kind) : unknown);
        const std::optional<std::int64_t> found = event.number(emulator::FieldName::Schema);
        if (found == schema)
            return {};
        return fmt::format("line {}: found run.begin {}, expected schema {}", m_reader->line(),
                           found ? fmt::format("with schema {}", *found) : "without the number of its schema",
                           schema);
    }

    TraceStore& m_store;
    const emulator::NdjsonReader* m_reader = nullptr;
    std::string m_problem;
    std::string m_cut;
    bool m_begun = false;  // a run
    bool m_open = false;   // it has not ended
};

// What pcap and pcapng begin with, in either byte order; a trace begins with a brace.
bool beginsCapture(int byte)
{
    return byte == 0x0a || byte == 0xa1 || byte == 0xd4 || byte == 0x4d || byte == 0x34;
}

Result<TraceFile> readCapture(const std::filesystem::path& path)
{
    auto reader = CaptureReader::open(path.string());
    if (reader.has_error())
        return emulator::fail(reader.error());
    TraceFile trace;
    trace.path = path.string();
    trace.form = "capture";
    DecodeOptions options;
    options.names = &(*reader)->facts().names;
    Decoder decoder{trace.store, std::move(options)};
    Result<bool> read = true;
    while (read.has_value() && *read && !trace.store.isFull())
        read = (*reader)->readSome(decoder);
    if (read.has_error())
        return emulator::fail(read.error());
    decoder.end();
    if (trace.store.isFull())
        return emulator::fail(
            ErrorKind::TooLarge,
            fmt::format("{}: found more than a comparison keeps, expected at most 20 million events "
                        "with 4 GB of text",
                        trace.path));
    trace.counters = decoder.counters();
    trace.packets = (*reader)->facts().packets;
    trace.dropped = (*reader)->facts().dropped().value_or(0);
    return trace;
}

emulator::Error named(const std::filesystem::path& path, const emulator::Error& error)
{
    return emulator::fail(error.kind, fmt::format("{}: {}", path.string(), error.detail));
}

Result<void> readNdjson(std::FILE* file, TraceFile& trace)
{
    Lines lines{trace.store};
    emulator::NdjsonReader reader{lines};
    lines.readBy(reader);
    trace.form = "NDJSON";
    constexpr std::size_t pieceBytes = 256u << 10;
    std::vector<char> piece(pieceBytes);
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file)) {
        const auto read = reader.read({piece.data(), got});
        if (const auto isTrace = lines.isTrace(); isTrace.has_error())
            return isTrace;
        if (read.has_error())
            return read;
        if (trace.store.isFull())
            return emulator::fail(
                ErrorKind::TooLarge,
                fmt::format("line {}: found more than a comparison keeps, expected at most 20 "
                            "million events with 4 GB of text",
                            reader.line()));
    }
    // Who was killed leaves a part of a line.
    const bool isPart = reader.finish().has_error();
    for (const auto& well : {lines.isTrace(), lines.hasBegun()})
        if (well.has_error())
            return well;
    if (const std::string cut = lines.cut(isPart); !cut.empty())
        trace.cutShort = fmt::format("{}: {}", trace.path, cut);
    trace.skippedEvents = reader.skippedEvents();
    trace.skippedFields = reader.skippedFields();
    return {};
}

}  // namespace

Result<TraceFile> readTraceFile(const std::filesystem::path& path)
{
    const auto refused = [&](int reason) {
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{}: {}", path.string(), std::generic_category().message(reason)));
    };
    errno = 0;
    const File file{std::fopen(path.c_str(), "rb")};
    if (file == nullptr)
        return refused(errno);
    const int first = std::fgetc(file.get());
    if (first == EOF && std::ferror(file.get()) != 0)
        return refused(errno);
    if (first != EOF)
        std::ungetc(first, file.get());
    if (beginsCapture(first))
        return readCapture(path);
    TraceFile trace;
    trace.path = path.string();
    if (first != EOF && first != '{')
        return emulator::fail(ErrorKind::Malformed,
                              fmt::format("{}: found a byte 0x{:02x} at its beginning, expected a capture "
                                          "(pcap, pcapng) or a trace, whose lines "
                                          "begin with {{",
                                          trace.path, first));
    if (const auto read = readNdjson(file.get(), trace); read.has_error())
        return named(path, read.error());
    if (std::ferror(file.get()) != 0)
        return refused(errno);
    return trace;
}

Result<TraceFile> readWholeTraceFile(const std::filesystem::path& path)
{
    Result<TraceFile> trace = readTraceFile(path);
    if (trace.has_value() && !trace->cutShort.empty())
        return emulator::fail(ErrorKind::Malformed, trace->cutShort);
    return trace;
}

}  // namespace hwbridge
