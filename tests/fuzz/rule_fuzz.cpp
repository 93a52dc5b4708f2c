#include "emulator/provisioning/rule_decision.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace emulator;

class RuleValues : public MacroSource {
public:
    bool append(std::string_view name, std::string& out) const override
    {
        if (name == "A")
            out += "(\"x\" eq \"y\")? ";
        else if (name == "SWVER")
            out += "sip78xx.11-3-1MPP-678";
        else if (name == "PRVTMR")
            out += "600";
        else
            return false;
        return true;
    }
    bool appendSecret(std::string_view name, std::string& out) const override
    {
        if (name != "SA")
            return false;
        out += "tops3cr3t";
        return true;
    }
};

// What was read can be printed and read again as the same tree, and its form for a log shows no secret.
void readAndPrint(std::string_view text, RuleKind kind)
{
    const Result<Rule> rule = parseRule(expandRule(text, RuleValues{}), kind);
    if (!rule.has_value()) {
        fuzz::require(rule.error().detail.find("tops3cr3t") == std::string::npos, "an error shows no secret");
        return;
    }
    fuzz::require(print(*rule, Secrets::Hidden).find("tops3cr3t") == std::string::npos, "nor does the log");
    ExpandedRule printed;
    printed.text = print(*rule);
    const Result<Rule> again = parseRule(printed, kind);
    fuzz::require(again.has_value() && print(*again) == printed.text, "printing and reading is the identity");
}

}  // namespace

FUZZ_TARGET(rule)
{
    const std::string_view text = fuzz::text(data, size);
    for (const RuleKind kind : {RuleKind::Profile, RuleKind::Upgrade, RuleKind::Report})
        readAndPrint(text, kind);
    RuleNotes notes;
    (void)decide(text, RuleKind::Profile, RuleValues{}, &notes);
    (void)decideTrigger(text, RuleValues{}, &notes);
    (void)withoutSecrets(text);
    return 0;
}
