#pragma once

#include "emulator/base/mac_address.hpp"
#include "hwbridge/capture/packet.hpp"
#include "hwbridge/power/power_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

// Whether the link of a network interface is up, as the kernel says; nothing when it has none to tell of.
std::optional<bool> carrierOf(const std::string& interface);

// What the wire of one phone shows: a sink for the packets of a capture, from any thread, and the state of the link where
// the phone hangs on an interface of this machine. Times are by a clock that does not jump: a packet's is that of its
// arrival here less its age by the wall clock, which its own time is of.
class PhoneWire final : public PacketSink {
public:
    // `interface`: the one that the phone's cable ends in; empty: a switch is in between, and links tell nothing.
    explicit PhoneWire(emulator::MacAddress mac, std::string interface = {});

    void packetSeen(const Packet& packet) override;

    emulator::TimePoint now() const;  // since this object was made
    bool heardSince(emulator::TimePoint at) const;
    // The signs since the last call, as soon as there are any; none: it is `until`.
    std::vector<WireSign> await(emulator::TimePoint until);
    void forgetSigns();
    bool linkIsDown() const { return m_link == false; }  // as of the last call of the two above

private:
    void note(WireSign::Kind kind, emulator::TimePoint at);
    void lookAtLink();

    const emulator::MacAddress m_mac;
    const std::string m_interface;
    const std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    std::optional<bool> m_link;
    mutable std::mutex m_mutex;
    std::condition_variable m_came;
    std::vector<WireSign> m_signs;  // bounded: of a flood the first tell enough
    std::optional<emulator::TimePoint> m_heard;
};

}  // namespace hwbridge
