#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/phone_address.hpp"
#include "hwbridge/decode/wire_events.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace hwbridge {

// Which end of an event is a phone, and its MAC. Our choice, in this order:
//
// 1. Those that the user named (--phone). With any named, nobody else is a phone.
// 2. Addresses that the capture names "000e08000001.phonerig".
// 3. Those that show it: a User-Agent of these phones (with the MAC in parentheses, as they send it; a serial number is none), a syslog line that
//    begins with model and MAC, a DHCP vendor class of these phones; from then on.
// 4. A MAC with a prefix that the guides show for these phones.
//
// A MAC in the link layer that is seen with several addresses at a time is a router's and makes nobody a phone.
// Of two phones that talk to each other the sender counts.
class PhoneBook {
public:
    static constexpr std::size_t mostAddresses = 1u << 18;  // that are remembered
    static constexpr std::size_t mostLinks = 1u << 16;

    PhoneBook(std::vector<PhoneAddress> named, const CaptureNames* names)
        : m_named{std::move(named)},
          m_names{names}
    {}

    // What an event tells about its sender.
    void learn(const emulator::TraceEvent& event, const WireEnd& from);
    std::optional<emulator::MacAddress> phoneOf(const WireEnd& from, const WireEnd& to);

private:
    struct Link {
        std::uint32_t address = 0;  // seen last
        std::uint8_t changes = 0;   // how often it was another
        bool phone = false;
    };

    std::optional<emulator::MacAddress> phoneAt(const WireEnd& end);
    std::optional<emulator::MacAddress> named(const WireEnd& end);
    std::optional<emulator::MacAddress> byAddress(emulator::IpAddress address);
    void shows(const WireEnd& from, std::optional<emulator::MacAddress> mac);
    Link* linkOf(const WireEnd& end);

    std::vector<PhoneAddress> m_named;
    const CaptureNames* m_names;
    std::size_t m_namesSeen = 0;
    // What is known of an address: its phone, or that it has no name.
    boost::unordered_flat_map<std::uint32_t, std::optional<emulator::MacAddress>> m_addresses;
    boost::unordered_flat_map<std::uint32_t, emulator::MacAddress> m_learned;
    boost::unordered_flat_map<std::uint64_t, Link> m_links;
};

// The MAC inside "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)"; nullopt in `mac` when there is none.
struct PhoneSign {
    bool isPhone = false;
    std::optional<emulator::MacAddress> mac;
};
PhoneSign phoneUserAgent(std::string_view agent);
PhoneSign phoneSyslog(std::string_view text);
bool phoneVendorClass(std::string_view vendor);

}  // namespace hwbridge
