#include "ui/cli/bench_door.hpp"

#include "emulator/base/ip_address.hpp"
#include "hwbridge/bench/secret_reference.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

namespace ui {

using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;

Result<std::string> benchToken(const std::string& file)
{
    Result<std::string> token = hwbridge::SecretReference{hwbridge::SecretReference::Kind::File, file}.read();
    constexpr std::size_t shortest = 16;
    if (token.has_error())
        return emulator::fail(ErrorKind::Malformed, "--token-file: " + token.error().detail);
    if (token->size() < shortest)
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("--token-file: found {} characters in the first line of {}, expected at "
                        "least {}",
                        token->size(), file, shortest));
    return token;
}

Result<hwbridge::BenchAddress> benchAddress(const BenchDoorOptions& options)
{
    hwbridge::BenchAddress address;
    if (options.connect.empty()) {
        const Result<std::string> socket = benchSocket(options.socket);
        if (socket.has_error())
            return socket.error();
        address.socket = *socket;
        return address;
    }
    const std::size_t colon = options.connect.rfind(':');
    const Result<std::uint16_t> port =
        emulator::parsePort(colon == std::string::npos ? "" : options.connect.substr(colon + 1));
    if (port.has_error() || *port == 0 || colon == 0)
        return emulator::fail(ErrorKind::Malformed,
                              fmt::format("--connect: found {}, expected HOST:PORT", options.connect));
    const Result<std::string> token = benchToken(options.tokenFile);
    if (token.has_error())
        return token.error();
    address.host = options.connect.substr(0, colon);
    address.port = *port;
    address.authorities = options.authorities;
    address.token = *token;
    return address;
}

ExitCode benchRefused(std::string_view word, const Error& error)
{
    say(fmt::format("bench {}: {}", word, error.detail));
    const bool wrongWords = error.kind == ErrorKind::Malformed || error.kind == ErrorKind::NotFound ||
                            error.kind == ErrorKind::Unsupported;
    return wrongWords ? ExitCode::Usage : ExitCode::BenchUnavailable;
}

}  // namespace ui
