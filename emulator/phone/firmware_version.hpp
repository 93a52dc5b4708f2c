#pragma once

#include "emulator/profile/parameter_schema.hpp"

#include <string>
#include <string_view>

namespace emulator {

// The firmware a phone runs.
// Shape:  load name "sip7832.11-3-1MPP-678" ($SWVER, without ".loads") and dotted version "11.3.1", which the
//         User-Agent shows. A dotted version alone gives the load name "<prefix>.11-3-1MPP-1".
//         Any load file name with three numbers "M-m-n" after the first '.' is understood, also with MSR1,
//         MPP0001, dates and hashes after them.
//         The SPA family has no prefix: "7.4.9c", "1.0.31(b)" is its whole version. Our load prefixes tell the families
//         apart: those of MPP loads begin with "sip".
// Errors: Malformed.
// Source: MODEL-FW-STRING; "Cisco IP Phone 7800 Series Multiplatform Phones Release Notes", load names.
struct FirmwareVersion {
    std::string load;
    std::string dotted;

    static Result<FirmwareVersion> parse(std::string_view text, std::string_view loadPrefix);
    Generation generation() const;  // of MPP below 11.3: Mpp11_0
    // Whether it is older than `limit`. A limit that was written as three numbers stands for the first load of these.
    bool isBelow(const FirmwareVersion& limit) const;
    bool operator==(const FirmwareVersion&) const = default;
};

}  // namespace emulator
