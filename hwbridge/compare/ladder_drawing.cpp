#include "hwbridge/compare/ladder_drawing.hpp"

#include <algorithm>
#include <utility>

namespace hwbridge {

namespace {

DrawnSide sideOf(const ExchangeList& list, const std::optional<std::uint32_t>& number)
{
    DrawnSide side;
    if (!number)
        return side;
    const Exchange& exchange = list.exchanges[*number];
    const std::size_t shown = std::min<std::size_t>(exchange.count, mostDrawnMessages);
    side.present = true;
    side.left = exchange.count - shown;
    for (std::size_t i = 0; i < shown; ++i)
        side.events.push_back(list.message(exchange, i));
    return side;
}

}  // namespace

void LadderDrawing::draw(const Slot& slot, std::vector<std::size_t> findings)
{
    if (m_drawn >= mostDrawnSlots) {
        m_ladder.left += findings.empty() ? 0u : 1u;
        return;
    }
    ++m_drawn;
    DrawnSlot& drawn = m_ladder.places.emplace_back();
    drawn.a = sideOf(m_a, slot.a);
    drawn.b = sideOf(m_b, slot.b);
    drawn.findings = std::move(findings);
    drawn.equalBefore = std::exchange(m_equal, 0);
}

void LadderDrawing::add(const Slot& slot, std::vector<std::size_t> findings)
{
    if (!findings.empty()) {
        for (; !m_waiting.empty(); m_waiting.pop_front())
            draw(m_waiting.front(), {});
        draw(slot, std::move(findings));
        m_after = around;
        return;
    }
    if (m_after > 0) {
        --m_after;
        draw(slot, {});
        return;
    }
    m_waiting.push_back(slot);
    if (m_waiting.size() > around) {
        m_waiting.pop_front();
        ++m_equal;
    }
}

TwinLadder LadderDrawing::finish()
{
    for (; !m_waiting.empty(); m_waiting.pop_front())
        if (m_equal == 0)
            draw(m_waiting.front(), {});
        else
            ++m_equal;
    m_ladder.equalAfter = m_equal;
    return std::move(m_ladder);
}

}  // namespace hwbridge
