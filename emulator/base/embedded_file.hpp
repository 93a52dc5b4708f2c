#pragma once

#include <string_view>

namespace emulator {

// A data file of the repository, compiled into the program: nothing has to be installed beside it.
struct EmbeddedFile {
    std::string_view name;  // as in its folder, e.g. "models.csv"
    std::string_view bytes;
};

}  // namespace emulator
