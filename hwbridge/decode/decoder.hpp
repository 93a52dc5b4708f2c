#pragma once

#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/packet.hpp"
#include "hwbridge/capture/phone_address.hpp"
#include "hwbridge/decode/datagram_decoder.hpp"
#include "hwbridge/decode/ip_fragments.hpp"
#include "hwbridge/decode/link_view.hpp"
#include "hwbridge/decode/packet_fate.hpp"
#include "hwbridge/decode/phone_book.hpp"
#include "hwbridge/decode/tcp_connections.hpp"
#include "hwbridge/decode/wire_events.hpp"

#include "emulator/trace/trace_event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

struct DecodeOptions {
    std::vector<PhoneAddress> phones;     // who is a phone; empty: see PhoneBook
    const CaptureNames* names = nullptr;  // of the capture, filled while it is read; outlives the decoder
    std::string
        key;  // of pseudonyms and body hashes; empty: one of this process, as design decision D7 has it
    DatagramOptions datagrams;
    TcpConnections::Limits tcp;
};

// Makes trace events (`by: wire`) of packets. Headers are read where they are; of UDP and TCP payloads only what has
// to wait is copied. Every packet has one fate, which the counters tell; memory is bounded whatever comes.
// Times are since the capture's first packet. One per thread.
class Decoder final : public PacketSink, private WireEvents {
public:
    Decoder(emulator::TraceSink& sink, DecodeOptions options);
    ~Decoder() override;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    void packetSeen(const Packet& packet) override;
    // No more packets come: what waits is told, with what it lacks.
    void end();

    // What the counters say holds for all packets so far; after end() also for what was still waiting.
    DecodeCounters counters() const;
    // The wall time of t = 0: that of the first packet.
    std::optional<WallNanoseconds> start() const { return m_start; }
    emulator::TimePoint last() const { return m_moment.at; }

private:
    PacketFate decode(const Packet& packet);
    PacketFate ip(std::string_view bytes);
    PacketFate transport(const IpView& ip, std::string_view payload, std::size_t missing);
    PacketFate udp(const IpView& ip, std::string_view payload, std::size_t missing);
    PacketFate tcp(const IpView& ip, std::string_view payload, std::size_t missing);
    using FrameDecoder = DatagramDecoder::Outcome (DatagramDecoder::*)(emulator::TraceEvent&,
                                                                       std::string_view);
    PacketFate frame(FrameDecoder decoder, std::string_view payload, PacketFate otherwise);
    PacketFate finish(DatagramDecoder::Outcome outcome, emulator::TraceEvent& event, const WireEnd& from,
                      const WireEnd& to, std::size_t missing, PacketFate otherwise);
    PacketFate fault(Fault fault, const WireEnd& from, const WireEnd& to);
    void addNotes(emulator::TraceEvent& event, std::size_t missing);

    emulator::TraceEvent begin(emulator::EventKind kind, const Moment& moment, const WireEnd& from,
                               const WireEnd& to) override;
    void emit(emulator::TraceEvent& event, const WireEnd& from, const WireEnd& to) override;
    DatagramDecoder& datagrams() override { return m_datagrams; }
    emulator::TrafficTrace& secrets() override { return m_secrets; }
    std::uint64_t hashSeed() const override { return m_hashSeed; }
    std::uint64_t hashMask() const override { return m_hashMask; }

    emulator::TraceSink& m_sink;
    emulator::TrafficTrace m_secrets;
    std::uint64_t m_hashSeed = 0;
    std::uint64_t m_hashMask = 0;
    PhoneBook m_phones;
    DatagramDecoder m_datagrams;
    IpFragments m_fragments;
    TcpConnections m_connections;
    DecodeCounters m_counters;
    std::optional<WallNanoseconds> m_start;
    // Of the packet that is being read.
    Moment m_moment;
    LinkView m_link;
    bool m_cut = false;  // the capture has less of it than was on the wire
    const IpFragments::Whole* m_whole = nullptr;
    std::string m_note;
};

}  // namespace hwbridge
