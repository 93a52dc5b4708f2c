#pragma once

#include "hwbridge/decode/tcp_connection.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace hwbridge {

// All TCP connections of a capture. Bounded: of more open ones than `mostOpen`, or with more memory than `mostHeld`,
// those without a packet for longest are ended as if the capture had ended there, and counted. Connections that are
// over are remembered for a while, so that late packets do not look like new ones; the last `mostComparable` of them with
// their last bytes, so that it is told when other bytes come for them.
class TcpConnections {
public:
    static constexpr std::size_t mostComparable = 64;
    struct Limits {
        std::size_t mostOpen = 32'768;
        std::size_t mostOver = 1'024;
        std::size_t mostHeld = 96u << 20;  // bytes
    };

    TcpConnections(WireEvents& events, Limits limits) : m_events{events}, m_limits{limits} {}

    PacketFate segment(const WireEnd& from, const WireEnd& to, const TcpView& view, const Moment& moment);
    // The capture ends: the oldest connections first.
    void end(const Moment& moment);

    std::uint64_t seen() const { return m_seen; }
    std::uint64_t evicted() const { return m_evicted; }
    std::uint64_t senseless() const { return m_senseless; }
    std::size_t held() const { return m_held; }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;
    static constexpr std::size_t keptEntries = 256;           // for the next connections, with their memory
    static constexpr std::size_t keptEntryBytes = 32u << 10;  // at most each

    // The lower end first, so that both directions have one key.
    struct Key {
        std::uint64_t addresses = 0;
        std::uint32_t ports = 0;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    // A list through the entries: the one without a packet for longest first.
    struct List {
        std::uint32_t oldest = none;
        std::uint32_t newest = none;
        std::size_t size = 0;
    };
    struct Entry {
        Entry(WireEvents& events, SpareMemory& spare) : connection{events, spare} {}
        TcpConnection connection;
        Key key;
        std::uint32_t older = none;
        std::uint32_t newer = none;
        bool over = false;  // which list it is in
        std::size_t held = 0;
    };

    struct Comparable {
        std::uint32_t slot = none;
        std::uint32_t number = 0;  // of the connection: another one may have the slot by now
    };

    Entry& entry(std::uint32_t slot) { return *m_entries[slot]; }
    List& listOf(const Entry& entry) { return entry.over ? m_over : m_open; }
    void link(std::uint32_t slot, bool over);
    void unlink(std::uint32_t slot);
    std::uint32_t open(const Key& key, const WireEnd& a, const WireEnd& b);
    void drop(std::uint32_t slot);
    void evict(const Moment& moment);
    void makeRoom(std::size_t mostOpen, const Moment& moment);
    void account(Entry& entry);
    void becameOver(std::uint32_t slot);

    WireEvents& m_events;
    Limits m_limits;
    SpareMemory m_spare;
    boost::unordered_flat_map<Key, std::uint32_t, KeyHash> m_slots;
    std::vector<std::unique_ptr<Entry>> m_entries;
    std::vector<std::uint32_t> m_free;  // the last one was used last, and is still in the cache
    std::vector<std::uint32_t> m_emptied;
    List m_open;
    List m_over;
    std::array<Comparable, mostComparable> m_comparable;  // as they became over, one after the other
    std::size_t m_nextComparable = 0;
    std::size_t m_held = 0;
    std::uint64_t m_seen = 0;
    std::uint64_t m_evicted = 0;
    std::uint64_t m_senseless = 0;
};

}  // namespace hwbridge
