#include "scenarios/engine/emulated_stage.hpp"

namespace scenarios {

EmulatedStage::EmulatedStage(std::vector<StagePhone> phones) : m_phones{std::move(phones)} {}

void EmulatedStage::finish(ActionId id, emulator::TimePoint at, emulator::Result<emulator::HttpResponse> response)
{
    m_finished.push_back({id, at, std::move(response)});
}

void EmulatedStage::awaitPage(PhoneNumber phone, ActionId id)
{
    m_awaiting[m_phones[static_cast<std::size_t>(phone)].mac.number()].push_back(id);
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

void EmulatedStage::seen(const emulator::TraceEvent& event)
{
    if (event.kind == emulator::EventKind::PhoneState && event.phone && !m_awaiting.empty()) {
        const std::string_view state = event.text(emulator::FieldName::State);
        const auto waiting = m_awaiting.find(event.phone->number());
        if (waiting != m_awaiting.end() && state != name(emulator::PhoneState::Off) &&
            state != name(emulator::PhoneState::Booting)) {
            for (const ActionId id : waiting->second)
                finish(id, event.at);
            m_awaiting.erase(waiting);
        }
    }
    if (m_sink != nullptr)
        m_sink->seen(event);
}

}  // namespace scenarios
