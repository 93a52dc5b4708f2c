#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/decode/message_summary.hpp"
#include "hwbridge/decode/packet_fate.hpp"
#include "ui/cli/terminal.hpp"

#include <string>

namespace ui {

// "12.000345": seconds with microseconds.
std::string secondsText(emulator::TimePoint at);

// "3 IPv6; 9 UDP of unknown protocols": what of a capture no event tells. Empty: nothing was left behind.
std::string leftBehindText(const hwbridge::DecodeCounters& counters, const hwbridge::CaptureFacts& facts);

// What `decode` prints for people: one line per message, then transfers, HTTP exchanges, and what made no message.
// Shape:  "     4    0.003000  10.0.0.1:40000 > 10.0.0.2:80  http   GET /basic.txt HTTP/1.1, 0 bytes"
class DecodeLines : public emulator::TraceSink {
public:
    explicit DecodeLines(int descriptor) : m_descriptor{descriptor}, m_look{lookOf(descriptor)} {}

    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;
    void end();
    // What made no message.
    void counts(const hwbridge::DecodeCounters& counters, const hwbridge::CaptureFacts& facts);
    bool isOpen() const { return m_open; }  // false when nobody reads any more

private:
    void print(std::string_view line);
    void printSummary();
    void flush();

    static constexpr std::size_t enough = 64u << 10;
    static constexpr std::size_t widestLine = 400;  // our choice: longer texts are in the NDJSON
    int m_descriptor;
    TerminalLook m_look;
    std::string m_text;
    hwbridge::MessageSummary m_summary;
    bool m_open = true;
};

}  // namespace ui
