#include "emulator/profile/profile_check.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/profile/nearest_name.hpp"
#include "emulator/profile/profile_problems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

constexpr std::size_t mostSuggestions = 10'000;  // each costs a look at every known name

// All that a file of maxProfileBytes can hold: an element takes four bytes at least.
constexpr ProblemLimits everything{.kept = maxProfileBytes / 4, .suggestions = 0};

CheckedElement checked(const ProfileProblem& problem)
{
    return {problem.name, problem.line, problem.detail, problem.nearest};
}

// A phone that reads a file looks for the nearest of few names only; a person wants to know them all.
CheckedElement unknown(const ProfileProblem& problem, const NearestName& names, std::size_t before)
{
    CheckedElement element = checked(problem);
    if (before < mostSuggestions)
        element.nearest = names.to(problem.name);
    if (!element.nearest.empty())
        element.detail += fmt::format("; the nearest is {}", element.nearest);
    return element;
}

}  // namespace

Result<ProfileCheck> checkProfile(std::string_view file, const ParameterSchema& schema,
                                  const ProfileReading& reading, const std::vector<std::string>& statusNames)
{
    const Result<std::shared_ptr<const Profile>> read = readProfile(file, schema, reading, everything);
    if (read.has_error())
        return fail(read.error());
    const Profile& profile = **read;
    const NearestName names{schema.all()};
    ProfileCheck check;
    check.taken.reserve(profile.elements.size());
    for (const ProfileElement& element : profile.elements)
        check.taken.push_back({schema.at(element.id).name, element.line,
                               element.attributes.preserveValue
                                   ? "preserve-value: the phone keeps the value that it has"
                                   : ""});
    std::stable_sort(check.taken.begin(), check.taken.end(),
                     [](const CheckedElement& a, const CheckedElement& b) { return a.line < b.line; });
    for (const ProfileProblem& problem : profile.problems) {
        const auto isIt = [&](const std::string& name) { return equalsAnyCase(name, problem.name); };
        switch (problem.kind) {
        case ProfileProblem::Kind::Unknown:
            if (std::any_of(statusNames.begin(), statusNames.end(), isIt))
                check.readOnly.push_back(
                    {problem.name, problem.line, "shown by the phone, not taken from a profile"});
            else
                check.unknown.push_back(unknown(problem, names, check.unknown.size()));
            break;
        case ProfileProblem::Kind::Malformed:
            check.malformed.push_back(checked(problem));
            break;
        case ProfileProblem::Kind::OutOfRange:
            check.outOfRange.push_back(checked(problem));
            break;
        }
    }
    return check;
}

}  // namespace emulator
