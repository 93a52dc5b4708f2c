#include "emulator/protocol/http_authentication.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/base64.hpp"
#include "emulator/protocol/printable.hpp"

#include <openssl/evp.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace emulator {

namespace {

// RFC 9110 section 5.6.2.
bool isTokenChar(char c)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

// RFC 9110 section 11.2; '=' only at its end.
bool isToken68Char(char c)
{
    constexpr std::string_view others = "-._~+/";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

class AuthFieldReader {
public:
    explicit AuthFieldReader(std::string_view text) : m_rest{text} {}

    Result<std::vector<AuthText>> read()
    {
        std::vector<AuthText> all;
        for (skip(", \t"); !m_rest.empty(); skip(", \t")) {
            if (all.size() == mostChallenges)
                return fail(ErrorKind::TooLarge, fmt::format("more than {} challenges", mostChallenges));
            Result<AuthText> one = challenge();
            if (one.has_error())
                return fail(one.error());
            all.push_back(std::move(*one));
        }
        return all;
    }

private:
    Result<AuthText> challenge()
    {
        AuthText text;
        text.scheme = take(isTokenChar);
        if (text.scheme.empty())
            return malformed("a scheme such as Basic");
        if (!m_rest.empty() && m_rest.front() != ' ' && m_rest.front() != ',')
            return malformed("a space after the scheme");
        skip(" \t");
        if (takeToken68(text.token))
            return text;
        while (!m_rest.empty()) {
            std::string_view ahead = m_rest;
            const std::size_t separators = std::min(ahead.find_first_not_of(", \t"), ahead.size());
            ahead.remove_prefix(separators);
            if (ahead.empty() || !beginsParameter(ahead))
                return text;  // the next scheme
            m_rest = ahead;
            const Result<void> taken = parameter(text);
            if (taken.has_error())
                return fail(taken.error());
        }
        return text;
    }

    Result<void> parameter(AuthText& text)
    {
        if (text.parameters.size() == mostAuthParameters)
            return fail(ErrorKind::TooLarge,
                        fmt::format("more than {} parameters of {}", mostAuthParameters, text.scheme));
        std::string name{take(isTokenChar)};
        skip(" \t");
        m_rest.remove_prefix(1);  // '=': beginsParameter has seen it
        skip(" \t");
        std::string value;
        if (m_rest.starts_with('"')) {
            const Result<void> quoted = quotedString(value);
            if (quoted.has_error())
                return quoted;
        } else {
            value = take(isTokenChar);
        }
        if (!m_rest.empty() && std::string_view{", \t"}.find(m_rest.front()) == std::string_view::npos)
            return malformed("a comma after a parameter");
        if (text.has(name))
            return malformed(fmt::format("{} once", printable(name)));
        text.parameters.emplace_back(std::move(name), std::move(value));
        return {};
    }

    // RFC 9110 section 5.6.4.
    Result<void> quotedString(std::string& value)
    {
        m_rest.remove_prefix(1);
        while (!m_rest.empty() && m_rest.front() != '"') {
            if (m_rest.front() == '\\' && m_rest.size() > 1)
                m_rest.remove_prefix(1);
            if (isControl(m_rest.front()))
                return malformed("no control character in quotes");
            value += m_rest.front();
            m_rest.remove_prefix(1);
        }
        if (m_rest.empty())
            return malformed("a closing quote");
        m_rest.remove_prefix(1);
        return {};
    }

    static bool beginsParameter(std::string_view text)
    {
        const auto name = std::find_if_not(text.begin(), text.end(), isTokenChar);
        if (name == text.begin())
            return false;
        text.remove_prefix(static_cast<std::size_t>(name - text.begin()));
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
        return text.starts_with('=');
    }

    // "YWRtaW46cHc=" rather than "realm=": nothing but '=' may follow it up to the comma.
    bool takeToken68(std::string& token)
    {
        const auto plain = std::find_if_not(m_rest.begin(), m_rest.end(), isToken68Char);
        const auto padded = std::find_if_not(plain, m_rest.end(), [](char c) { return c == '='; });
        std::string_view after = m_rest.substr(static_cast<std::size_t>(padded - m_rest.begin()));
        after.remove_prefix(std::min(after.find_first_not_of(" \t"), after.size()));
        if (plain == m_rest.begin() || (!after.empty() && after.front() != ','))
            return false;
        token.assign(m_rest.begin(), padded);
        m_rest = after;
        return true;
    }

    template <class Predicate>
    std::string_view take(Predicate wanted)
    {
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), wanted);
        const std::string_view taken = m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
        m_rest.remove_prefix(taken.size());
        return taken;
    }

    void skip(std::string_view characters)
    {
        m_rest.remove_prefix(std::min(m_rest.find_first_not_of(characters), m_rest.size()));
    }

    Error malformed(std::string_view expected) const
    {
        return fail(ErrorKind::Malformed, fmt::format("authentication field at '{}'; expected {}",
                                                      printable(m_rest, 20), expected));
    }

    std::string_view m_rest;
};

// "auth, auth-int" names auth.
bool offersAuth(std::string_view qop)
{
    while (!qop.empty()) {
        const std::size_t comma = std::min(qop.find(','), qop.size());
        std::string_view one = qop.substr(0, comma);
        qop.remove_prefix(std::min(comma + 1, qop.size()));
        one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
        one = one.substr(0, one.find_last_not_of(" \t") + 1);
        if (equalsAnyCase(one, "auth"))
            return true;
    }
    return false;
}

