#include "emulator/provisioning/macro.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace emulator {

namespace {

bool isLetterOrDigit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::size_t runLength(std::string_view text, bool withUnderscore)
{
    std::size_t length = 0;
    while (length < text.size() && (isLetterOrDigit(text[length]) || (withUnderscore && text[length] == '_')))
        ++length;
    return length;
}

// Reads ":p" at the start of `text` and takes it off.
std::optional<std::size_t> takeCut(std::string_view& text)
{
    if (!text.starts_with(':'))
        return std::nullopt;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

// The part of a value that ":p" or ":p:q" asks for; what was in `out` before `before` stays.
void cutOut(std::string& out, std::size_t before, std::optional<std::size_t> offset,
            std::optional<std::size_t> length)
{
    if (!offset)
        return;
    out.erase(before, std::min(*offset, out.size() - before));
    if (length && out.size() - before > *length)
        out.resize(before + *length);
}

// One pass over a text. With `secrets` it also writes down where $SA to $SD stand.
class Expander {
public:
    Expander(const MacroSource& values, std::vector<ExpandedRule::Secret>* secrets)
        : m_values{values},
          m_secrets{secrets}
    {}

    std::string expand(std::string_view text);
    bool wasCut() const { return m_cut; }

private:
    bool appendValue(std::string_view name, std::optional<std::size_t> offset,
                     std::optional<std::size_t> length, std::string_view written);
    std::size_t takeParenthesis(std::string_view text, std::string_view written);
    std::size_t takeName(std::string_view text, std::string_view written);

    const MacroSource& m_values;
    std::vector<ExpandedRule::Secret>* m_secrets;
    std::string m_out;
    bool m_cut = false;
};

// `written` begins at the '$', up to the end of the text.
bool Expander::appendValue(std::string_view name, std::optional<std::size_t> offset,
                           std::optional<std::size_t> length, std::string_view written)
{
    const std::size_t before = m_out.size();
    if (m_values.append(name, m_out)) {
        cutOut(m_out, before, offset, length);
        return true;
    }
    std::string secret;
    if (m_secrets == nullptr || !m_values.appendSecret(name, secret))
        return false;
    cutOut(secret, 0, offset, length);
    m_secrets->push_back({before, written.size(), std::move(secret)});
    m_out += written;
    return true;
}

// Expands "(NAME:p:q)" at the start of `text`. Returns how many characters it took; 0 when it is no macro.
std::size_t Expander::takeParenthesis(std::string_view text, std::string_view written)
{
    const std::size_t close = text.find(')');
    if (close == std::string_view::npos)
        return 0;
    std::string_view rest = text.substr(1, close - 1);
    const std::string_view name = rest.substr(0, runLength(rest, true));
    rest.remove_prefix(name.size());
    const std::optional<std::size_t> offset = takeCut(rest);
    const std::optional<std::size_t> length = offset ? takeCut(rest) : std::nullopt;
    if (name.empty() || !rest.empty() || !appendValue(name, offset, length, written.substr(0, close + 2)))
        return 0;
    return close + 1;
}

// Expands the name at the start of `text`. Returns how many characters it took; 0 when there is no known name.
std::size_t Expander::takeName(std::string_view text, std::string_view written)
{
    const std::size_t longest = runLength(text, true);
    const std::size_t shorter = runLength(text, false);
    for (const std::size_t length : {longest, shorter})
        if (length > 0 && appendValue(text.substr(0, length), {}, {}, written.substr(0, length + 1)))
            return length;
    return 0;
}

std::string Expander::expand(std::string_view text)
{
    m_out.reserve(text.size() + 64);
    while (!text.empty() && m_out.size() <= maxExpandedBytes) {
        const std::size_t dollar = text.find('$');
        m_out.append(text.substr(0, dollar));
        if (dollar == std::string_view::npos)
            break;
        const std::string_view written = text.substr(dollar);
        text = written.substr(1);
        std::size_t taken = 0;
        if (text.starts_with('$')) {
            m_out += '$';
            taken = 1;
        } else if (text.starts_with('(')) {
            taken = takeParenthesis(text, written);
        } else {
            taken = takeName(text, written);
        }
        if (taken == 0)
            m_out += '$';
        text.remove_prefix(taken);
    }
    m_cut = m_out.size() > maxExpandedBytes;
    if (m_cut)
        m_out.resize(maxExpandedBytes);
    return std::move(m_out);
}

}  // namespace

std::string expandMacros(std::string_view text, const MacroSource& values)
{
    return Expander{values, nullptr}.expand(text);
}

ExpandedRule expandRule(std::string_view text, const MacroSource& values)
{
    ExpandedRule rule;
    Expander expander{values, &rule.secrets};
    rule.text = expander.expand(text);
    rule.tooLong = expander.wasCut();
    return rule;
}

}  // namespace emulator
