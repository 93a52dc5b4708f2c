#include "hwbridge/decode/datagram_decoder.hpp"

#include "emulator/trace/ndjson.hpp"
#include "tests/fuzz/target.hpp"

// Several messages without UDP: a byte that chooses ARP, ICMP, LLDP or CDP, the length, the message.
FUZZ_TARGET(link_message)
{
    using namespace emulator;
    using Outcome = hwbridge::DatagramDecoder::Outcome;
    hwbridge::DatagramDecoder decoder;
    std::string line;
    fuzz::Pieces pieces{fuzz::text(data, size)};
    while (!pieces.empty()) {
        const std::uint8_t protocol = pieces.byte() % 4;
        const std::string_view message = pieces.piece();
        TraceEvent event;
        event.kind = EventKind::Count;
        const Outcome outcome = protocol == 0   ? decoder.arp(event, message)
                                : protocol == 1 ? decoder.icmp(event, message)
                                : protocol == 2 ? decoder.lldp(event, message)
                                                : decoder.cdp(event, message);
        fuzz::require(event.fields.size() <= 26, "an event has room for the caller's fields");
        fuzz::require((outcome == Outcome::Unknown) == (event.kind == EventKind::Count),
                      "known events have a kind");
        if (outcome == Outcome::Unknown)
            continue;
        line.clear();
        appendNdjson(line, event, 0);
    }
    return 0;
}
