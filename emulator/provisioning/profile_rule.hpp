#pragma once

#include "emulator/base/result.hpp"
#include "emulator/provisioning/condition.hpp"
#include "emulator/provisioning/macro.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// What a rule is for decides which options its brackets may hold: an Upgrade_Rule none, a Report_Rule two more.
enum class RuleKind : std::uint8_t { Profile, Upgrade, Report };

enum class OptionName : std::uint8_t { Key, Uid, Pwd, Post, Alias, Srv, Delta, Status };
std::string_view name(OptionName option);  // "--key", …

struct RuleOption {
    OptionName name = OptionName::Key;
    std::string
        written;  // its argument without quotes, $SA to $SD as written; empty for --srv, --delta, --status
    std::string value;  // the same with $SA to $SD filled in
    bool operator==(const RuleOption&) const = default;
};

// "GPP_A" = "value", carried out before the URL is fetched.
struct RuleAssignment {
    std::string name;
    std::string value;
    bool operator==(const RuleAssignment&) const = default;
};

struct RuleAlternative {
    std::optional<Condition> condition;  // nothing: it always holds
    std::vector<RuleAssignment> assignments;
    std::vector<RuleOption> options;
    std::string url;  // as written, without defaults; empty: nothing is fetched
    bool operator==(const RuleAlternative&) const = default;
};

// A profile, upgrade or report rule: the first alternative whose condition holds counts.
// Shape:  ($SWVER lt 11-3-1MPP-678 and "$A" ne "done")? (GPP_A = "done"; a = "x";)! [--key k --uid u --pwd "p w"] URL
//         | the next alternative. Everything but the URL may be missing, the URL as well. White space is free between
//         the parts, and inside the brackets. "[key k" stands for "[--key k" (RULE-KEY-NODASHES).
//         Older families: "! 1.0.33 ? URL", a condition without parentheses whose left side is the running firmware.
//         A rule that begins with '#' is commented out: no alternatives. Quotes are plain '"'; there is no escape.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", profile rules; RULE-*.
struct Rule {
    boost::container::small_vector<RuleAlternative, 1> alternatives;
    bool operator==(const Rule&) const = default;
};

// Reads a rule whose macros are expanded (the expansion is on the whole rule, so a macro may hold any part of it).
// Errors: Malformed, with the place but never with the text, which may hold secrets; TooLarge beyond maxExpandedBytes.
Result<Rule> parseRule(const ExpandedRule& rule, RuleKind kind);

// The one or two rules of a Report_Rule, separated by white space.
// Errors: as parseRule; Malformed for a third one.
Result<std::vector<Rule>> parseReportRules(const ExpandedRule& rules);

// The rule as text that parses to the same rule. Hidden: option arguments and assigned values are "***".
enum class Secrets : std::uint8_t { AsWritten, Hidden };
std::string print(const Rule& rule, Secrets secrets = Secrets::AsWritten);

// A rule as typed, macros and all, fit for a log: option arguments and assigned values are "***". Of text that is no
// rule nothing is shown but that.
std::string withoutSecrets(std::string_view rule);

}  // namespace emulator
