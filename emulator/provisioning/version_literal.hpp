#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// A firmware version as conditions and Downgrade_Rev_Limit write it.
// Shape:  loads "sip78xx.11-3-1MPP-678", "11-2-3MSR1-1", "11-3-2MPP0001-609", builds by date
//         "12-0-2MPP0001-20230510-156252b771", also with ".loads" after them; older families "7.4.8", "1.0.31(b)",
//         "2.0.3(0412s)". Whatever stands before the last '.' of a load is its series and is not compared.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", version comparison;
//         "Cisco IP Phone 7800 Series Multiplatform Phones Release Notes", load names.
struct VersionLiteral {
    // Versions of different form are not comparable. MSR loads are of the form of the MPP loads beside them.
    enum class Form : std::uint8_t { Mpp, MppNumbered, OtherLoad, Dotted };

    Form form = Form::Dotted;
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::int64_t micro = 0;
    std::int64_t release = 0;  // of "MPP0001" and "MSR1"; 0: MPP alone
    std::int64_t build = 0;    // of dotted ones the number that begins the parentheses
    std::string rest;          // letters of OtherLoad; the hash of a build; letters in parentheses

    // Nothing when the text is no version.
    static std::optional<VersionLiteral> parse(std::string_view text);

    // Major, minor and micro in that order, then the build. Both have to be of one form.
    std::strong_ordering compare(const VersionLiteral& other) const;
};

}  // namespace emulator
