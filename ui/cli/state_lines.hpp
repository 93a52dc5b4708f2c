#pragma once

#include "emulator/runtime/net_fleet.hpp"
#include "emulator/trace/trace_event.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace ui {

// What `up` prints where there is no terminal: one line per state that a phone enters and per pattern
// that its mute LED begins, or for large fleets one line a second with counts.
// Shape:  "    1.250 s  127.78.0.1       00:0e:08:00:00:01  idle        LAST SYSLOG LINE"
//         "   61.250 s  127.78.0.1       00:0e:08:00:00:01  LED fast blink  LAST SYSLOG LINE"
class StateLines : public emulator::TraceSink {
public:
    static constexpr std::size_t mostPhones = 64;  // our choice: nobody reads more lines than these give

    StateLines(const emulator::FleetGroup& group, int descriptor) : m_group{group}, m_descriptor{descriptor}
    {}

    void watch(const emulator::NetFleet& fleet) { m_fleet = &fleet; }
    static constexpr std::array kinds{emulator::EventKind::PhoneState, emulator::EventKind::PhoneLed};
    bool wants(emulator::EventKind kind) const override
    {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }
    void seen(const emulator::TraceEvent& event) override;
    void summary();
    bool isOpen() const { return m_open; }

private:
    void print(const std::string& line);

    const emulator::FleetGroup& m_group;
    const emulator::NetFleet* m_fleet = nullptr;
    int m_descriptor;
    std::size_t m_answering = 0;
    std::chrono::steady_clock::time_point m_nextSummary{};
    bool m_open = true;
};

}  // namespace ui
