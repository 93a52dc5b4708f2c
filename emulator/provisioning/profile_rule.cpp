#include "emulator/provisioning/profile_rule.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace emulator {

namespace {

constexpr std::array<std::string_view, 8> optionNames{"--key",   "--uid", "--pwd",   "--post",
                                                      "--alias", "--srv", "--delta", "--status"};
constexpr std::size_t mostReportRules = 2;
constexpr std::string_view hidden = "***";

bool takesArgument(OptionName option)
{
    return option < OptionName::Srv;
}

bool isAllowed(OptionName option, RuleKind kind)
{
    return kind == RuleKind::Report || option < OptionName::Delta;
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

// One pass over an expanded rule.
class RuleParser {
public:
    RuleParser(const ExpandedRule& rule, RuleKind kind)
        : m_cursor{rule.text},
          m_secrets{rule.secrets},
          m_kind{kind}
    {}

    Result<Rule> rule();
    RuleCursor& cursor() { return m_cursor; }

private:
    enum class Group : std::uint8_t { Condition, Assignments };

    Result<RuleAlternative> alternative();
    Result<void> groups(RuleAlternative& out);
    Result<Group> groupAhead();
    Result<void> condition(RuleAlternative& out);
    Result<void> assignments(RuleAlternative& out);
    Result<void> options(RuleAlternative& out);
    Result<OptionName> optionName(bool first);
    Result<std::string_view> argument();
    std::string filledIn(std::string_view written, std::size_t at) const;
    std::string url();

    RuleCursor m_cursor;
    const std::vector<ExpandedRule::Secret>& m_secrets;
    RuleKind m_kind;
};

Result<Rule> RuleParser::rule()
{
    Rule rule;
    while (true) {
        Result<RuleAlternative> one = alternative();
        if (!one.has_value())
            return fail(one.error());
        rule.alternatives.push_back(std::move(*one));
        m_cursor.skipBlanks();
        if (!m_cursor.take("|"))
            return rule;
    }
}

Result<RuleAlternative> RuleParser::alternative()
{
    RuleAlternative out;
    m_cursor.skipBlanks();
    if (const Result<void> read = groups(out); !read.has_value())
        return fail(read.error());
    if (m_cursor.peek() == '[') {
        const Result<void> read = options(out);
        if (!read.has_value())
            return fail(read.error());
        m_cursor.skipBlanks();
    }
    const std::size_t begin = m_cursor.at();
    out.url = url();
    // Else the URL, which errors and logs may show, would carry them.
    for (std::size_t at = out.url.find('['); at != std::string::npos; at = out.url.find('[', at + 1)) {
        if (at > 0 && RuleCursor::isBlank(out.url[at - 1])) {
            m_cursor.moveTo(begin + at);
            return m_cursor.expected("options before the URL");
        }
    }
    return out;
}

// What stands before brackets and URL: a condition, then assignments.
Result<void> RuleParser::groups(RuleAlternative& out)
{
    constexpr std::string_view legacyStart = "!<>=";
    if (!m_cursor.atEnd() && legacyStart.find(m_cursor.peek()) != std::string_view::npos) {
        Result<Condition> read = takeCondition(m_cursor);
        if (!read.has_value())
            return fail(read.error());
        if (!m_cursor.take("?"))
            return m_cursor.expected("'?' after the condition");
        out.condition = std::move(*read);
        m_cursor.skipBlanks();
    }
    while (m_cursor.peek() == '(') {
        const Result<Group> ahead = groupAhead();
        if (!ahead.has_value())
            return fail(ahead.error());
        const bool repeated =
            !out.assignments.empty() || (*ahead == Group::Condition && out.condition.has_value());
        if (repeated)
            return m_cursor.expected(
                "brackets or a URL; one condition comes first, then one list of assignments");
        const Result<void> read = *ahead == Group::Condition ? condition(out) : assignments(out);
        if (!read.has_value())
            return fail(read.error());
        m_cursor.skipBlanks();
    }
    return {};
}

// Which of the two the parenthesis at the cursor begins: what follows its end tells.
Result<RuleParser::Group> RuleParser::groupAhead()
{
    RuleCursor look = m_cursor;
    int depth = 0;
    do {
        if (look.atEnd())
            return m_cursor.expected("a ')' that closes this parenthesis");
        if (look.peek() == '"') {
            const Result<std::string_view> quoted = look.takeQuoted();
            if (!quoted.has_value())
                return fail(quoted.error());
            continue;
        }
        depth += look.peek() == '(' ? 1 : look.peek() == ')' ? -1 : 0;
        look.skip();
    } while (depth > 0);
    look.skipBlanks();
    if (look.peek() == '?')
        return Group::Condition;
    if (look.peek() == '!')
        return Group::Assignments;
    return look.expected("'?' after a condition or '!' after assignments");
}

Result<void> RuleParser::condition(RuleAlternative& out)
{
    m_cursor.skip();
    Result<Condition> read = takeCondition(m_cursor);
    if (!read.has_value())
        return fail(read.error());
    if (!m_cursor.take(")"))
        return m_cursor.expected("'and' or ')'");
    m_cursor.skipBlanks();
    m_cursor.skip();
    out.condition = std::move(*read);
    return {};
}

Result<void> RuleParser::assignments(RuleAlternative& out)
{
    m_cursor.skip();
    while (true) {
        m_cursor.skipBlanks();
        if (!out.assignments.empty() && m_cursor.take(")"))
            break;
        const std::size_t begin = m_cursor.at();
        while (isNameCharacter(m_cursor.peek()))
            m_cursor.skip();
        const std::string_view name = m_cursor.from(begin);
        if (name.empty())
            return m_cursor.expected("the name of a parameter");
        m_cursor.skipBlanks();
        if (!m_cursor.take("="))
            return m_cursor.expected("'='");
        m_cursor.skipBlanks();
        const Result<std::string_view> value = m_cursor.takeQuoted();
        if (!value.has_value())
            return fail(value.error());
        out.assignments.push_back({std::string{name}, std::string{*value}});
        m_cursor.skipBlanks();
        if (!m_cursor.take(";") && m_cursor.peek() != ')')
            return m_cursor.expected("';' or ')'");
    }
    m_cursor.skipBlanks();
    m_cursor.skip();
    return {};
}

Result<void> RuleParser::options(RuleAlternative& out)
{
    if (m_kind == RuleKind::Upgrade)
        return m_cursor.expected("a URL; an upgrade rule has no options");
    m_cursor.skip();
    for (bool first = true;; first = false) {
        const Result<OptionName> name = optionName(first);
        if (!name.has_value())
            return fail(name.error());
        RuleOption option{*name, {}, {}};
        if (takesArgument(*name)) {
            m_cursor.skipBlanks();
            const std::size_t at = m_cursor.at() + (m_cursor.peek() == '"' ? 1 : 0);
            const Result<std::string_view> written = argument();
            if (!written.has_value())
                return fail(written.error());
            option.written = *written;
            option.value = filledIn(*written, at);
        }
        out.options.push_back(std::move(option));
        m_cursor.skipBlanks();
        if (m_cursor.take("]"))
            return {};
    }
}

Result<OptionName> RuleParser::optionName(bool first)
{
    if (first && m_cursor.take("key "))
        return OptionName::Key;
    m_cursor.skipBlanks();
    const std::size_t begin = m_cursor.at();
    while (isNameCharacter(m_cursor.peek()))
        m_cursor.skip();
    const std::string_view word = m_cursor.from(begin);
    for (std::size_t i = 0; i < optionNames.size(); ++i) {
        const OptionName option{static_cast<std::uint8_t>(i)};
        if (word == optionNames[i] && isAllowed(option, m_kind))
            return option;
    }
    m_cursor.moveTo(begin);
    return m_cursor.expected(m_kind == RuleKind::Report
                                 ? "--key, --uid, --pwd, --post, --alias, --srv, --delta, --status or ']'"
                                 : "--key, --uid, --pwd, --post, --alias, --srv or ']'");
}

Result<std::string_view> RuleParser::argument()
{
    if (m_cursor.peek() == '"')
        return m_cursor.takeQuoted();
    const std::size_t begin = m_cursor.at();
    while (!m_cursor.atEnd() && m_cursor.peek() != ']' && !RuleCursor::isBlank(m_cursor.peek()))
        m_cursor.skip();
    const std::string_view word = m_cursor.from(begin);
    if (word.empty() || word.starts_with("--")) {
        m_cursor.moveTo(begin);
        return m_cursor.expected("the option's argument; one that begins with '--' has to be in quotes");
    }
    return word;
}

// The argument that stands at `at`, with $SA to $SD replaced by what they stand for.
std::string RuleParser::filledIn(std::string_view written, std::size_t at) const
{
    std::string out;
    std::size_t done = 0;
    for (const ExpandedRule::Secret& secret : m_secrets) {
        if (secret.at < at || secret.at + secret.length > at + written.size())
            continue;
        out += written.substr(done, secret.at - at - done);
        out += secret.value;
        done = secret.at - at + secret.length;
    }
    return out += written.substr(done);
}

// Up to the next alternative; in a report rule a blank ends it, too, for another rule may follow.
std::string RuleParser::url()
{
    const std::size_t begin = m_cursor.at();
    while (!m_cursor.atEnd() && m_cursor.peek() != '|' &&
           !(m_kind == RuleKind::Report && RuleCursor::isBlank(m_cursor.peek())))
        m_cursor.skip();
    std::string_view text = m_cursor.from(begin);
    while (!text.empty() && RuleCursor::isBlank(text.back()))
        text.remove_suffix(1);
    return std::string{text};
}

// Whether there is anything to read.
bool isBlankOrComment(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || text[first] == '#';
}

Error tooLong()
{
    return fail(ErrorKind::TooLarge,
                fmt::format("rule: longer than {} bytes after macro expansion", maxExpandedBytes));
}

void append(std::string& out, const RuleOption& option, Secrets secrets)
{
    out += name(option.name);
    if (!takesArgument(option.name))
        return;
    if (secrets == Secrets::Hidden) {
        out += fmt::format(" {}", hidden);
        return;
    }
    const bool plain = !option.written.empty() && !option.written.starts_with("--") &&
                       option.written.find_first_of(" \t\r\n]") == std::string::npos;
    out += plain ? fmt::format(" {}", option.written) : fmt::format(" \"{}\"", option.written);
}

void append(std::string& out, const RuleAlternative& alternative, Secrets secrets)
{
    if (alternative.condition)
        out += fmt::format("({})? ", print(*alternative.condition));
    if (!alternative.assignments.empty()) {
        out += '(';
        for (const RuleAssignment& one : alternative.assignments)
            out += fmt::format("{}{} = \"{}\";", out.ends_with('(') ? "" : " ", one.name,
                               secrets == Secrets::Hidden ? hidden : std::string_view{one.value});
        out += ")! ";
    }
    if (!alternative.options.empty()) {
        out += '[';
        for (const RuleOption& option : alternative.options) {
            out += out.ends_with('[') ? "" : " ";
            append(out, option, secrets);
        }
        out += "] ";
    }
    out += alternative.url;
}

}  // namespace

std::string_view name(OptionName option)
{
    return optionNames[static_cast<std::size_t>(option)];
}

Result<Rule> parseRule(const ExpandedRule& rule, RuleKind kind)
{
    if (rule.tooLong || rule.text.size() > maxExpandedBytes)
        return tooLong();
    if (isBlankOrComment(rule.text))
        return Rule{};
    RuleParser parser{rule, kind};
    Result<Rule> read = parser.rule();
    if (read.has_value() && !parser.cursor().atEnd())
        return parser.cursor().expected("the end of the rule or '|'");
    return read;
}

Result<std::vector<Rule>> parseReportRules(const ExpandedRule& rules)
{
    if (rules.tooLong || rules.text.size() > maxExpandedBytes)
        return tooLong();
    std::vector<Rule> all;
    if (isBlankOrComment(rules.text))
        return all;
    RuleParser parser{rules, RuleKind::Report};
    while (!parser.cursor().atEnd()) {
        if (all.size() == mostReportRules)
            return parser.cursor().expected("the end: a report rule has two parts at most");
        Result<Rule> read = parser.rule();
        if (!read.has_value())
            return fail(read.error());
        all.push_back(std::move(*read));
    }
    return all;
}

std::string print(const Rule& rule, Secrets secrets)
{
    std::string out;
    for (std::size_t i = 0; i < rule.alternatives.size(); ++i) {
        if (i > 0)
            out += " | ";
        append(out, rule.alternatives[i], secrets);
    }
    return out;
}

std::string withoutSecrets(std::string_view rule)
{
    if (rule.find_first_of("[!") == std::string_view::npos)
        return std::string{rule};
    const Result<std::vector<Rule>> read = parseReportRules({std::string{rule}, {}, false});
    if (!read.has_value())
        return "(a rule that cannot be read)";
    std::string out;
    for (const Rule& one : *read)
        out += (out.empty() ? "" : " ") + print(one, Secrets::Hidden);
    return out;
}

}  // namespace emulator
