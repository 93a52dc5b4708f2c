#include "hwbridge/decode/tftp_transfers.hpp"

#include "emulator/base/ascii.hpp"

#include <charconv>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::uint16_t wellKnownPort = 69;
constexpr std::chrono::seconds patience{60};

std::uint64_t keyOf(const Endpoint& client, IpAddress server)
{
    ExchangeKey key{"tftp"};
    key.add(std::uint64_t{client.address.value} << 16 | client.port).add(std::uint64_t{server.value});
    return key.hash();
}

bool isRequest(EventKind kind)
{
    return kind == EventKind::TftpRead || kind == EventKind::TftpWrite;
}

// Modes of RFC 1350; anything else at a port that is not TFTP's is chance.
bool isRequestByContent(const TraceEvent& event)
{
    const std::string_view mode = event.text(FieldName::Mode);
    return !event.text(FieldName::File).empty() &&
           (equalsAnyCase(mode, "octet") || equalsAnyCase(mode, "netascii") || equalsAnyCase(mode, "mail"));
}

// The block size that an option answer grants (RFC 2348), out of "blksize=1428 tsize=0".
std::optional<std::size_t> grantedBlockSize(std::string_view options)
{
    constexpr std::string_view name = "blksize=";
    for (std::size_t at = 0; at < options.size();) {
        const std::size_t end = std::min(options.find(' ', at), options.size());
        const std::string_view option = options.substr(at, end - at);
        at = end + 1;
        if (option.size() <= name.size() || !equalsAnyCase(option.substr(0, name.size()), name))
            continue;
        std::size_t size = 0;
        const std::string_view digits = option.substr(name.size());
        const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
        if (error == std::errc{} && rest == digits.data() + digits.size() && size > 0)
            return size;
    }
    return std::nullopt;
}

}  // namespace

TftpTransfers::Transfer* TftpTransfers::find(const Endpoint& from, const Endpoint& to, TimePoint now)
{
    Transfer* transfer = m_transfers.find(keyOf(to, from.address), now);
    if (transfer != nullptr && (transfer->serverPort == 0 || transfer->serverPort == from.port)) {
        transfer->serverPort = from.port;
        return transfer;
    }
    transfer = m_transfers.find(keyOf(from, to.address), now);
    if (transfer != nullptr && (transfer->serverPort == 0 || transfer->serverPort == to.port))
        return transfer;
    return nullptr;
}

std::optional<std::uint32_t> TftpTransfers::exchangeOf(const Endpoint& from, const Endpoint& to,
                                                       TimePoint now)
{
    for (const std::uint64_t key : {keyOf(from, to.address), keyOf(to, from.address)})
        if (const Transfer* transfer = m_transfers.find(key, now))
            return transfer->exchange;
    return std::nullopt;
}

TftpTransfers::Transfer& TftpTransfers::request(const TraceEvent& event, std::string_view payload,
                                                ExchangeTable& exchanges)
{
    const std::uint64_t key = keyOf(event.from, event.to.address);
    const std::uint64_t hash = hashOf(payload);
    Transfer* known = m_transfers.find(key, event.at);
    if (known != nullptr && !known->ended && known->requests.last == hash &&
        event.at - known->last <= patience)
        return *known;
    Transfer& fresh = m_transfers.renew(key, event.at);
    fresh.exchange = exchanges.next();
    fresh.began = event.at;
    return fresh;
}

std::uint32_t TftpTransfers::data(Transfer& transfer, const TraceEvent& event)
{
    const auto block = static_cast<std::uint16_t>(event.number(FieldName::Block).value_or(0));
    const std::int64_t bytes = event.number(FieldName::Bytes).value_or(0);
    Block& seen = transfer.blocks[block % transfer.blocks.size()];
    // Numbers begin anew after 65,535; what is not ahead of the highest was there before.
    const bool old = transfer.anyData && static_cast<std::int16_t>(block - transfer.highest) <= 0;
    if (!old) {
        seen = {block, 1};
        transfer.anyData = true;
        transfer.highest = block;
        transfer.total += bytes;
        if (static_cast<std::size_t>(bytes) < transfer.blockSize)
            transfer.lastBlock = block;
        return 0;
    }
    if (seen.number != block || seen.times == 0)
        seen = {block, 1};
    return seen.times < UINT16_MAX ? seen.times++ : seen.times;
}

std::uint32_t TftpTransfers::repeatOf(Transfer& transfer, const TraceEvent& event, std::string_view payload)
{
    switch (event.kind) {
    case EventKind::TftpData:
        return data(transfer, event);
    case EventKind::TftpAck:
        return transfer.acknowledgements.see(
            static_cast<std::uint64_t>(event.number(FieldName::Block).value_or(0)));
    case EventKind::TftpOack:
        if (const auto size = grantedBlockSize(event.text(FieldName::Text)))
            transfer.blockSize = *size;
        return transfer.optionAnswers.see(hashOf(payload));
    case EventKind::TftpError:
        return transfer.errors.see(hashOf(payload));
    default:
        return transfer.requests.see(hashOf(payload));
    }
}

void TftpTransfers::end(Transfer& transfer, Description& out)
{
    const TraceEvent& event = out.event();
    const bool acknowledged = event.kind == EventKind::TftpAck && transfer.lastBlock &&
                              event.number(FieldName::Block) == std::int64_t{*transfer.lastBlock};
    if (transfer.ended || (!acknowledged && event.kind != EventKind::TftpError))
        return;
    transfer.ended = true;
    out.add(FieldName::Took, (event.at - transfer.began).count());
    out.add(FieldName::Total, transfer.total);
    out.add(FieldName::Resent, transfer.resent);
}

DecodeOutcome TftpTransfers::describe(Description out, std::string_view payload, ExchangeTable& exchanges,
                                      TrafficTrace& secrets)
{
    TraceEvent& event = out.event();
    const bool atItsPort = event.from.port == wellKnownPort || event.to.port == wellKnownPort;
    const auto expected = tftpEventKind(payload);
    Transfer* transfer = expected && isRequest(*expected) ? nullptr : find(event.from, event.to, event.at);
    if (transfer == nullptr && !atItsPort && !(expected && isRequest(*expected)))
        return DecodeOutcome::Unknown;
    const std::size_t fieldsBefore = event.fields.size();
    const EventKind kindBefore = event.kind;
    const auto kind = secrets.describeTftp(event, payload);
    if (!kind) {
        if (transfer == nullptr && !atItsPort)
            return DecodeOutcome::Unknown;
        return out.malformed("tftp: found {}", decodeTftp(payload).error().detail);
    }
    if (isRequest(*kind)) {
        if (!atItsPort && !isRequestByContent(event)) {
            event.fields.resize(fieldsBefore);
            event.kind = kindBefore;
            return DecodeOutcome::Unknown;
        }
        transfer = &request(event, payload, exchanges);
    }
    if (transfer == nullptr) {
        out.join(exchanges.next());
        return DecodeOutcome::Described;
    }
    const std::uint32_t repeat = repeatOf(*transfer, event, payload);
    transfer->resent += repeat > 0 ? 1 : 0;
    transfer->last = event.at;
    out.join({transfer->exchange, repeat});
    end(*transfer, out);
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
