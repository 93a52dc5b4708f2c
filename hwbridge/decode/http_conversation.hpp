#pragma once

#include "hwbridge/decode/http_body.hpp"
#include "hwbridge/decode/http_head.hpp"
#include "hwbridge/decode/stream_events.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace hwbridge {

// HTTP/1 on one connection: requests one way, responses the other, each response joined to its request in order.
// What the rig itself reads, known by its User-Agent, is `by: rig` together with its answer (design decision D12).
// After bytes that are missing or senseless it waits for a segment that begins with a message.
class HttpConversation {
public:
    static constexpr std::size_t mostPending =
        256;  // requests that wait for their responses; then the oldest goes

    HttpConversation(emulator::TrafficTrace& secrets, std::uint64_t hashSeed, std::uint64_t hashMask);

    // Begins another connection, with the memory of the last one.
    void open(StreamEvents& events);
    // The next bytes of a side; each call begins where a segment does.
    void bytes(Side side, std::string_view bytes, const Moment& moment);
    // The first bytes of this side were not seen.
    void waitForStart(Side side) { half(side).state = State::Lost; }
    void gap(Side side, std::uint64_t missing, const Moment& moment);
    void end(Side side, StreamEnd how, const Moment& moment);
    // The two ends agreed to speak something else (101, or a 2xx answer to CONNECT).
    bool isTunnel() const { return m_tunnel; }
    // Of the last bytes(): those behind the message that made it a tunnel.
    std::string_view tunnelled() const { return m_tunnelled; }
    // What is inside the tunnel is HTTP again.
    void goInside() { m_tunnel = false; }
    std::uint32_t lastExchange() const { return m_exchanges; }
    std::size_t unanswered() const { return m_pending.size(); }
    std::uint64_t senseless() const { return m_senseless; }  // bytes that were part of no message
    std::size_t held() const;

private:
    enum class State : std::uint8_t { Head, Body, Lost };
    struct Half {
        State state = State::Head;
        bool resynchronised = false;
        std::string waiting;  // of a head that is not complete
        HttpHead head;
        HttpBody body;
        std::uint32_t exchange = 0;
        std::string answered;  // method of the request that this response answers
        bool rigs = false;     // its message belongs to a reading of the rig's own
    };
    struct Pending {
        std::uint32_t exchange = 0;
        std::string method;
        bool rigs = false;
    };

    Half& half(Side side) { return m_halves[index(side)]; }
    std::string_view readHead(Side side, std::string_view bytes, const Moment& moment);
    void headComplete(Side side, std::string_view text);
    void takeRequest(Half& half);
    void messageComplete(Side side, const Moment& moment);
    void lose(Side side);
    void malformed(Side side, std::string_view found, std::string_view what, const Moment& moment);

    StreamEvents* m_events = nullptr;
    emulator::TrafficTrace& m_secrets;
    std::uint64_t m_hashSeed;
    std::uint64_t m_hashMask;
    std::array<Half, 2> m_halves;
    std::deque<Pending> m_pending;
    std::uint32_t m_exchanges = 0;
    std::uint64_t m_senseless = 0;
    bool m_tunnel = false;
    std::string_view m_tunnelled;
};

}  // namespace hwbridge
