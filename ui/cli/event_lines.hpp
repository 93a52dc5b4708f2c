#pragma once

#include "emulator/base/chance.hpp"
#include "emulator/trace/trace_event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ui {

// Writes trace events as NDJSON (docs/trace.md) to a descriptor, numbered as they come.
class EventLines : public emulator::TraceSink {
public:
    explicit EventLines(int descriptor) : m_descriptor{descriptor} {}

    void begin(std::string_view target, emulator::Seed seed, emulator::WallTime wall);
    void begin(std::string_view target, emulator::Seed seed,
               std::string_view wall);  // as it is to be printed
    void end(emulator::TimePoint at);
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;
    void flush();
    bool isOpen() const { return m_open; }  // false when nobody reads any more

private:
    static constexpr std::size_t enough = 256u << 10;
    int m_descriptor;
    std::string m_text;
    std::uint64_t m_next = 0;
    bool m_open = true;
};

}  // namespace ui
