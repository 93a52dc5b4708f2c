#include "hwbridge/compare/exchange_pairing.hpp"

#include "emulator/base/ascii.hpp"
#include "hwbridge/compare/sequence_alignment.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <unordered_map>

namespace hwbridge {

namespace {

using emulator::Duration;

constexpr std::uint32_t none = 0xffffffff;
constexpr std::uint32_t farthestMove = 64;
constexpr std::uint32_t lookAhead = 8;
constexpr double leastLikeness = 0.5;

// 1: the same; 0: nothing in common. By the letters both begin and end with.
double likeness(std::string_view a, std::string_view b)
{
    if (a == b)
        return 1;
    if (emulator::equalsAnyCase(a, b))
        return 0.9;
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t front = 0;
    while (front < shorter && a[front] == b[front])
        ++front;
    std::size_t back = 0;
    while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back])
        ++back;
    return static_cast<double>(front + back) / static_cast<double>(std::max(a.size(), b.size()));
}

// Of the key fields of one kind.
double likeness(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    if (a.empty())
        return 0;
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += likeness(a[i], b[i]);
    return sum / static_cast<double>(a.size());
}

Duration apart(emulator::TimePoint x, emulator::TimePoint y)
{
    return x < y ? y - x : x - y;
}

class Pairing {
public:
    explicit Pairing(const PairingInput& input)
        : m_input{input},
          m_a{input.a.exchanges},
          m_b{input.b.exchanges},
          m_toB(m_a.size(), none),
          m_toA(m_b.size(), none),
          m_moved(m_a.size()),
          m_passed(m_a.size(), none)
    {}

    std::vector<Slot> pair()
    {
        inOrder();
        moved();
        changed();
        return slots();
    }

private:
    static std::vector<AlignItem> items(const std::vector<Exchange>& exchanges)
    {
        std::vector<AlignItem> all(exchanges.size());
        for (std::size_t i = 0; i < exchanges.size(); ++i)
            all[i] = {exchanges[i].key, exchanges[i].outcome};
        return all;
    }

    void join(std::uint32_t a, std::uint32_t b)
    {
        m_toB[a] = b;
        m_toA[b] = a;
    }

    void inOrder()
    {
        for (const auto& [a, b] : alignSequences(items(m_a), items(m_b)))
            join(a, b);
        m_inOrder = m_toB;
    }

    void moved()
    {
        // Where each unpaired exchange would stand on the other side: behind the partner of the pair before it.
        std::unordered_map<std::uint64_t, std::deque<std::pair<std::uint32_t, std::uint32_t>>> waiting;
        std::uint32_t place = 0;
        for (std::uint32_t i = 0; i < m_a.size(); ++i) {
            if (m_toB[i] != none)
                place = m_toB[i] + 1;
            else
                waiting[m_a[i].key].emplace_back(i, place);
        }
        for (std::uint32_t j = 0; j < m_b.size(); ++j) {
            if (m_toA[j] != none)
                continue;
            const auto found = waiting.find(m_b[j].key);
            if (found == waiting.end())
                continue;
            auto& list = found->second;
            const bool any = m_input.anyOrder[m_b[j].layer];
            while (!list.empty() && !any && list.front().second + farthestMove < j)
                list.pop_front();
            if (list.empty() || (!any && list.front().second > j + 1 + farthestMove))
                continue;
            const auto [a, expected] = list.front();
            list.pop_front();
            join(a, j);
            if (!any)
                decideMove(a, j, expected);
        }
    }

    // Whether the move counts, and which exchange was passed.
    void decideMove(std::uint32_t a, std::uint32_t b, std::uint32_t expected)
    {
        const std::uint32_t passed = b < expected ? pairedBefore(expected) : pairedFrom(expected, b);
        if (passed == none)
            return;  // nothing that both sides have lies between
        const std::uint32_t passedA = m_toA[passed];
        const Duration onA = apart(m_a[a].begin, m_a[passedA].begin);
        const Duration onB = apart(m_b[b].begin, m_b[passed].begin);
        const bool ofPhone = m_a[a].fromPhone && m_a[passedA].fromPhone;
        const Duration allowed =
            ofPhone ? m_input.swapWithin : std::max(m_input.swapWithin, m_input.peerWithin);
        if (onA <= allowed && onB <= allowed && allowed > Duration{})
            return;
        m_moved[a] = true;
        m_passed[a] = passedA;
    }

    bool keepsOrder(std::uint32_t b) const { return m_toA[b] != none && m_inOrder[m_toA[b]] == b; }
    std::uint32_t pairedBefore(std::uint32_t b) const
    {
        while (b > 0)
            if (keepsOrder(--b))
                return b;
        return none;
    }
    std::uint32_t pairedFrom(std::uint32_t b, std::uint32_t end) const
    {
        for (; b < end; ++b)
            if (keepsOrder(b))
                return b;
        return none;
    }

