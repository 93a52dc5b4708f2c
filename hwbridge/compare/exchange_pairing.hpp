#pragma once

#include "hwbridge/compare/exchanges.hpp"

#include <optional>
#include <vector>

namespace hwbridge {

// What stands at one place of both sides: an exchange and its counterpart, or one that has none.
struct Slot {
    std::optional<std::uint32_t> a;  // in the list of A
    std::optional<std::uint32_t> b;
    bool moved = false;                    // the same exchange, but at another place
    std::optional<std::uint32_t> passedA;  // of a moved one: an exchange of A which it has passed on B
    std::optional<std::uint32_t> passedB;  // that one's counterpart

    bool isPair() const { return a && b; }
};

// Text of a key field as it is compared, for the search of near exchanges.
class KeyTexts {
public:
    KeyTexts(const TracePhones& trace, const ExchangeList& list, const TextNormaliser& normaliser,
             const Rules& rules)
        : m_trace{trace},
          m_list{list},
          m_normaliser{normaliser},
          m_rules{rules}
    {}
    std::vector<std::string> of(std::uint32_t exchange) const;

private:
    const TracePhones& m_trace;
    const ExchangeList& m_list;
    const TextNormaliser& m_normaliser;
    const Rules& m_rules;
};

struct PairingInput {
    const ExchangeList& a;
    const ExchangeList& b;
    const KeyTexts& keysA;
    const KeyTexts& keysB;
    emulator::Duration swapWithin{};  // closer exchanges may change places
    emulator::Duration peerWithin{};  // the same where one of them was not begun by the phone
    std::vector<bool> anyOrder;       // by layer
};

// Shape:  exchanges with equal keys first, in order (alignSequences). Then those with equal keys which stand elsewhere, at
//         most 64 exchanges away: moved. Then, between two pairs, what is alike (a request with another path or method, a
//         syslog line with other words) is taken to be the same exchange, changed.
// The slots stand in the order of A, and what only B has where it stands in B.
std::vector<Slot> pairExchanges(const PairingInput& input);

}  // namespace hwbridge
