#include "hwbridge/decode/tls_conversation.hpp"

#include "hwbridge/decode/big_endian.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::size_t recordHeader = 5;
constexpr std::size_t longestRecord = 16'384 + 2'048;  // RFC 5246 section 6.2.3
constexpr std::uint8_t changeCipherSpec = 20;
constexpr std::uint8_t alertRecord = 21;
constexpr std::uint8_t handshakeRecord = 22;
constexpr std::uint8_t applicationData = 23;
constexpr std::uint32_t exchange = 1;

bool isRecord(std::string_view header)
{
    const std::uint8_t type = u8(header, 0);
    const std::uint16_t version = u16(header, 1);
    return type >= changeCipherSpec && type <= applicationData && version >= 0x0300 && version <= 0x0304 &&
           u16(header, 3) <= longestRecord;
}

}  // namespace

TlsConversation::Start TlsConversation::startsWith(std::string_view bytes)
{
    if (bytes.size() >= recordHeader)
        return isRecord(bytes) && u16(bytes, 3) > 0 ? Start::Yes : Start::No;
    std::string header{bytes};
    constexpr std::string_view plausible{"\x16\x03\x01\x00\x01", recordHeader};
    header.append(plausible.substr(bytes.size()));
    return !bytes.empty() && isRecord(header) ? Start::Maybe : Start::No;
}

std::size_t TlsConversation::held() const
{
    return sizeof(*this) + m_halves[0].handshake.capacity() + m_halves[1].handshake.capacity();
}

void TlsConversation::bytes(Side side, std::string_view bytes, const Moment& moment)
{
    Half& mine = half(side);
    m_onlyEncrypted = true;
    if (mine.lost) {
        if (startsWith(bytes) != Start::Yes)
            return;
        mine.lost = false;
        mine.header.clear();
        mine.left = 0;
    }
    while (!bytes.empty()) {
        if (mine.left == 0) {
            const std::size_t wanted = std::min(recordHeader - mine.header.size(), bytes.size());
            mine.header.append(bytes.substr(0, wanted));
            bytes.remove_prefix(wanted);
            if (mine.header.size() < recordHeader)
                break;
            if (!isRecord(mine.header)) {
                malformed(side, "tls: found no record header", moment);
                mine.lost = true;
                break;
            }
            mine.type = u8(mine.header, 0);
            mine.left = u16(mine.header, 3);
            mine.header.clear();
            mine.encrypted |= mine.type == applicationData;
        }
        const std::string_view part = bytes.substr(0, mine.left);
        bytes.remove_prefix(part.size());
        mine.left -= part.size();
        content(side, part, moment);
    }
}

void TlsConversation::content(Side side, std::string_view bytes, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.type == changeCipherSpec) {
        mine.encrypted = true;
        m_onlyEncrypted = false;
        return;
    }
    if (mine.encrypted)
        return;
    m_onlyEncrypted = false;
    if (mine.type == alertRecord) {
        constexpr std::size_t alertSize = 2;
        mine.alert.append(bytes.substr(0, alertSize - std::min(alertSize, mine.alert.size())));
        if (mine.alert.size() == alertSize) {
            alert(side, mine.alert, moment);
            mine.alert.clear();
        }
        return;
    }
    const std::size_t skipped = std::min(mine.skip, bytes.size());
    mine.skip -= skipped;
    mine.handshake.append(bytes.substr(skipped));
    messages(side, moment);
}

void TlsConversation::messages(Side side, const Moment& moment)
{
    constexpr std::size_t header = 4;
    Half& mine = half(side);
    std::string_view rest = mine.handshake;
    while (rest.size() >= header) {
        const std::size_t length = u24(rest, 1);
        if (length > longestMessage) {
            malformed(side, "tls: found a handshake message beyond 65536 bytes", moment);
            const std::size_t here = std::min(rest.size(), header + length);
            mine.skip = header + length - here;
            rest.remove_prefix(here);
            continue;
        }
        if (rest.size() < header + length)
            break;
        message(side, u8(rest, 0), rest.substr(header, length), moment);
        rest.remove_prefix(header + length);
    }
    mine.handshake.erase(0, mine.handshake.size() - rest.size());
    if (mine.handshake.empty())
        mine.handshake.shrink_to_fit();
}

