#pragma once

#include "hwbridge/capture/packet.hpp"
#include "hwbridge/capture/pcapng_writer.hpp"
#include "scenarios/engine/run_result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// The packets of one scenario as a section of a pcapng file: its own interface, described by the scenario's title; its
// own names, which tell the phones' MACs (hwbridge::phoneName); and a comment on the packet where an expectation
// failed, which is the last packet of a phone that failed it before it was decided.
// Packets are held until the scenario has ended, as only then it is known what to say of them; beyond `most` bytes
// the oldest go out without.
class ScenarioCapture : public hwbridge::PacketSink {
public:
    using Write = std::function<void(std::string_view bytes)>;
    static constexpr std::size_t defaultMost = 64u << 20;

    // `version`: of phonerig. `interface`: its name, "sim" or that of the interface that is captured.
    ScenarioCapture(std::string_view version, std::string_view interface, std::string_view title, Write write,
                    std::size_t most = defaultMost);

    void name(std::span<const StagePhone> phones);
    void packetSeen(const hwbridge::Packet& packet) override;
    // Nothing may be seen after it. `dropped`: packets that the capture lost.
    void end(const CaseResult& result, std::uint64_t dropped = 0);

    std::uint64_t packets() const { return m_packets; }

private:
    struct Held {
        hwbridge::Packet packet;
        std::string bytes;
    };
    std::map<std::size_t, std::string> comments(const CaseResult& result) const;  // by place in m_held
    void comment(std::map<std::size_t, std::string>& comments, const CaseResult& result,
                 const StepResult& step) const;
    void writeFirst(std::string_view comment);
    void flush();

    std::uint32_t interfaceOf(hwbridge::LinkType link);

    Write m_write;
    hwbridge::PcapngWriter m_writer;
    hwbridge::CaptureInterface m_described;
    std::map<hwbridge::LinkType, std::uint32_t> m_interfaces;
    std::deque<Held> m_held;
    std::size_t m_heldBytes = 0;
    std::size_t m_most;
    std::uint64_t m_packets = 0;
    hwbridge::WallNanoseconds m_last{};
};

}  // namespace scenarios