std::optional<HttpChallenge> challengeOf(const AuthText& text)
{
    HttpChallenge challenge;
    challenge.realm = text.parameter("realm");
    if (equalsAnyCase(text.scheme, "Basic"))
        return challenge;
    if (!equalsAnyCase(text.scheme, "Digest") || text.parameter("nonce").empty())
        return std::nullopt;
    challenge.scheme = AuthScheme::Digest;
    challenge.nonce = text.parameter("nonce");
    challenge.namesAlgorithm = text.has("algorithm");
    if (challenge.namesAlgorithm) {
        const std::optional<DigestAlgorithm> algorithm = digestAlgorithm(text.parameter("algorithm"));
        if (!algorithm)
            return std::nullopt;
        challenge.algorithm = *algorithm;
    }
    if (text.has("opaque"))
        challenge.opaque = std::string{text.parameter("opaque")};
    challenge.qopAuth = offersAuth(text.parameter("qop"));
    if (text.has("qop") && !challenge.qopAuth)
        return std::nullopt;
    return challenge;
}

bool isSession(DigestAlgorithm algorithm)
{
    return algorithm == DigestAlgorithm::Md5Sess || algorithm == DigestAlgorithm::Sha256Sess;
}

auto strength(const HttpChallenge& challenge)
{
    return std::tuple{challenge.scheme, challenge.algorithm, challenge.qopAuth};
}

std::string inQuotes(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out += '"';
}

std::string countText(std::uint32_t count)
{
    return fmt::format("{:08x}", count);
}

}  // namespace

std::string_view name(DigestAlgorithm algorithm)
{
    constexpr std::array<std::string_view, 4> names{"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"};
    return names[static_cast<std::size_t>(algorithm)];
}

std::optional<DigestAlgorithm> digestAlgorithm(std::string_view text)
{
    for (const DigestAlgorithm one : {DigestAlgorithm::Md5, DigestAlgorithm::Md5Sess, DigestAlgorithm::Sha256,
                                      DigestAlgorithm::Sha256Sess})
        if (equalsAnyCase(text, name(one)))
            return one;
    return std::nullopt;
}

std::string_view AuthText::parameter(std::string_view wanted) const
{
    for (const auto& [one, value] : parameters)
        if (equalsAnyCase(one, wanted))
            return value;
    return {};
}

bool AuthText::has(std::string_view wanted) const
{
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const auto& one) { return equalsAnyCase(one.first, wanted); });
}

Result<std::vector<AuthText>> parseAuthField(std::string_view value)
{
    if (value.size() > longestAuthField)
        return fail(ErrorKind::TooLarge,
                    fmt::format("authentication field beyond {} bytes", longestAuthField));
    return AuthFieldReader{value}.read();
}

std::optional<HttpChallenge> strongestChallenge(const HttpFields& fields, std::string_view fieldName)
{
    std::optional<HttpChallenge> best;
    for (const auto& [one, value] : fields.lines) {
        if (!equalsAnyCase(one, fieldName))
            continue;
        const Result<std::vector<AuthText>> texts = parseAuthField(value);
        if (texts.has_error())
            continue;
        for (const AuthText& text : *texts) {
            std::optional<HttpChallenge> challenge = challengeOf(text);
            if (challenge && (!best || strength(*challenge) > strength(*best)))
                best = std::move(challenge);
        }
    }
    return best;
}

std::string hexDigest(DigestAlgorithm algorithm, std::string_view bytes)
{
    const bool md5 = algorithm == DigestAlgorithm::Md5 || algorithm == DigestAlgorithm::Md5Sess;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, md5 ? EVP_md5() : EVP_sha256(), nullptr);
    std::string text;
    for (unsigned i = 0; i < length; ++i)
        text += fmt::format("{:02x}", hash[i]);
    return text;
}

std::string digestResponse(const HttpChallenge& challenge, const HttpCredentials& credentials,
                           const DigestUse& use)
{
    const auto hash = [&](std::string_view text) { return hexDigest(challenge.algorithm, text); };
    std::string a1 = hash(fmt::format("{}:{}:{}", credentials.user, challenge.realm, credentials.password));
    if (isSession(challenge.algorithm))
        a1 = hash(fmt::format("{}:{}:{}", a1, challenge.nonce, use.cnonce));
    const std::string a2 = hash(fmt::format("{}:{}", use.method, use.uri));
    if (!challenge.qopAuth)
        return hash(fmt::format("{}:{}:{}", a1, challenge.nonce, a2));
    return hash(
        fmt::format("{}:{}:{}:{}:auth:{}", a1, challenge.nonce, countText(use.count), use.cnonce, a2));
}

std::optional<std::string> answerTo(const HttpChallenge& challenge, const HttpCredentials& credentials,
                                    const DigestUse& use)
{
    const auto hasControl = [](std::string_view text) {
        return std::any_of(text.begin(), text.end(), isControl);
    };
    if (hasControl(credentials.user) || hasControl(credentials.password))
        return std::nullopt;
    if (challenge.scheme == AuthScheme::Basic) {
        if (credentials.user.find(':') != std::string::npos)
            return std::nullopt;
        return "Basic " + base64(credentials.user + ':' + credentials.password);
    }
    std::string text =
        fmt::format("Digest username={}, realm={}, nonce={}, uri={}", inQuotes(credentials.user),
                    inQuotes(challenge.realm), inQuotes(challenge.nonce), inQuotes(use.uri));
    if (challenge.qopAuth)
        text += fmt::format(", cnonce={}, nc={}, qop=auth", inQuotes(use.cnonce), countText(use.count));
    else if (isSession(challenge.algorithm))
        text += fmt::format(", cnonce={}", inQuotes(use.cnonce));
    text += fmt::format(", response=\"{}\"", digestResponse(challenge, credentials, use));
    if (challenge.opaque)
        text += fmt::format(", opaque={}", inQuotes(*challenge.opaque));
    if (challenge.namesAlgorithm)
        text += fmt::format(", algorithm={}", name(challenge.algorithm));
    return text;
}

}  // namespace emulator