    // What lies between two pairs that keep their order.
    void changed()
    {
        std::uint32_t a = 0;
        std::uint32_t b = 0;
        while (a < m_a.size()) {
            std::uint32_t aEnd = a;
            while (aEnd < m_a.size() && m_inOrder[aEnd] == none)
                ++aEnd;
            const std::uint32_t bEnd =
                aEnd < m_a.size() ? m_inOrder[aEnd] : static_cast<std::uint32_t>(m_b.size());
            changed(a, aEnd, b, bEnd);
            a = aEnd + 1;
            b = bEnd + 1;
        }
    }

    void changed(std::uint32_t a, std::uint32_t aEnd, std::uint32_t b, std::uint32_t bEnd)
    {
        std::vector<std::vector<std::uint32_t>> leftB(m_input.anyOrder.size());  // by layer
        std::vector<std::uint32_t> leftA;
        std::vector<std::size_t> countA(leftB.size());
        for (std::uint32_t j = b; j < bEnd; ++j)
            if (m_toA[j] == none)
                leftB[m_b[j].layer].push_back(j);
        for (std::uint32_t i = a; i < aEnd; ++i)
            if (m_toB[i] == none && !leftB[m_a[i].layer].empty()) {
                leftA.push_back(i);
                ++countA[m_a[i].layer];
            }
        std::vector<std::size_t> next(leftB.size());
        for (const std::uint32_t i : leftA) {
            const std::size_t layer = m_a[i].layer;
            const std::vector<std::uint32_t>& candidates = leftB[layer];
            const bool only = countA[layer] == 1 && candidates.size() == 1;
            const std::vector<std::string> key = m_input.keysA.of(i);
            double most = only ? 0.2 : leastLikeness;
            std::size_t best = candidates.size();
            for (std::size_t c = next[layer]; c < std::min(candidates.size(), next[layer] + lookAhead); ++c) {
                const Exchange& other = m_b[candidates[c]];
                if (other.kind != m_a[i].kind || other.fromPhone != m_a[i].fromPhone)
                    continue;
                const double alike = likeness(key, m_input.keysB.of(candidates[c]));
                if (alike > most || (best == candidates.size() && alike == most)) {
                    most = alike;
                    best = c;
                }
            }
            if (best == candidates.size())
                continue;
            join(i, candidates[best]);
            next[layer] = best + 1;
        }
    }

    std::vector<Slot> slots() const
    {
        std::vector<Slot> all;
        all.reserve(std::max(m_a.size(), m_b.size()));
        std::uint32_t b = 0;
        const auto onlyB = [&](std::uint32_t end) {
            for (; b < end; ++b)
                if (m_toA[b] == none)
                    all.push_back({std::nullopt, b, false, std::nullopt, std::nullopt});
        };
        for (std::uint32_t i = 0; i < m_a.size(); ++i) {
            if (m_inOrder[i] != none)
                onlyB(m_inOrder[i]);
            Slot& slot = all.emplace_back();
            slot.a = i;
            if (m_toB[i] != none)
                slot.b = m_toB[i];
            slot.moved = m_moved[i];
            if (m_passed[i] != none) {
                slot.passedA = m_passed[i];
                slot.passedB = m_toB[m_passed[i]];
            }
        }
        onlyB(static_cast<std::uint32_t>(m_b.size()));
        return all;
    }

    const PairingInput& m_input;
    const std::vector<Exchange>& m_a;
    const std::vector<Exchange>& m_b;
    std::vector<std::uint32_t> m_toB;
    std::vector<std::uint32_t> m_toA;
    std::vector<std::uint32_t> m_inOrder;  // m_toB of those that keep their order
    std::vector<bool> m_moved;
    std::vector<std::uint32_t> m_passed;  // by exchange of A: one of A
};

}  // namespace

std::vector<std::string> KeyTexts::of(std::uint32_t exchange) const
{
    const Exchange& one = m_list.exchanges[exchange];
    const StoredEvent& event = m_trace.store().events()[m_list.message(one, 0)];
    std::vector<std::string> texts;
    for (const emulator::FieldName name : m_rules.kinds[indexOf(event.kind)].key) {
        std::string& text = texts.emplace_back();
        const StoredField* const field = m_trace.store().field(event, name);
        if (field != nullptr && field->isText)
            m_normaliser.normalise(m_trace.store().text(*field), {event.kind, name, event.to}, text);
        else if (field != nullptr)
            text = std::to_string(field->number);
    }
    return texts;
}

std::vector<Slot> pairExchanges(const PairingInput& input)
{
    return Pairing{input}.pair();
}

}  // namespace hwbridge
