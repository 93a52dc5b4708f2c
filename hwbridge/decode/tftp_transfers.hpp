#pragma once

#include "hwbridge/decode/description.hpp"

#include "emulator/protocol/tftp_packet.hpp"
#include "emulator/runtime/traffic_trace.hpp"

#include <array>

namespace hwbridge {

// Follows TFTP transfers, whose datagrams flow between ports that only the first answer tells (RFC 1350 section 4).
//
// A transfer begins with a read or write request, to whatever port; from then on everything between the client's port
// and the server's address belongs to it, once the server has answered from one port only what comes from and goes to
// that one. The same request again is a repeat, unless the transfer has ended or was quiet for a minute.
// Up to 8,192 transfers are remembered (BoundedTable). Without its request a transfer is not recognised, but at the
// well-known port.
class TftpTransfers {
public:
    // Describes one datagram; Unknown when it is no request and belongs to no transfer.
    // A datagram that ends a transfer tells `took` in microseconds since the request, `total` bytes and how many
    // datagrams were `resent`.
    DecodeOutcome describe(Description out, std::string_view payload, ExchangeTable& exchanges,
                           emulator::TrafficTrace& secrets);

    // The exchange that a datagram of these ends belongs to.
    std::optional<std::uint32_t> exchangeOf(const emulator::Endpoint& from, const emulator::Endpoint& to,
                                            emulator::TimePoint now);

private:
    struct Block {
        std::uint16_t number = 0;
        std::uint16_t times = 0;
    };
    // How often the same thing came one after the other.
    struct Again {
        std::optional<std::uint64_t> last;
        std::uint32_t times = 0;
        std::uint32_t see(std::uint64_t what)
        {
            times = last == what ? times + 1 : 0;
            last = what;
            return times;
        }
    };
    struct Transfer {
        std::uint32_t exchange = 0;
        std::uint16_t serverPort = 0;  // 0: no answer yet
        bool ended = false;
        bool anyData = false;
        std::uint16_t highest = 0;  // of the blocks seen
        std::size_t blockSize = emulator::tftpBlockSize;
        std::optional<std::uint16_t> lastBlock;  // once it was seen
        emulator::TimePoint began{};
        emulator::TimePoint last{};
        std::int64_t total = 0;
        std::int64_t resent = 0;
        Again requests;
        Again optionAnswers;
        Again acknowledgements;
        Again errors;
        std::array<Block, 64> blocks{};  // the last ones, as many as any window that is in use
    };
    static constexpr std::size_t rows = 1024;

    Transfer* find(const emulator::Endpoint& from, const emulator::Endpoint& to, emulator::TimePoint now);
    Transfer& request(const emulator::TraceEvent& event, std::string_view payload, ExchangeTable& exchanges);
    static std::uint32_t data(Transfer& transfer, const emulator::TraceEvent& event);
    static std::uint32_t repeatOf(Transfer& transfer, const emulator::TraceEvent& event,
                                  std::string_view payload);
    static void end(Transfer& transfer, Description& out);

    BoundedTable<Transfer, rows> m_transfers;
};

}  // namespace hwbridge
