#pragma once

#include "ui/cli/event_lines.hpp"

namespace ui {

// What the run itself notes, its steps and their verdicts, as NDJSON: each line as soon as it is known, for whoever
// watches. A run of many phones has millions of other events.
class StepLines : public emulator::TraceSink {
public:
    explicit StepLines(int descriptor) : m_lines{descriptor} {}

    bool wants(emulator::EventKind kind) const override;
    void seen(const emulator::TraceEvent& event) override;
    bool isOpen() const { return m_lines.isOpen(); }  // false when nobody reads any more

private:
    EventLines m_lines;
};

}  // namespace ui
