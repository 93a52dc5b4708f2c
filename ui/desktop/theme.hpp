#pragma once

#include <QString>

namespace ui {

// The window's colours: those of the desktop it is on, or our own light or dark ones.
enum class Theme { System, Light, Dark };

void apply(Theme theme);

}  // namespace ui
