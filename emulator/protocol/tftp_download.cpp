#include "emulator/protocol/tftp_download.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/protocol/printable.hpp"

#include <fmt/format.h>

#include <utility>

namespace emulator {

namespace {

constexpr std::size_t longestRequest = 512;  // bytes of a request packet, RFC 2347
constexpr std::size_t longestFile =
    longestRequest - 2 - 1 - 6;  // without opcode, zero, and "octet" with its zero

void send(FetchSteps& steps, Endpoint to, const TftpPacket& packet)
{
    steps.emplace_back(SendDatagram{to, encode(packet)});
}

std::string_view standardMessage(TftpErrorCode code)
{
    switch (code) {
    case TftpErrorCode::NotDefined:
        return "not defined";
    case TftpErrorCode::FileNotFound:
        return "File not found";
    case TftpErrorCode::AccessViolation:
        return "Access violation";
    case TftpErrorCode::DiskFull:
        return "Disk full";
    case TftpErrorCode::IllegalOperation:
        return "Illegal TFTP operation";
    case TftpErrorCode::UnknownTransfer:
        return "Unknown transfer ID";
    case TftpErrorCode::FileExists:
        return "File already exists";
    case TftpErrorCode::NoSuchUser:
        return "No such user";
    case TftpErrorCode::OptionRefused:
        return "Option refused";
    }
    return "unknown code";
}

Error refusal(const TftpError& error)
{
    const std::string said =
        error.message.empty() ? std::string{standardMessage(error.code)} : printable(error.message);
    const ErrorKind kind =
        error.code == TftpErrorCode::FileNotFound ? ErrorKind::NotFound : ErrorKind::Refused;
    return fail(kind, fmt::format("TFTP error {}: {}", static_cast<unsigned>(error.code), said));
}

}  // namespace

TftpDownload::Outcome TftpDownload::begin(TimePoint now, FetchSteps& steps)
{
    if (m_file.size() > longestFile)
        return fail(ErrorKind::Malformed,
                    fmt::format("file name of {} bytes; a TFTP request holds {} bytes in all", m_file.size(),
                                longestRequest));
    m_sends = 1;
    m_resendAt = m_wakeAt = now + tftpResendAfter;
    m_endAt = now + tftpTotalTime;
    sendLast(steps);
    steps.emplace_back(WaitUntil{m_wakeAt});
    return std::nullopt;
}

TftpDownload::Outcome TftpDownload::arrived(TimePoint now, Endpoint from, std::string_view datagram,
                                            FetchSteps& steps)
{
    const Result<TftpPacket> packet = decodeTftp(datagram);
    const bool fromServer = m_transfer ? from == *m_transfer : from.address == m_server.address;
    if (!fromServer) {
        // An error is never answered by an error: two ends could go on for ever.
        if (packet.has_value() && !std::holds_alternative<TftpError>(*packet))
            send(steps, from, TftpError{TftpErrorCode::UnknownTransfer, "unknown transfer"});
        return std::nullopt;
    }
    if (!packet.has_value())
        return rejectPacket(from, TftpErrorCode::IllegalOperation, packet.error().detail, steps);
    return std::visit(Overloaded{
                          [&](const TftpData& data) { return takeData(now, from, data, steps); },
                          [&](const TftpError& error) { return Outcome{refusal(error)}; },
                          [&](const TftpOack&) {
                              return rejectPacket(from, TftpErrorCode::OptionRefused,
                                                  "options that were not asked for", steps);
                          },
                          [&](const auto&) {
                              return rejectPacket(from, TftpErrorCode::IllegalOperation,
                                                  "a packet that is not data", steps);
                          },
                      },
                      *packet);
}

TftpDownload::Outcome TftpDownload::refused(Endpoint by)
{
    if (by != m_transfer.value_or(m_server))
        return std::nullopt;
    return fail(ErrorKind::Unreachable, fmt::format("no TFTP server at {}", by.text()));
}

TftpDownload::Outcome TftpDownload::waitOver(TimePoint now, FetchSteps& steps)
{
    if (now < m_wakeAt)
        return std::nullopt;  // of a wait that was replaced
    if (now >= m_endAt)
        return fail(ErrorKind::TimedOut, fmt::format("TFTP transfer from {} took too long", m_server.text()));
    if (now >= m_resendAt) {
        if (m_sends == tftpSends)
            return fail(ErrorKind::TimedOut,
                        fmt::format("TFTP server {} is silent after {} blocks", m_server.text(), m_blocks));
        ++m_sends;
        m_resendAt = now + tftpResendAfter;
        sendLast(steps);
    }
    m_wakeAt = m_resendAt;
    steps.emplace_back(WaitUntil{m_wakeAt});
    return std::nullopt;
}

void TftpDownload::sendLast(FetchSteps& steps) const
{
    if (m_transfer)
        send(steps, *m_transfer, TftpAck{static_cast<std::uint16_t>(m_blocks)});
    else
        send(steps, m_server, TftpRead{m_file, "octet", {}});
}

TftpDownload::Outcome TftpDownload::takeData(TimePoint now, Endpoint from, const TftpData& data,
                                             FetchSteps& steps)
{
    if (data.bytes.size() > tftpBlockSize)
        return rejectPacket(from, TftpErrorCode::IllegalOperation, "a block of more than 512 bytes", steps);
    if (m_blocks > 0 && data.block == static_cast<std::uint16_t>(m_blocks)) {
        send(steps, from, TftpAck{data.block});
        return std::nullopt;
    }
    if (data.block != static_cast<std::uint16_t>(m_blocks + 1))
        return std::nullopt;
    if (data.bytes.size() > m_limit - m_body.size()) {
        send(steps, from, TftpError{TftpErrorCode::DiskFull, "file too large"});
        return fail(ErrorKind::TooLarge, fmt::format("file beyond {} bytes", m_limit));
    }
    m_transfer = from;
    ++m_blocks;
    m_body.append(data.bytes);
    send(steps, from, TftpAck{data.block});
    if (data.bytes.size() < tftpBlockSize)
        return Result<SharedBytes>{shareBytes(std::move(m_body))};
    m_sends = 1;
    // The wait that was asked for goes on; when it is over, waitOver() asks for the rest. That spares a timer a block.
    m_resendAt = now + tftpResendAfter;
    return std::nullopt;
}

TftpDownload::Outcome TftpDownload::rejectPacket(Endpoint from, TftpErrorCode code, std::string_view what,
                                                 FetchSteps& steps) const
{
    send(steps, from, TftpError{code, "unexpected packet"});
    return fail(ErrorKind::Malformed, fmt::format("TFTP server {} sent {}", from.text(), what));
}

}  // namespace emulator
