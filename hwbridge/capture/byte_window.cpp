#include "hwbridge/capture/byte_window.hpp"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

namespace hwbridge {

using emulator::Result;

void ByteWindow::take(std::size_t count)
{
    assert(count <= m_end - m_begin);
    m_begin += count;
    m_offset += count;
}

void ByteWindow::skip(std::uint64_t count)
{
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(count, m_end - m_begin));
    take(here);
    m_toSkip += count - here;
}

void ByteWindow::makeRoom(std::size_t wanted)
{
    const std::size_t waiting = m_end - m_begin;
    const std::size_t needed = std::max(wanted, usualBytes);
    if (needed > m_capacity) {
        std::unique_ptr<char[]> larger{new char[needed]};
        if (waiting > 0)
            std::memcpy(larger.get(), m_memory.get() + m_begin, waiting);
        m_memory = std::move(larger);
        m_capacity = needed;
    } else if (waiting > 0 && m_begin > 0) {
        std::memmove(m_memory.get(), m_memory.get() + m_begin, waiting);
    }
    m_begin = 0;
    m_end = waiting;
}

Result<bool> ByteWindow::fill(std::size_t wanted)
{
    makeRoom(wanted);
    if (m_end == m_capacity)
        return true;
    ssize_t got = 0;
    do
        got = ::read(m_descriptor, m_memory.get() + m_end, m_capacity - m_end);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return emulator::fail(emulator::ErrorKind::Refused, std::strerror(errno));
    if (got == 0)
        return false;
    m_end += static_cast<std::size_t>(got);
    if (m_toSkip > 0) {
        const std::uint64_t rest = std::exchange(m_toSkip, 0);
        skip(rest);
    }
    return true;
}

}  // namespace hwbridge
