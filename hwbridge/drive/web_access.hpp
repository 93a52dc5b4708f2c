#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace hwbridge {

// Whether a phone's certificate is believed. Always said, never guessed: phones have one of their maker's, of a
// bench's own authority, or one that they made themselves.
struct CertificatePolicy {
    enum class Kind : std::uint8_t {
        // By the authorities of this machine, and then it names the host; or by those of `authorities`, and then it names
        // the host or `mac`, or is itself one of them.
        Trusted,
        Pinned,  // exactly the one whose SHA-256 is `fingerprint`, whoever signed it
        Any,     // whatever it is: the connection is encrypted, but with nobody in particular
    };
    Kind kind = Kind::Trusted;
    std::string authorities{};  // a PEM file; empty: those of this machine
    std::string fingerprint{};  // 64 hexadecimal digits, colons between them or not
    // The device's, 12 digits, which certificates of phones have in their subject instead of a host; empty: not looked for.
    // Source: requirement CERT-CLIENT-SUBJECT.
    std::string mac{};
    bool operator==(const CertificatePolicy&) const = default;
};

// How the web server of one device is reached: an entry of an inventory, and how long it is waited for.
struct WebAccess {
    std::string device;  // its name in sentences: "CP7832-1"
    std::string url;  // where it is: "http://192.0.2.7/", "https://192.0.2.7:8443/"; a path is not looked at
    std::string user{};  // empty: no password is known
    std::string password{};
    CertificatePolicy certificates{};
    std::chrono::milliseconds timeout{20'000};  // for a whole answer, however it drips
    std::size_t maxBytes = 4u << 20;            // of an answer's body
    // Asked ten times a second while a connection to an address or an answer is waited for: true ends the waiting. Empty:
    // only time does.
    std::function<bool()> stop{};
};

}  // namespace hwbridge
