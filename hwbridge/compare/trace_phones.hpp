#pragma once

#include "hwbridge/compare/rules.hpp"
#include "hwbridge/compare/trace_store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

// A phone of one trace, and what is known of its identity.
struct TracePhone {
    std::optional<emulator::MacAddress> mac;
    emulator::IpAddress address;       // 0.0.0.0: not seen
    std::vector<std::string> learned;  // by text rule; empty where nothing was learned
    std::uint32_t firstEvent = 0;

    std::string label() const;  // its MAC, else its address
    bool sameIdentity(const TracePhone& other) const
    {
        return mac == other.mac && address == other.address && learned == other.learned;
    }
};

// The events of a trace by observer and phone, each in the order of time. An address is one phone, whatever MACs it was
// given.
// Who a message is about when nobody says (captures of loopback have no MACs): its sender, when that address has sent
// what only phones send (syslog, TFTP and DNS requests, DHCP); else its receiver, when that is such an address; else,
// where there is no such address in the whole trace, who sent the first request. The rest belongs to no phone.
class TracePhones {
public:
    TracePhones(const TraceStore& store, const Rules& rules);

    const TraceStore& store() const { return m_store; }
    const std::vector<TracePhone>& phones() const { return m_phones; }
    // Of no phone: phone == phones().size().
    const std::vector<std::uint32_t>& events(emulator::Observer by, std::size_t phone) const
    {
        return m_events[static_cast<std::size_t>(by)][phone];
    }
    std::size_t count(emulator::Observer by) const;
    KindSet kinds(emulator::Observer by) const { return m_kinds[static_cast<std::size_t>(by)]; }

private:
    void findAddresses();
    void joinByAddress(const std::vector<std::uint64_t>& certainty);
    std::size_t phoneOf(const StoredEvent& event) const;
    void learn(const Rules& rules);

    const TraceStore& m_store;
    std::vector<TracePhone> m_phones;
    std::vector<std::pair<emulator::MacAddress, std::size_t>> m_byMac;     // sorted
    std::vector<std::pair<emulator::IpAddress, std::size_t>> m_byAddress;  // sorted
    std::array<std::vector<std::vector<std::uint32_t>>, observerCount> m_events;
    std::array<KindSet, observerCount> m_kinds{};
};

// Which phone of A is compared with which of B.
struct PhonePair {
    std::optional<std::size_t> a;
    std::optional<std::size_t> b;
};

// Pairs that a person asked for, each a MAC or an address; then the same MAC, then the same address, then what is left
// in the order of their first events. A phone that has no other is a pair with one side.
// Errors: NotFound for a name that no phone has.
emulator::Result<std::vector<PhonePair>> pairPhones(
    const TracePhones& a, const TracePhones& b,
    const std::vector<std::pair<std::string, std::string>>& asked);

}  // namespace hwbridge
