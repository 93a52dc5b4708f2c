#include "hwbridge/decode/tcp_stream.hpp"

#include <algorithm>

namespace hwbridge {

void TcpStream::reset()
{
    m_next = m_first = m_acknowledged = 0;
    m_fin.reset();
    m_started = m_fromStart = m_finished = m_acknowledgedAhead = false;
    m_passed = 0;
    m_waiting.clear();
    m_waitingBytes = 0;
    m_tail.clear();
}

std::string TcpStream::takeMemory()
{
    std::string memory = std::move(m_tail);
    m_tail.clear();
    memory.clear();
    return memory;
}

void TcpStream::remember(std::string_view bytes)
{
    if (bytes.size() >= rememberedBytes) {
        m_tail.assign(bytes.substr(bytes.size() - rememberedBytes));
        return;
    }
    if (m_tail.size() + bytes.size() > 2 * rememberedBytes)
        m_tail.erase(0, m_tail.size() - rememberedBytes);
    m_tail.append(bytes);
}

// Whether `bytes`, the first of which lies `before` bytes before the next one, differ from what was read there.
bool TcpStream::conflictsWithTail(std::string_view bytes, std::size_t before) const
{
    if (before > m_tail.size()) {
        const std::size_t forgotten = before - m_tail.size();
        if (forgotten >= bytes.size())
            return false;
        bytes.remove_prefix(forgotten);
        before -= forgotten;
    }
    return std::string_view{m_tail}.substr(m_tail.size() - before, bytes.size()) != bytes;
}

void TcpStream::checkFinished()
{
    if (m_fin && ahead(*m_fin) <= 0)
        m_finished = true;
}

void TcpStream::deliver(std::string_view bytes, std::size_t missing, const Moment& moment,
                        StreamReader& reader)
{
    if (!bytes.empty()) {
        m_next += static_cast<std::uint32_t>(bytes.size());
        remember(bytes);
        reader.bytes(bytes, moment);
    }
    if (missing > 0) {
        m_next += static_cast<std::uint32_t>(missing);
        m_tail.clear();
        reader.gap(missing, true, moment);
    }
}

void TcpStream::deliverWaiting(const Moment* filled, StreamReader& reader)
{
    std::size_t read = 0;
    while (read < m_waiting.size() && ahead(m_waiting[read].from) <= 0) {
        Waiting& next = m_waiting[read++];
        m_waitingBytes -= next.bytes.size();
        const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead(next.from)));
        if (known >= next.bytes.size() + next.missing)
            continue;
        const std::size_t skipped = std::min(known, next.bytes.size());
        deliver(std::string_view{next.bytes}.substr(skipped), next.missing - (known - skipped),
                filled != nullptr ? *filled : next.moment, reader);
    }
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(read));
    if (ahead(m_acknowledged) <= 0)
        m_acknowledgedAhead = false;
    checkFinished();
}

// Keeps the parts of an early segment that nobody has yet. False: all of it was there.
bool TcpStream::hold(std::uint32_t from, std::string_view bytes, std::size_t missing, const Moment& moment,
                     Seen& seen)
{
    bool fresh = false;
    const std::size_t count = bytes.size() + missing;
    std::size_t at = 0;  // how much of the segment was looked at
    const auto keep = [&](std::size_t position, std::size_t until) {
        const std::size_t here = std::min(until, bytes.size());
        Waiting piece{static_cast<std::uint32_t>(from + at), {}, 0, moment};
        if (at < here)
            piece.bytes = bytes.substr(at, here - at);
        piece.missing = until - std::max(at, here);
        m_waitingBytes += piece.bytes.size();
        m_waiting.insert(m_waiting.begin() + static_cast<std::ptrdiff_t>(position), std::move(piece));
        at = until;
        fresh = true;
    };
    // Where an early segment belongs is nearly always the end.
    std::size_t position = m_waiting.size();
    while (position > 0 && ahead(m_waiting[position - 1].from) > ahead(from))
        --position;
    if (position > 0)
        --position;
    while (at < count) {
        if (position == m_waiting.size()) {
            keep(position, count);
            break;
        }
        const Waiting& there = m_waiting[position];
        const std::int64_t begin = static_cast<std::int64_t>(ahead(there.from)) - ahead(from);
        const std::int64_t end = begin + static_cast<std::int64_t>(there.bytes.size() + there.missing);
        if (end <= static_cast<std::int64_t>(at)) {
            ++position;
            continue;
        }
        if (begin >= static_cast<std::int64_t>(count)) {
            keep(position, count);
            break;
        }
        if (begin > static_cast<std::int64_t>(at)) {
            keep(position, static_cast<std::size_t>(begin));
            ++position;
            continue;
        }
        const auto inside = static_cast<std::size_t>(static_cast<std::int64_t>(at) - begin);
        const std::size_t until = std::min(count, static_cast<std::size_t>(end));
        const std::string_view mine = at < bytes.size() ? bytes.substr(at, until - at) : std::string_view{};
        const std::string_view theirs =
            inside < there.bytes.size() ? std::string_view{there.bytes}.substr(inside) : std::string_view{};
        const std::size_t shared = std::min(mine.size(), theirs.size());
        if (mine.substr(0, shared) != theirs.substr(0, shared))
            seen = Seen::Conflict;
        at = until;
        ++position;
    }
    return fresh;
}

