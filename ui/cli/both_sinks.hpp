#pragma once

#include "emulator/trace/trace_event.hpp"

namespace ui {

// Hands each event to two sinks, as far as they want it.
class BothSinks : public emulator::TraceSink {
public:
    BothSinks(emulator::TraceSink& first, emulator::TraceSink& second) : m_first{first}, m_second{second} {}
    bool wants(emulator::EventKind kind) const override
    {
        return m_first.wants(kind) || m_second.wants(kind);
    }
    void seen(const emulator::TraceEvent& event) override
    {
        for (emulator::TraceSink* const sink : {&m_first, &m_second})
            if (sink->wants(event.kind))
                sink->seen(event);
    }

private:
    emulator::TraceSink& m_first;
    emulator::TraceSink& m_second;
};

}  // namespace ui
