#pragma once

#include "tests/emulator/phone/phone_run.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace emulator {

using Settings = std::map<std::string, std::string>;

// A phone that resyncs at once after boot from a server of ours; name only what matters to the test.
inline PhoneRun aPhone(Settings set = {}, std::uint64_t seed = 1, std::string model = "CP-7832-3PCC")
{
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Resync_Random_Delay", "0");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.seed = seed;
    options.model = std::move(model);
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    return run;
}

}  // namespace emulator
