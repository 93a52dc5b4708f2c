#pragma once

#include "tests/fuzz/input.hpp"

#include <map>
#include <string_view>

// FUZZ_TARGET(macro) { what is done with the bytes `data`, `size`; return 0; }
//
// libFuzzer drives one target per program. Everywhere else one program holds all of them and replays their corpora.
#ifdef PHONERIG_LIBFUZZER
#define FUZZ_TARGET(name) extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
#else
#define FUZZ_TARGET(name)                                                                                  \
    static int feed_##name(const std::uint8_t* data, std::size_t size);                                    \
    [[maybe_unused]] static const bool known_##name = fuzz::targets().emplace(#name, &feed_##name).second; \
    static int feed_##name(const std::uint8_t* data, std::size_t size)

namespace fuzz {

using Target = int (*)(const std::uint8_t* data, std::size_t size);

inline std::map<std::string_view, Target>& targets()
{
    static std::map<std::string_view, Target> all;
    return all;
}

}  // namespace fuzz
#endif
