#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace hwbridge {

// Neighbouring IPv4 addresses, such as a fleet's: the highest `bits` of `first` are those of all of them.
struct AddressRange {
    emulator::IpAddress first;
    unsigned bits = 32;
    auto operator<=>(const AddressRange&) const = default;
};

// Whose packets are wanted: by address, or by MAC, which also finds what a phone says before it has an address.
using PhoneAddress = std::variant<AddressRange, emulator::MacAddress>;

// Reads "192.168.1.20", "127.78.0.0/24" or "00:0e:08:00:00:01". Errors: Malformed; Unsupported for IPv6.
emulator::Result<PhoneAddress> parsePhoneAddress(std::string_view text);
std::string text(const PhoneAddress& address);

// The pcap-filter(7) expression for packets from or to these phones, their ARP included; empty for none, which is
// everything. With `vlans` also inside one and two 802.1Q tags, which libpcap offers for Ethernet only.
std::string captureFilter(std::span<const PhoneAddress> phones, bool vlans);

}  // namespace hwbridge
