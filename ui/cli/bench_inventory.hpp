#pragma once

#include "hwbridge/bench/bench_defaults.hpp"
#include "hwbridge/bench/inventory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ui {

using hwbridge::usualInventory;

// The inventory in a file; an empty path: the usual one. Nothing: "bench WORD: ..." has said what is wrong, a line per problem.
std::optional<hwbridge::Inventory> readInventoryFile(std::string_view word, const std::string& path);

// Errors: NotFound, with the nearest of `names`.
emulator::Result<void> knownPhone(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace ui
