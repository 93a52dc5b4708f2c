#pragma once

#include "emulator/phone/firmware_version.hpp"

#include <string>
#include <string_view>

namespace emulator {

// Firmware load files: made-up firmware behind a real header.
// Shape:  a first line "phonerig firmware load", lines "key = value" in this order, an empty line, the image:
//             name = sip7832.11-3-2MPP0001-609    the version it brings, as $SWVER shows it
//             hardware = sip7832                  which models take it (their load prefix)
//             length = 4096                       bytes of the image
//             checksum = 1c291ca3                 CRC-32 of the lines above this one and of the image
//         The image is noise that follows from the name. Our own form: real loads are proprietary and never used.
// Source: UPG-LOADS-78, UPG-LOADS-88; the form is our choice, the checksum is that of RFC 1952 section 8.

inline constexpr std::size_t maxLoadBytes = 1u << 20;  // our choice
inline constexpr std::size_t usualImageBytes = 4096;   // our choice: several TFTP blocks, and quickly fetched

// Which version a load file brings to models of that load prefix.
// Errors: TooLarge; Corrupt for what is no load, is cut off or was damaged on its way; Refused for a load of other
//         hardware. The detail says which.
Result<FirmwareVersion> parseLoad(std::string_view bytes, std::string_view loadPrefix);

// The file that parseLoad reads.
std::string makeLoad(std::string_view name, std::string_view hardware,
                     std::size_t imageBytes = usualImageBytes);

// The hardware that a load name speaks of: "sip7832" of "sip7832.11-3-2MPP0001-609". Empty when it has no such prefix,
// as names of SPA firmware ("7.4.8").
std::string_view hardwareOf(std::string_view loadName);

// The load that a firmware file seems to hold by its name: "sip7832.11-3-2MPP0001-609" of
// "/image/sip7832.11-3-2MPP0001-609.loads". Any other file name stands for itself.
std::string_view loadNameOf(std::string_view path);

}  // namespace emulator
