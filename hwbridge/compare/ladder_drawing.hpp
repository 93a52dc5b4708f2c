#pragma once

#include "hwbridge/compare/comparison.hpp"

#include <deque>

namespace hwbridge {

// Chooses what a twin ladder shows while its slots come: what differs, and two equal places around it.
class LadderDrawing {
public:
    // `drawn` counts the slots of all drawings of a comparison, which share one limit.
    LadderDrawing(emulator::Observer by, std::size_t phone, const ExchangeList& a, const ExchangeList& b,
                  std::size_t& drawn)
        : m_a{a},
          m_b{b},
          m_drawn{drawn}
    {
        m_ladder.by = by;
        m_ladder.phone = phone;
    }

    void add(const Slot& slot, std::vector<std::size_t> findings);
    TwinLadder finish();

private:
    void draw(const Slot& slot, std::vector<std::size_t> findings);

    static constexpr std::size_t around = 2;
    const ExchangeList& m_a;
    const ExchangeList& m_b;
    std::size_t& m_drawn;
    TwinLadder m_ladder;
    std::deque<Slot> m_waiting;    // the last equal ones, in case a difference follows
    std::size_t m_equal = 0;       // equal ones since the last that was drawn or waits
    std::size_t m_after = around;  // equal ones that are still drawn
};

}  // namespace hwbridge
