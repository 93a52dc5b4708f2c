#pragma once

namespace ui {

// Reads the words of the command line and does what they say; returns the exit code (design decision D8).
int runCommandLine(int argc, const char* const* argv);

}  // namespace ui
