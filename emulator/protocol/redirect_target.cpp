#include "emulator/protocol/redirect_target.hpp"

#include "emulator/protocol/printable.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <fmt/format.h>

#include <string>

namespace emulator {

namespace {

constexpr std::size_t longestLocation = 2048;  // our choice

// The text with every byte that stands for nothing in a URL written as %XX.
std::string encoded(std::string_view text)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                         "-._~:/?#[]@!$&'()*+,;=%";
    std::string result;
    for (const char c : text) {
        if (allowed.find(c) != std::string_view::npos) {
            result.push_back(c);
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        result.push_back('%');
        result.push_back(hex[octet >> 4]);
        result.push_back(hex[octet & 0xf]);
    }
    return result;
}

template <class Text>
std::string_view view(const Text& text)
{
    return {text.data(), text.size()};
}

// A path from its root on, "." and ".." carried out (RFC 3986 section 5.2.4); resolve() leaves some of them behind.
std::string withoutDots(std::string_view path)
{
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    std::string result = "/";
    for (;;) {
        const std::size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (segment == "..")
            result.resize(result.size() < 2 ? 1 : result.rfind('/', result.size() - 2) + 1);
        else if (segment != ".")
            result.append(segment).append(slash == std::string_view::npos ? "" : "/");
        if (slash == std::string_view::npos)
            return result;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

Result<Url> redirectTarget(const Url& from, std::string_view location)
{
    const Error bad =
        fail(ErrorKind::Malformed, fmt::format("redirect to '{}'; expected a URL", printable(location)));
    if (location.size() > longestLocation)
        return bad;
    const std::string baseText = encoded(from.text());
    const std::string referenceText = encoded(location);
    const auto base = boost::urls::parse_uri(baseText);
    const auto reference = boost::urls::parse_uri_reference(referenceText);
    boost::urls::url target;
    if (!base.has_value() || !reference.has_value() ||
        !boost::urls::resolve(*base, *reference, target).has_value() || !target.has_authority())
        return bad;
    std::string text = fmt::format("{}://{}{}", view(target.scheme()), view(target.encoded_authority()),
                                   withoutDots(view(target.encoded_path())));
    if (target.has_query())
        text.append("?").append(view(target.encoded_query()));
    Result<Url> url = Url::parse(text);
    if (url.has_value() && url->scheme == Scheme::Tftp)
        return fail(ErrorKind::Unsupported,
                    fmt::format("redirect to '{}'; expected http", printable(location)));
    return url;
}

}  // namespace emulator
