#include "hwbridge/decode/datagram_decoder.hpp"

#include "emulator/trace/ndjson.hpp"
#include "tests/fuzz/target.hpp"

#include <array>

// Several datagrams of one wire: a byte that chooses the ends, the length, the payload. Every outcome keeps its
// promise, and what was described can be written down.
FUZZ_TARGET(datagram)
{
    using namespace emulator;
    using Outcome = hwbridge::DatagramDecoder::Outcome;
    constexpr std::array<std::uint16_t, 12> ports{40000, 53,  67,  68,   69,   123,
                                                  161,   162, 514, 5060, 5078, 41000};
    hwbridge::DatagramOptions options;
    options.key = "the same in every run";
    hwbridge::DatagramDecoder decoder{options};
    std::string line;
    fuzz::Pieces pieces{fuzz::text(data, size)};
    for (TimePoint now{}; !pieces.empty(); now += std::chrono::seconds{1}) {
        const std::uint8_t ends = pieces.byte();
        const Endpoint phone{{0xc0a80105}, static_cast<std::uint16_t>(40000 + ends / 128)};
        const Endpoint server{{0xc0a80101}, ports[(ends >> 1) % ports.size()]};
        TraceEvent event;
        event.at = now;
        event.kind = EventKind::Count;
        event.from = ends % 2 == 0 ? phone : server;
        event.to = ends % 2 == 0 ? server : phone;
        const Outcome outcome = decoder.udp(event, pieces.piece());
        fuzz::require(event.fields.size() <= 26, "an event has room for the caller's fields");
        fuzz::require((outcome == Outcome::Unknown) == (event.kind == EventKind::Count),
                      "known events have a kind");
        fuzz::require((outcome == Outcome::Malformed) == (event.kind == EventKind::PacketMalformed),
                      "malformed messages are said to be");
        if (outcome == Outcome::Unknown)
            continue;
        line.clear();
        appendNdjson(line, event, 0);
    }
    return 0;
}
