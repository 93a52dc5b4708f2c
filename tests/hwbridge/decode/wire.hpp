#pragma once

#include "emulator/trace/trace_buffer.hpp"
#include "hwbridge/decode/decoder.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Packets as they cross a wire, made by hand, and what the decoder says of them.
namespace wire {

using namespace emulator;
using namespace hwbridge;

inline std::string be16(std::size_t value)
{
    return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

inline std::string be32(std::uint64_t value)
{
    return be16(value >> 16 & 0xffff) + be16(value & 0xffff);
}

inline const std::string phoneMac{"\x00\x0e\x08\x00\x00\x01", 6};
inline const std::string serverMac{"\x02\x00\x00\x00\x00\x02", 6};
inline const Endpoint phone{{0x0a000001}, 40000};  // 10.0.0.1
inline const Endpoint server{{0x0a000002}, 80};    // 10.0.0.2

inline std::string ethernet(std::string_view payload, std::size_t type = 0x0800, bool fromPhone = true)
{
    return (fromPhone ? serverMac + phoneMac : phoneMac + serverMac) + be16(type) + std::string{payload};
}

struct IpFields {
    std::size_t fragmentOffset = 0;
    bool moreFragments = false;
    std::size_t identification = 1;
    std::string options{};  // a multiple of 4 bytes
    std::size_t lie = 0;    // added to the total length
};

inline std::string ip(int protocol, IpAddress from, IpAddress to, std::string_view payload,
                      const IpFields& fields = {})
{
    const std::size_t header = 20 + fields.options.size();
    std::string bytes{static_cast<char>(0x40 | header / 4)};
    bytes += '\0';
    bytes += be16(header + payload.size() + fields.lie) + be16(fields.identification);
    bytes += be16((fields.moreFragments ? 0x2000u : 0u) | fields.fragmentOffset / 8);
    bytes += '\x40';
    bytes += static_cast<char>(protocol);
    bytes += be16(0) + be32(from.value) + be32(to.value) + fields.options;
    return bytes.append(payload);
}

inline std::string udp(const Endpoint& from, const Endpoint& to, std::string_view payload)
{
    return be16(from.port) + be16(to.port) + be16(8 + payload.size()) + be16(0) + std::string{payload};
}

enum Flags : int { Fin = 1, Syn = 2, Rst = 4, Ack = 16 };

inline std::string tcp(const Endpoint& from, const Endpoint& to, std::uint32_t sequence, std::uint32_t ack,
                       int flags, std::string_view payload = {})
{
    std::string bytes = be16(from.port) + be16(to.port) + be32(sequence) + be32(ack);
    bytes += '\x50';
    bytes += static_cast<char>(flags);
    bytes += be16(65535) + be16(0) + be16(0);
    return bytes.append(payload);
}

// Decodes packets as they are added, one millisecond apart.
class Capture : public TraceSink {
public:
    explicit Capture(DecodeOptions options = {}) : m_decoder{*this, std::move(options)} {}

    bool wants(EventKind) const override { return true; }
    void seen(const TraceEvent& event) override { m_seen.add(event); }

    void add(std::string_view bytes, LinkType link = LinkType::Ethernet, std::size_t cut = 0)
    {
        Packet packet;
        packet.number = ++m_packets;
        packet.at = WallNanoseconds{std::chrono::seconds{1'767'225'600}} +
                    std::chrono::milliseconds{static_cast<int>(m_packets)};
        packet.link = link;
        packet.wireLength = static_cast<std::uint32_t>(bytes.size());
        packet.bytes = bytes.substr(0, bytes.size() - cut);
        m_decoder.packetSeen(packet);
    }

    const std::vector<TraceEvent>& end()
    {
        if (!m_ended)
            m_decoder.end();
        m_ended = true;
        return m_seen.events();
    }

    const std::vector<TraceEvent>& events() const { return m_seen.events(); }
    DecodeCounters counters() const { return m_decoder.counters(); }
    std::uint64_t packets() const { return m_packets; }

private:
    TraceBuffer m_seen;
    Decoder m_decoder;
    std::uint64_t m_packets = 0;
    bool m_ended = false;
};

inline std::string kinds(const std::vector<TraceEvent>& events)
{
    std::string text;
    for (const TraceEvent& event : events)
        text.append(text.empty() ? "" : " ").append(name(event.kind));
    return text;
}

// A TCP connection between phone and server, whose packets go into a capture.
class Talk {
public:
    explicit Talk(Capture& capture, Endpoint client = phone, Endpoint peer = server)
        : m_capture{capture},
          m_client{client},
          m_server{peer}
    {}

    Talk& open()
    {
        send(true, m_fromClient, Syn);
        send(false, m_fromServer, Syn | Ack);
        ++m_fromClient;
        ++m_fromServer;
        return send(true, m_fromClient, Ack);
    }
    Talk& client(std::string_view bytes, int flags = Ack)
    {
        send(true, m_fromClient, flags, bytes);
        m_fromClient += static_cast<std::uint32_t>(bytes.size());
        return *this;
    }
    Talk& answer(std::string_view bytes, int flags = Ack)
    {
        send(false, m_fromServer, flags, bytes);
        m_fromServer += static_cast<std::uint32_t>(bytes.size());
        return *this;
    }
    Talk& close()
    {
        send(true, m_fromClient++, Fin | Ack);
        send(false, m_fromServer++, Fin | Ack);
        return send(true, m_fromClient, Ack);
    }
    // A server's segment somewhere else in its stream, counted from the next byte.
    Talk& answerAt(std::int32_t offset, std::string_view bytes, std::size_t cut = 0)
    {
        return send(false, m_fromServer + static_cast<std::uint32_t>(offset), Ack, bytes, cut);
    }
    Talk& clientAt(std::int32_t offset, std::string_view bytes)
    {
        return send(true, m_fromClient + static_cast<std::uint32_t>(offset), Ack, bytes);
    }
    Talk& skipAnswer(std::uint32_t bytes)
    {
        m_fromServer += bytes;
        return *this;
    }
    Talk& acknowledge(int times = 1)
    {
        for (int i = 0; i < times; ++i)
            send(true, m_fromClient, Ack);
        return *this;
    }
    Talk& reset(bool byClient = false)
    {
        return send(byClient, byClient ? m_fromClient : m_fromServer, Rst | Ack);
    }
    Talk& startAt(std::uint32_t fromClient, std::uint32_t fromServer)
    {
        m_fromClient = fromClient;
        m_fromServer = fromServer;
        return *this;
    }

private:
    Talk& send(bool byClient, std::uint32_t sequence, int flags, std::string_view bytes = {},
               std::size_t cut = 0)
    {
        const Endpoint& from = byClient ? m_client : m_server;
        const Endpoint& to = byClient ? m_server : m_client;
        const std::uint32_t ack = (flags & Ack) != 0 ? (byClient ? m_fromServer : m_fromClient) : 0;
        m_capture.add(ethernet(ip(6, from.address, to.address, tcp(from, to, sequence, ack, flags, bytes)),
                               0x0800, byClient),
                      LinkType::Ethernet, cut);
        return *this;
    }

    Capture& m_capture;
    Endpoint m_client;
    Endpoint m_server;
    std::uint32_t m_fromClient = 1000;
    std::uint32_t m_fromServer = 5000;
};

}  // namespace wire
