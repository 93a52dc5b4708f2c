#include "emulator/web/request_target.hpp"

#include "emulator/web/form.hpp"
#include "emulator/web/html.hpp"

#include <algorithm>

namespace emulator {
namespace {

constexpr std::string_view userKey = "xuser=";
constexpr std::string_view passwordKey = "xpassword=";

// "http://phone:8078/admin" as "/admin" (RFC 9112 section 3.2.2, absolute form).
std::string_view withoutAuthority(std::string_view target)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            const std::size_t path = target.find('/', scheme.size());
            return path == std::string_view::npos ? std::string_view{"/"} : target.substr(path);
        }
    }
    return target;
}

// Takes "&xuser=admin&xpassword=secret" off the end of a query, in either order.
Result<std::optional<Credentials>> takeLogin(std::string_view& query)
{
    std::optional<Credentials> login;
    while (true) {
        const std::size_t ampersand = query.rfind('&');
        const std::size_t begin = ampersand == std::string_view::npos ? 0 : ampersand + 1;
        const std::string_view last = query.substr(begin);
        const bool isUser = last.starts_with(userKey);
        if (!isUser && !last.starts_with(passwordKey))
            return login;
        Result<std::string> value =
            percentDecoded(last.substr(isUser ? userKey.size() : passwordKey.size()), PlusSign::Itself);
        if (!value.has_value())
            return fail(value.error());
        if (!login)
            login.emplace();
        (isUser ? login->user : login->password) = std::move(value).value();
        query = query.substr(0, begin == 0 ? 0 : begin - 1);
    }
}

// Where the options "[--key k]" before a rule's URL end; 0 without any.
std::size_t optionsEnd(std::string_view query)
{
    const bool opens = query.starts_with('[') || query.starts_with("%5B") || query.starts_with("%5b");
    if (!opens)
        return 0;
    const std::size_t plain = query.find(']');
    const std::size_t upper = query.find("%5D");
    const std::size_t lower = query.find("%5d");
    const std::size_t end = std::min({plain, upper, lower});
    return end == std::string_view::npos ? 0 : end;
}

Result<std::string> decodedArgument(std::string_view query)
{
    const std::size_t split = optionsEnd(query);
    const Result<std::string> options = percentDecoded(query.substr(0, split), PlusSign::Space);
    if (!options.has_value())
        return fail(options.error());
    const Result<std::string> url = percentDecoded(query.substr(split), PlusSign::Itself);
    if (!url.has_value())
        return fail(url.error());
    std::string argument = options.value() + url.value();
    if (!isFieldText(argument))
        return fail(ErrorKind::Malformed, "the address holds control characters or is no UTF-8 text");
    return argument;
}

}  // namespace

Result<RequestTarget> parseRequestTarget(std::string_view target)
{
    if (target.size() > maxTargetBytes) {
        return fail(ErrorKind::TooLarge, "the address has " + std::to_string(target.size()) +
                                             " bytes, expected at most " + std::to_string(maxTargetBytes));
    }
    const std::string_view text = withoutAuthority(target);
    if (!text.starts_with('/'))
        return fail(ErrorKind::Malformed, "the address has no path, expected one that begins with '/'");

    const std::size_t mark = std::min(text.find('?'), text.size());
    std::string_view query = text.substr(std::min(mark + 1, text.size()));
    Result<std::optional<Credentials>> login = takeLogin(query);
    if (!login.has_value())
        return fail(login.error());
    Result<std::string> argument = decodedArgument(query);
    if (!argument.has_value())
        return fail(argument.error());
    if (argument.value().size() > maxCommandBytes) {
        return fail(ErrorKind::TooLarge, "the command has " + std::to_string(argument.value().size()) +
                                             " bytes, expected at most " + std::to_string(maxCommandBytes));
    }
    return RequestTarget{std::string{text.substr(0, mark)}, std::move(argument).value(),
                         std::move(login).value()};
}

}  // namespace emulator
