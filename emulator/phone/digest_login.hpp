#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/protocol/http_authentication.hpp"

#include <string>
#include <string_view>

namespace emulator {

// Asks for a password by HTTP Digest, as a phone does of whoever commands it: by SIP (RFC 3261 section 22) and on
// /CGI/Execute. Keeps nothing: a nonce is a hash of the run's seed, the phone, the conversation and the time, valid
// for 5 to 10 minutes (our choice). MD5 with qop=auth is offered; answers without qop are taken too (RFC 2617).
class DigestLogin {
public:
    // `conversation`: the Call-ID; a nonce is good for that one only.
    DigestLogin(const Phone& phone, TimePoint now, std::string realm, std::string_view conversation);

    enum class Verdict : std::uint8_t { Missing, Wrong, Stale, Good };
    // `authorization`: the value of the field, empty when there is none. Stale: the right password for an old nonce.
    // An empty password is never good: nobody can know that he was meant.
    Verdict judge(std::string_view authorization, std::string_view method,
                  const HttpCredentials& expected) const;

    // The value of WWW-Authenticate.
    std::string challenge(Verdict verdict) const;

private:
    std::string nonce(std::int64_t window) const;

    const Phone& m_phone;
    std::string m_realm;
    std::string_view m_conversation;
    std::int64_t m_window;
};

// 64 hexadecimal digits that only this phone in this run comes to.
std::string phoneHash(const Phone& phone, std::string_view text);

}  // namespace emulator
