#include "hwbridge/decode/tcp_stream.hpp"

#include "tests/fuzz/target.hpp"

namespace {

class CountsPieces : public hwbridge::StreamReader {
public:
    void bytes(std::string_view bytes, const hwbridge::Moment&) override { read += bytes.size(); }
    void gap(std::uint64_t missing, bool, const hwbridge::Moment&) override
    {
        fuzz::require(missing > 0, "a gap has a length");
    }
    std::size_t read = 0;
};

}  // namespace

// Segments of one direction in any order. Shape of each: flags, two bytes of sequence number, two of length, bytes.
FUZZ_TARGET(tcp_stream)
{
    using namespace hwbridge;
    fuzz::Pieces input{fuzz::text(data, size)};
    TcpStream stream;
    CountsPieces count;
    std::size_t sent = 0;
    std::uint64_t packet = 0;
    while (!input.empty()) {
        const std::uint8_t flags = input.byte();
        TcpView view;
        view.sequence = static_cast<std::uint32_t>(input.byte() << 8 | input.byte());
        if ((flags & 0x10) != 0)
            view.sequence += 0xffff'8000;  // around the end of the numbers
        view.syn = (flags & 1) != 0;
        view.fin = (flags & 2) != 0;
        view.missing = (flags & 4) != 0 ? flags : 0u;
        view.payload = input.piece();
        sent += view.payload.size();
        const Moment moment{++packet, {}};
        stream.segment(view, moment, count);
        if ((flags & 8) != 0)
            stream.acknowledged(view.sequence + flags);
        stream.packetPassed(moment, count);
        fuzz::require(stream.held() < (1u << 20), "what waits is bounded");
    }
    stream.flush({packet, {}}, count);
    fuzz::require(count.read <= sent, "no byte is read twice");
    return 0;
}
