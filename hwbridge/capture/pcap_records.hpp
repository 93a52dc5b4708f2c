#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/packet.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hwbridge {

// How far a look at some bytes came.
struct ReadProgress {
    std::size_t taken = 0;   // bytes that are done with
    std::uint64_t skip = 0;  // bytes after those that nobody needs; they may not be there yet
    std::size_t wanted = 0;  // bytes that have to stand together after those for the next step
};

// The packets of a pcap file, from the bytes that happen to be there.
class PcapRecords {
public:
    static constexpr std::size_t fileHeaderBytes = 24;
    static constexpr std::size_t longestHeader = 24;  // of a packet

    static bool begins(std::string_view bytes);  // four are enough
    // `header`: the first 24 bytes. Nothing: they are not those of a pcap file.
    // Errors: Unsupported for a version that nobody wrote.
    static emulator::Result<std::optional<PcapRecords>> begin(std::string_view header, CaptureFacts& facts);

    // Hands over the packets that are complete in `bytes`, which stand at `offset` of the file.
    // Errors: TooLarge. The sentence names packet and byte.
    emulator::Result<ReadProgress> read(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                        PacketSink& sink);
    // What is cut off when the file ends here: "packet 3".
    std::string pending(std::string_view bytes, const CaptureFacts& facts) const;

private:
    enum class Lengths : std::uint8_t { CapturedFirst, WireFirst, SmallerIsCaptured };

    template <bool swapped>
    emulator::Result<ReadProgress> readIn(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                          PacketSink& sink);

    LinkType m_link = LinkType::Ethernet;
    Lengths m_lengths = Lengths::CapturedFirst;
    bool m_swapped = false;
    std::uint32_t m_unit = 1000;     // nanoseconds in one step of the times' second half
    std::uint32_t m_frameCheck = 0;  // bytes of each packet that are its FCS
    std::size_t m_headerBytes = 16;  // of a packet
};

}  // namespace hwbridge
