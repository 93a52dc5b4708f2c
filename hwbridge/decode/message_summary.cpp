#include "hwbridge/decode/message_summary.hpp"

#include <fmt/format.h>

namespace hwbridge {

using namespace emulator;

namespace {

std::string_view cut(std::string_view text)
{
    return text.substr(0, MessageSummary::longestText);
}

std::string took(TimePoint from, TimePoint to)
{
    const auto us = (to - from).count();
    const auto positive = us < 0 ? -us : us;
    return fmt::format("{}{}.{:06} s", us < 0 ? "-" : "", positive / 1'000'000, positive % 1'000'000);
}

}  // namespace

std::string text(const TransferLine& line)
{
    return fmt::format("{} {} {}: {}, {} bytes in {} blocks, {} sent again, {}", line.client.text(),
                       line.write ? "writes" : "reads", line.server.address.text(), line.file, line.bytes,
                       line.blocks, line.resent, took(line.began, line.last)) +
           (line.outcome.empty() ? ", its end was not seen" : ", " + line.outcome);
}

std::string text(const ExchangeLine& line)
{
    const std::string ends = fmt::format("{} > {}: {}", line.client.text(), line.server.text(), line.request);
    if (line.status.empty())
        return ends + ", no answer was seen";
    return fmt::format("{} {}, {} bytes up, {} down, {}", ends, line.status, line.sent, line.received,
                       took(line.began, line.ended));
}

void MessageSummary::seen(const TraceEvent& event)
{
    switch (event.kind) {
    case EventKind::TftpRead:
    case EventKind::TftpWrite:
    case EventKind::TftpData:
    case EventKind::TftpAck:
    case EventKind::TftpError:
    case EventKind::TftpOack:
        tftp(event);
        break;
    case EventKind::HttpRequest:
    case EventKind::HttpResponse:
        http(event);
        break;
    default:
        break;
    }
}

void MessageSummary::tftp(const TraceEvent& event)
{
    const bool request = event.kind == EventKind::TftpRead || event.kind == EventKind::TftpWrite;
    auto found = m_transferOf.find(event.exchange);
    if (found == m_transferOf.end()) {
        if (!request)
            return;
        if (m_transfers.size() == most) {
            ++m_leftOut;
            return;
        }
        found = m_transferOf.emplace(event.exchange, m_transfers.size()).first;
        TransferLine line;
        line.client = event.from;
        line.server = event.to;
        line.write = event.kind == EventKind::TftpWrite;
        line.file = cut(event.text(FieldName::File));
        line.began = event.at;
        m_transfers.push_back(std::move(line));
    }
    TransferLine& line = m_transfers[found->second];
    line.last = event.at;
    const bool again = event.number(FieldName::Repeat).value_or(0) > 0;
    line.resent += again ? 1 : 0;
    if (event.kind == EventKind::TftpData && !again) {
        line.bytes += event.number(FieldName::Bytes).value_or(0);
        ++line.blocks;
    }
    if (event.kind == EventKind::TftpError)
        line.outcome = fmt::format("error {} {}", event.number(FieldName::Code).value_or(0),
                                   cut(event.text(FieldName::Text)));
    else if (event.number(FieldName::Total))
        line.outcome = "complete";
}

void MessageSummary::http(const TraceEvent& event)
{
    const auto found = m_exchangeOf.find(event.exchange);
    if (event.kind == EventKind::HttpRequest) {
        if (m_exchanges.size() == most) {
            ++m_leftOut;
            return;
        }
        m_exchangeOf.emplace(event.exchange, m_exchanges.size());
        ExchangeLine line;
        line.client = event.from;
        line.server = event.to;
        line.request =
            fmt::format("{} {}", event.text(FieldName::Method), cut(event.text(FieldName::Target)));
        line.sent = event.number(FieldName::Bytes).value_or(0);
        line.began = event.at;
        m_exchanges.push_back(std::move(line));
        return;
    }
    if (found == m_exchangeOf.end())
        return;
    ExchangeLine& line = m_exchanges[found->second];
    line.status =
        fmt::format("{} {}", event.number(FieldName::Status).value_or(0), cut(event.text(FieldName::Reason)));
    line.received = event.number(FieldName::Bytes).value_or(0);
    line.ended = event.at;
}

}  // namespace hwbridge
