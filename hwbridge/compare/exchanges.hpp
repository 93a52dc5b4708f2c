#pragma once

#include "hwbridge/compare/rules.hpp"
#include "hwbridge/compare/text_normaliser.hpp"
#include "hwbridge/compare/trace_phones.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hwbridge {

// The names of exchanges ("http", "tftp"), numbered: the rows of the score.
class Layers {
public:
    explicit Layers(const Rules& rules);
    std::size_t of(emulator::EventKind kind) const { return m_ofKind[indexOf(kind)]; }
    const std::string& name(std::size_t layer) const { return m_names[layer]; }
    std::size_t size() const { return m_names.size(); }
    std::vector<bool> named(const std::vector<std::string>& names) const;  // by layer: is it one of them

private:
    std::vector<std::string> m_names;
    std::array<std::size_t, kindCount> m_ofKind{};
};

// A request with its answer and retransmissions, a transfer, a line: what one `x` joins.
struct Exchange {
    std::uint32_t first = 0;  // of its messages in ExchangeList::messages
    std::uint32_t count = 0;
    std::uint32_t run = 0;
    std::uint16_t layer = 0;
    emulator::EventKind kind{};  // of its first message
    bool fromPhone = false;      // who began it
    std::uint64_t key = 0;       // equal for what should be the same exchange on both sides
    std::uint64_t outcome = 0;   // equal when its answers are alike
    emulator::TimePoint begin{};
    emulator::TimePoint end{};
};

// The exchanges of one phone as one observer saw them, in the order in which they began.
struct ExchangeList {
    std::vector<Exchange> exchanges;
    std::vector<std::uint32_t> messages;  // numbers of events in the store, exchange by exchange

    std::uint32_t message(const Exchange& exchange, std::size_t i) const
    {
        return messages[exchange.first + i];
    }
};

ExchangeList exchangesOf(const TracePhones& trace, emulator::Observer by, std::size_t phone,
                         const Layers& layers, const TextNormaliser& normaliser, const Rules& rules);

}  // namespace hwbridge
