#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/packet.hpp"
#include "hwbridge/capture/pcapng_writer.hpp"
#include "hwbridge/capture/phone_address.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hwbridge {

struct LiveOptions {
    std::string interface;             // "lo", "eth0", "any"
    std::vector<PhoneAddress> phones;  // only their packets; empty: all
    // The program that has the right to capture; empty: phonerig-capture beside the running program.
    std::string program;
    // Called on the thread of the packets when all that had arrived was handed over: a good moment to flush.
    std::function<void(const CaptureCounts&)> afterBatch;
};

// Packets of an interface, live. A small process of its own (hwbridge/capture/process) holds the right to capture,
// gives it up once the interface is open, and hands packets over a pipe; this side needs no right. The sink is called
// on one thread of this object, from start() until stop() returns or the capture has ended.
class LiveCapture {
public:
    // Returns when it is known to be listening: every packet that crosses the interface from then on is seen, or
    // counted as dropped.
    // Errors: Refused without the right to capture, with the command that grants it; NotFound for the interface;
    //         Unsupported for a filter the interface cannot have, or when the program is missing.
    static emulator::Result<std::unique_ptr<LiveCapture>> start(const LiveOptions& options, PacketSink& sink);
    virtual ~LiveCapture() = default;  // stops; packets that were captured before are still handed over

    // Ends the capture after handing over what was captured before the call. Errors: Unreachable when the capture had
    // ended by itself, as for an interface that went away; counts() still tells how far it came.
    virtual emulator::Result<CaptureCounts> stop() = 0;
    virtual CaptureCounts counts() const = 0;  // so far; any thread may ask
    virtual bool ended() const = 0;            // by itself
    virtual LinkType link() const = 0;
    virtual int pid() const = 0;  // of the process that captures
};

}  // namespace hwbridge
