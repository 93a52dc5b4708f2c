#include "hwbridge/decode/tcp_connections.hpp"

#include "emulator/base/chance.hpp"

namespace hwbridge {

std::size_t TcpConnections::KeyHash::operator()(const Key& key) const
{
    return emulator::mixBits(key.addresses ^ emulator::mixBits(key.ports));
}

void TcpConnections::link(std::uint32_t slot, bool over)
{
    Entry& added = entry(slot);
    added.over = over;
    List& list = listOf(added);
    added.older = list.newest;
    added.newer = none;
    if (list.newest != none)
        entry(list.newest).newer = slot;
    else
        list.oldest = slot;
    list.newest = slot;
    ++list.size;
}

void TcpConnections::unlink(std::uint32_t slot)
{
    Entry& removed = entry(slot);
    List& list = listOf(removed);
    (removed.older != none ? entry(removed.older).newer : list.oldest) = removed.newer;
    (removed.newer != none ? entry(removed.newer).older : list.newest) = removed.older;
    --list.size;
}

std::uint32_t TcpConnections::open(const Key& key, const WireEnd& a, const WireEnd& b)
{
    std::uint32_t slot = 0;
    if (!m_free.empty()) {
        slot = m_free.back();
        m_free.pop_back();
    } else if (!m_emptied.empty()) {
        slot = m_emptied.back();
        m_emptied.pop_back();
        m_entries[slot] = std::make_unique<Entry>(m_events, m_spare);
    } else {
        slot = static_cast<std::uint32_t>(m_entries.size());
        m_entries.push_back(std::make_unique<Entry>(m_events, m_spare));
    }
    Entry& opened = entry(slot);
    opened.key = key;
    opened.connection.open(static_cast<std::uint32_t>(++m_seen), a, b);
    m_slots[key] = slot;
    link(slot, false);
    return slot;
}

void TcpConnections::drop(std::uint32_t slot)
{
    Entry& dropped = entry(slot);
    m_senseless += dropped.connection.senseless();
    dropped.connection.forgetBytes();
    unlink(slot);
    m_slots.erase(dropped.key);
    if (m_free.size() < keptEntries && dropped.held <= keptEntryBytes) {
        m_free.push_back(slot);
    } else {
        m_held -= dropped.held;
        m_entries[slot] = nullptr;
        m_emptied.push_back(slot);
    }
}

void TcpConnections::account(Entry& entry)
{
    const std::size_t held = entry.connection.held();
    m_held += held - entry.held;
    entry.held = held;
}

void TcpConnections::becameOver(std::uint32_t slot)
{
    Comparable& place = m_comparable[m_nextComparable++ % mostComparable];
    if (place.slot != none && m_entries[place.slot] != nullptr) {
        Entry& longest = entry(place.slot);
        if (longest.over && longest.connection.number() == place.number) {
            longest.connection.forgetBytes();
            account(longest);
        }
    }
    place = {slot, entry(slot).connection.number()};
}

void TcpConnections::evict(const Moment& moment)
{
    const std::uint32_t slot = m_over.oldest != none ? m_over.oldest : m_open.oldest;
    Entry& evicted = entry(slot);
    if (!evicted.over) {
        ++m_evicted;
        evicted.connection.end(StreamEnd::Abandoned, moment);
    }
    drop(slot);
}

// Never ends the connection that was heard last.
void TcpConnections::makeRoom(std::size_t mostOpen, const Moment& moment)
{
    while ((m_open.size > mostOpen || m_held > m_limits.mostHeld) && m_open.size + m_over.size > 1)
        evict(moment);
}

PacketFate TcpConnections::segment(const WireEnd& from, const WireEnd& to, const TcpView& view,
                                   const Moment& moment)
{
    const bool fromIsA = from.endpoint <= to.endpoint;
    const WireEnd& a = fromIsA ? from : to;
    const WireEnd& b = fromIsA ? to : from;
    const Side sender = fromIsA ? Side::A : Side::B;
    const Key key{static_cast<std::uint64_t>(a.endpoint.address.value) << 32 | b.endpoint.address.value,
                  static_cast<std::uint32_t>(a.endpoint.port) << 16 | b.endpoint.port};
    std::uint32_t slot = none;
    if (const auto found = m_slots.find(key); found != m_slots.end()) {
        slot = found->second;
        Entry& known = entry(slot);
        if (known.connection.isReplacedBy(sender, view)) {
            if (!known.over)
                known.connection.end(StreamEnd::Abandoned, moment);
            drop(slot);
            slot = none;
        }
    }
    if (slot == none) {
        makeRoom(m_limits.mostOpen - 1, moment);
        slot = open(key, a, b);
    }
    Entry& mine = entry(slot);
    const PacketFate fate = mine.connection.segment(sender, view, moment);
    const bool over = mine.connection.isOver();
    if (view.payload.size() + view.missing > 0 || over != mine.over)
        account(mine);  // nothing else changes much of what it holds
    if (over && !mine.over)
        becameOver(slot);
    if (over != mine.over || listOf(mine).newest != slot) {
        unlink(slot);
        link(slot, over);
        if (m_over.size > m_limits.mostOver)
            drop(m_over.oldest);
    }
    makeRoom(m_limits.mostOpen, moment);
    return fate;
}

void TcpConnections::end(const Moment& moment)
{
    for (std::uint32_t slot = m_open.oldest; slot != none; slot = entry(slot).newer)
        entry(slot).connection.end(StreamEnd::Abandoned, moment);
    for (const auto& list : {m_open, m_over})
        for (std::uint32_t slot = list.oldest; slot != none; slot = entry(slot).newer)
            m_senseless += entry(slot).connection.senseless();
}

}  // namespace hwbridge
