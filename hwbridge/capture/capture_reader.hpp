#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/packet.hpp"

#include <memory>
#include <string>

namespace hwbridge {

// Reads a capture file of any size, or one that is still coming through a pipe, in bounded memory.
// Shape:  pcap (either byte order, microseconds and nanoseconds, also with the longer packet headers of patched
//         libpcaps) and pcapng (either byte order, any number of sections and interfaces, blocks we do not know are
//         skipped). Packets are numbered as Wireshark numbers them: blocks that it shows as records without being
//         packets of a network take a number, too.
// Errors: Malformed, Unsupported, TooLarge; one sentence that names the file, the packet and the byte. Everything
//         before it was handed over.
// Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
class CaptureReader {
public:
    static constexpr std::size_t mostPacketBytes = 262'144;  // what libpcap and Wireshark allow, too
    static constexpr std::size_t mostBlockBytes = 16u
                                                  << 20;  // as Wireshark has it; skipped blocks may be longer

    // "-" is the standard input. Errors: NotFound, Refused, with the system's reason.
    static emulator::Result<std::unique_ptr<CaptureReader>> open(const std::string& path);
    // Reads from a descriptor, which stays the caller's; `name` is how errors call it.
    static std::unique_ptr<CaptureReader> from(int descriptor, std::string name);
    virtual ~CaptureReader() = default;

    // Hands over the packets up to the end.
    emulator::Result<void> readAll(PacketSink& sink);
    // Waits for bytes once and hands over the packets that are complete; false at the end. After an error or the end
    // it must not be called again.
    virtual emulator::Result<bool> readSome(PacketSink& sink) = 0;
    virtual const CaptureFacts& facts() const = 0;
};

}  // namespace hwbridge
