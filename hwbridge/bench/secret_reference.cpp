#include "hwbridge/bench/secret_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr std::size_t longestSecret = 4096;
constexpr std::string_view environmentScheme = "env:";
constexpr std::string_view fileScheme = "file:";

bool isVariableName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Result<std::string> firstLine(const std::string& path)
{
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    std::string line(longestSecret + 2, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    if (!file.is_open() || file.bad())
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{}: {}, expected a file whose first line is the secret", path,
                                          errno != 0 ? std::strerror(errno) : "cannot be read"));
    line.resize(static_cast<std::size_t>(file.gcount()));
    line.resize(std::min(line.find('\n'), line.size()));
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

}  // namespace

Result<SecretReference> SecretReference::parse(std::string_view text)
{
    if (text.starts_with(environmentScheme) && isVariableName(text.substr(environmentScheme.size())))
        return SecretReference{Kind::Environment, std::string{text.substr(environmentScheme.size())}};
    if (text.starts_with(fileScheme) && text.size() > fileScheme.size() &&
        text.find('\0') == std::string_view::npos)
        return SecretReference{Kind::File, std::string{text.substr(fileScheme.size())}};
    return emulator::fail(ErrorKind::Malformed,
                          "found a secret written out, expected env:NAME or file:PATH that says where it is");
}

std::string SecretReference::text() const
{
    return fmt::format("{}{}", kind == Kind::Environment ? environmentScheme : fileScheme, name);
}

Result<std::string> SecretReference::read() const
{
    Result<std::string> secret = std::string{};
    if (kind == Kind::File) {
        secret = firstLine(name);
    } else if (const char* const value = std::getenv(name.c_str()); value != nullptr) {
        secret = std::string{value};
    } else {
        return emulator::fail(
            ErrorKind::NotFound,
            fmt::format("the environment has no {}, expected the secret of {}", name, text()));
    }
    if (secret.has_error())
        return secret;
    if (secret->empty())
        return emulator::fail(ErrorKind::Malformed, fmt::format("{} is empty, expected a secret", text()));
    if (secret->size() > longestSecret)
        return emulator::fail(
            ErrorKind::TooLarge,
            fmt::format("{} is longer than {} bytes, expected a secret", text(), longestSecret));
    return secret;
}

}  // namespace hwbridge
