#pragma once

#include "hwbridge/bench/secret_reference.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hwbridge {

// How a phone gets and loses power, as the inventory says it. Data only: hwbridge/power acts on it.

// A port of a switch that feeds phones by Power over Ethernet. Source: RFC 3621, pethPsePortAdminEnable.
struct PoeSettings {
    std::string host;         // name or address of its SNMP agent, "HOST" or "HOST:PORT"
    std::uint32_t group = 1;  // pethPsePortGroupIndex
    std::uint32_t port = 0;   // pethPsePortIndex, from 1

    struct Version2c {
        SecretReference community;
        bool operator==(const Version2c&) const = default;
    };
    // Source: RFC 3414, RFC 3826, RFC 7860.
    enum class Authentication : std::uint8_t { Md5, Sha, Sha256, Sha512 };
    struct Version3 {
        std::string user;
        Authentication authentication = Authentication::Sha;
        SecretReference authenticationPassword{};
        SecretReference privacyPassword{};  // of AES-128
        bool operator==(const Version3&) const = default;
    };
    std::variant<Version2c, Version3> version;
    bool operator==(const PoeSettings&) const = default;
};

// A socket of a power distribution unit behind a pdudaemon. Source: pdudaemon's README, "HTTP".
struct PduSettings {
    std::string url;   // of the daemon: "http://pdu.example:16421"
    std::string host;  // the unit's name in the daemon's configuration
    std::uint32_t port = 0;
    bool operator==(const PduSettings&) const = default;
};

// Programs of the bench's owner. Each is a program and its arguments; no shell reads them.
struct CommandSettings {
    std::vector<std::string> on;
    std::vector<std::string> off;
    std::vector<std::string> probe{};  // exits with 0 for on, with 1 for off; empty: there is none
    bool operator==(const CommandSettings&) const = default;
};

// Somebody pulls the plug when asked to.
struct PersonSettings {
    bool operator==(const PersonSettings&) const = default;
};

using PowerSettings = std::variant<PoeSettings, PduSettings, CommandSettings, PersonSettings>;

}  // namespace hwbridge
