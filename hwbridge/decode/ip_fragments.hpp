#pragma once

#include "hwbridge/decode/ip_view.hpp"

#include "hwbridge/capture/packet.hpp"

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <string>

namespace hwbridge {

// Puts IPv4 packets together again (RFC 791 section 3.2). Bounded: so many packets in the making, none longer than IP
// allows; one that is not complete after `patience` of the capture's time is given up.
// Of overlapping pieces the first copy of each byte counts (RFC 5722 would drop the packet; phones are older).
class IpFragments {
public:
    static constexpr std::size_t mostPackets = 256;
    static constexpr std::size_t longest = 65'535;
    static constexpr std::chrono::seconds patience{30};  // our choice; RFC 791 says 15 and up

    struct Whole {
        std::string bytes;
        std::size_t pieces = 0;
        bool overlapped = false;
        bool conflicting = false;  // overlapping pieces had different bytes
    };

    // Takes one fragment. The whole payload once the last missing piece has come: valid until the next call.
    const Whole* add(const IpView& fragment, WallNanoseconds at);
    // Fragments of packets that never became complete, so far; with all that are still waiting after `end`.
    std::uint64_t lost() const { return m_lost; }
    void end();

private:
    struct Key {
        std::uint32_t source = 0;
        std::uint32_t destination = 0;
        std::uint16_t identification = 0;
        std::uint8_t protocol = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Making {
        Key key;
        WallNanoseconds since;
        Whole whole;
        std::map<std::size_t, std::size_t> have;  // from → to, disjoint, in order
        std::size_t total = 0;                    // 0: the last piece has not come
    };

    void insert(Making& making, std::size_t from, std::string_view piece);
    void giveUp(std::list<Making>::iterator making);

    std::list<Making> m_making;  // oldest first
    std::map<Key, std::list<Making>::iterator> m_byKey;
    Whole m_done;
    std::uint64_t m_lost = 0;
};

}  // namespace hwbridge
