#include "emulator/web/web_access.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/base64.hpp"

namespace emulator {
namespace {

// Takes as long for a wrong password as for the right one; only the length of `given` shows.
bool equalInConstantTime(std::string_view given, std::string_view expected)
{
    unsigned difference = given.size() == expected.size() ? 0u : 1u;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char other = expected.empty() ? '\0' : expected[i % expected.size()];
        difference |=
            static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(other));
    }
    return difference == 0;
}

std::optional<Credentials> basicCredentials(std::string_view authorization)
{
    constexpr std::string_view scheme = "Basic ";
    if (!equalsAnyCase(authorization.substr(0, scheme.size()), scheme))
        return std::nullopt;
    std::string_view encoded = authorization.substr(scheme.size());
    while (encoded.starts_with(' '))
        encoded.remove_prefix(1);
    const std::optional<std::string> decoded = base64Decoded(encoded);
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    return Credentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

bool opens(const Phone& phone, WebLogin level, const Credentials& given)
{
    const std::string_view admin = valueOf(phone, "Admin_Password");
    const std::string_view user = valueOf(phone, "User_Password");
    if (given.user == "admin" && !admin.empty() && equalInConstantTime(given.password, admin))
        return true;
    return level == WebLogin::User && given.user == "user" && equalInConstantTime(given.password, user);
}

// The host and port in "http://192.168.1.100:8078/page"; empty for "null" and anything else.
std::string_view authorityOf(std::string_view url)
{
    const std::size_t slashes = url.find("://");
    if (slashes == std::string_view::npos)
        return {};
    const std::string_view rest = url.substr(slashes + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

bool mayEnter(const Phone& phone, WebLogin level, const HttpRequest& request, const RequestTarget& target)
{
    const bool anybody = valueOf(phone, "Admin_Password").empty() ||
                         (level == WebLogin::User && valueOf(phone, "User_Password").empty());
    if (anybody)
        return true;
    if (target.login && opens(phone, level, *target.login))
        return true;
    const std::optional<Credentials> basic = basicCredentials(request.fields.first("Authorization"));
    return basic && opens(phone, level, *basic);
}

bool givesBasic(std::string_view authorization, std::string_view user, std::string_view password)
{
    const std::optional<Credentials> basic = basicCredentials(authorization);
    return basic && basic->user == user && equalInConstantTime(basic->password, password);
}

bool comesFromForeignPage(const HttpRequest& request)
{
    std::string_view page = request.fields.first("Origin");
    if (page.empty())
        page = request.fields.first("Referer");
    if (page.empty())
        return false;  // no browser, or one that was told not to say
    return !equalsAnyCase(authorityOf(page), request.fields.first("Host"));
}

}  // namespace emulator
