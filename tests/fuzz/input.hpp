#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

// What has to hold whatever the input: ends the program, which libFuzzer and ctest both report.
inline void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

// Takes pieces off the front of the input, so that one input can be several datagrams or arrivals.
class Pieces {
public:
    explicit Pieces(std::string_view bytes) : m_rest{bytes} {}

    bool empty() const { return m_rest.empty(); }

    std::uint8_t byte()
    {
        if (m_rest.empty())
            return 0;
        const auto value = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return value;
    }

    // As long as the next two bytes say, or what is left.
    std::string_view piece()
    {
        const std::size_t high = byte();
        const std::size_t length = (high << 8) | byte();
        const std::string_view taken = m_rest.substr(0, length);
        m_rest.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view m_rest;
};

}  // namespace fuzz
