#include "hwbridge/bench/line_splitter.hpp"

#include <fmt/format.h>

namespace hwbridge {

emulator::Result<void> LineSplitter::feed(std::string_view bytes,
                                          const std::function<bool(std::string_view line)>& use)
{
    while (!bytes.empty() && !m_ended) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (m_begun.size() + piece.size() > m_longest) {
            m_ended = true;
            return emulator::fail(
                emulator::ErrorKind::TooLarge,
                fmt::format("found a line of more than {} bytes, expected a shorter one", m_longest));
        }
        if (end == std::string_view::npos) {
            m_begun += piece;
            return {};
        }
        std::string whole;
        std::string_view line = piece;
        if (!m_begun.empty()) {
            whole = std::move(m_begun);
            m_begun.clear();
            whole += piece;
            line = whole;
        }
        bytes.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty() && !use(line))
            m_ended = true;
    }
    return {};
}

}  // namespace hwbridge
