#include "emulator/phone/message_log.hpp"

namespace emulator {

void MessageLog::add(std::string_view line)
{
    line = line.substr(0, maxBytes - 1);
    const std::size_t needed = line.size() + 1;
    if (m_text.size() + needed > maxBytes) {
        std::size_t cut = m_text.find('\n', m_text.size() + needed - maxBytes - 1);
        m_text.erase(0, cut == std::string::npos ? cut : cut + 1);
    }
    // At once what it may ever hold: a fleet would else keep twice that, and the holes left by growing.
    if (m_text.capacity() < maxBytes)
        m_text.reserve(maxBytes);
    m_text += line;
    m_text += '\n';
}

}  // namespace emulator
