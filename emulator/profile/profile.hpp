#pragma once

#include "emulator/profile/alias_map.hpp"
#include "emulator/profile/parameter_schema.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// What an element's attributes say about values that the phone already has.
// Source: "Cisco IP Phone MPP Administration Guide, Access Control"; ua, preserve-value, user-pref.
struct ElementAttributes {
    std::optional<UserAccess> access;  // ua="na|ro|rw"; absent: stays as it was (MPP)
    bool preserveValue = false;        // preserve-value="y": the phone's value stays
    bool userPreference = false;       // user-pref="y": a value that the user changed stays
};

// One parameter element of a profile, in the order of the file.
struct ProfileElement {
    ParamId id{};
    std::string value;  // trimmed, new lines as spaces, checked and in the schema's spelling
    ElementAttributes attributes;
    std::uint32_t line = 0;  // where it stands in the file, from 1
};

// An element that changes nothing, and why.
struct ProfileProblem {
    enum class Kind : std::uint8_t { Unknown, Malformed, OutOfRange };
    Kind kind = Kind::Unknown;
    std::string name;
    std::uint32_t line = 0;
    std::string detail;
    std::string nearest{};  // of an unknown name: the parameter that looks most like it; empty when none does
};

class ProfileValues;  // profile_values.hpp

// A profile as one schema reads it. Immutable; shared by all phones that fetched the same bytes.
struct Profile {
    std::vector<ProfileElement> elements;  // sorted by id; of duplicates the last one in the file
    std::vector<ProfileProblem> problems;  // in file order, at most maxProblems are kept
    static constexpr std::size_t maxProblems = 1000;
    std::shared_ptr<const ProfileValues>
        values;  // `elements` as layers hold them; null in a profile made by hand
};

// Our choice: the guides state no limit; 2 MiB is ten times the largest profile with every parameter.
inline constexpr std::size_t maxProfileBytes = 2u << 20;

// Reads the XML form: elements inside <flat-profile>, with anything around it; other elements are ignored. With an
// alias map every element that it names is a parameter element too, wherever it stands, and a file in which it names
// one needs no <flat-profile>.
// Shape:  UTF-8; values trimmed (PROF-VALUE-TRIM), unknown names kept as problems, names in any case. A parameter
//         element that holds elements, or a value of more than maxValueBytes, is a problem and changes nothing.
//         An empty element with ua="rw" counts as user-pref="y": the guide says that <X ua="rw"/> keeps what the
//         user entered, and that an empty element empties the value; our reading fits both.
// Errors: Corrupt for what is not well-formed XML, has no <flat-profile>, is empty or is a compiled (SPC) binary;
//         also for a document type declaration or more than 64 levels (our choice: no profile needs them, and
//         entities can be made to grow without bound). TooLarge. Nothing of a corrupt file is kept.
// Source: "Cisco IP Phone MPP Provisioning Guide, Provisioning Scripts", open profile XML format; PROF-* .
Result<std::shared_ptr<const Profile>> parseProfile(std::string_view bytes, const ParameterSchema& schema,
                                                    const AliasMap& aliases = {});

}  // namespace emulator
