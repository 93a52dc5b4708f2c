#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/time_point.hpp"
#include "hwbridge/bench/power_settings.hpp"
#include "hwbridge/bench/secret_reference.hpp"
#include "hwbridge/capture/phone_address.hpp"
#include "hwbridge/drive/web_access.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// How a phone's pages are reached, and how to log in to them.
struct WebSettings {
    std::uint16_t port = 80;  // of https: 443
    std::string user = "admin";
    std::optional<SecretReference> password;  // without one: as from the factory
    bool https = false;                       // Enable_Protocol of the phone
    CertificatePolicy certificates{};         // of https; also where pages of http have moved there
    bool operator==(const WebSettings&) const = default;
};

// Where a phone's packets are seen.
struct CaptureSettings {
    std::string interface;
    std::vector<PhoneAddress> filter;  // empty: the phone's own MAC or address
    bool direct = false;  // the phone's own cable ends in it: a link that goes down is the phone's
    bool operator==(const CaptureSettings&) const = default;
};

// One real phone. It has a MAC, an address, or both.
struct BenchPhone {
    std::string name;
    std::string model;     // "CP-7841-3PCC"
    std::string firmware;  // what it should run: a version or a load name; empty: any
    std::optional<emulator::MacAddress> mac;
    std::optional<emulator::IpAddress> address;  // without one it is looked up by the MAC
    std::string leases;  // file in which the bench's DHCP server keeps its leases; empty: none
    WebSettings web;
    std::uint16_t sipPort = 5060;  // SIP_Port of line 1, which NOTIFY goes to
    std::optional<CaptureSettings> capture;
    std::optional<PowerSettings> power;
    std::optional<emulator::IpAddress> servers;  // where the rig's own servers listen; empty: nowhere
    bool mayUpgrade = false;
    bool mayFactoryReset = false;
    std::vector<std::string> tags;
    bool operator==(const BenchPhone&) const = default;
};

// The phones of one bench, which are the only ones that are ever touched (design decision D9).
struct Inventory {
    std::string bench;
    emulator::Duration heartbeat =
        std::chrono::seconds{15};  // a lease ends so long after its holder was last heard
    emulator::Duration longestLease = std::chrono::hours{24};  // and nobody holds a phone longer than this
    std::vector<BenchPhone> phones;                            // in the order of the file
    bool operator==(const Inventory&) const = default;
};

// An inventory, or what is wrong with its file: "FILE:LINE:COLUMN: found …, expected …", with the nearest right word.
struct InventoryReading {
    std::optional<Inventory> inventory;
    std::vector<std::string> problems;
};

inline constexpr std::size_t longestInventory = 1u << 20;  // bytes

// Reads a bench.yaml (docs/bench.md). A relative path of a file: reference is meant from the folder of `file`.
// Every byte is hostile: at most 1 MiB, 1,000 phones, 32 tags each.
InventoryReading readInventory(const std::string& file, std::string_view text);

// The JSON Schema of such files, as compiled in: bench.schema.json.
std::string_view inventorySchema();

}  // namespace hwbridge
