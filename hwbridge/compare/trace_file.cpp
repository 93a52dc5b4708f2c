#include "hwbridge/compare/trace_file.hpp"

#include "emulator/trace/ndjson_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <limits>
#include <memory>
#include <system_error>
#include <vector>

namespace hwbridge {

namespace {

using emulator::ErrorKind;
using emulator::Result;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

class Lines : public emulator::TraceSink {
public:
    explicit Lines(TraceStore& store) : m_store{store} {}
    void readBy(const emulator::NdjsonReader& reader) { m_reader = &reader; }

    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override
    {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        m_store.add(event, static_cast<std::uint32_t>(std::min(m_reader->line(), most)));
    }

private:
    TraceStore& m_store;
    const emulator::NdjsonReader* m_reader = nullptr;
};

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
        if (const auto read = reader.read({piece.data(), got}); read.has_error())
            return read;
        if (trace.store.isFull())
            return emulator::fail(
                ErrorKind::TooLarge,
                fmt::format("line {}: found more than a comparison keeps, expected at most 20 "
                            "million events with 4 GB of text",
                            reader.line()));
    }
    if (const auto last = reader.finish(); last.has_error())
        return last;
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
    TraceFile trace;
    trace.path = path.string();
    if (first != EOF && first != '{')
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("{}: found a byte 0x{:02x} at its beginning, expected a trace, whose lines "
                        "begin with {{",
                        trace.path, first));
    if (const auto read = readNdjson(file.get(), trace); read.has_error())
        return named(path, read.error());
    if (std::ferror(file.get()) != 0)
        return refused(errno);
    return trace;
}

}  // namespace hwbridge
