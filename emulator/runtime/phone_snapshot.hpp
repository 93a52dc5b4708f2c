#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <string>

namespace emulator {

// What a view shows of one phone. A value: views never hold a Phone.
struct PhoneSnapshot {
    PhoneIndex index{};
    MacAddress mac;
    IpAddress address;
    PhoneState state = PhoneState::Off;
    MuteLed led = MuteLed::Off;
    TimePoint ledSince{};
    TimePoint nextResync = TimePoint::max();  // max(): none is due
    std::string firmware;                     // the load that runs
    std::string lastResult;                   // of the last resync or upgrade; empty: there was none
    std::string lastMessage;                  // last syslog line

    bool operator==(const PhoneSnapshot&) const = default;
};

PhoneSnapshot snapshotOf(PhoneIndex index, const Phone& phone);

}  // namespace emulator
