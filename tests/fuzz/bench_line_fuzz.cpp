#include "hwbridge/bench/bench_message.hpp"
#include "hwbridge/bench/line_splitter.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace {

// What was read is printed in a form that is read again, and printed alike.
template <class Message>
void expectStable(emulator::Result<Message> (*read)(std::string_view), std::string_view line)
{
    const emulator::Result<Message> message = read(line);
    if (message.has_error())
        return fuzz::require(!message.error().detail.empty(), "an error says why");
    const std::string printed = print(*message);
    fuzz::require(printed.find('\n') == std::string::npos, "a message is one line");
    const emulator::Result<Message> again = read(printed);
    fuzz::require(again.has_value(), "what was printed is read");
    fuzz::require(print(*again) == printed, "and printed alike");
}

}  // namespace

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
            expectStable(hwbridge::readClientMessage, line);
            expectStable(hwbridge::readServerMessage, line);
            return true;
        });
        if (fed.has_error())
            break;
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    return 0;
}
