#pragma once

#include "emulator/base/url.hpp"
#include "emulator/profile/parameter_schema.hpp"
#include "emulator/provisioning/profile_rule.hpp"
#include "emulator/provisioning/rule_options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// What a rule tells a phone to do, in this order.
struct RuleDecision {
    std::vector<RuleAssignment> assignments;
    RuleOptions options;
    std::string url;        // as the rule has it, without defaults; empty: nothing is fetched
    bool onboards = false;  // it is gds://: nothing is fetched, the phone asks for an activation code
};

// Sentences for the phone's debug trace, such as that a comparison made no sense. Null: nobody wants them.
using RuleNotes = std::vector<std::string>;

// Decides a rule: expands its macros, reads it, takes the first alternative whose condition holds.
// Nothing: the rule is empty or commented out, or no alternative's condition holds; the phone goes on to the next rule
//          as if this one were not there.
// Errors:  as parseRule; Malformed for --post and --alias that name no register, and for gds:// in a rule that is not
//          a profile rule.
// Source:  "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", profile rules.
Result<std::optional<RuleDecision>> decide(std::string_view rule, RuleKind kind, const MacroSource& macros,
                                           RuleNotes* notes = nullptr);

// The same for the rules of a Report_Rule that have something to send.
Result<std::vector<RuleDecision>> decideReport(std::string_view rules, const MacroSource& macros,
                                               RuleNotes* notes = nullptr);

// A rule's URL as it can be asked for. Our choices: a bare file name ("$PN.cfg", the default rule of 11.0) lies in the
// server's root; in an HTTP URL the blanks that macros brought ("?c=$CCERT") become "%20".
std::string askableUrl(std::string_view written);

// Decides a Resync_Trigger. Nothing: it is blank or commented out and restricts nothing. An expression that cannot be
// read is false, with a note.
// Shape:  the comparisons of a condition, without parentheses and '?': $UPGTMR gt 300 and $PRVTMR ge 600.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", resync triggers; RSYNC-TRIGGER-*.
std::optional<bool> decideTrigger(std::string_view trigger, const MacroSource& macros,
                                  RuleNotes* notes = nullptr);

// The parameter that the left side of an assignment names: as in profiles, or a to p for GPP_A to GPP_P.
std::optional<ParamId> assignedParameter(std::string_view name, const ParameterSchema& schema);

// Whether a server may be asked: the list is empty, or the name is a domain of it or ends in ".domain".
// Shape:  Restricted_Access_Domains: names separated by commas, in any case, with blanks around them.
// Source: "Cisco IP Phone 7800 Series Multiplatform Phones Administration Guide", system parameters. That a domain
//         stands for the hosts in it, and that an address has to be in the list itself, are our choices.
bool isAllowedServer(std::string_view host, std::string_view restrictedDomains);

// Whether a phone asks for what a rule's URL and options say.
// Errors: Refused, with what the phone logs; Unsupported for --srv.
Result<void> mayAsk(const Url& url, const RuleOptions& options, std::string_view restrictedDomains);

}  // namespace emulator
