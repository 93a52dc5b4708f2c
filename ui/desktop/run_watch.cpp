#include "ui/desktop/run_watch.hpp"

#include "emulator/trace/ndjson_reader.hpp"
#include "ui/desktop/background.hpp"

#include <utility>

namespace ui {

using namespace scenarios::control;

namespace {

// The trace with more lines; what this version does not understand is not shown.
std::shared_ptr<const OpenedTrace> grown(const std::shared_ptr<const hwbridge::TraceFile>& before,
                                         const std::vector<std::string>& lines)
{
    auto file = before == nullptr ? std::make_shared<hwbridge::TraceFile>()
                                  : std::make_shared<hwbridge::TraceFile>(*before);
    for (const std::string& line : lines) {
        emulator::NdjsonReader reader{file->store};
        (void)(reader.read(line).has_value() && reader.finish().has_value());
    }
    return std::make_shared<const OpenedTrace>(std::move(file));
}

}  // namespace

RunWatch::RunWatch(EngineLink& link, QObject* parent) : QObject{parent}, m_link{link}
{
    awaitClock();
}

template <class Order>
void RunWatch::order(Order order)
{
    ++m_orders;
    m_link.ask(std::move(order), this, [this](const EngineLink::Answer& answer) {
        --m_orders;
        take(answer);
    });
}

void RunWatch::pause()
{
    order(PauseTime{});
}

void RunWatch::step()
{
    order(StepTime{});
}

void RunWatch::go(std::optional<std::uint64_t> factor)
{
    order(PassTime{factor});
}

void RunWatch::awaitClock()
{
    m_link.ask(AwaitClock{}, this, [this](const EngineLink::Answer& answer) {
        take(answer);
        awaitClock();
    });
}

void RunWatch::take(const EngineLink::Answer& answer)
{
    if (const auto* const clock = std::get_if<RunClock>(&answer.what);
        clock != nullptr && answer.error.empty()) {
        m_clock = *clock;
        emit clockChanged();
        readEvents();
    }
}

// --- the trace ---

void RunWatch::readEvents()
{
    const bool isHeldBack = m_clock.paused || m_clock.factor;
    const std::size_t kept = m_file == nullptr ? 0 : m_file->store.events().size();
    if (m_reading || !isHeldBack || m_clock.last <= m_last || kept + m_lines.size() >= mostEvents)
        return;
    m_reading = true;
    m_link.ask(ReadEvents{std::nullopt, m_last}, this, [this](const EngineLink::Answer& answer) {
        m_reading = false;
        const auto* const events = std::get_if<Events>(&answer.what);
        if (events == nullptr || events->lines.empty())
            return;
        m_last = events->last;
        m_lines.insert(m_lines.end(), events->lines.begin(), events->lines.end());
        readEvents();
        build();
    });
}

void RunWatch::build()
{
    if (m_building || m_lines.empty())
        return;
    m_building = true;
    inBackground(
        this, [file = m_file, lines = std::exchange(m_lines, {})] { return grown(file, lines); },
        [this](const Trace& trace) {
            m_building = false;
            m_file = {trace, &trace->file()};
            emit recorded(trace);
            build();
        });
}

}  // namespace ui
