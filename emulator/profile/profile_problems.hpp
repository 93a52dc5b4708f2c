#pragma once

#include "emulator/profile/profile.hpp"
#include "emulator/profile/profile_reading.hpp"

namespace emulator {

// How much of what is wrong with a profile is kept. A phone keeps little; who checks a file wants to know everything.
struct ProblemLimits {
    std::size_t kept = Profile::maxProblems;
    std::size_t suggestions = 20;  // nearest names; the reader looks for each among all parameters
};

// As parseProfile of profile.hpp and readProfile of profile_reading.hpp, with other limits.
Result<std::shared_ptr<const Profile>> parseProfile(std::string_view bytes, const ParameterSchema& schema,
                                                    const AliasMap& aliases, ProblemLimits limits);
Result<std::shared_ptr<const Profile>> readProfile(std::string_view file, const ParameterSchema& schema,
                                                   const ProfileReading& reading, ProblemLimits limits);

}  // namespace emulator
