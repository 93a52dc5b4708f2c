#pragma once

#include "emulator/runtime/traffic_trace.hpp"

#include <string>

namespace hwbridge {

// What replaces secrets while decoding: by pseudonyms of this process, or of the key where one is given.
inline emulator::TrafficTrace secretsWith(const std::string& key)
{
    return key.empty() ? emulator::TrafficTrace{} : emulator::TrafficTrace{key};
}

}  // namespace hwbridge
