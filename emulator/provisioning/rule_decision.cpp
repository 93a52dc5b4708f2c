#include "emulator/provisioning/rule_decision.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/ip_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

void note(RuleNotes* notes, std::string text)
{
    if (notes != nullptr)
        notes->push_back(std::move(text));
}

bool holds(const Condition& condition, const MacroSource& macros, RuleNotes* notes)
{
    std::string running;
    macros.append("SWVER", running);
    return std::all_of(condition.all.begin(), condition.all.end(), [&](const Comparison& comparison) {
        const Truth truth = evaluate(comparison, running);
        if (truth == Truth::Incomparable)
            note(notes, fmt::format("format error, taken as false: {}", print(comparison)));
        return truth == Truth::True;
    });
}

Result<char> registerLetter(const RuleOption& option)
{
    const std::string_view text = option.value;
    const char letter = text.size() == 1 ? lowerAscii(text[0]) : '\0';
    if (letter < 'a' || letter > 'p')
        return fail(
            ErrorKind::Malformed,
            fmt::format("rule: {} needs a letter from a to p, for GPP_A to GPP_P", name(option.name)));
    return static_cast<char>(letter - 'a' + 'A');
}

Result<RuleOptions> readOptions(const std::vector<RuleOption>& options)
{
    RuleOptions read;
    for (const RuleOption& option : options) {
        switch (option.name) {
        case OptionName::Key:
            read.key = option.value;
            break;
        case OptionName::Uid:
            read.user = option.value;
            break;
        case OptionName::Pwd:
            read.password = option.value;
            break;
        case OptionName::Post:
        case OptionName::Alias: {
            const Result<char> letter = registerLetter(option);
            if (!letter.has_value())
                return fail(letter.error());
            (option.name == OptionName::Post ? read.post : read.alias) = *letter;
            break;
        }
        case OptionName::Srv:
            read.srv = true;
            break;
        case OptionName::Delta:
            read.delta = true;
            break;
        case OptionName::Status:
            read.status = true;
            break;
        }
    }
    return read;
}

Result<std::optional<RuleDecision>> choose(Rule& rule, RuleKind kind, const MacroSource& macros,
                                           RuleNotes* notes)
{
    const auto chosen = std::find_if(
        rule.alternatives.begin(), rule.alternatives.end(), [&](const RuleAlternative& alternative) {
            return !alternative.condition || holds(*alternative.condition, macros, notes);
        });
    if (chosen == rule.alternatives.end() || (chosen->url.empty() && chosen->assignments.empty()))
        return std::optional<RuleDecision>{};
    const bool onboards = equalsAnyCase(chosen->url, "gds://");
    if (onboards && kind != RuleKind::Profile)
        return fail(ErrorKind::Malformed, "gds://: expected in a profile rule only");
    Result<RuleOptions> options = readOptions(chosen->options);
    if (!options.has_value())
        return fail(options.error());
    return std::optional{RuleDecision{std::move(chosen->assignments), std::move(*options),
                                      onboards ? std::string{} : std::move(chosen->url), onboards}};
}

}  // namespace

Result<std::optional<RuleDecision>> decide(std::string_view rule, RuleKind kind, const MacroSource& macros,
                                           RuleNotes* notes)
{
    Result<Rule> read = parseRule(expandRule(rule, macros), kind);
    if (!read.has_value())
        return fail(read.error());
    return choose(*read, kind, macros, notes);
}

Result<std::vector<RuleDecision>> decideReport(std::string_view rules, const MacroSource& macros,
                                               RuleNotes* notes)
{
    Result<std::vector<Rule>> read = parseReportRules(expandRule(rules, macros));
    if (!read.has_value())
        return fail(read.error());
    std::vector<RuleDecision> all;
    for (Rule& rule : *read) {
        Result<std::optional<RuleDecision>> one = choose(rule, RuleKind::Report, macros, notes);
        if (!one.has_value())
            return fail(one.error());
        if (*one)
            all.push_back(std::move(**one));
    }
    return all;
}

std::string askableUrl(std::string_view written)
{
    if (written.find('/') == std::string_view::npos)
        return fmt::format("/{}", written);
    std::string url{written};
    if (url.find(' ') == std::string::npos || !equalsAnyCase(written.substr(0, 4), "http"))
        return url;
    for (std::size_t at = url.find(' '); at != std::string::npos; at = url.find(' ', at))
        url.replace(at, 1, "%20");
    return url;
}

std::optional<bool> decideTrigger(std::string_view trigger, const MacroSource& macros, RuleNotes* notes)
{
    const std::string expanded = expandMacros(trigger, macros);
    RuleCursor cursor{expanded};
    cursor.skipBlanks();
    if (cursor.atEnd() || cursor.peek() == '#')
        return std::nullopt;
    const Result<Condition> condition = takeCondition(cursor);
    if (!condition.has_value() || !cursor.atEnd()) {
        note(notes, fmt::format("trigger taken as false: {}", condition.has_value()
                                                                  ? cursor.expected("'and' or the end").detail
                                                                  : condition.error().detail));
        return false;
    }
    return holds(*condition, macros, notes);
}

std::optional<ParamId> assignedParameter(std::string_view name, const ParameterSchema& schema)
{
    if (name.size() == 1 && name[0] >= 'a' && name[0] <= 'p')
        return schema.find(fmt::format("GPP_{}", static_cast<char>(name[0] - 'a' + 'A')));
    return schema.findAnyCase(name);
}

bool isAllowedServer(std::string_view host, std::string_view restrictedDomains)
{
    const bool isAddress = IpAddress::parse(host).has_value();
    bool restricted = false;
    while (!restrictedDomains.empty()) {
        const std::size_t end = std::min(restrictedDomains.find(','), restrictedDomains.size());
        std::string_view domain = restrictedDomains.substr(0, end);
        restrictedDomains.remove_prefix(std::min(end + 1, restrictedDomains.size()));
        while (!domain.empty() && RuleCursor::isBlank(domain.front()))
            domain.remove_prefix(1);
        while (!domain.empty() && RuleCursor::isBlank(domain.back()))
            domain.remove_suffix(1);
        if (domain.empty())
            continue;
        restricted = true;
        const bool inside = !isAddress && host.size() > domain.size() &&
                            host[host.size() - domain.size() - 1] == '.' &&
                            equalsAnyCase(host.substr(host.size() - domain.size()), domain);
        if (inside || equalsAnyCase(host, domain))
            return true;
    }
    return !restricted;
}

Result<void> mayAsk(const Url& url, const RuleOptions& options, std::string_view restrictedDomains)
{
    if (!isAllowedServer(url.host, restrictedDomains))
        return fail(ErrorKind::Refused, fmt::format("{} is not in Restricted_Access_Domains", url.host));
    if (options.srv && url.scheme == Scheme::Tftp)
        return fail(ErrorKind::Refused, "Error - TFTP Scheme not supported in SRV lookups.");
    if (options.srv)
        return fail(ErrorKind::Unsupported, "--srv: servers found by DNS SRV are not emulated yet");
    return {};
}

}  // namespace emulator
