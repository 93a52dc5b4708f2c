#include "hwbridge/decode/decoder.hpp"

#include "emulator/trace/ndjson.hpp"
#include "tests/fuzz/target.hpp"

#include <array>
#include <string>

namespace {

class Lines : public emulator::TraceSink {
public:
    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override
    {
        m_line.clear();
        emulator::appendNdjson(m_line, event, 0);  // reads every text
        fuzz::require(event.number(emulator::FieldName::Packet).has_value(), "an event names its packet");
    }

private:
    std::string m_line;
};

}  // namespace

// The whole path from packets to events, on any link type. Shape: a byte for the link, then packets: a byte that cuts,
// two of length, the bytes. Whatever comes, every packet has one fate.
FUZZ_TARGET(decode)
{
    using namespace hwbridge;
    constexpr std::array<LinkType, 8> links{LinkType::Ethernet,     LinkType::Null,        LinkType::RawIp,
                                            LinkType::Loop,         LinkType::LinuxCooked, LinkType::Ipv4,
                                            LinkType::LinuxCooked2, LinkType{147}};
    fuzz::Pieces input{fuzz::text(data, size)};
    const LinkType link = links[input.byte() % links.size()];
    Lines lines;
    DecodeOptions options;
    options.key = "fuzz";
    options.tcp = {8, 4, 64u << 10};
    Decoder decoder{lines, std::move(options)};
    std::uint64_t packets = 0;
    while (!input.empty()) {
        const std::uint8_t cut = input.byte();
        Packet packet;
        packet.bytes = input.piece();
        packet.number = ++packets;
        packet.at = WallNanoseconds{std::chrono::milliseconds{packets * (cut & 7)}};
        packet.link = link;
        packet.wireLength = static_cast<std::uint32_t>(packet.bytes.size() + (cut >= 0xf0 ? cut : 0u));
        decoder.packetSeen(packet);
    }
    decoder.end();
    fuzz::require(decoder.counters().all() == packets, "every packet has one fate");
    return 0;
}
