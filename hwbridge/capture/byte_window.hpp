#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace hwbridge {

// The part of a file or pipe that is being looked at. Its memory grows only as far as fill() is asked to.
class ByteWindow {
public:
    static constexpr std::size_t usualBytes = 1u << 20;

    explicit ByteWindow(int descriptor) : m_descriptor{descriptor} {}

    // The bytes that were read and not taken yet.
    std::string_view bytes() const { return {m_memory.get() + m_begin, m_end - m_begin}; }
    std::uint64_t offset() const { return m_offset; }  // of their first one, in the file
    void take(std::size_t count);                      // at most as many as there are
    void skip(std::uint64_t count);                    // also bytes that have not been read yet

    // Reads once, so that at some time `wanted` bytes stand together. False: the file has no more.
    // Errors: Refused, with the system's reason.
    emulator::Result<bool> fill(std::size_t wanted);
    std::uint64_t unskipped() const { return m_toSkip; }

private:
    void makeRoom(std::size_t wanted);

    int m_descriptor;
    std::unique_ptr<char[]> m_memory;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::uint64_t m_offset = 0;
    std::uint64_t m_toSkip = 0;
};

}  // namespace hwbridge
