#pragma once

#include "emulator/base/time_point.hpp"
#include "emulator/runtime/net_fleet.hpp"
#include "ui/cli/terminal.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ui {

// What the live view shows at one moment.
struct LiveFrame {
    std::string title;
    std::string detail;                           // a second line; empty: none
    std::vector<emulator::PhoneSnapshot> phones;  // the first ones, as many as may fit
    std::size_t total = 0;
    std::size_t answering = 0;
    std::array<std::uint64_t, emulator::phoneStates> inState{};  // phones by PhoneState
    emulator::TimePoint now{};
};

// Room for phones on a terminal of that height, below the header and above the summary.
std::size_t liveRows(const TerminalLook& look);

// The lines of a frame, each at most look.columns wide: title, detail, counts; one line per phone (address, MAC, state,
// mute LED as it is lit at frame.now, last syslog line), and how many phones there was no room for.
std::vector<std::string> drawLive(const LiveFrame& frame, const TerminalLook& look);

// What a fleet looks like now.
LiveFrame frameOf(const emulator::NetFleet& fleet, std::string title, std::string detail,
                  const TerminalLook& look);

// Redraws a block of lines in place on a terminal. The lines above it stay; the cursor is hidden until it goes.
class LiveView {
public:
    explicit LiveView(int descriptor);
    ~LiveView() { end(); }
    LiveView(const LiveView&) = delete;
    LiveView& operator=(const LiveView&) = delete;

    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds period{80};  // between frames: every beat of an LED is seen

    bool due(Clock::time_point now) const { return now >= m_next; }
    // The terminal as it is now: its window may change.
    TerminalLook look() const { return lookOf(m_descriptor); }
    void show(const LiveFrame& frame);
    void print(std::string_view line);     // a line that stays, above the block
    void replace(std::string_view lines);  // lines that stay, instead of the block
    void end();                            // leaves the last frame, shows the cursor again

private:
    std::string erased();

    int m_descriptor;
    Clock::time_point m_next{};
    std::vector<std::string> m_shown;
    bool m_hidden = false;
};

}  // namespace ui
