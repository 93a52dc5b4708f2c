#pragma once

#include "emulator/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

// A phone's identity (design decision D3): never changes, never shared.
struct MacAddress {
    std::array<std::uint8_t, 6> octets{};  // in transmission order

    // Reads "000e08aabbcc" or "00:0e:08:aa:bb:cc", either case. Errors: Malformed.
    static Result<MacAddress> parse(std::string_view text);

    std::string plain() const;   // "000e08aabbcc": $MA, product label (MODEL-MAC-LABEL)
    std::string upper() const;   // "000E08AABBCC": $MAU
    std::string colons() const;  // "00:0e:08:aa:bb:cc": $MAC

    // The address `steps` further, carrying through all six octets; wraps at the end.
    MacAddress plus(std::uint64_t steps) const;
    std::uint64_t number() const;  // the 48 bits, first octet highest

    auto operator<=>(const MacAddress&) const = default;
};

}  // namespace emulator
