#pragma once

#include "hwbridge/bench/announced_address.hpp"
#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/drive/web_access.hpp"

#include <chrono>
#include <string_view>

namespace hwbridge {

// So long is listened for what a phone announces. Our choice: CDP comes every 60 s, LLDP every 30 s.
inline constexpr auto announcementLimit = std::chrono::seconds{65};

// The phone's address: the inventory's, else the one that the leases of the bench's DHCP server, else this machine's
// neighbour table has for its MAC, else the one that it announces on its capture interface, as far as `listening` says.
// Errors: Unresolvable, when none says it.
emulator::Result<emulator::IpAddress> addressOf(const BenchPhone& phone, const Listening& listening = {});

// The address of a MAC in a neighbour table, as /proc/net/arp shows it: "192.0.2.7 0x1 0x2 00:0e:08:00:00:01 * eth1".
std::optional<emulator::IpAddress> neighbour(std::string_view table, const emulator::MacAddress& mac);

// The address of a MAC among leases as dnsmasq keeps them: "1767229200 00:0e:08:00:00:01 192.0.2.7 SEP000E08000001 *"; of
// several the last. Source: dnsmasq(8), --dhcp-leasefile.
std::optional<emulator::IpAddress> leased(std::string_view leases, const emulator::MacAddress& mac);

// How a phone's pages are reached: at its address, as the inventory says, with the secret that it names. `timeout`: of an answer.
// `listening`: as addressOf() has it; its `stop` is that of the access, too. Errors: those of addressOf() and
// SecretReference::read().
emulator::Result<WebAccess> webAccessOf(const BenchPhone& phone, std::chrono::milliseconds timeout,
                                        const Listening& listening = {});

}  // namespace hwbridge
