#pragma once

#include "emulator/phone/led.hpp"
#include "hwbridge/compare/trace_store.hpp"
#include "scenarios/report/ladder.hpp"
#include "scenarios/report/ladder_lanes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ui {

// Whom a ladder is about, and the servers that have names.
struct LadderSubject {
    std::string phone;            // title of its lane
    emulator::IpAddress address;  // 0.0.0.0: not known
    std::vector<std::pair<emulator::Endpoint, std::string>> servers;
    emulator::Observer by =
        emulator::Observer::Phone;  // whose messages are shown, so that each stands there once
};

// The rows of one phone's ladder, without Qt: events of a trace in their order, and between them the time in which nothing
// happened. A row is a few bytes; its texts are made when somebody looks.
class LadderRows {
public:
    enum class Kind : std::uint8_t { Message, Note, Display, Step, Pause };
    struct Row {
        std::uint32_t event = 0;  // in the trace; of a Pause the one before it
        std::uint16_t lane = 0;   // of Message, and of a server's Note
        Kind kind{};
        std::uint8_t second = 0;  // of a Pause: which of its rows, from 0
        bool toPeer = false;
        bool lost = false;  // the answer that never came
        bool bad = false;
    };

    // Our choice: from when on time without events gets a row; while the LED blinks one row per second, so that its
    // pattern shows, up to `mostPauseRows`.
    static constexpr emulator::Duration leastPause = std::chrono::milliseconds{150};
    static constexpr std::size_t mostPauseRows = 4;
    static constexpr std::size_t mostLanes = 12;  // of ends without a name; the others share one

    // Begins anew, with the same filter.
    void begin(std::shared_ptr<const hwbridge::TraceStore> trace, LadderSubject subject);
    void beginAnew();
    // Shape of a filter: words, each of which has to be found in what the row says, in any case; "-word" must not be.
    // Counts for events that are added afterwards.
    void setFilter(std::string_view text, bool syslogOnly);
    void add(std::uint32_t event);

    std::size_t size() const { return m_rows.size(); }
    const Row& row(std::size_t row) const { return m_rows[row]; }
    const hwbridge::StoredEvent& eventOf(std::size_t row) const
    {
        return m_trace->events()[m_rows[row].event];
    }
    const std::vector<std::string>& lanes() const { return m_lanes.titles(); }
    bool hasDisplay() const { return m_hasDisplay; }  // said what it showed, in a row that passes or not
    const LadderSubject& subject() const { return m_subject; }
    const std::shared_ptr<const hwbridge::TraceStore>& trace() const { return m_trace; }

    std::string text(std::size_t row) const;
    // Of a pause: how long nothing happened.
    emulator::Duration pause(std::size_t row) const;
    // When the row begins, and until when it shows the LED: its event's time, a second of a pause, its last part.
    std::pair<emulator::TimePoint, emulator::TimePoint> span(std::size_t row) const;
    bool isLit(std::size_t row, emulator::TimePoint at) const;
    emulator::MuteLed led(std::size_t row) const;

    // The row of an event, or of the next one that has a row; nothing behind the last.
    std::optional<std::size_t> rowOf(std::uint32_t event) const;
    // What is shown, for export. Pauses are the drawing's own.
    scenarios::Ladder ladder() const;
    // The same rows of a copy of the trace, for another thread.
    LadderRows over(std::shared_ptr<const hwbridge::TraceStore> trace) const;

private:
    struct LedChange {
        std::uint32_t event = 0;
        emulator::MuteLed led{};
        emulator::TimePoint at{};
    };

    const LedChange& changeAt(std::size_t row, emulator::TimePoint at) const;
    std::string textOf(const Row& row, const emulator::TraceEvent& event) const;
    bool passes(const Row& row, const emulator::TraceEvent& event) const;
    void addPause(std::uint32_t event);

    std::shared_ptr<const hwbridge::TraceStore> m_trace;
    LadderSubject m_subject;
    scenarios::LadderLanes m_lanes{{}, {}};
    std::vector<Row> m_rows;
    std::vector<LedChange> m_leds{1};   // the first: off from the beginning
    std::vector<std::string> m_wanted;  // lower case
    std::vector<std::string> m_unwanted;
    bool m_syslogOnly = false;
    bool m_hasDisplay = false;
};

// All that an event says, for a person: one line per thing, then long texts.
std::string detailOf(const hwbridge::TraceStore& trace, std::uint32_t event);

// "12.345", in seconds.
std::string clockText(emulator::TimePoint at);

}  // namespace ui
