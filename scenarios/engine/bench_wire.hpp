#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/live_capture.hpp"
#include "hwbridge/decode/decoder.hpp"
#include "hwbridge/power/phone_wire.hpp"
#include "scenarios/engine/bench_place.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace scenarios {

// The wire of one phone: what its packets are, as events `by: wire`, and whether it is heard at all.
class BenchWire : private hwbridge::PacketSink, private emulator::TraceSink {
public:
    // Both sinks outlive this object and are called on the thread of the capture; `packets` may be null.
    // Errors: as hwbridge::LiveCapture::start().
    static emulator::Result<std::unique_ptr<BenchWire>> open(const BenchPlace& place,
                                                             emulator::TraceSink& events,
                                                             hwbridge::PacketSink* packets);
    ~BenchWire() override;  // what was captured is still handed over

    hwbridge::PhoneWire& phone() { return m_phone; }
    // From that moment on packets are recorded; it is TimePoint{} of their events.
    void record(emulator::WallTime zero);
    // Hands over what was captured so far, and ends.
    void end();

    std::uint64_t dropped() const { return m_dropped; }
    std::string trouble() const;  // why not all was seen; empty: it was

private:
    BenchWire(const BenchPlace& place, emulator::TraceSink& events, hwbridge::PacketSink* packets);
    void packetSeen(const hwbridge::Packet& packet) override;
    bool wants(emulator::EventKind kind) const override { return m_events.wants(kind); }
    void seen(const emulator::TraceEvent& event) override;

    std::string m_interface;
    std::optional<emulator::Endpoint> m_unrecorded;
    emulator::TraceSink& m_events;
    hwbridge::PacketSink* m_packets;
    hwbridge::PhoneWire m_phone;
    hwbridge::CaptureNames m_names;
    emulator::WallTime m_zero{};
    std::atomic<bool> m_recording{false};
    std::optional<hwbridge::Decoder> m_decoder;
    std::uint64_t m_dropped = 0;
    std::string m_ended;
    std::unique_ptr<hwbridge::LiveCapture> m_capture;  // last: ends before what it calls
};

}  // namespace scenarios
