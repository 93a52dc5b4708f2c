#pragma once

#include "emulator/protocol/fetch_step.hpp"
#include "emulator/protocol/tftp_packet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// Our choices where RFC 1350 leaves the times open. A packet without progress goes out 5 times, 2 s apart, and 10 s
// after the first the server counts as silent. A server that keeps making progress, however little, has a quarter
// of an hour: 4 MiB at a round trip of 100 ms.
inline constexpr int tftpSends = 5;
inline constexpr Duration tftpResendAfter = std::chrono::seconds{2};
inline constexpr Duration tftpTotalTime = std::chrono::minutes{15};

// One file read from one server in octet mode, blocks of 512 bytes, no options asked for.
// - The port of the server's first packet is its transfer id and stays; whoever else sends a TFTP packet is told
//   "unknown transfer" (error 5) and disturbs nothing; what is no TFTP packet from a stranger is passed over.
// - The last block that came again is acknowledged again and never moves the transfer on; only the own timer
//   resends, and repeats do not move it. Block numbers go on with 0 after 65535.
// - The transfer ends with the first block shorter than 512 bytes and its acknowledgement. Our choice: it does not
//   linger to acknowledge that block again.
// Errors: NotFound (error 1); Refused (any other error, with the server's words); Unreachable; TimedOut; TooLarge;
//         Malformed (what no server may send; it is told so by error 4, or 8 for options that were not asked for).
// Source: RFC 1350; RFC 2347 for the length of a request.
class TftpDownload {
public:
    TftpDownload(Endpoint server, std::string file, std::size_t limit)
        : m_server{server},
          m_file{std::move(file)},
          m_limit{limit}
    {}

    // The outcome, once there is one. Steps are appended; WaitUntil is among them only when the wait changes hands.
    using Outcome = std::optional<Result<SharedBytes>>;

    Outcome begin(TimePoint now, FetchSteps& steps);
    Outcome arrived(TimePoint now, Endpoint from, std::string_view datagram, FetchSteps& steps);
    Outcome refused(Endpoint by);
    Outcome waitOver(TimePoint now, FetchSteps& steps);

    bool answered() const { return m_blocks > 0; }  // whether a part of the file has come

private:
    void sendLast(FetchSteps& steps) const;  // the request, or the last acknowledgement
    Outcome takeData(TimePoint now, Endpoint from, const TftpData& data, FetchSteps& steps);
    Outcome rejectPacket(Endpoint from, TftpErrorCode code, std::string_view what, FetchSteps& steps) const;

    Endpoint m_server;                   // where the request goes
    std::optional<Endpoint> m_transfer;  // the server's transfer id, once known
    std::string m_file;
    std::string m_body;
    std::size_t m_limit;
    std::uint64_t m_blocks = 0;  // that have come
    int m_sends = 0;             // of the last packet
    TimePoint m_resendAt{};      // when it goes out again
    TimePoint m_wakeAt{};        // the wait that was asked for; not later than m_resendAt
    TimePoint m_endAt{};
};

}  // namespace emulator
