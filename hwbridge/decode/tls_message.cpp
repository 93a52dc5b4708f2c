#include "hwbridge/decode/tls_message.hpp"

#include "emulator/protocol/printable.hpp"
#include "hwbridge/decode/big_endian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hwbridge {

namespace {

// Takes pieces off the front of a message; `good` is false once one was longer than what is left.
class Pieces {
public:
    explicit Pieces(std::string_view bytes) : m_rest{bytes} {}

    bool good() const { return m_good; }
    bool empty() const { return m_rest.empty(); }
    std::string_view take(std::size_t count)
    {
        if (count > m_rest.size()) {
            m_good = false;
            m_rest = {};
            return {};
        }
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }
    std::uint32_t number(std::size_t bytes)
    {
        std::uint32_t value = 0;
        for (const char c : take(bytes))
            value = value << 8 | static_cast<std::uint8_t>(c);
        return value;
    }
    std::string_view vector(std::size_t lengthBytes) { return take(number(lengthBytes)); }

private:
    std::string_view m_rest;
    bool m_good = true;
};

// Values reserved to keep implementations tolerant (RFC 8701): 0x0a0a, 0x1a1a, …
bool isReserved(std::uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

void appendNumber(std::string& list, std::uint32_t value)
{
    fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : "-", value);
}

void appendWord(std::string& list, std::string_view word)
{
    constexpr std::size_t longest = 255;
    if (!list.empty())
        list += ' ';
    list += emulator::printable(word, longest);
}

std::string alpnText(std::string_view extension)
{
    std::string list;
    Pieces names{Pieces{extension}.vector(2)};
    while (!names.empty())
        if (const std::string_view name = names.vector(1); names.good())
            appendWord(list, name);
    return list;
}

// The list of 16-bit numbers behind a length.
std::string numberList(std::string_view list)
{
    std::string text;
    Pieces numbers{list};
    while (!numbers.empty()) {
        const auto value = static_cast<std::uint16_t>(numbers.number(2));
        if (numbers.good() && !isReserved(value))
            appendNumber(text, value);
    }
    return text;
}

constexpr std::uint16_t extensionServerName = 0;
constexpr std::uint16_t extensionGroups = 10;
constexpr std::uint16_t extensionPointFormats = 11;
constexpr std::uint16_t extensionAlpn = 16;
constexpr std::uint16_t extensionVersions = 43;

}  // namespace

Fault readClientHello(TlsClientHello& hello, std::string_view body)
{
    hello = {};
    Pieces pieces{body};
    const auto legacy = static_cast<std::uint16_t>(pieces.number(2));
    hello.version = legacy;
    pieces.take(32);   // random
    pieces.vector(1);  // session
    const std::string_view ciphers = pieces.vector(2);
    pieces.vector(1);  // compression methods
    if (!pieces.good())
        return "tls: found a ClientHello that ends before its cipher suites do";
    std::string groups;
    std::string formats;
    std::string extensions;
    Pieces list{pieces.empty() ? std::string_view{} : pieces.vector(2)};
    while (pieces.good() && !list.empty()) {
        const auto type = static_cast<std::uint16_t>(list.number(2));
        const std::string_view data = list.vector(2);
        if (!list.good())
            break;
        if (!isReserved(type))
            appendNumber(extensions, type);
        if (type == extensionServerName) {
            Pieces names{Pieces{data}.vector(2)};
            names.take(1);  // the only type there is: a host name
            hello.serverName = emulator::printable(names.vector(2), 255);
        } else if (type == extensionGroups) {
            groups = numberList(Pieces{data}.vector(2));
        } else if (type == extensionPointFormats) {
            const std::string_view points = Pieces{data}.vector(1);
            for (const char c : points)
                appendNumber(formats, static_cast<std::uint8_t>(c));
        } else if (type == extensionAlpn) {
            hello.alpn = alpnText(data);
        } else if (type == extensionVersions) {
            Pieces versions{Pieces{data}.vector(1)};
            while (!versions.empty())
                if (const auto one = static_cast<std::uint16_t>(versions.number(2)); !isReserved(one))
                    hello.version = std::max(hello.version, one);
        }
    }
    if (!pieces.good() || !list.good())
        return "tls: found a ClientHello whose extensions are longer than itself";
    std::string suites;
    for (Pieces each{ciphers}; !each.empty();) {
        const auto suite = static_cast<std::uint16_t>(each.number(2));
        if (!each.good())
            break;
        fmt::format_to(std::back_inserter(hello.ciphers), "{}{:04x}", hello.ciphers.empty() ? "" : " ",
                       suite);
        if (!isReserved(suite))
            appendNumber(suites, suite);
    }
    hello.ja3 = fmt::format("{},{},{},{},{}", legacy, suites, extensions, groups, formats);
    return {};
}

