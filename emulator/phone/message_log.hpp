#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

// The last lines a phone logged, for Info > Debug Info > messages (SYSLOG-WEB-MESSAGES). Bounded: the oldest lines
// leave first. Our choice of size: a fleet of a million has to hold it in memory.
class MessageLog {
public:
    static constexpr std::size_t maxBytes = 480;

    void add(std::string_view line);
    std::string_view text() const { return m_text; }  // lines ended by '\n', oldest first

private:
    std::string m_text;
};

}  // namespace emulator
