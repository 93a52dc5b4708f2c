#pragma once

#include "emulator/phone/firmware_version.hpp"
#include "emulator/phone/generation_options.hpp"
#include "emulator/profile/parameter_schema.hpp"

#include <memory>
#include <string>

namespace emulator {

// What all phones of one model and firmware have in common. Immutable, shared by a whole fleet.
struct Model {
    std::string productName;  // $PN: "CP-7832-3PCC" (MODEL-7832)
    std::string seriesName;   // $PSN: "7832-3PCC" (MACRO-PSN)
    std::string description;  // "Cisco IP Conference Phone 7832 Multiplatform"
    std::string hardwareVersion;
    std::string loadPrefix;    // "sip7832": which firmware loads are for this model
    std::string firmwarePath;  // of an upgrade command that names none: "/spa.bin"; empty: it has to name one
    int lines = 1;
    int lineKeys = 1;
    int softKeys = 4;
    std::string display;          // pixels, "384x106"
    bool muteLedPatterns = true;  // shows provisioning trouble on the mute LED (design decision D15)
    FirmwareVersion firmware;
    GenerationOptions options;  // of that firmware; they stay when the phone upgrades (our choice)
    std::shared_ptr<const ParameterSchema> schema;
};

}  // namespace emulator
