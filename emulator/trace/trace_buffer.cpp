#include "emulator/trace/trace_buffer.hpp"

#include <algorithm>

namespace emulator {

std::string_view TraceBuffer::keep(std::string_view text)
{
    if (text.empty())
        return {};
    while (m_chunk < m_chunks.size() && m_chunks[m_chunk].capacity() - m_chunks[m_chunk].size() < text.size())
        ++m_chunk;
    if (m_chunk == m_chunks.size())
        m_chunks.emplace_back().reserve(std::max(chunkBytes, text.size()));
    std::string& chunk = m_chunks[m_chunk];
    const std::size_t at = chunk.size();
    chunk.append(text);  // within capacity: earlier views stay valid
    m_textBytes += text.size();
    return std::string_view{chunk}.substr(at, text.size());
}

void TraceBuffer::add(const TraceEvent& event)
{
    TraceEvent& kept = m_events.emplace_back(event);
    for (Field& field : kept.fields)
        if (auto* text = std::get_if<std::string_view>(&field.value))
            *text = keep(*text);
}

void TraceBuffer::clear()
{
    m_events.clear();
    for (std::string& chunk : m_chunks)
        chunk.clear();
    m_chunk = 0;
    m_textBytes = 0;
}

}  // namespace emulator
