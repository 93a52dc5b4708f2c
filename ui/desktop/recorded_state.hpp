#pragma once

#include "emulator/phone/led.hpp"
#include "hwbridge/compare/trace_store.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace ui {

// What a phone was like at an instant, as its trace says.
struct RecordedState {
    emulator::TimePoint at{};
    std::string state;  // "idle"; empty: not said yet
    emulator::MuteLed led{};
    bool isLit = false;
    std::string display;  // its lines, "\n" between them; empty: dark, or not said yet
    bool operator==(const RecordedState&) const = default;
};

// After the last of these events, which are of one phone and in their order.
RecordedState stateAfter(const hwbridge::TraceStore& trace, std::span<const std::uint32_t> events);

}  // namespace ui
