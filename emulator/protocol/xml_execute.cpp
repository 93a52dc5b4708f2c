#include "emulator/protocol/xml_execute.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace emulator {

namespace {

constexpr std::string_view rootSuffix = "Execute";
constexpr std::string_view blanks = " \t\r\n";

Error noXmlObject(std::string_view expected)
{
    return fail(ErrorKind::Malformed, fmt::format("XML object: expected {}", expected));
}

bool isNameChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string withoutReferences(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> references{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        const auto* const found = std::find_if(references.begin(), references.end(),
                                               [&](const auto& one) { return text.starts_with(one.first); });
        out += found == references.end() ? text.front() : found->second;
        text.remove_prefix(found == references.end() ? 1 : found->first.size());
    }
    return out;
}

class Reader {
public:
    explicit Reader(std::string_view text) : m_rest{text} {}

    Result<XmlExecute> read()
    {
        skipMisc();
        if (!take("<"))
            return noXmlObject("an element such as <CP-7832-3PCCExecute>");
        const std::string_view root = takeName();
        if (!root.ends_with(rootSuffix) || root.size() == rootSuffix.size())
            return noXmlObject("a root element such as CP-7832-3PCCExecute");
        skipBlanks();
        if (!take(">"))
            return noXmlObject(fmt::format("\">\" after {}", root));
        skipMisc();
        XmlExecute object{std::string{root.substr(0, root.size() - rootSuffix.size())}, {}};
        const Result<void> item = readItem(object);
        if (item.has_error())
            return item.error();
        skipMisc();
        if (!take("</") || takeName() != root)
            return noXmlObject(fmt::format("</{}> after one ExecuteItem", root));
        skipBlanks();
        if (!take(">"))
            return noXmlObject(fmt::format("\">\" after </{}", root));
        skipMisc();
        if (!m_rest.empty())
            return noXmlObject("nothing after the object");
        return object;
    }

private:
    Result<void> readItem(XmlExecute& object)
    {
        constexpr std::string_view element = "ExecuteItem";
        if (!take("<") || takeName() != element)
            return noXmlObject("one ExecuteItem");
        bool found = false;
        while (true) {
            skipBlanks();
            if (take("/>"))
                break;
            if (take(">")) {
                skipBlanks();
                if (!take("</ExecuteItem>"))
                    return noXmlObject("</ExecuteItem>");
                break;
            }
            const std::string_view name = takeName();
            skipBlanks();
            if (name.empty() || !take("="))
                return noXmlObject("URL=Resync:rule in ExecuteItem");
            skipBlanks();
            const bool isUrl = equalsAnyCase(name, "URL");
            if (found && isUrl)
                return noXmlObject("one URL in ExecuteItem");
            const Result<std::string_view> value = takeValue();
            if (value.has_error())
                return value.error();
            if (isUrl) {
                object.url = withoutReferences(*value);
                found = true;
            }
        }
        if (!found)
            return noXmlObject("URL=Resync:rule in ExecuteItem");
        return {};
    }

    Result<std::string_view> takeValue()
    {
        if (m_rest.starts_with('"') || m_rest.starts_with('\'')) {
            const std::size_t end = m_rest.find(m_rest.front(), 1);
            if (end == std::string_view::npos)
                return noXmlObject("a closing quote");
            const std::string_view value = m_rest.substr(1, end - 1);
            m_rest.remove_prefix(end + 1);
            return value;
        }
        std::size_t end = m_rest.find('>');
        if (end == std::string_view::npos)
            return noXmlObject("\"/>\" after ExecuteItem");
        if (end > 0 && m_rest[end - 1] == '/')
            --end;
        // A rule with options holds blanks itself, so that only the other known attribute ends it.
        end = std::min(end, m_rest.substr(0, end).find(" Priority="));
        std::string_view value = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        return value.substr(0, value.find_last_not_of(blanks) + 1);
    }

    // White space, the declaration, comments, a byte order mark.
    void skipMisc()
    {
        take("\xef\xbb\xbf");
        while (true) {
            skipBlanks();
            const std::string_view end = m_rest.starts_with("<?")     ? "?>"
                                         : m_rest.starts_with("<!--") ? "-->"
                                                                      : std::string_view{};
            const std::size_t at = end.empty() ? std::string_view::npos : m_rest.find(end);
            if (at == std::string_view::npos)
                return;
            m_rest.remove_prefix(at + end.size());
        }
    }

    void skipBlanks() { m_rest.remove_prefix(std::min(m_rest.find_first_not_of(blanks), m_rest.size())); }

    bool take(std::string_view text)
    {
        if (!m_rest.starts_with(text))
            return false;
        m_rest.remove_prefix(text.size());
        return true;
    }

    std::string_view takeName()
    {
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), isNameChar);
        const std::string_view name = m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
        m_rest.remove_prefix(name.size());
        return name;
    }

    std::string_view m_rest;
};

}  // namespace

Result<XmlExecute> parseXmlExecute(std::string_view text)
{
    if (text.size() > maxXmlExecuteBytes)
        return fail(ErrorKind::TooLarge, fmt::format("XML object of {} bytes, expected at most {}",
                                                     text.size(), maxXmlExecuteBytes));
    return Reader{text}.read();
}

}  // namespace emulator
