#pragma once

#include "hwbridge/bench/inventory.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ui {

// The inventory in a file. Nothing: "bench WORD: ..." has said what is wrong, a line per problem.
std::optional<hwbridge::Inventory> readInventoryFile(std::string_view word, const std::string& path);

}  // namespace ui
