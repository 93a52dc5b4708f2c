#pragma once

#include "emulator/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace hwbridge {

// How an SNMP agent is reached. Plain values: an entry of an inventory.
struct SnmpAccess {
    enum class Version : std::uint8_t { V2c, V3 };
    std::string address;  // "192.0.2.1" or "192.0.2.1:1161"; the usual port is 161, UDP
    Version version = Version::V2c;
    std::string community{};  // of v2c
    // Of v3, always with authentication and encryption (authPriv). Passwords have 8 letters or more.
    std::string user{};
    std::string authentication = "SHA";  // or MD5, SHA-256, SHA-512
    std::string authenticationPassword{};
    std::string encryption = "AES";  // AES-128
    std::string encryptionPassword{};
    std::chrono::milliseconds timeout{2000};  // of one try
    int retries = 2;
};

using ObjectId = std::vector<unsigned long>;

// An open conversation with an agent. On the calling thread; reads no configuration of net-snmp and keeps no state on
// disk. Errors, one clear sentence each: Malformed (the access), TimedOut, Refused (by the agent: its reason; wrong
// credentials), NotFound (no such object).
class SnmpSession {
public:
    static emulator::Result<SnmpSession> open(const SnmpAccess& access);
    ~SnmpSession();
    SnmpSession(SnmpSession&& other) noexcept;
    SnmpSession& operator=(SnmpSession&&) = delete;

    emulator::Result<long> integer(const ObjectId& object);
    emulator::Result<void> setInteger(const ObjectId& object, long value);

private:
    SnmpSession(const SnmpAccess& access, void* handle);
    emulator::Result<long> ask(int command, const ObjectId& object, long value);
    emulator::Error silence() const;

    std::string m_place;  // "the switch at 192.0.2.1"
    SnmpAccess::Version m_version;
    void* m_handle;
};

}  // namespace hwbridge
