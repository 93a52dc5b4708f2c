#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace ui {

// One sentence for words that CLI11 refused: what was found and what was expected, with the nearest right word.
std::string refusal(const CLI::ParseError& error, const CLI::App& program, int argc, const char* const* argv);

}  // namespace ui
