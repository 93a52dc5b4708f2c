#include "hwbridge/decode/http_conversation.hpp"

#include "hwbridge/decode/datagram_decoder.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace hwbridge;

class Messages : public StreamEvents {
public:
    emulator::TraceEvent begin(emulator::EventKind kind, Side, const Moment&, std::uint32_t) override
    {
        emulator::TraceEvent event;
        event.kind = kind;
        return event;
    }
    void emit(emulator::TraceEvent& event) override
    {
        using emulator::FieldName;
        fuzz::require(event.text(FieldName::Headers).size() < 2 * longestHttpHead, "headers are bounded");
        fuzz::require(event.text(FieldName::Note).size() < 4096, "remarks are bounded");
    }
    DatagramDecoder& datagrams() override { return m_datagrams; }

private:
    DatagramDecoder m_datagrams;
};

}  // namespace

// One connection of HTTP. Shape: a byte says whose bytes come, or that some are missing, or that a side ends; two of
// length, the bytes.
FUZZ_TARGET(http_stream)
{
    fuzz::Pieces input{fuzz::text(data, size)};
    emulator::TrafficTrace secrets{"fuzz"};
    Messages messages;
    HttpConversation conversation{secrets, 1, 2};
    conversation.open(messages);
    std::uint64_t packet = 0;
    while (!input.empty() && !conversation.isTunnel()) {
        const std::uint8_t what = input.byte();
        const Side side = (what & 1) != 0 ? Side::B : Side::A;
        const std::string_view bytes = input.piece();
        const Moment moment{++packet, {}};
        if (what >= 0xf8)
            conversation.end(side, StreamEnd{static_cast<std::uint8_t>(what >> 1 & 1)}, moment);
        else if (what >= 0xf0)
            conversation.gap(side, bytes.size() + 1, moment);
        else
            conversation.bytes(side, bytes, moment);
    }
    for (const Side side : {Side::A, Side::B})
        conversation.end(side, StreamEnd::Abandoned, {packet, {}});
    return 0;
}