void TlsConversation::message(Side side, std::uint8_t type, std::string_view body, const Moment& moment)
{
    constexpr std::uint8_t helloOfClient = 1;
    constexpr std::uint8_t helloOfServer = 2;
    constexpr std::uint8_t certificate = 11;
    if (type == helloOfClient)
        clientHello(side, body, moment);
    else if (type == helloOfServer)
        serverHello(side, body, moment);
    else if (type == certificate)
        certificates(side, body, moment);
}

void TlsConversation::clientHello(Side side, std::string_view body, const Moment& moment)
{
    TlsClientHello hello;
    if (const Fault fault = readClientHello(hello, body); !fault.empty()) {
        malformed(side, fault, moment);
        return;
    }
    const std::string version = tlsVersionText(hello.version);
    TraceEvent event = m_events.begin(EventKind::TlsClientHello, side, moment, exchange);
    event.add(FieldName::Version, version);
    if (!hello.serverName.empty())
        event.add(FieldName::ServerName, hello.serverName);
    event.add(FieldName::Ciphers, hello.ciphers);
    if (!hello.alpn.empty())
        event.add(FieldName::Alpn, hello.alpn);
    event.add(FieldName::Ja3, hello.ja3);
    m_events.emit(event);
}

void TlsConversation::serverHello(Side side, std::string_view body, const Moment& moment)
{
    TlsServerHello hello;
    if (const Fault fault = readServerHello(hello, body); !fault.empty()) {
        malformed(side, fault, moment);
        return;
    }
    const std::string version = tlsVersionText(hello.version);
    const std::string cipher = fmt::format("{:04x}", hello.cipher);
    TraceEvent event = m_events.begin(EventKind::TlsServerHello, side, moment, exchange);
    event.add(FieldName::Version, version);
    event.add(FieldName::Cipher, cipher);
    if (!hello.alpn.empty())
        event.add(FieldName::Alpn, hello.alpn);
    if (hello.isRetry)
        event.add(FieldName::Note, "HelloRetryRequest");
    m_events.emit(event);
}

void TlsConversation::certificates(Side side, std::string_view body, const Moment& moment)
{
    std::vector<std::string_view> certificates;
    if (const Fault fault = readCertificates(certificates, body); !fault.empty()) {
        malformed(side, fault, moment);
        return;
    }
    if (certificates.empty()) {
        TraceEvent event = m_events.begin(EventKind::TlsCertificate, side, moment, exchange);
        event.add(FieldName::Note, "no certificate");
        m_events.emit(event);
    }
    for (const std::string_view der : certificates) {
        CertificateText text;
        if (const Fault fault = readCertificate(text, der); !fault.empty()) {
            malformed(side, fault, moment);
            continue;
        }
        TraceEvent event = m_events.begin(EventKind::TlsCertificate, side, moment, exchange);
        event.add(FieldName::Subject, text.subject);
        event.add(FieldName::Issuer, text.issuer);
        event.add(FieldName::Serial, text.serial);
        event.add(FieldName::NotBefore, text.notBefore);
        event.add(FieldName::NotAfter, text.notAfter);
        if (!text.names.empty())
            event.add(FieldName::Names, text.names);
        m_events.emit(event);
    }
}

void TlsConversation::alert(Side side, std::string_view alert, const Moment& moment)
{
    TraceEvent event = m_events.begin(EventKind::TlsAlert, side, moment, exchange);
    event.add(FieldName::Level, u8(alert, 0) == 1 ? "warning" : u8(alert, 0) == 2 ? "fatal" : "unknown");
    event.add(FieldName::Code, std::int64_t{u8(alert, 1)});
    if (const std::string_view text = tlsAlertText(u8(alert, 1)); !text.empty())
        event.add(FieldName::Text, text);
    m_events.emit(event);
}

void TlsConversation::malformed(Side side, std::string_view note, const Moment& moment)
{
    TraceEvent event = m_events.begin(EventKind::PacketMalformed, side, moment, exchange);
    event.add(FieldName::Note, note);
    m_events.emit(event);
}

void TlsConversation::gap(Side side, std::uint64_t missing, const Moment& moment)
{
    Half& mine = half(side);
    if (mine.encrypted && missing <= mine.left) {
        mine.left -= static_cast<std::size_t>(missing);
        return;
    }
    end(side, moment);
    mine.lost = true;
    mine.header.clear();
    mine.left = 0;
}

void TlsConversation::end(Side side, const Moment& moment)
{
    Half& mine = half(side);
    if (!mine.handshake.empty() && !mine.encrypted)
        malformed(side, "tls: found a handshake message that is cut off", moment);
    mine.handshake.clear();
}

}  // namespace hwbridge
