#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/bench/bench_client.hpp"
#include "hwbridge/bench/bench_defaults.hpp"
#include "ui/cli/bench_command.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace ui {

using hwbridge::benchHolder;
using hwbridge::benchSocket;

// A token of at least 16 characters. Errors: as SecretReference::read(); Malformed for a shorter one.
emulator::Result<std::string> benchToken(const std::string& file);

// Where the daemon is, from what was typed. Errors: Malformed, naming the option.
emulator::Result<hwbridge::BenchAddress> benchAddress(const BenchDoorOptions& options);

// Says "bench WORD: TEXT" and gives the exit code of such an error: wrong words are usage, all else is the bench.
ExitCode benchRefused(std::string_view word, const emulator::Error& error);

}  // namespace ui
