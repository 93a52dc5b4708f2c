#include "hwbridge/bench/bench_defaults.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

std::string benchHolder()
{
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0)
        host = {'?'};
    const passwd* const entry = ::getpwuid(::getuid());
    return fmt::format("{}@{}", entry != nullptr ? std::string{entry->pw_name} : std::to_string(::getuid()),
                       host.data());
}

Result<std::string> benchSocket(const std::string& option)
{
    if (!option.empty())
        return option;
    const char* const folder = std::getenv("XDG_RUNTIME_DIR");
    if (folder != nullptr && *folder != '\0')
        return std::string{folder} + "/phonerig-bench.sock";
    return emulator::fail(
        ErrorKind::Unreachable,
        "found neither --socket nor XDG_RUNTIME_DIR, expected one of them to say where the daemon's "
        "socket is");
}

}  // namespace hwbridge
