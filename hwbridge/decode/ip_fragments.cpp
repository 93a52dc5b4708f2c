#include "hwbridge/decode/ip_fragments.hpp"

#include <algorithm>

namespace hwbridge {

void IpFragments::giveUp(std::list<Making>::iterator making)
{
    m_lost += making->whole.pieces;
    m_byKey.erase(making->key);
    m_making.erase(making);
}

void IpFragments::end()
{
    while (!m_making.empty())
        giveUp(m_making.begin());
}

// Copies what is not there yet; compares the rest.
void IpFragments::insert(Making& making, std::size_t from, std::string_view piece)
{
    const std::size_t to = from + piece.size();
    std::string& bytes = making.whole.bytes;
    if (bytes.size() < to)
        bytes.resize(to);
    std::size_t at = from;
    const auto copyUntil = [&](std::size_t until) {
        piece.copy(bytes.data() + at, until - at, at - from);
        at = until;
    };
    auto next = making.have.lower_bound(from);
    if (next != making.have.begin() && std::prev(next)->second > from)
        --next;
    while (at < to) {
        if (next == making.have.end() || next->first >= to) {
            copyUntil(to);
            break;
        }
        if (next->first > at)
            copyUntil(next->first);
        const std::size_t shared = std::min(next->second, to);
        if (shared > at) {
            making.whole.overlapped = true;
            making.whole.conflicting |=
                std::string_view{bytes}.substr(at, shared - at) != piece.substr(at - from, shared - at);
            at = shared;
        }
        ++next;
    }
    // One range instead of all that it touches.
    std::size_t first = from;
    std::size_t last = to;
    auto range = making.have.lower_bound(from);
    if (range != making.have.begin() && std::prev(range)->second >= from)
        --range;
    while (range != making.have.end() && range->first <= to) {
        first = std::min(first, range->first);
        last = std::max(last, range->second);
        range = making.have.erase(range);
    }
    making.have.emplace(first, last);
}

const IpFragments::Whole* IpFragments::add(const IpView& fragment, WallNanoseconds at)
{
    while (!m_making.empty() && at - m_making.front().since > patience)
        giveUp(m_making.begin());
    const std::size_t from = fragment.fragmentOffset;
    const std::size_t to = from + fragment.payload.size();
    if (fragment.missing > 0 || fragment.payload.empty() || to > longest) {
        ++m_lost;
        return nullptr;
    }
    const Key key{fragment.source.value, fragment.destination.value, fragment.identification,
                  fragment.protocol};
    auto found = m_byKey.find(key);
    if (found == m_byKey.end()) {
        if (m_making.size() == mostPackets)
            giveUp(m_making.begin());
        m_making.push_back({key, at, {}, {}, 0});
        found = m_byKey.emplace(key, std::prev(m_making.end())).first;
    }
    Making& making = *found->second;
    ++making.whole.pieces;
    insert(making, from, fragment.payload);
    if (!fragment.moreFragments && making.total == 0)
        making.total = to;
    if (making.total == 0 || making.have.size() != 1 || making.have.begin()->first != 0 ||
        making.have.begin()->second < making.total)
        return nullptr;
    m_done = std::move(making.whole);
    m_done.bytes.resize(making.total);
    m_making.erase(found->second);
    m_byKey.erase(found);
    return &m_done;
}

}  // namespace hwbridge
