#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace hwbridge {

// Cuts a stream of bytes into lines that end with '\n'; a '\r' before it is dropped, empty lines are passed over.
// Errors: TooLarge for a line longer than the limit; after it nothing more is read.
class LineSplitter {
public:
    explicit LineSplitter(std::size_t longest) : m_longest{longest} {}

    // `use` returns false when it wants no more lines: the rest is dropped.
    emulator::Result<void> feed(std::string_view bytes,
                                const std::function<bool(std::string_view line)>& use);

private:
    std::size_t m_longest;
    std::string m_begun;  // of the line that is not complete
    bool m_ended = false;
};

}  // namespace hwbridge
