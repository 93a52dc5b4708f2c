#pragma once

#include <cstdint>

namespace emulator {

// How often this process found no file descriptor free, or took one from a connection that was open. The limit of open
// files is the process's, and so is the count: a run during which it grows was limited by the rig (design decision D8).
// Any thread may call both.
std::uint64_t descriptorShortages();
void noteDescriptorShortage();

// Whether a failed system call says that there is none, of the process or of the machine.
bool isDescriptorShortage(int number);

}  // namespace emulator
