#pragma once

#include "hwbridge/decode/decode_outcome.hpp"
#include "hwbridge/decode/exchange_table.hpp"
#include "hwbridge/decode/text_arena.hpp"

#include "emulator/trace/trace_event.hpp"

#include <utility>

namespace hwbridge {

// The event that a decoder fills, and where it makes the texts of its fields.
class Description {
public:
    Description(emulator::TraceEvent& event, TextArena& texts)
        : m_event{event},
          m_texts{texts},
          m_fieldsBefore{event.fields.size()}
    {}

    emulator::TraceEvent& event() { return m_event; }
    TextArena& texts() { return m_texts; }

    void add(emulator::FieldName field, std::string_view text) { m_event.add(field, text); }
    void add(emulator::FieldName field, std::int64_t number) { m_event.add(field, number); }
    void addUnlessEmpty(emulator::FieldName field, std::string_view text)
    {
        if (!text.empty())
            m_event.add(field, text);
    }
    void addIpv4(emulator::FieldName field, std::uint32_t address)
    {
        TextMaker text{m_texts};
        text.addIpv4(address);
        m_event.add(field, text.finish());
    }
    void addMac(emulator::FieldName field, std::string_view octets)
    {
        TextMaker text{m_texts};
        text.addMac(octets);
        m_event.add(field, text.finish());
    }

    // Datagrams' exchanges are 17.0.n: UDP's number in IP.
    void join(std::uint32_t exchange) { m_event.exchange = {17, 0, exchange}; }
    void join(const ExchangeTable::Sighting& sighting)
    {
        join(sighting.number);
        if (sighting.repeat > 0)
            m_event.add(emulator::FieldName::Repeat, std::int64_t{sighting.repeat});
    }

    // What was added is taken back: a broken message shows nothing but what is wrong with it.
    template <class... Args>
    DecodeOutcome malformed(fmt::format_string<Args...> pattern, Args&&... args)
    {
        m_event.kind = emulator::EventKind::PacketMalformed;
        m_event.fields.resize(m_fieldsBefore);
        m_event.add(emulator::FieldName::Note, m_texts.format(pattern, std::forward<Args>(args)...));
        return DecodeOutcome::Malformed;
    }

private:
    emulator::TraceEvent& m_event;
    TextArena& m_texts;
    std::size_t m_fieldsBefore;  // the caller's own
};

}  // namespace hwbridge
