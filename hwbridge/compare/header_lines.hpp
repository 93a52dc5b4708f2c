#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

struct HeaderLine {
    std::string_view name;
    std::string_view value;
};

// The header fields of a message, as the field `headers` of a trace holds them: "Name: value" per line. Views into `text`.
// Our choice of limit: 256 lines, the rest is one line without a name.
std::vector<HeaderLine> headerLines(std::string_view text);

// Which line of one message stands for which of the other: names without regard to case, repeated ones in their order.
struct HeaderMatch {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;  // in the order of A
    std::vector<std::size_t> onlyA;
    std::vector<std::size_t> onlyB;
    bool inOrder = true;  // the paired ones have one order on both sides
};
HeaderMatch matchHeaders(const std::vector<HeaderLine>& a, const std::vector<HeaderLine>& b);

}  // namespace hwbridge
