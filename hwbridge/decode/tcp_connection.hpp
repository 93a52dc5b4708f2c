#pragma once

#include "hwbridge/decode/http_conversation.hpp"
#include "hwbridge/decode/packet_fate.hpp"
#include "hwbridge/decode/sip_conversation.hpp"
#include "hwbridge/decode/stream_events.hpp"
#include "hwbridge/decode/tcp_stream.hpp"
#include "hwbridge/decode/tls_conversation.hpp"
#include "hwbridge/decode/wire_events.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

// Memory of connections that are over, for those that begin: a closed connection is remembered for a while, and should
// not keep its own out of the processor's caches.
struct SpareMemory {
    static constexpr std::size_t most = 64;              // of each
    static constexpr std::size_t mostBytes = 64u << 10;  // that a spare conversation may hold

    std::vector<std::unique_ptr<HttpConversation>> http;
    std::vector<std::string> streams;
};

// One TCP connection: both directions' bytes in order, recognised by their content on any port and handed to that
// protocol's conversation. Reused for the next connection, with its memory.
class TcpConnection : private StreamEvents {
public:
    static constexpr std::size_t longestStart = 16u
                                                << 10;  // bytes that may be needed to recognise a protocol

    TcpConnection(WireEvents& events, SpareMemory& spare) : m_events{events}, m_spare{spare} {}
    TcpConnection(const TcpConnection&) = delete;
    TcpConnection& operator=(const TcpConnection&) = delete;

    void open(std::uint32_t number, const WireEnd& a, const WireEnd& b);
    // Whether a SYN begins a new connection between the same ends.
    bool isReplacedBy(Side sender, const TcpView& view) const;
    PacketFate segment(Side sender, const TcpView& view, const Moment& moment);
    // No more packets will be looked at: what waits is read, messages that were not complete are told.
    void end(StreamEnd how, const Moment& moment);
    bool isOver() const { return m_over; }
    std::uint32_t number() const { return m_number; }
    // What was read is compared no more with what comes again; its memory is for the connections to come.
    void forgetBytes();
    std::size_t held() const;
    std::uint64_t senseless() const;  // bytes of known protocols that belong to no message

private:
    enum class Protocol : std::uint8_t { Undecided, Http, Tls, Sip, Unknown, Over };

    // Reads one side's bytes on behalf of a stream.
    class Reader : public StreamReader {
    public:
        Reader(TcpConnection& connection, Side side) : m_connection{connection}, m_side{side} {}
        void bytes(std::string_view bytes, const Moment& moment) override
        {
            m_connection.read(m_side, bytes, moment);
        }
        void gap(std::uint64_t missing, bool cut, const Moment& moment) override
        {
            m_connection.gap(m_side, missing, cut, moment);
        }

    private:
        TcpConnection& m_connection;
        Side m_side;
    };

    emulator::TraceEvent begin(emulator::EventKind kind, Side sender, const Moment& moment,
                               std::uint32_t exchange) override;
    void emit(emulator::TraceEvent& event) override;
    DatagramDecoder& datagrams() override { return m_events.datagrams(); }

    PacketFate payloadFate(TcpStream::Seen seen) const;
    void read(Side side, std::string_view bytes, const Moment& moment);
    void gap(Side side, std::uint64_t missing, bool cut, const Moment& moment);
    void recognise(Side side, std::string_view bytes, const Moment& moment);
    void converse(Side side, std::string_view bytes, const Moment& moment);
    std::optional<Protocol> protocolOf(std::string_view bytes) const;
    void become(Protocol protocol, Side side);
    void openHttp();
    void becomeUnknown();
    void becomeOver();
    void checkEnds(const Moment& moment);
    void endSide(Side side, StreamEnd how, const Moment& moment);
    bool wasReset(Side sender, const TcpView& view, const Moment& moment);
    void conflict(Side sender, const TcpView& view, const Moment& moment);
    std::uint32_t lastExchange() const;
    bool isInTheMiddle(Side side) const
    {
        return !m_streams[index(side)].fromStart() || m_holed[index(side)];
    }
    TcpStream& stream(Side side) { return m_streams[index(side)]; }

    WireEvents& m_events;
    SpareMemory& m_spare;
    std::uint32_t m_number = 0;
    std::array<WireEnd, 2> m_ends;
    Side m_sender = Side::A;  // of the event that is being made
    Protocol m_protocol = Protocol::Undecided;
    std::array<TcpStream, 2> m_streams;
    std::array<std::string, 2> m_starts;  // bytes that do not tell yet what they are
    std::array<bool, 2> m_ended{};
    std::array<bool, 2> m_holed{};  // something of that direction is missing
    std::array<bool, 2> m_cutTold{};
    bool m_over = false;
    std::uint64_t m_senseless = 0;     // of conversations that ended
    std::uint32_t m_lastExchange = 1;  // of the one that ended
    bool m_anything = false;           // a payload was seen
    std::unique_ptr<HttpConversation> m_http;
    std::unique_ptr<TlsConversation> m_tls;
    std::unique_ptr<SipConversation> m_sip;
};

}  // namespace hwbridge
