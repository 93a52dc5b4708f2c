#pragma once

#include "emulator/base/chance.hpp"
#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/phone/model.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emulator {

// Phones of one model with one history before power-on: phone k has address first+k and MAC mac+k (design §8).
struct FleetGroup {
    std::shared_ptr<const Model> model;
    std::size_t count = 1;
    MacAddress firstMac{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}};
    IpAddress firstAddress{0x7f4e0001};                // 127.78.0.1
    std::vector<std::pair<ParamId, std::string>> set;  // before the first power-on; each passed checkedValue
    bool uniqueCertificate = false;                    // has a client certificate of its own ($CCERT)
    std::string provisioningServer;                    // as DHCP option 66 gives it: host[:port]; empty: none
};

class PhoneWorld;

// A whole fleet. Phones are numbered through all groups in order.
struct Fleet {
    std::vector<FleetGroup> groups;
    Seed seed{};
    WallTime start{};  // wall time of TimePoint{}
    Duration bootTime = std::chrono::milliseconds{500};
    // Makes the world that a shard's phones see of the one that there is; empty: they see that. What stands between may
    // change whatever passes: tests make phones of it that do what no phone does.
    std::function<std::unique_ptr<PhoneWorld>(PhoneWorld& real)> between{};

    std::size_t size() const;
};

}  // namespace emulator
