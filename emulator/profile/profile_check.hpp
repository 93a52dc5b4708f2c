#pragma once

#include "emulator/profile/profile_reading.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// What a phone makes of one element of a profile.
struct CheckedElement {
    std::string name;        // of what is taken in the schema's spelling, else as the file has it
    std::uint32_t line = 0;  // in the XML, from 1
    std::string detail{};    // why not; of what is taken a remark, or empty
    std::string nearest{};  // of an unknown name: the parameter that looks most like it; empty when none does
};

// Everything that a profile says, sorted by what comes of it; within one list in the order of the file.
struct ProfileCheck {
    std::vector<CheckedElement> taken;       // of several elements with one name the last one
    std::vector<CheckedElement> unknown;     // no parameter of this phone
    std::vector<CheckedElement> malformed;   // a value that is none of its parameter
    std::vector<CheckedElement> readOnly;    // what the phone shows on its status page, and never takes
    std::vector<CheckedElement> outOfRange;  // a number beyond its range, a text beyond its length
    bool isClean() const
    {
        return unknown.empty() && malformed.empty() && readOnly.empty() && outOfRange.empty();
    }
};

// Checks a file as a phone with these parameters would read it.
// Read-only: an element with the name of a field of the phone's status page, as exports of older phones carry them
// ("Serial_Number", "Current_IP"), that is no parameter. Our choice: the guides name no parameter that a profile may
// not set. An element with preserve-value="y" is taken, with a remark: leaving the phone's value is what it asks for.
// No detail has the value of a secret parameter in it.
// Errors: as readProfile: it is no profile.
Result<ProfileCheck> checkProfile(std::string_view file, const ParameterSchema& schema,
                                  const ProfileReading& reading, const std::vector<std::string>& statusNames);

}  // namespace emulator
