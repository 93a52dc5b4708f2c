#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/capture/capture_facts.hpp"
#include "hwbridge/capture/packet.hpp"
#include "hwbridge/capture/packet_clock.hpp"
#include "hwbridge/capture/pcap_records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// The packets of a pcapng file, from the bytes that happen to be there, and what else its blocks say.
class PcapngBlocks {
public:
    static constexpr std::size_t mostInterfaces = 65536;  // of one section

    static bool begins(std::string_view bytes);  // at least four

    // Hands over the packets whose blocks are complete in `bytes`, which stand at `offset` of the file.
    // Errors: Malformed, Unsupported, TooLarge. The sentence names packet and byte.
    emulator::Result<ReadProgress> read(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                        PacketSink& sink);
    // What is cut off when the file ends here: "packet 3", "a block before packet 3".
    std::string pending(std::string_view bytes, const CaptureFacts& facts) const;

private:
    struct Interface {
        PacketClock clock;
        LinkType link = LinkType::Ethernet;
        std::uint32_t snapLength = 0;
        std::uint32_t frameCheck = 0;      // bytes of each packet that are its FCS
        std::optional<std::size_t> shown;  // its place among the facts
        bool counted = false;              // statistics say how many packets were lost
    };
    // One block, whole.
    struct Block {
        std::uint32_t type = 0;
        std::string_view bytes;                         // with head and tail
        std::uint64_t offset = 0;                       // in the file
        std::string_view body(std::size_t from) const;  // up to the tail
    };

    template <bool swapped>
    class Reading;

    bool m_swapped = false;
    std::vector<Interface> m_interfaces;  // of this section
};

}  // namespace hwbridge
