#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hwbridge {

// Where the texts of one event are made that do not stand in the packet as they are shown. Its memory is taken once.
// A text beyond `longestText` bytes is cut and ends in "…"; so is one for which the arena has no room left, which
// cannot happen to an event whose every field is a text of its own.
class TextArena {
public:
    static constexpr std::size_t longestText = 8192;

    TextArena() : m_bytes{new char[capacity]} {}  // touched only as far as it is used

    void clear() { m_used = 0; }  // what was handed out is gone

    std::string_view copy(std::string_view text);

    template <class... Args>
    std::string_view format(fmt::format_string<Args...> pattern, Args&&... args);

private:
    friend class TextMaker;
    static constexpr std::size_t capacity = 32 * longestText;

    std::unique_ptr<char[]> m_bytes;
    std::size_t m_used = 0;
};

// One text being made, piece by piece, at the end of the arena: only one at a time.
class TextMaker {
public:
    explicit TextMaker(TextArena& arena);

    bool empty() const { return m_size == 0; }
    void add(char c)
    {
        if (m_size < m_room)
            m_start[m_size++] = c;
        else
            m_cut = true;
    }
    void add(std::string_view text);
    void addNumber(std::uint64_t number);
    void addHex(std::string_view bytes);   // "0a1b"
    void addMac(std::string_view octets);  // "00:0e:08:aa:bb:cc", any number of octets
    void addIpv4(std::uint32_t address);   // "192.168.1.5"
    void addIpv4List(std::string_view octets, char separator = ' ');  // every four octets
    void addIpv6(std::string_view octets);                            // 16 of them, as RFC 5952 writes them
    // What separates this piece from one before it.
    void addSeparator(std::string_view separator)
    {
        if (m_size > 0)
            add(separator);
    }

    // Ends the text; valid until the arena is cleared.
    std::string_view finish();

private:
    TextArena& m_arena;
    char* m_start;
    std::size_t m_room;  // without the three bytes of "…"
    std::size_t m_size = 0;
    bool m_cut = false;
};

template <class... Args>
std::string_view TextArena::format(fmt::format_string<Args...> pattern, Args&&... args)
{
    fmt::basic_memory_buffer<char, 512> made;
    fmt::format_to(fmt::appender(made), pattern, std::forward<Args>(args)...);
    return copy({made.data(), made.size()});
}

}  // namespace hwbridge