Fault readServerHello(TlsServerHello& hello, std::string_view body)
{
    // SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
    constexpr std::string_view retry = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
                                       "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c";
    hello = {};
    Pieces pieces{body};
    hello.version = static_cast<std::uint16_t>(pieces.number(2));
    hello.isRetry = pieces.take(32) == retry;
    pieces.vector(1);  // session
    hello.cipher = static_cast<std::uint16_t>(pieces.number(2));
    pieces.take(1);  // compression
    if (!pieces.good())
        return "tls: found a ServerHello that ends before its cipher suite";
    Pieces list{pieces.empty() ? std::string_view{} : pieces.vector(2)};
    while (pieces.good() && !list.empty()) {
        const auto type = static_cast<std::uint16_t>(list.number(2));
        const std::string_view data = list.vector(2);
        if (type == extensionVersions && data.size() == 2)
            hello.version = u16(data, 0);
        else if (type == extensionAlpn)
            hello.alpn = alpnText(data);
    }
    if (!pieces.good() || !list.good())
        return "tls: found a ServerHello whose extensions are longer than itself";
    return {};
}

Fault readCertificates(std::vector<std::string_view>& certificates, std::string_view body)
{
    certificates.clear();
    Pieces pieces{body};
    Pieces list{pieces.vector(3)};
    while (pieces.good() && !list.empty() && certificates.size() < mostCertificates)
        if (const std::string_view one = list.vector(3); list.good())
            certificates.push_back(one);
    if (!pieces.good() || !list.good())
        return "tls: found a certificate longer than its message";
    return {};
}

std::string tlsVersionText(std::uint16_t version)
{
    switch (version) {
    case 0x0300:
        return "SSL 3.0";
    case 0x0301:
        return "TLS 1.0";
    case 0x0302:
        return "TLS 1.1";
    case 0x0303:
        return "TLS 1.2";
    case 0x0304:
        return "TLS 1.3";
    default:
        return fmt::format("0x{:04x}", version);
    }
}

std::string_view tlsAlertText(std::uint8_t description)
{
    switch (description) {
    case 0:
        return "close_notify";
    case 10:
        return "unexpected_message";
    case 20:
        return "bad_record_mac";
    case 22:
        return "record_overflow";
    case 40:
        return "handshake_failure";
    case 42:
        return "bad_certificate";
    case 43:
        return "unsupported_certificate";
    case 44:
        return "certificate_revoked";
    case 45:
        return "certificate_expired";
    case 46:
        return "certificate_unknown";
    case 47:
        return "illegal_parameter";
    case 48:
        return "unknown_ca";
    case 49:
        return "access_denied";
    case 50:
        return "decode_error";
    case 51:
        return "decrypt_error";
    case 70:
        return "protocol_version";
    case 71:
        return "insufficient_security";
    case 80:
        return "internal_error";
    case 86:
        return "inappropriate_fallback";
    case 90:
        return "user_canceled";
    case 100:
        return "no_renegotiation";
    case 109:
        return "missing_extension";
    case 110:
        return "unsupported_extension";
    case 112:
        return "unrecognized_name";
    case 113:
        return "bad_certificate_status_response";
    case 115:
        return "unknown_psk_identity";
    case 116:
        return "certificate_required";
    case 120:
        return "no_application_protocol";
    default:
        return {};
    }
}

}  // namespace hwbridge
