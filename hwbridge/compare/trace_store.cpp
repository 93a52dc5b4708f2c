#include "hwbridge/compare/trace_store.hpp"

#include <limits>

namespace hwbridge {

namespace {

constexpr std::size_t mostEvents = 20'000'000;
constexpr std::size_t mostTextBytes = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void TraceStore::add(const emulator::TraceEvent& event, std::uint32_t line)
{
    std::size_t textBytes = 0;
    for (const emulator::Field& field : event.fields)
        if (const auto* text = std::get_if<std::string_view>(&field.value))
            textBytes += text->size();
    if (m_full || m_events.size() >= mostEvents || textBytes > mostTextBytes - m_texts.size()) {
        m_full = true;
        return;
    }
    if (event.kind == emulator::EventKind::RunBegin)
        ++m_run;
    StoredEvent& kept = m_events.emplace_back();
    kept.at = event.at;
    kept.kind = event.kind;
    kept.by = event.by;
    kept.fieldCount = static_cast<std::uint8_t>(event.fields.size());
    kept.run = m_run;
    kept.line = line;
    kept.firstField = static_cast<std::uint32_t>(m_fields.size());
    kept.exchange = event.exchange;
    kept.phone = event.phone;
    kept.from = event.from;
    kept.to = event.to;
    for (const emulator::Field& field : event.fields) {
        StoredField& stored = m_fields.emplace_back();
        stored.name = field.name;
        if (const auto* text = std::get_if<std::string_view>(&field.value)) {
            stored.isText = true;
            stored.at = static_cast<std::uint32_t>(m_texts.size());
            stored.length = static_cast<std::uint32_t>(text->size());
            m_texts.append(*text);
        } else {
            stored.number = std::get<std::int64_t>(field.value);
        }
    }
}

const StoredField* TraceStore::field(const StoredEvent& event, emulator::FieldName name) const
{
    for (const StoredField& one : fields(event))
        if (one.name == name)
            return &one;
    return nullptr;
}

std::string_view TraceStore::text(const StoredEvent& event, emulator::FieldName name) const
{
    const StoredField* const found = field(event, name);
    return found == nullptr ? std::string_view{} : text(*found);
}

std::int64_t TraceStore::number(const StoredEvent& event, emulator::FieldName name, std::int64_t absent) const
{
    const StoredField* const found = field(event, name);
    return found == nullptr || found->isText ? absent : found->number;
}

emulator::TraceEvent TraceStore::event(const StoredEvent& event) const
{
    emulator::TraceEvent whole;
    whole.at = event.at;
    whole.kind = event.kind;
    whole.by = event.by;
    whole.exchange = event.exchange;
    whole.phone = event.phone;
    whole.from = event.from;
    whole.to = event.to;
    for (const StoredField& one : fields(event))
        if (one.isText)
            whole.add(one.name, text(one));
        else
            whole.add(one.name, one.number);
    return whole;
}

std::size_t TraceStore::bytes() const
{
    return m_events.capacity() * sizeof(StoredEvent) + m_fields.capacity() * sizeof(StoredField) +
           m_texts.capacity();
}

}  // namespace hwbridge
