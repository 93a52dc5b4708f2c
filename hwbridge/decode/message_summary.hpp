#pragma once

#include "emulator/trace/trace_event.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hwbridge {

// One TFTP transfer, from the events of its datagrams.
struct TransferLine {
    emulator::Endpoint client;
    emulator::Endpoint server;
    bool write = false;
    std::string file;
    std::int64_t bytes = 0;
    std::uint64_t blocks = 0;
    std::uint64_t resent = 0;
    emulator::TimePoint began{};
    emulator::TimePoint last{};
    std::string outcome;  // empty: its end was not seen
};
std::string text(const TransferLine& line);

// One HTTP exchange.
struct ExchangeLine {
    emulator::Endpoint client;
    emulator::Endpoint server;
    std::string request;  // "GET /basic.txt"
    std::string status;   // "200 OK"; empty: no answer was seen
    std::int64_t sent = 0;
    std::int64_t received = 0;
    emulator::TimePoint began{};
    emulator::TimePoint ended{};
};
std::string text(const ExchangeLine& line);

// Derives transfers and exchanges from events. Keeps the first `most` of each and counts the others.
class MessageSummary {
public:
    static constexpr std::size_t most = 10'000;
    static constexpr std::size_t longestText = 512;  // of a name, a target or a reason; longer ones are cut

    void seen(const emulator::TraceEvent& event);
    const std::vector<TransferLine>& transfers() const { return m_transfers; }
    const std::vector<ExchangeLine>& exchanges() const { return m_exchanges; }
    std::uint64_t leftOut() const { return m_leftOut; }

private:
    void tftp(const emulator::TraceEvent& event);
    void http(const emulator::TraceEvent& event);

    std::vector<TransferLine> m_transfers;
    std::vector<ExchangeLine> m_exchanges;
    std::map<emulator::ExchangeId, std::size_t> m_transferOf;
    std::map<emulator::ExchangeId, std::size_t> m_exchangeOf;
    std::uint64_t m_leftOut = 0;
};

}  // namespace hwbridge
