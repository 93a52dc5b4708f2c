#include "ui/cli/bench_inventory.hpp"

#include "emulator/base/nearest_word.hpp"
#include "fixtures/models/model_data.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace ui {

namespace {

// "CP-7832-3PCC" of "CP-7832-PCC", and of "CP-7832"; empty: like none, as a phone that is not emulated may be.
std::string_view nearestModel(std::string_view typed, const std::vector<std::string_view>& names)
{
    const std::string_view nearest = emulator::nearestWord(typed, names);
    if (!nearest.empty())
        return nearest;
    const auto longer =
        std::ranges::find_if(names, [&](std::string_view name) { return name.starts_with(typed); });
    return longer == names.end() ? std::string_view{} : *longer;
}

// A bench can have phones of models that are not emulated: a warning, once per model.
void sayUnknownModels(std::string_view word, const std::string& path, const hwbridge::Inventory& inventory)
{
    const std::vector<std::string> known = fixtures::modelNames();
    std::vector<std::string_view> said{known.begin(), known.end()};
    const std::vector<std::string_view> names = said;
    for (const hwbridge::BenchPhone& phone : inventory.phones) {
        if (std::find(said.begin(), said.end(), phone.model) != said.end())
            continue;
        said.emplace_back(phone.model);
        const std::string_view nearest = nearestModel(phone.model, names);
        say(fmt::format("{}: {}: {} is a {}, which no scenario knows{}", word, path, phone.name, phone.model,
                        nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
    }
}

}  // namespace

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
    if (reading.inventory)
        sayUnknownModels(word, path, *reading.inventory);
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
