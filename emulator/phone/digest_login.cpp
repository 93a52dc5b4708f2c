#include "emulator/phone/digest_login.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace emulator {

namespace {

constexpr std::int64_t windowSeconds = 300;

// The Digest answer among the credentials of the field; null when there is none for that realm.
const AuthText* answerIn(const Result<std::vector<AuthText>>& credentials, std::string_view realm)
{
    if (credentials.has_error())
        return nullptr;
    const auto found = std::find_if(credentials->begin(), credentials->end(), [&](const AuthText& one) {
        return equalsAnyCase(one.scheme, "Digest") && one.parameter("realm") == realm;
    });
    return found == credentials->end() ? nullptr : &*found;
}

// The hash that the sender had to come to; empty when it speaks of what was not offered.
std::string expectedResponse(const AuthText& given, std::string_view method, const HttpCredentials& expected)
{
    HttpChallenge challenge;
    challenge.scheme = AuthScheme::Digest;
    challenge.realm = given.parameter("realm");
    challenge.nonce = given.parameter("nonce");
    challenge.qopAuth = given.has("qop");
    if (challenge.qopAuth && given.parameter("qop") != "auth")
        return {};
    if (given.has("algorithm") && !equalsAnyCase(given.parameter("algorithm"), "MD5"))
        return {};
    DigestUse use{method, given.parameter("uri"), given.parameter("cnonce"), 0};
    const std::string_view count = given.parameter("nc");
    std::from_chars(count.data(), count.data() + count.size(), use.count, 16);
    return digestResponse(challenge, expected, use);
}

}  // namespace

std::string phoneHash(const Phone& phone, std::string_view text)
{
    return hexDigest(DigestAlgorithm::Sha256,
                     fmt::format("{}:{}:{}", static_cast<std::uint64_t>(phone.surroundings().seed),
                                 phone.mac().plain(), text));
}

DigestLogin::DigestLogin(const Phone& phone, TimePoint now, std::string realm, std::string_view conversation)
    : m_phone{phone},
      m_realm{std::move(realm)},
      m_conversation{conversation},
      m_window{std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count() /
               windowSeconds}
{}

std::string DigestLogin::nonce(std::int64_t window) const
{
    return phoneHash(m_phone, fmt::format("nonce:{}:{}", window, m_conversation)).substr(0, 32);
}

DigestLogin::Verdict DigestLogin::judge(std::string_view authorization, std::string_view method,
                                        const HttpCredentials& expected) const
{
    const Result<std::vector<AuthText>> credentials = parseAuthField(authorization);
    const AuthText* const given = authorization.empty() ? nullptr : answerIn(credentials, m_realm);
    if (given == nullptr)
        return Verdict::Missing;
    if (expected.password.empty() || given->parameter("username") != expected.user ||
        !equalsAnyCase(given->parameter("response"), expectedResponse(*given, method, expected)))
        return Verdict::Wrong;
    const std::string_view used = given->parameter("nonce");
    return used == nonce(m_window) || used == nonce(m_window - 1) ? Verdict::Good : Verdict::Stale;
}

std::string DigestLogin::challenge(Verdict verdict) const
{
    return fmt::format(R"(Digest realm="{}", nonce="{}", algorithm=MD5, qop="auth"{})", m_realm,
                       nonce(m_window), verdict == Verdict::Stale ? ", stale=true" : "");
}

}  // namespace emulator
