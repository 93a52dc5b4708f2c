#include "hwbridge/bench/bench_message.hpp"
#include "hwbridge/bench/line_splitter.hpp"
#include "tests/fuzz/line_message.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// The first byte is how many bytes come at a time.
FUZZ_TARGET(bench_line)
{
    constexpr std::size_t longest = 4096;
    std::string_view bytes = fuzz::text(data, size);
    const std::size_t piece = bytes.empty() ? 1 : static_cast<unsigned char>(bytes.front()) + 1u;
    hwbridge::LineSplitter splitter{longest};
    while (!bytes.empty()) {
        const auto fed = splitter.feed(bytes.substr(0, piece), [](std::string_view line) {
            fuzz::require(!line.empty() && line.size() <= longest, "a line within its limit");
            fuzz::expectStable(hwbridge::readClientMessage, line);
            fuzz::expectStable(hwbridge::readServerMessage, line);
            return true;
        });
        if (fed.has_error())
            break;
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    return 0;
}
