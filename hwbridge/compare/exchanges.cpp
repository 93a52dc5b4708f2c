#include "hwbridge/compare/exchanges.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace hwbridge {

namespace {

using emulator::ExchangeId;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value)
{
    // The finaliser of SplitMix64: every bit of the value moves half of the hash.
    std::uint64_t x = hash ^ (value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2));
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

std::uint64_t hashOf(std::string_view text)
{
    return std::hash<std::string_view>{}(text);
}

struct Open {
    std::uint32_t run = 0;
    std::size_t layer = 0;
    ExchangeId id;
    auto operator<=>(const Open&) const = default;
};
struct OpenHash {
    std::size_t operator()(const Open& open) const
    {
        std::uint64_t hash = mixed(open.run, open.layer);
        hash = mixed(hash, (std::uint64_t{open.id.actor} << 32) | open.id.about);
        return mixed(hash, open.id.number);
    }
};

class Building {
public:
    Building(const TracePhones& trace, std::size_t phone, const Layers& layers,
             const TextNormaliser& normaliser, const Rules& rules)
        : m_trace{trace},
          m_address{phone < trace.phones().size() ? trace.phones()[phone].address : emulator::IpAddress{}},
          m_layers{layers},
          m_normaliser{normaliser},
          m_rules{rules}
    {}

    ExchangeList build(const std::vector<std::uint32_t>& events)
    {
        std::vector<std::uint32_t> owner(events.size());
        for (std::size_t i = 0; i < events.size(); ++i)
            owner[i] = place(m_trace.store().events()[events[i]]);
        std::uint32_t next = 0;
        for (Exchange& exchange : m_list.exchanges) {
            exchange.first = next;
            next += exchange.count;
            exchange.count = 0;
        }
        m_list.messages.resize(events.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
            Exchange& exchange = m_list.exchanges[owner[i]];
            m_list.messages[exchange.first + exchange.count++] = events[i];
        }
        return std::move(m_list);
    }

private:
    // The exchange that a message belongs to.
    std::uint32_t place(const StoredEvent& event)
    {
        const KindRules& rules = m_rules.kinds[indexOf(event.kind)];
        const bool joins = event.exchange != ExchangeId{};
        const Open open{event.run, m_layers.of(event.kind), event.exchange};
        const auto known = joins ? m_open.find(open) : m_open.end();
        const bool asks = rules.opens != KindRules::Opens::Never;
        const std::uint64_t key = asks || known == m_open.end() ? keyOf(event, rules) : 0;
        if (known != m_open.end()) {
            Exchange& exchange = m_list.exchanges[known->second];
            const bool another = rules.opens == KindRules::Opens::Always ||
                                 (asks && event.kind == exchange.kind && key != exchange.key);
            if (!another) {
                add(exchange, event, rules);
                return known->second;
            }
        }
        const auto number = static_cast<std::uint32_t>(m_list.exchanges.size());
        Exchange& exchange = m_list.exchanges.emplace_back();
        exchange.run = event.run;
        exchange.layer = static_cast<std::uint16_t>(open.layer);
        exchange.kind = event.kind;
        exchange.fromPhone = event.from.address == m_address || event.from == emulator::Endpoint{};
        exchange.key = key;
        exchange.begin = event.at;
        add(exchange, event, rules);
        if (joins)
            m_open[open] = number;
        return number;
    }

    void add(Exchange& exchange, const StoredEvent& event, const KindRules& rules)
    {
        ++exchange.count;
        exchange.end = std::max(exchange.end, event.at);
        if (rules.opens != KindRules::Opens::Never)
            return;
        for (const StoredField& field : m_trace.store().fields(event))
            if (rules.outcome.test(indexOf(field.name)) && !field.isText)
                exchange.outcome = mixed(exchange.outcome, static_cast<std::uint64_t>(field.number));
    }

    std::uint64_t keyOf(const StoredEvent& event, const KindRules& rules)
    {
        const bool fromPhone = event.from.address == m_address || event.from == emulator::Endpoint{};
        std::uint64_t key = mixed(indexOf(event.kind), fromPhone ? 1 : 2);
        for (const emulator::FieldName name : rules.key) {
            const StoredField* const field = m_trace.store().field(event, name);
            if (field == nullptr) {
                key = mixed(key, 0);
            } else if (!field->isText) {
                key = mixed(key, static_cast<std::uint64_t>(field->number));
            } else {
                m_text.clear();
                m_normaliser.normalise(m_trace.store().text(*field), {event.kind, name, event.to}, m_text);
                key = mixed(key, hashOf(m_text));
            }
        }
        return key;
    }

    const TracePhones& m_trace;
    emulator::IpAddress m_address;
    const Layers& m_layers;
    const TextNormaliser& m_normaliser;
    const Rules& m_rules;
    ExchangeList m_list;
    std::unordered_map<Open, std::uint32_t, OpenHash> m_open;
    std::string m_text;
};

}  // namespace

Layers::Layers(const Rules& rules)
{
    for (std::size_t i = 0; i < kindCount; ++i) {
        const std::string& exchange = rules.kinds[i].exchange;
        const auto at = std::find(m_names.begin(), m_names.end(), exchange);
        m_ofKind[i] = static_cast<std::size_t>(at - m_names.begin());
        if (at == m_names.end())
            m_names.push_back(exchange);
    }
}

std::vector<bool> Layers::named(const std::vector<std::string>& names) const
{
    std::vector<bool> all(m_names.size());
    for (std::size_t i = 0; i < m_names.size(); ++i)
        all[i] = std::find(names.begin(), names.end(), m_names[i]) != names.end();
    return all;
}

ExchangeList exchangesOf(const TracePhones& trace, emulator::Observer by, std::size_t phone,
                         const Layers& layers, const TextNormaliser& normaliser, const Rules& rules)
{
    return Building{trace, phone, layers, normaliser, rules}.build(trace.events(by, phone));
}

}  // namespace hwbridge
