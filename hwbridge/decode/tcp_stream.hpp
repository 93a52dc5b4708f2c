#pragma once

#include "hwbridge/decode/ip_view.hpp"
#include "hwbridge/decode/moment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Who reads the bytes of one direction, in order and once.
class StreamReader {
public:
    virtual ~StreamReader() = default;
    virtual void bytes(std::string_view bytes, const Moment& moment) = 0;
    // So many bytes follow that nobody has. `cut`: the capture cut the packet that carried them.
    virtual void gap(std::uint64_t missing, bool cut, const Moment& moment) = 0;
};

// One direction of a TCP connection: puts its segments in order (RFC 9293 section 3.10.7.4).
//
// - Segments in order are read where they are; early ones are copied and wait. They are read at the moment of the segment
//   that fills the hole before them; behind a hole that is given up, at their own.
// - Of bytes sent twice the first copy counts. Differing copies are told as long as the first is remembered: while it
//   waits, and for the last `rememberedBytes` that were read.
// - A hole is given up, and told as a gap, once the receiver has acknowledged it and `patience` more packets of the
//   connection have not brought it (captures mix the two directions' order a little), when more waits behind it than
//   `mostWaitingBytes` or `mostWaiting`, or at the end.
class TcpStream {
public:
    static constexpr std::size_t rememberedBytes = 4096;
    static constexpr std::size_t mostWaiting = 256;
    static constexpr std::size_t mostWaitingBytes = 256u << 10;
    static constexpr int patience = 8;

    enum class Seen : std::uint8_t {
        Nothing,   // a segment without payload
        New,       // brought bytes that were read or wait
        Again,     // all of it was there before
        Conflict,  // brought other bytes than those that were there before
    };

    void reset();
    // One segment of this direction.
    Seen segment(const TcpView& view, const Moment& moment, StreamReader& reader);
    // The other side has all bytes before this number.
    void acknowledged(std::uint32_t number);
    // After each packet of the connection, of either direction.
    void packetPassed(const Moment& moment, StreamReader& reader)
    {
        if (m_acknowledgedAhead && ++m_passed > patience)
            giveUpHole(moment, reader);
    }
    // No more will come: what waits is read, with the gaps before it.
    void flush(const Moment& moment, StreamReader& reader);

    // Memory for what is remembered, for the next stream to use: a stream that is over needs it no more.
    std::string takeMemory();
    void giveMemory(std::string memory) { m_tail = std::move(memory); }

    bool started() const { return m_started; }
    bool fromStart() const { return m_fromStart; }  // its SYN was seen
    std::uint32_t first() const { return m_first; }
    bool finished() const { return m_finished; }  // its FIN and all before it were seen
    std::size_t held() const
    {
        return m_waitingBytes + m_waiting.capacity() * sizeof(Waiting) + m_tail.capacity();
    }

private:
    struct Waiting {
        std::uint32_t from = 0;
        std::string bytes;
        std::size_t missing = 0;  // cut off behind `bytes`
        Moment moment;
    };

    std::int32_t ahead(std::uint32_t number) const { return static_cast<std::int32_t>(number - m_next); }
    void deliver(std::string_view bytes, std::size_t missing, const Moment& moment, StreamReader& reader);
    // `filled`: when the hole before what waits was filled; null: it was given up.
    void deliverWaiting(const Moment* filled, StreamReader& reader);
    bool hold(std::uint32_t from, std::string_view bytes, std::size_t missing, const Moment& moment,
              Seen& seen);
    bool conflictsWithTail(std::string_view bytes, std::size_t before) const;
    void remember(std::string_view bytes);
    void giveUpHole(const Moment& moment, StreamReader& reader);
    void checkFinished();

    std::uint32_t m_next = 0;  // the number of the next byte to read
    std::uint32_t m_first = 0;
    std::uint32_t m_acknowledged = 0;
    std::optional<std::uint32_t> m_fin;  // its number
    bool m_started = false;
    bool m_fromStart = false;
    bool m_finished = false;
    bool m_acknowledgedAhead = false;
    int m_passed = 0;
    std::vector<Waiting> m_waiting;  // in order, disjoint
    std::size_t m_waitingBytes = 0;
    std::string m_tail;  // the last bytes that were read
};

}  // namespace hwbridge
