#pragma once

#include <string_view>

namespace emulator {

// How the rig names itself when it reads a phone's pages to learn something, which is no part of a scenario: such
// requests are seen by the rig and never compared (design decision D12).
inline constexpr std::string_view rigUserAgent = "phonerig";

}  // namespace emulator
