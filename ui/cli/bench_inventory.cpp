#include "ui/cli/bench_inventory.hpp"

#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace ui {

std::optional<hwbridge::Inventory> readInventoryFile(std::string_view word, const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad()) {
        say(fmt::format("bench {}: {}: cannot be read, expected an inventory of a bench", word, path));
        return std::nullopt;
    }
    hwbridge::InventoryReading reading = hwbridge::readInventory(path, text);
    for (const std::string& problem : reading.problems)
        say(fmt::format("bench {}: {}", word, problem));
    return std::move(reading.inventory);
}

}  // namespace ui
