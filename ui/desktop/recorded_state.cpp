#include "ui/desktop/recorded_state.hpp"

#include "emulator/phone/phone.hpp"

#include <ranges>

namespace ui {

using emulator::EventKind;
using emulator::FieldName;
using hwbridge::StoredEvent;

RecordedState stateAfter(const hwbridge::TraceStore& trace, std::span<const std::uint32_t> events)
{
    RecordedState found;
    if (events.empty())
        return found;
    found.at = trace.events()[events.back()].at;
    const StoredEvent* state = nullptr;
    const StoredEvent* led = nullptr;
    const StoredEvent* display = nullptr;
    for (const std::uint32_t number : events | std::views::reverse) {
        const StoredEvent& event = trace.events()[number];
        if (event.by != emulator::Observer::Phone)
            continue;
        if (event.kind == EventKind::PhoneState && state == nullptr)
            state = &event;
        else if (event.kind == EventKind::PhoneLed && led == nullptr)
            led = &event;
        else if (event.kind == EventKind::PhoneDisplay && display == nullptr)
            display = &event;
        if (state != nullptr && led != nullptr && display != nullptr)
            break;
    }
    if (state != nullptr)
        found.state = trace.text(*state, FieldName::State);
    if (led != nullptr) {
        found.led =
            emulator::muteLedNamed(trace.text(*led, FieldName::State)).value_or(emulator::MuteLed::Off);
        found.isLit = emulator::isLit(found.led, led->at, found.at);
    }
    const bool isDark =
        found.state == name(emulator::PhoneState::Off) || found.state == name(emulator::PhoneState::Booting);
    if (display != nullptr && !isDark)
        found.display = trace.text(*display, FieldName::Text);
    return found;
}

}  // namespace ui
