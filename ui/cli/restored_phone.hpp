#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/bench/bench_client.hpp"

#include <string>

namespace ui {

// Waits until what was changed on a phone is put back, a little longer than the daemon tries.
// Errors: Refused, with the daemon's reason: it could not be, and the phone is quarantined; Unreachable: the daemon does
// not say. Somebody who interrupts ends it without one.
emulator::Result<void> whenRestored(hwbridge::BenchClient& client, const std::string& phone);

}  // namespace ui
