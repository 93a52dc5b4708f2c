#include "scenarios/engine/macros.hpp"

#include <fmt/format.h>

namespace scenarios {

emulator::Result<std::string> fillMacros(std::string_view text, const MacroValue& value)
{
    std::string out;
    while (true) {
        const std::size_t at = text.find("${");
        if (at == std::string_view::npos)
            return out.append(text);
        if (at > 0 && text[at - 1] == '$') {
            out.append(text.substr(0, at - 1)).append("${");
            text.remove_prefix(at + 2);
            continue;
        }
        out.append(text.substr(0, at));
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos)
            return emulator::fail(emulator::ErrorKind::Malformed, "found \"${\" without \"}\"");
        const std::string_view name = text.substr(at + 2, end - at - 2);
        const std::optional<std::string> filled =
            isRequestMacro(name) ? std::string{text.substr(at, end + 1 - at)} : value(name);
        if (!filled)
            return emulator::fail(emulator::ErrorKind::Malformed, fmt::format("found \"${{{}}}\"", name));
        out += *filled;
        text.remove_prefix(end + 1);
    }
}

bool isRequestMacro(std::string_view name)
{
    return name.starts_with("request.");
}

bool hasMacros(std::string_view text)
{
    return text.find("${") != std::string_view::npos;
}

bool hasPhoneMacros(std::string_view text)
{
    return text.find("${phone.") != std::string_view::npos;
}

}  // namespace scenarios
