#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <string_view>

namespace emulator {

// Reads a rule or expression from left to right. Its errors say where and what was expected, but never show the text:
// options in brackets hold secrets.
class RuleCursor {
public:
    explicit RuleCursor(std::string_view text) : m_text{text} {}

    static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

    std::size_t at() const { return m_at; }
    void moveTo(std::size_t at) { m_at = at; }
    bool atEnd() const { return m_at == m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    std::string_view rest() const { return m_text.substr(m_at); }
    std::string_view from(std::size_t begin) const { return m_text.substr(begin, m_at - begin); }

    void skip(std::size_t count = 1) { m_at += count; }
    void skipBlanks()
    {
        while (!atEnd() && isBlank(peek()))
            ++m_at;
    }
    bool take(std::string_view wanted)
    {
        if (!rest().starts_with(wanted))
            return false;
        m_at += wanted.size();
        return true;
    }

    // Reads "…" and gives what is between the quotes. Errors: Malformed.
    Result<std::string_view> takeQuoted();

    // Errors: Malformed: "rule, at character 7: expected …".
    Error expected(std::string_view what) const;

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

}  // namespace emulator
