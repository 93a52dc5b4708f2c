#include "scenarios/engine/bench_wire.hpp"

#include <fmt/format.h>

#include <chrono>
#include <limits>

namespace scenarios {

using emulator::Duration;
using emulator::Result;

BenchWire::BenchWire(const BenchPlace& place, emulator::TraceSink& events, hwbridge::PacketSink* packets)
    : m_interface{place.interface},
      m_unrecorded{place.unrecorded},
      m_events{events},
      m_packets{packets},
      m_phone{place.mac, place.direct ? place.interface : std::string{}}
{
    m_names.add(place.address, hwbridge::phoneName(place.mac));
    hwbridge::DecodeOptions options;
    options.phones = {place.mac};
    options.names = &m_names;
    m_decoder.emplace(static_cast<emulator::TraceSink&>(*this), std::move(options));
}

Result<std::unique_ptr<BenchWire>> BenchWire::open(const BenchPlace& place, emulator::TraceSink& events,
                                                   hwbridge::PacketSink* packets)
{
    std::unique_ptr<BenchWire> wire{new BenchWire{place, events, packets}};
    hwbridge::LiveOptions options;
    options.interface = place.interface;
    options.phones = place.filter;
    auto capture = hwbridge::LiveCapture::start(options, *wire);
    if (capture.has_error())
        return capture.error();
    wire->m_capture = *std::move(capture);
    return wire;
}

BenchWire::~BenchWire()
{
    end();
}

void BenchWire::record(emulator::WallTime zero)
{
    m_zero = zero;
    m_recording = true;
}

void BenchWire::end()
{
    if (!m_capture)
        return;
    const Result<hwbridge::CaptureCounts> counts = m_capture->stop();
    m_dropped = m_capture->counts().dropped;
    if (counts.has_error())
        m_ended = counts.error().detail;
    m_capture.reset();
    m_decoder->end();
}

std::string BenchWire::trouble() const
{
    if (!m_ended.empty() || (m_capture && m_capture->ended()))
        return m_ended.empty() ? fmt::format("capturing on {} ended before the scenario did", m_interface)
                               : m_ended;
    const std::uint64_t dropped = m_capture ? m_capture->counts().dropped : m_dropped;
    return dropped == 0 ? std::string{}
                        : fmt::format("the capture on {} lost {} packets", m_interface, dropped);
}

void BenchWire::packetSeen(const hwbridge::Packet& packet)
{
    m_phone.packetSeen(packet);
    if (!m_recording || packet.at < m_zero)
        return;
    if (m_packets != nullptr)
        m_packets->packetSeen(packet);
    m_decoder->packetSeen(packet);
}

void BenchWire::seen(const emulator::TraceEvent& event)
{
    if (m_unrecorded && (event.from == *m_unrecorded || event.to == *m_unrecorded))
        return;
    emulator::TraceEvent ours = event;
    ours.at += std::chrono::floor<Duration>(*m_decoder->start() - m_zero);
    ours.order.actor = std::numeric_limits<decltype(ours.order.actor)>::max();  // behind servers
    m_events.seen(ours);
}

}  // namespace scenarios
