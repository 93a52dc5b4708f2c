#pragma once

#include "emulator/base/result.hpp"
#include "emulator/protocol/http_message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator {

struct HttpCredentials {
    std::string user;
    std::string password;
    bool operator==(const HttpCredentials&) const = default;
};

// Weakest first. MD5 and SHA-256 hash the password, the -sess forms a key made of it once per challenge.
enum class DigestAlgorithm : std::uint8_t { Md5, Md5Sess, Sha256, Sha256Sess };
std::string_view name(DigestAlgorithm algorithm);  // "MD5", "MD5-sess", "SHA-256", "SHA-256-sess"
std::optional<DigestAlgorithm> digestAlgorithm(std::string_view name);  // in any case

// One scheme with what follows it: a challenge, or the credentials that answer one.
struct AuthText {
    std::string scheme;
    std::string token;  // of "Basic YWRtaW46cHc="; empty: parameters, or nothing
    std::vector<std::pair<std::string, std::string>> parameters;  // values without quotes and escapes

    std::string_view parameter(std::string_view name) const;  // in any case; empty when absent
    bool has(std::string_view name) const;
};

// Limits of what is read from outside. Our choices.
inline constexpr std::size_t longestAuthField = 8u << 10;
inline constexpr std::size_t mostChallenges = 16;      // in one field
inline constexpr std::size_t mostAuthParameters = 32;  // of one challenge

// Reads the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization.
// Shape:  "Basic realm=\"a\", Digest realm=\"b\", nonce=\"c\", qop=\"auth,auth-int\"" (RFC 9110 section 11): the comma
//         stands between challenges as well as between parameters.
// Errors: TooLarge beyond a limit; Malformed: no scheme, an open quote, a control character, a parameter named twice.
Result<std::vector<AuthText>> parseAuthField(std::string_view value);

enum class AuthScheme : std::uint8_t { Basic, Digest };

// A challenge that can be answered.
struct HttpChallenge {
    AuthScheme scheme = AuthScheme::Basic;
    std::string realm;
    // Of Digest:
    DigestAlgorithm algorithm = DigestAlgorithm::Md5;
    bool namesAlgorithm = false;  // else MD5 is meant, and the answer names none either
    std::string nonce;
    std::optional<std::string> opaque;
    bool qopAuth = false;  // else the form of RFC 2069, without qop
};

// The strongest challenge among all fields of that name: SHA-256 before MD5 before Basic, -sess and qop before what
// lacks them, then the first (our choice; the guides name no order). Nothing when none can be answered: another
// scheme or algorithm, only qop=auth-int, a Digest without nonce. A field that cannot be read counts as absent.
// Source: RFC 7617 (Basic), RFC 7616 (Digest; its SHA-512-256, auth-int and userhash are not known to be asked of
//         phones), PROV-HTTP-AUTH-BASIC, PROV-HTTP-AUTH-DIGEST.
std::optional<HttpChallenge> strongestChallenge(const HttpFields& fields, std::string_view fieldName);

// What goes into the hash of a Digest answer beside the challenge.
struct DigestUse {
    std::string_view method;
    std::string_view uri;  // as on the request line
    std::string_view cnonce;
    std::uint32_t count = 1;  // nc: how often this nonce was answered, this time included
};

// 32 or 64 lower-case hexadecimal digits (RFC 7616 section 3.4.1).
std::string digestResponse(const HttpChallenge& challenge, const HttpCredentials& credentials,
                           const DigestUse& use);

// The value of Authorization or Proxy-Authorization. Nothing when the credentials cannot be written: a colon in the
// user of Basic, a control character anywhere.
std::optional<std::string> answerTo(const HttpChallenge& challenge, const HttpCredentials& credentials,
                                    const DigestUse& use);

// Hashes for nonces and answers, as lower-case hexadecimal digits.
std::string hexDigest(DigestAlgorithm algorithm, std::string_view bytes);

}  // namespace emulator
