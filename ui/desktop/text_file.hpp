#pragma once

#include "emulator/base/result.hpp"

#include <QString>

#include <cstddef>
#include <string>

namespace ui {

// Files that the window reads and writes as a whole, on another thread (background.hpp).

// Errors: NotFound; TooLarge.
emulator::Result<std::string> readTextFile(const QString& path, std::size_t mostBytes);

// There as a whole or not at all. Empty: written; else what is wrong, with the path.
QString writeTextFile(const QString& path, const std::string& text);

}  // namespace ui
