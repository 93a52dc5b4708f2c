#pragma once

#include "emulator/trace/trace_event.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// A field of a stored event: a number, or a text in the store.
struct StoredField {
    std::uint32_t at = 0;  // of a text: where it begins
    std::uint32_t length = 0;
    std::int64_t number = 0;
    emulator::FieldName name{};
    bool isText = false;
};

// An event as the comparison keeps it: a third of a TraceEvent.
struct StoredEvent {
    emulator::TimePoint at{};
    emulator::EventKind kind{};
    emulator::Observer by{};
    std::uint8_t fieldCount = 0;
    std::uint32_t run = 0;   // which run.begin of the trace it follows; 0 before the first
    std::uint32_t line = 0;  // of the NDJSON file, from 1; 0: not from such a file
    std::uint32_t firstField = 0;
    emulator::ExchangeId exchange;
    std::optional<emulator::MacAddress> phone;
    emulator::Endpoint from;
    emulator::Endpoint to;
};

// Keeps events of a trace with their texts, in the order they came.
// Units:  about 100 bytes per event and 24 per field, and the texts. Our choice of limits: what fits the numbers above,
//         4 GB of texts and 20 million events; beyond them isFull() and nothing more is taken.
class TraceStore : public emulator::TraceSink {
public:
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override { add(event, 0); }
    void add(const emulator::TraceEvent& event, std::uint32_t line);

    const std::vector<StoredEvent>& events() const { return m_events; }
    std::span<const StoredField> fields(const StoredEvent& event) const
    {
        return std::span{m_fields}.subspan(event.firstField, event.fieldCount);
    }
    const StoredField* field(const StoredEvent& event, emulator::FieldName name) const;
    std::string_view text(const StoredField& field) const
    {
        return field.isText ? std::string_view{m_texts}.substr(field.at, field.length) : std::string_view{};
    }
    std::string_view text(const StoredEvent& event, emulator::FieldName name) const;
    std::int64_t number(const StoredEvent& event, emulator::FieldName name, std::int64_t absent) const;
    // As it came, but for its number in the run; its texts are views into the store.
    emulator::TraceEvent event(const StoredEvent& event) const;
    bool isFull() const { return m_full; }
    std::size_t bytes() const;

private:
    std::vector<StoredEvent> m_events;
    std::vector<StoredField> m_fields;
    std::string m_texts;
    std::uint32_t m_run = 0;
    bool m_full = false;
};

}  // namespace hwbridge
