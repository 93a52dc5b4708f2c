#include "emulator/web/submission.hpp"

#include "emulator/web/html.hpp"

#include <algorithm>
#include <map>

namespace emulator {
namespace {

std::string unknownReason(const ParameterSchema& schema, std::string_view name)
{
    constexpr std::size_t longestName = 64;
    std::string reason = "this page has no such field";
    if (name.size() > longestName)
        return reason;
    if (const std::string_view nearest = schema.nearestName(name); !nearest.empty() && nearest != name)
        reason += "; the nearest name is " + std::string{nearest};
    return reason;
}

// The value to check, or nothing when the field leaves the parameter as it is.
std::optional<std::string> wantedValue(const Parameter& parameter, std::string_view current, bool clears,
                                       const std::string& value)
{
    if (parameter.secret && value.empty() && !clears)
        return std::nullopt;
    return value == current ? std::nullopt : std::optional{value};
}

struct Field {
    std::string_view name;
    std::optional<ParamId> id;
    bool clears = false;
};

Field fieldNamed(const ParameterSchema& schema, std::string_view name)
{
    Field field{name, schema.find(name), false};
    if (!field.id && name.ends_with(clearSuffix)) {
        field.name.remove_suffix(clearSuffix.size());
        field.id = schema.find(field.name);
        field.clears = field.id && schema.at(*field.id).secret;
        if (!field.clears)
            field.id.reset();
    }
    return field;
}

}  // namespace

const std::string* Submission::typedFor(ParamId id) const
{
    const auto at = std::lower_bound(typed.begin(), typed.end(), id,
                                     [](const auto& entry, ParamId wanted) { return entry.first < wanted; });
    return at != typed.end() && at->first == id ? &at->second : nullptr;
}

const RefusedValue* Submission::reasonFor(std::string_view name) const
{
    const auto at = std::find_if(refused.begin(), refused.end(),
                                 [&](const RefusedValue& one) { return one.name == name; });
    return at != refused.end() ? &*at : nullptr;
}

Submission readSubmission(const Phone& phone, WebView view, const FormFields& form)
{
    const ParameterSchema& schema = phone.parameters().schema();
    Submission submission;
    std::map<ParamId, std::string> typed;
    std::map<ParamId, bool> cleared;
    for (const auto& [name, value] : form) {
        if (submission.refused.size() == maxRefusedValues)
            return submission;
        const Field field = fieldNamed(schema, name);
        if (!field.id || !shows(phone, view, *field.id)) {
            submission.refused.push_back({name, name, unknownReason(schema, name)});
        } else if (!mayChange(phone, view, *field.id)) {
            submission.refused.push_back(
                {name, schema.at(*field.id).label, "only the administrator may change this"});
        } else if (field.clears) {
            cleared[*field.id] = true;
            typed.try_emplace(*field.id);
        } else {
            typed[*field.id] = value;
        }
    }
    for (const auto& [id, value] : typed) {
        const Parameter& parameter = schema.at(id);
        const std::string_view current = phone.parameters().value(id);
        const std::optional<std::string> wanted =
            wantedValue(parameter, current, cleared.contains(id), value);
        if (!wanted || submission.refused.size() == maxRefusedValues)
            continue;
        if (!isFieldText(*wanted)) {
            submission.refused.push_back(
                {parameter.name, parameter.label,
                 "holds control characters or is no UTF-8, expected one line of text"});
            continue;
        }
        Result<std::string> checked = checkedValue(parameter, *wanted);
        if (!checked.has_value())
            submission.refused.push_back({parameter.name, parameter.label, checked.error().detail});
        else if (checked.value() != current)
            submission.changes.emplace_back(id, std::move(checked).value());
    }
    submission.typed.assign(typed.begin(), typed.end());
    submission.reboots = std::any_of(submission.changes.begin(), submission.changes.end(),
                                     [&](const auto& change) { return schema.at(change.first).reboots; });
    return submission;
}

}  // namespace emulator
