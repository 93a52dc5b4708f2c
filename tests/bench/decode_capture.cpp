#include "emulator/trace/ndjson.hpp"
#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/decode/decoder.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/roles.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

using namespace emulator;
using namespace hwbridge;

namespace {

// What `phonerig decode --json` does with an event.
class Lines : public TraceSink {
public:
    explicit Lines(int descriptor) : m_descriptor{descriptor} {}
    ~Lines() override { flush(); }

    bool wants(EventKind) const override { return true; }
    void seen(const TraceEvent& event) override
    {
        constexpr std::size_t enough = 256u << 10;
        appendNdjson(m_text, event, m_events++);
        if (m_text.size() >= enough)
            flush();
    }
    std::uint64_t events() const { return m_events; }

private:
    void flush()
    {
        if (::write(m_descriptor, m_text.data(), m_text.size()) < 0)
            m_events = 0;  // the row tells that events are missing
        m_text.clear();
    }

    int m_descriptor;
    std::string m_text;
    std::uint64_t m_events = 0;
};

}  // namespace

int decodeCapture(const Arguments& arguments)
{
    if (arguments.size() != 1)
        return 2;
    auto reader = CaptureReader::open(arguments[0]);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (reader.has_error() || nowhere < 0)
        return 2;
    Lines lines{nowhere};
    DecodeOptions options;
    options.names = &(*reader)->facts().names;
    Decoder decoder{lines, std::move(options)};
    const Result<void> read = (*reader)->readAll(decoder);
    decoder.end();
    if (read.has_error())
        return 2;
    fmt::print("packets={} events={} seconds={:.6f} resident={}\n", decoder.counters().all(), lines.events(),
               cpuSeconds(), residentBytes());
    return 0;
}

}  // namespace bench
