#pragma once

#include "scenarios/engine/scenario.hpp"

#include <string>

namespace scenarios {

// What an inventory says of a phone, as far as it decides whether a scenario can be played on it.
struct BenchOffer {
    std::string target;    // "bench:alice"
    std::string name;      // "alice"
    std::string model;     // "CP-7832-3PCC"
    std::string firmware;  // as a version or a load name; empty: not known
    bool power = false;    // it can be switched
    bool capture = false;  // its packets are seen
    bool servers = false;  // the rig's own servers have an address to listen at
    bool mayUpgrade = false;
    bool mayFactoryReset = false;
};

// Why this scenario cannot be played there, before anything is touched; empty: it can (design decision D12).
std::string whyNotOnBench(const Scenario& scenario, const BenchOffer& offer);

}  // namespace scenarios
