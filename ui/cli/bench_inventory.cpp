#include "ui/cli/bench_inventory.hpp"

#include "emulator/base/nearest_word.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace ui {

std::optional<hwbridge::Inventory> readInventoryFile(std::string_view word, const std::string& asked)
{
    const std::string path = asked.empty() ? std::string{usualInventory} : asked;
    std::ifstream file{path, std::ios::binary};
    // One byte beyond the limit is enough to be told that there are too many.
    std::string text(hwbridge::longestInventory + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (!file.is_open() || file.bad()) {
        say(fmt::format("{}: {}: cannot be read, expected an inventory of a bench", word, path));
        return std::nullopt;
    }
    hwbridge::InventoryReading reading = hwbridge::readInventory(path, text);
    for (const std::string& problem : reading.problems)
        say(fmt::format("{}: {}", word, problem));
    return std::move(reading.inventory);
}

emulator::Result<void> knownPhone(std::string_view name, const std::vector<std::string_view>& names)
{
    if (std::find(names.begin(), names.end(), name) != names.end())
        return {};
    const std::string_view nearest = emulator::nearestWord(name, names);
    return emulator::fail(emulator::ErrorKind::NotFound,
                          fmt::format("no phone of this bench is called {}{}", name,
                                      nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
}

}  // namespace ui
