#include "emulator/base/nearest_word.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <numeric>

namespace emulator {

namespace {

// Letters changed, added, dropped, or swapped with their neighbour (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> next(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lowerAscii(a[i - 1]) == lowerAscii(b[j - 1]);
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0u : 1u)});
            if (i > 1 && j > 1 && lowerAscii(a[i - 1]) == lowerAscii(b[j - 2]) &&
                lowerAscii(a[i - 2]) == lowerAscii(b[j - 1]))
                next[j] = std::min(next[j], before[j - 2] + 1);
        }
        std::swap(before, row);
        std::swap(row, next);
    }
    return row.back();
}

}  // namespace

std::string_view nearestWord(std::string_view found, const std::vector<std::string_view>& words)
{
    constexpr std::size_t longest = 64;  // a word of a scenario is shorter; long texts are no typing errors
    if (found.empty() || found.size() > longest)
        return {};
    std::string_view nearest;
    const std::size_t most = std::max<std::size_t>(1, found.size() / 3);
    std::size_t least = most + 1;
    std::size_t alike = 0;  // letters at the start, which people get right most often
    for (const std::string_view word : words) {
        const std::size_t steps = distance(found, word);
        const auto [end, other] = std::mismatch(found.begin(), found.end(), word.begin(), word.end());
        const auto start = static_cast<std::size_t>(end - found.begin());
        if (steps > most || steps > least || (steps == least && start <= alike))
            continue;
        least = steps;
        alike = start;
        nearest = word;
    }
    return nearest;
}

std::string oneOf(const std::vector<std::string_view>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace emulator
