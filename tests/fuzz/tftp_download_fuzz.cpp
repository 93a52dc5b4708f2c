#include "emulator/protocol/tftp_download.hpp"
#include "tests/fuzz/target.hpp"

// A server that sends whatever it likes, from whatever port, at whatever time: the file stays within its limit and
// nothing follows the end.
FUZZ_TARGET(tftp_download)
{
    using namespace emulator;
    constexpr std::size_t limit = 4096;
    const IpAddress server = IpAddress::parse("192.0.2.1").value();
    TftpDownload download{{server, 69}, "file", limit};
    TimePoint now{};
    FetchSteps steps;
    TftpDownload::Outcome outcome = download.begin(now, steps);
    fuzz::Pieces input{fuzz::text(data, size)};
    while (!outcome && !input.empty()) {
        const std::uint8_t what = input.byte();
        now += std::chrono::milliseconds{(what >> 3) * 100};
        if ((what & 7) == 0)
            outcome = download.waitOver(now, steps);
        else if ((what & 7) == 1)
            outcome = download.refused({server, 69});
        else
            outcome = download.arrived(now, {server, static_cast<std::uint16_t>(1024 + (what & 3))},
                                       input.piece(), steps);
        fuzz::require(steps.size() <= 8, "one event brings few steps");
        steps.clear();
    }
    if (outcome && outcome->has_value())
        fuzz::require((**outcome)->size() <= limit, "the file stays within its limit");
    return 0;
}
