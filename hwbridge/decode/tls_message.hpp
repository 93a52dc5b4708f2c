#pragma once

#include "hwbridge/decode/ip_view.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// What a ClientHello tells (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).
struct TlsClientHello {
    std::uint16_t version = 0;  // the highest that is offered
    std::string serverName;     // printable characters only, others are '?'
    std::string ciphers;        // "1301 1302 c02f", in the order of the wire
    std::string alpn;           // "h2 http/1.1"
    // "771,4865-4866,0-23-65281,29-23,0": version, cipher suites, extensions, groups, point formats, each without the
    // values that RFC 8701 reserves. Not hashed: a hash cannot be compared value by value.
    std::string ja3;
};
Fault readClientHello(TlsClientHello& hello, std::string_view body);

struct TlsServerHello {
    std::uint16_t version = 0;  // that is chosen
    std::uint16_t cipher = 0;
    std::string alpn;
    bool isRetry = false;  // HelloRetryRequest
};
Fault readServerHello(TlsServerHello& hello, std::string_view body);

// "TLS 1.2"; "0x7f1c" for those nobody here knows.
std::string tlsVersionText(std::uint16_t version);

// "handshake_failure" of 40; empty for unknown ones (RFC 8446 section 6).
std::string_view tlsAlertText(std::uint8_t description);

// The DER certificates of a Certificate message, views into it, the sender's own first. In TLS 1.3 they are encrypted
// and never seen; this is the form up to 1.2.
inline constexpr std::size_t mostCertificates = 16;
Fault readCertificates(std::vector<std::string_view>& certificates, std::string_view body);

// One certificate, by OpenSSL.
struct CertificateText {
    std::string subject;  // "CN=server,O=Example" (RFC 2253), beginning with the last
    std::string issuer;
    std::string serial;     // hexadecimal digits
    std::string notBefore;  // "2026-01-01T00:00:00Z"
    std::string notAfter;
    std::string
        names;  // "DNS:a.example IP:10.0.0.1", the subject alternative names; others by their type only
};
// Errors: what OpenSSL cannot read.
Fault readCertificate(CertificateText& text, std::string_view der);

}  // namespace hwbridge
