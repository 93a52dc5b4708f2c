#include "ui/cli/restored_phone.hpp"

#include "ui/cli/interruption.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace ui {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchClient;

namespace {

constexpr emulator::Duration restoredLook = 100ms;  // at whether somebody interrupts
constexpr auto restoredPatience = 200s;             // the daemon gives up after three minutes

// What the daemon says of its phones once it is done with that one; nothing when it does not, or somebody interrupts.
std::optional<hwbridge::BenchRows> rowsWhenRestored(BenchClient& client, const std::string& phone)
{
    const std::uint64_t asked = client.send(hwbridge::BenchList{phone});
    const auto end = std::chrono::steady_clock::now() + restoredPatience;
    while (!interrupted() && !client.ended() && std::chrono::steady_clock::now() < end)
        for (hwbridge::ServerMessage& message : client.hear(restoredLook))
            if (auto* const rows = std::get_if<hwbridge::BenchRows>(&message.what);
                rows != nullptr && message.id == asked)
                return std::move(*rows);
    return std::nullopt;
}

}  // namespace

Result<void> whenRestored(BenchClient& client, const std::string& phone)
{
    const std::optional<hwbridge::BenchRows> rows = rowsWhenRestored(client, phone);
    if (interrupted())
        return {};
    if (!rows)
        return emulator::fail(ErrorKind::Unreachable,
                              "the bench daemon does not say whether the phone was put back");
    for (const hwbridge::BenchRow& row : rows->phones)
        if (row.phone == phone && row.state == "quarantined")
            return emulator::fail(ErrorKind::Refused,
                                  fmt::format("{} is quarantined: {}", row.phone, row.why));
    return {};
}

}  // namespace ui
