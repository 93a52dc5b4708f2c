#include "emulator/provisioning/rule_cursor.hpp"

#include <fmt/format.h>

namespace emulator {

Result<std::string_view> RuleCursor::takeQuoted()
{
    const std::size_t end = m_text.find('"', m_at + 1);
    if (peek() != '"' || end == std::string_view::npos)
        return expected("text in double quotes");
    const std::string_view text = m_text.substr(m_at + 1, end - m_at - 1);
    m_at = end + 1;
    return text;
}

Error RuleCursor::expected(std::string_view what) const
{
    return fail(ErrorKind::Malformed, fmt::format("rule, at character {}: expected {}", m_at + 1, what));
}

}  // namespace emulator
