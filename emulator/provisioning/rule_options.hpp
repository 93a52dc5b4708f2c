#pragma once

#include <optional>
#include <string>

namespace emulator {

// What the brackets in front of a rule's URL ask for, macros expanded.
// Shape:  "[--key SECRET --uid NAME --pwd WORD --post A --alias B --srv]"; a report rule also knows --delta, --status.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", profile rule options; RULE-KEY-*.
struct RuleOptions {
    std::string key;   // of an encrypted file; empty: none
    std::string user;  // answers HTTP challenges, with the password
    std::string password;
    std::optional<char> post;   // 'A' to 'P': the GPP register whose expansion is POSTed
    std::optional<char> alias;  // 'A' to 'P': the GPP register that maps element names
    bool srv = false;           // the host names a service (DNS SRV)
    bool delta = false;         // of a report: only what changed since the last one
    bool status = false;        // of a report: the status page
};

}  // namespace emulator
