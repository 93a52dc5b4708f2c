#pragma once

#include "emulator/web/form.hpp"
#include "emulator/web/web_view.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator {

// A value of a submitted form that the phone will not take.
struct RefusedValue {
    std::string name;  // of the form field
    std::string label;
    std::string reason;  // what was wrong, and what was expected
};

// What "Submit All Changes" asks for: the values that differ from the phone's.
struct Submission {
    std::vector<std::pair<ParamId, std::string>> changes;  // checked; sorted by id, each once
    std::vector<std::pair<ParamId, std::string>>
        typed;                          // as submitted, for showing again; sorted by id, each once
    std::vector<RefusedValue> refused;  // in form order
    bool reboots = false;  // one of the changes makes the phone reboot and resync (RSYNC-SUBMIT-REBOOT)

    const std::string* typedFor(ParamId id) const;               // null when the form did not name it
    const RefusedValue* reasonFor(std::string_view name) const;  // null when it was not refused
};

// Our choice: after so many refused values the rest of a form is not looked at; nothing is applied anyway.
inline constexpr std::size_t maxRefusedValues = 50;

// The form field beside a password that empties it: an empty password field means "as it was".
inline constexpr std::string_view clearSuffix = ".clear";

// Reads a form whose fields are named like parameters; it need not name all of them.
// Our choice: if one value is refused nothing is applied; of a name that comes twice the last one counts.
Submission readSubmission(const Phone& phone, WebView view, const FormFields& form);

}  // namespace emulator
