#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Where the values of macros come from: a phone, and what it is doing at the moment.
class MacroSource {
public:
    virtual ~MacroSource() = default;
    // Appends the value of the macro of that name (without '$') and returns true; false for an unknown name.
    virtual bool append(std::string_view name, std::string& out) const = 0;
    // The same for SA to SD (GPP_SA to GPP_SD), which only the arguments of rule options may use.
    virtual bool appendSecret(std::string_view /*name*/, std::string& /*out*/) const { return false; }
};

// No text grows beyond this by its macros: 16 characters can name 8 registers of 16 KiB each. Our choice.
inline constexpr std::size_t maxExpandedBytes = 64u << 10;

// Expands the macros of a rule or message.
// Shape:  $NAME, $(NAME), $(NAME:p), $(NAME:p:q) with p the offset from 0 and q the length; "$$" is one '$'. The
//         longest run of letters, digits and '_' that is a known name wins ($GPP_A), then of letters and digits
//         ("$A_1" is GPP_A and "_1"). Once, never recursively; an unknown name stays as written. Names are upper
//         case. Offsets beyond the value give nothing (our choice). Cut at maxExpandedBytes.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods" and "Provisioning Scripts", macro expansion;
//         MACRO-*.
std::string expandMacros(std::string_view text, const MacroSource& values);

// A rule whose macros are expanded, but for $SA to $SD: these stay as written, and `secrets` says where they stand and
// what they stand for, so that the one who reads the options can put them in and nobody else can (MACRO-SA-SD).
struct ExpandedRule {
    struct Secret {
        std::size_t at = 0;  // where in `text`
        std::size_t length = 0;
        std::string value;
    };
    std::string text;
    std::vector<Secret> secrets;  // by position
    bool tooLong = false;         // cut at maxExpandedBytes
};
ExpandedRule expandRule(std::string_view text, const MacroSource& values);

}  // namespace emulator