TcpStream::Seen TcpStream::segment(const TcpView& view, const Moment& moment, StreamReader& reader)
{
    std::uint32_t from = view.sequence;
    if (view.syn) {
        if (!m_started) {
            m_started = m_fromStart = true;
            m_first = m_next = from + 1;
        }
        ++from;
    }
    std::string_view bytes = view.payload;
    std::size_t missing = view.missing;
    const std::size_t count = bytes.size() + missing;
    if (!m_started && (count > 0 || view.fin)) {
        m_started = true;
        m_first = m_next = from;
    }
    if (view.fin && !m_fin) {
        m_fin = static_cast<std::uint32_t>(from + count);
        checkFinished();
    }
    if (count == 0)
        return Seen::Nothing;
    if (ahead(from) == -1 && count == 1)
        return Seen::Again;  // a keep-alive: its byte means nothing (RFC 9293 section 3.8.4)

    Seen seen = Seen::New;
    if (ahead(from) > 0) {
        if (!hold(from, bytes, missing, moment, seen) && seen != Seen::Conflict)
            seen = Seen::Again;
        if (m_waiting.size() > mostWaiting || m_waitingBytes > mostWaitingBytes)
            giveUpHole(moment, reader);
        return seen;
    }
    if (const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead(from))); known > 0) {
        const std::string_view again = bytes.substr(0, known);
        if (conflictsWithTail(again, known))
            seen = Seen::Conflict;
        if (known >= count)
            return seen == Seen::Conflict ? seen : Seen::Again;
        bytes.remove_prefix(again.size());
        missing -= known - again.size();
        if (bytes.empty() && missing == 0)
            return seen;
    }
    deliver(bytes, missing, moment, reader);
    deliverWaiting(&moment, reader);
    return seen;
}

void TcpStream::acknowledged(std::uint32_t number)
{
    if (!m_started || ahead(number) <= 0 || (m_fin && ahead(*m_fin) <= 0))
        return;
    if (!m_acknowledgedAhead)
        m_passed = 0;
    m_acknowledgedAhead = true;
    m_acknowledged = number;
}

void TcpStream::giveUpHole(const Moment& moment, StreamReader& reader)
{
    std::uint32_t until = m_waiting.empty() ? m_acknowledged : m_waiting.front().from;
    if (m_waiting.empty() && m_fin && static_cast<std::int32_t>(until - *m_fin) > 0)
        until = *m_fin;
    m_acknowledgedAhead = false;
    m_passed = 0;
    const std::int32_t missing = ahead(until);
    if (missing <= 0)
        return;
    if (m_waiting.empty() && missing == 1 && !m_fin) {
        m_fin = m_next;  // what was acknowledged and not seen is the FIN itself
        checkFinished();
        return;
    }
    m_next = until;
    m_tail.clear();
    reader.gap(static_cast<std::uint64_t>(missing), false, moment);
    deliverWaiting(nullptr, reader);
    checkFinished();
}

void TcpStream::flush(const Moment& moment, StreamReader& reader)
{
    while (!m_waiting.empty()) {
        const Moment came = m_waiting.front().moment;
        giveUpHole(came, reader);
    }
    if (m_acknowledgedAhead)
        giveUpHole(moment, reader);
}

}  // namespace hwbridge
