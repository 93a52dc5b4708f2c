#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ui {

// What a stream can show.
struct TerminalLook {
    bool isTerminal = false;
    bool colours = false;  // a terminal that knows them, and no NO_COLOR (https://no-color.org)
    bool unicode = false;  // the locale is UTF-8
    std::size_t columns = 80;
    std::size_t rows = 24;
};
TerminalLook lookOf(int descriptor);

// Writes everything. False when nobody reads any more, or it cannot be written.
bool writeAll(int descriptor, std::string_view text);
// Why the first text for stdout that was lost could not be written: an error number, 0 for none. A reader that went away
// is no reason.
int lostOutput();

// One line to stderr: "phonerig: TEXT".
void say(std::string_view text);

// The first `columns` characters, safe to show: control characters and bytes that are no UTF-8 become '.', so that a
// syslog line cannot move the cursor. Our choice: every character is taken to be one column wide.
std::string cutToWidth(std::string_view text, std::size_t columns);

}  // namespace ui
