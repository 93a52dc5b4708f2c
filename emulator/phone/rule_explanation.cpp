#include "emulator/phone/rule_explanation.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/phone/phone_macros.hpp"
#include "emulator/provisioning/rule_decision.hpp"

#include <fmt/format.h>

#include <iterator>

namespace emulator {

namespace {

constexpr std::string_view hidden = "***";

void line(std::string& out, std::string_view what, std::string_view text)
{
    fmt::format_to(std::back_inserter(out), "{:<13}{}\n", what, text);
}

std::string_view outcome(Truth truth)
{
    switch (truth) {
    case Truth::False:
        return "false";
    case Truth::True:
        return "true";
    case Truth::Incomparable:
        return "false: the sides are of different form, or have no such order";
    }
    return "";
}

// Whether all comparisons hold; each is shown, up to the first that does not.
bool explainCondition(std::string& out, const Condition& condition, std::string_view runningLoad)
{
    for (const Comparison& comparison : condition.all) {
        const Truth truth = evaluate(comparison, runningLoad);
        const std::string_view running = comparison.left ? std::string_view{} : runningLoad;
        line(out, "  condition",
             fmt::format("{}{}{}: {}", running, running.empty() ? "" : " ", print(comparison),
                         outcome(truth)));
        if (truth != Truth::True)
            return false;
    }
    return true;
}

// The parameter that an assignment means, and whether its value may be shown.
std::string assignmentText(const Phone& phone, const RuleAssignment& one)
{
    const std::optional<ParamId> id = assignedParameter(one.name, phone.parameters().schema());
    if (!id)
        return fmt::format("{}: no such parameter, left out", one.name);
    const Parameter& parameter = phone.parameters().schema().at(*id);
    const bool secret = parameter.secret || parameter.type == ParamType::Password;
    const Result<std::string> value = checkedValue(parameter, one.value);
    if (!value.has_value())
        return fmt::format("{}: no value for it, left out", parameter.name);
    return fmt::format("{} = \"{}\"", parameter.name, secret ? hidden : std::string_view{*value});
}

std::string urlText(const Phone& phone, std::string_view written, const RuleOptions& options)
{
    const std::string_view server = phone.surroundings().provisioningServer;
    if (written.empty())
        return "none: nothing is fetched";
    if (equalsAnyCase(written, "gds://"))
        return "gds://: onboarding by activation code";
    const std::string text = askableUrl(written);
    if (text.starts_with('/') && server.empty())
        return fmt::format("tftp://(provisioning server):69{}; nothing while no server is known", text);
    const Result<Url> url = Url::parse(text, server);
    const std::string_view domains =
        phone.parameters().value(phone.surroundings().ids.restrictedAccessDomains);
    const Result<void> allowed = url.has_value() ? mayAsk(*url, options, domains) : url.error();
    return allowed.has_value() ? url->text() : fmt::format("refused: {}", allowed.error().detail);
}

}  // namespace

Result<std::string> explainRule(const Phone& phone, TimePoint now, std::string_view rule)
{
    const PhoneMacros macros{phone, now};
    const Result<Rule> read = parseRule(expandRule(rule, macros), RuleKind::Profile);
    if (!read.has_value())
        return fail(read.error());
    const Result<std::optional<RuleDecision>> decision = decide(rule, RuleKind::Profile, macros);
    std::string out;
    line(out, "phone",
         fmt::format("{} {} {}", phone.model().productName, phone.firmware().load, phone.mac().colons()));
    line(out, "rule", withoutSecrets(rule));
    line(out, "expanded", print(*read, Secrets::Hidden));
    bool decided = false;
    for (std::size_t i = 0; i < read->alternatives.size(); ++i) {
        const RuleAlternative& alternative = read->alternatives[i];
        line(out, fmt::format("alternative {}", i + 1), decided ? " not reached" : "");
        if (decided)
            continue;
        decided =
            !alternative.condition || explainCondition(out, *alternative.condition, phone.firmware().load);
        if (!decided)
            continue;
        for (const RuleAssignment& one : alternative.assignments)
            line(out, "  assigns", assignmentText(phone, one));
        for (const RuleOption& option : alternative.options)
            line(out, "  option",
                 option.value.empty() ? std::string{name(option.name)}
                                      : fmt::format("{} {}", name(option.name), hidden));
        const bool goesOn = decision.has_value() && decision->has_value();
        line(out, "  url", urlText(phone, alternative.url, goesOn ? (*decision)->options : RuleOptions{}));
    }
    if (!decision.has_value())
        line(out, "outcome", fmt::format("the resync fails: {}", decision.error().detail));
    else if (*decision && (*decision)->onboards)
        line(out, "outcome",
             phone.model().options.activationCodes
                 ? "the phone asks for its activation code"
                 : "the resync fails: this firmware knows no activation codes");
    else if (!*decision)
        line(out, "outcome", "nothing: the phone goes on to the next rule");
    return out;
}

}  // namespace emulator
