#include "scenarios/engine/emulated_stage.hpp"

namespace scenarios {

EmulatedStage::EmulatedStage(std::vector<StagePhone> phones) : m_phones{std::move(phones)} {}

void EmulatedStage::finish(ActionId id, emulator::TimePoint at,
                           emulator::Result<emulator::HttpResponse> response)
{
    m_finished.push_back({id, at, std::move(response)});
}

void EmulatedStage::awaitPower(PhoneNumber phone, Power power, ActionId id)
{
    m_awaiting[m_phones[static_cast<std::size_t>(phone)].mac.number()].push_back({id, power});
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
        const bool off = state == name(emulator::PhoneState::Off);
        const bool answers = !off && state != name(emulator::PhoneState::Booting);
        const auto waiting = m_awaiting.find(event.phone->number());
        if (waiting != m_awaiting.end()) {
            std::erase_if(waiting->second, [&](const Awaiting& one) {
                const bool done = one.power == Power::On ? answers : off;
                if (done)
                    finish(one.id, event.at);
                return done;
            });
            if (waiting->second.empty())
                m_awaiting.erase(waiting);
        }
    }
    if (m_sink != nullptr)
        m_sink->seen(event);
}

}  // namespace scenarios
