#include "scenarios/engine/emulated_stage.hpp"

#include <algorithm>

namespace scenarios {

EmulatedStage::EmulatedStage(std::vector<StagePhone> phones) : m_phones{std::move(phones)} {}

void EmulatedStage::finish(ActionId id, emulator::TimePoint at,
                           emulator::Result<emulator::HttpResponse> response)
{
    m_finished.push_back({id, at, std::move(response)});
}

emulator::Error EmulatedStage::whileOff()
{
    return emulator::fail(emulator::ErrorKind::Unreachable, "the phone is off or still starting");
}

emulator::Error EmulatedStage::noForms()
{
    return emulator::fail(emulator::ErrorKind::Unsupported, "this target does not read forms");
}

void EmulatedStage::awaitPower(PhoneNumber phone, Power power, ActionId id)
{
    m_awaiting[m_phones[static_cast<std::size_t>(phone)].mac.number()].push_back({id, power});
}

void EmulatedStage::awaitLine(PhoneNumber phone, int line, bool busy, ActionId id)
{
    Hands& hands = m_hands[m_phones[static_cast<std::size_t>(phone)].mac.number()];
    if (hands.busy.contains(line) == busy)
        return finish(id, now());
    hands.lines.push_back({id, line, busy});
}

void EmulatedStage::awaitDisplay(PhoneNumber phone, ActionId id)
{
    m_hands[m_phones[static_cast<std::size_t>(phone)].mac.number()].displays.push_back(id);
}

bool EmulatedStage::handOver(const std::function<void(const ActionResult&)>& done)
{
    const bool any = !m_finished.empty();
    while (!m_finished.empty()) {
        const ActionResult result = std::move(m_finished.front());
        m_finished.pop_front();
        done(result);
    }
    return any;
}

void EmulatedStage::powerSeen(const emulator::TraceEvent& event)
{
    const std::string_view state = event.text(emulator::FieldName::State);
    const bool off = state == name(emulator::PhoneState::Off);
    const bool answers = !off && state != name(emulator::PhoneState::Booting);
    const auto waiting = m_awaiting.find(event.phone->number());
    if (waiting == m_awaiting.end())
        return;
    std::erase_if(waiting->second, [&](const Awaiting& one) {
        const bool done = one.power == Power::On ? answers : off;
        if (done)
            finish(one.id, event.at);
        return done;
    });
    if (waiting->second.empty())
        m_awaiting.erase(waiting);
}

void EmulatedStage::callSeen(Hands& hands, const emulator::TraceEvent& event)
{
    const std::int64_t line = event.number(emulator::FieldName::Line).value_or(0);
    const bool busy = event.text(emulator::FieldName::State) == "connected";
    if (busy)
        hands.busy.insert(line);
    else
        hands.busy.erase(line);
    std::erase_if(hands.lines, [&](const AwaitingLine& one) {
        const bool done = one.line == line && one.busy == busy;
        if (done)
            finish(one.id, event.at);
        return done;
    });
}

void EmulatedStage::displaySeen(Hands& hands, const emulator::TraceEvent& event)
{
    if (hands.displays.empty() || event.text(emulator::FieldName::Source).empty())
        return;
    const ActionId id = hands.displays.front();
    hands.displays.pop_front();
    if (event.text(emulator::FieldName::Error).empty())
        return finish(id, event.at);
    std::string shown{event.text(emulator::FieldName::Text)};
    std::replace(shown.begin(), shown.end(), '\n', '|');
    finish(id, event.at,
           emulator::fail(emulator::ErrorKind::NotFound,
                          fmt::format("the menu has no such item; the display shows \"{}\"", shown)));
}

void EmulatedStage::seen(const emulator::TraceEvent& event)
{
    if (event.phone && event.by == emulator::Observer::Phone) {
        if (event.kind == emulator::EventKind::PhoneState && !m_awaiting.empty())
            powerSeen(event);
        else if (event.kind == emulator::EventKind::PhoneCall)
            callSeen(m_hands[event.phone->number()], event);
        else if (event.kind == emulator::EventKind::PhoneDisplay && !m_hands.empty())
            displaySeen(m_hands[event.phone->number()], event);
    }
    if (m_sink != nullptr)
        m_sink->seen(event);
}

}  // namespace scenarios
