#pragma once

#include "emulator/runtime/net_fleet.hpp"
#include "scenarios/engine/bench_place.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace scenarios {

// Who a real phone is, as far as an emulated one can be like it.
struct TwinIdentity {
    std::string model;     // "CP-7832-3PCC"
    std::string firmware;  // a version or load name
    emulator::MacAddress mac;
    emulator::IpAddress address;  // of the real one, and of the servers that it talks to
    emulator::IpAddress servers;
    std::vector<std::pair<std::string, std::string>>
        settings;      // what it exports; others are as from the factory
    std::string user;  // how the rig logs in; empty: it needs not
    std::string password;
    bool https = false;  // what its pages say cannot be read on the wire
};

// An address of the loopback that is as long as a text as the real one, as far as there are such (9 to 15 letters): what
// phones report holds addresses, and its size is compared. `digit`: 1 or 2, for two that differ.
emulator::IpAddress loopbackAsLongAs(emulator::IpAddress real, std::uint32_t digit);

// The emulated twin of a real phone, for a BenchStage: on the loopback of this process, which has it for itself, with its
// pages and SIP at the ports of a real phone. On when made.
class TwinPhone : private hwbridge::PowerDriver {
public:
    // Settings that the emulated model does not have, or does not take, stay as from the factory; notices() says how many.
    // `alter`: as in StageOptions. Errors: NotFound: model or firmware; Unsupported: a password that the model has
    // no parameter for; those of emulator::NetFleet::open().
    static emulator::Result<std::unique_ptr<TwinPhone>> make(
        const TwinIdentity& identity, emulator::Seed seed, emulator::Duration bootTime,
        const std::function<void(emulator::Fleet&)>& alter = {});

    BenchPlace place(const std::string& target);
    const std::vector<std::string>& notices() const { return m_notices; }

private:
    explicit TwinPhone(const TwinIdentity& identity);
    std::string name() const override { return "the twin"; }
    emulator::Result<void> on() override;
    emulator::Result<void> off() override;
    emulator::Result<hwbridge::PowerState> probe() override;
    emulator::PhoneState state() const;

    std::string m_model;
    emulator::IpAddress m_address;
    emulator::IpAddress m_servers;
    std::string m_user;
    std::string m_password;
    bool m_https;
    emulator::MacAddress m_mac;
    std::vector<std::string> m_notices;
    emulator::TraceQueue m_unseen;  // what the phone sees of itself: no real one tells that
    std::unique_ptr<emulator::NetFleet> m_fleet;
};

}  // namespace scenarios
