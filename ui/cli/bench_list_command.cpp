#include "hwbridge/bench/inventory.hpp"
#include "ui/cli/bench_door.hpp"
#include "ui/cli/bench_inventory.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;
using hwbridge::BenchRow;
using hwbridge::BenchRows;

namespace {

Result<BenchRows> askDaemon(const BenchDoorOptions& door)
{
    const Result<hwbridge::BenchAddress> address = benchAddress(door);
    if (address.has_error())
        return address.error();
    const auto client = hwbridge::BenchClient::connect(*address, benchHolder());
    if (client.has_error())
        return client.error();
    Result<hwbridge::BenchClient::Answer> answer = (*client)->ask(hwbridge::BenchList{});
    if (answer.has_error())
        return answer.error();
    if (auto* const rows = std::get_if<BenchRows>(&*answer))
        return std::move(*rows);
    return emulator::fail(ErrorKind::Refused, "the bench daemon answered something else than its phones");
}

// What a person wants to know of a lease: "bob@ci until 2026-01-01T00:00:00Z (nightly)".
std::string standing(const BenchRow& row)
{
    if (row.state == "held")
        return fmt::format("{} until {}{}", row.holder, row.until ? emulator::printWallTime(*row.until) : "?",
                           row.reason.empty() ? "" : fmt::format(" ({})", row.reason));
    return row.state == "quarantined" ? row.why : "";
}

std::string table(const std::vector<BenchRow>& rows)
{
    std::vector<std::array<std::string, 6>> lines;
    for (const BenchRow& row : rows)
        lines.push_back({row.phone, row.model, row.mac.empty() ? row.address : row.mac, row.state,
                         standing(row), fmt::format("{}", fmt::join(row.tags, " "))});
    std::array<std::size_t, 6> widths{};
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    std::string text;
    for (const auto& line : lines) {
        std::string shown;
        for (std::size_t i = 0; i < line.size(); ++i)
            if (widths[i] > 0)
                shown += fmt::format("{:<{}}  ", line[i], widths[i]);
        shown.erase(shown.find_last_not_of(' ') + 1);
        text += cutToWidth(shown, shown.size()) + "\n";
    }
    return text;
}

}  // namespace

ExitCode benchList(const BenchOptions& options)
{
    if (options.schema)
        return writeAll(STDOUT_FILENO, hwbridge::inventorySchema()) ? ExitCode::Passed : ExitCode::Usage;
    BenchRows rows;
    if (!options.inventory.empty()) {
        const std::optional<hwbridge::Inventory> inventory =
            readInventoryFile("bench list", options.inventory);
        if (!inventory)
            return ExitCode::Usage;
        for (const hwbridge::BenchPhone& phone : inventory->phones)
            rows.phones.push_back(hwbridge::rowOf(phone));
    } else {
        Result<BenchRows> answer = askDaemon(options.door);
        if (answer.has_error())
            return benchRefused("list", answer.error());
        rows = std::move(*answer);
    }
    if (!options.phone.empty()) {
        std::vector<std::string_view> names;
        for (const BenchRow& row : rows.phones)
            names.push_back(row.phone);
        if (const Result<void> known = knownPhone(options.phone, names); known.has_error())
            return benchRefused("list", known.error());
        std::erase_if(rows.phones, [&](const BenchRow& row) { return row.phone != options.phone; });
    }
    const std::string text =
        options.json ? print(hwbridge::ServerMessage{0, rows}) + "\n" : table(rows.phones);
    return writeAll(STDOUT_FILENO, text) ? ExitCode::Passed : ExitCode::Usage;
}

}  // namespace ui
