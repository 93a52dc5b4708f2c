#pragma once

#include <string>
#include <string_view>

namespace emulator {

// Where the values of macros come from: a phone, and what it is doing at the moment.
class MacroSource {
public:
    virtual ~MacroSource() = default;
    // Appends the value of the macro of that name (without '$') and returns true; false for an unknown name.
    virtual bool append(std::string_view name, std::string& out) const = 0;
};

// Expands the macros of a rule or message.
// Shape:  $NAME, $(NAME), $(NAME:p), $(NAME:p:q) with p the offset from 0 and q the length; "$$" is one '$'. The
//         longest run of letters, digits and '_' that is a known name wins ($GPP_A), then of letters and digits
//         ("$A_1" is GPP_A and "_1"). Once, never recursively; an unknown name stays as written. Names are upper
//         case. Offsets beyond the value give nothing (our choice).
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods" and "Provisioning Scripts", macro expansion;
//         MACRO-*.
std::string expandMacros(std::string_view text, const MacroSource& values);

}  // namespace emulator
