#include "hwbridge/compare/sequence_alignment.hpp"

#include <algorithm>
#include <unordered_map>

namespace hwbridge {

namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

constexpr std::uint32_t window = 256;
constexpr int mostDepth = 24;  // of anchors between anchors: no input makes it a level per element

struct Range {
    std::uint32_t a = 0;
    std::uint32_t aEnd = 0;
    std::uint32_t b = 0;
    std::uint32_t bEnd = 0;

    bool isEmpty() const { return a == aEnd || b == bEnd; }
    bool isSmall() const { return aEnd - a <= window && bEnd - b <= window; }
};

class Aligning {
public:
    Aligning(std::span<const AlignItem> a, std::span<const AlignItem> b) : m_a{a}, m_b{b} {}

    std::vector<Pair> align()
    {
        range({0, static_cast<std::uint32_t>(m_a.size()), 0, static_cast<std::uint32_t>(m_b.size())}, 0);
        return std::move(m_pairs);
    }

private:
    bool alike(std::uint32_t a, std::uint32_t b) const { return m_a[a].key == m_b[b].key; }
    bool same(std::uint32_t a, std::uint32_t b) const
    {
        return alike(a, b) && m_a[a].detail == m_b[b].detail;
    }

    void range(Range r, int depth)
    {
        while (!r.isEmpty() && same(r.a, r.b))
            m_pairs.emplace_back(r.a++, r.b++);
        std::vector<Pair> tail;
        while (!r.isEmpty() && same(r.aEnd - 1, r.bEnd - 1))
            tail.emplace_back(--r.aEnd, --r.bEnd);
        middle(r, depth);
        m_pairs.insert(m_pairs.end(), tail.rbegin(), tail.rend());
    }

    void middle(const Range& r, int depth)
    {
        if (r.isEmpty())
            return;
        if (r.isSmall()) {
            table(r, r.aEnd, r.bEnd);
            return;
        }
        const std::vector<Pair> anchors = depth < mostDepth ? anchorsOf(r) : std::vector<Pair>{};
        if (anchors.empty()) {
            sliding(r);
            return;
        }
        Range between = r;
        for (const auto& [a, b] : anchors) {
            between.aEnd = a;
            between.bEnd = b;
            range(between, depth + 1);
            m_pairs.emplace_back(a, b);
            between.a = a + 1;
            between.b = b + 1;
        }
        between.aEnd = r.aEnd;
        between.bEnd = r.bEnd;
        range(between, depth + 1);
    }

    // Keys that are there once on each side, as far as they keep their order.
    std::vector<Pair> anchorsOf(const Range& r) const
    {
        struct Seen {
            std::uint32_t countA = 0;
            std::uint32_t countB = 0;
            std::uint32_t atB = 0;
        };
        std::unordered_map<std::uint64_t, Seen> seen;
        seen.reserve(r.aEnd - r.a);
        for (std::uint32_t i = r.a; i < r.aEnd; ++i)
            ++seen[m_a[i].key].countA;
        for (std::uint32_t i = r.b; i < r.bEnd; ++i)
            if (const auto at = seen.find(m_b[i].key); at != seen.end()) {
                ++at->second.countB;
                at->second.atB = i;
            }
        std::vector<Pair> once;
        for (std::uint32_t i = r.a; i < r.aEnd; ++i)
            if (const Seen& one = seen[m_a[i].key]; one.countA == 1 && one.countB == 1)
                once.emplace_back(i, one.atB);
        return longestIncreasing(once);
    }

    static std::vector<Pair> longestIncreasing(const std::vector<Pair>& pairs)
    {
        std::vector<std::uint32_t> ends;  // of the best run of each length: its last pair
        std::vector<std::uint32_t> before(pairs.size());
        for (std::uint32_t i = 0; i < pairs.size(); ++i) {
            const auto at = std::lower_bound(
                ends.begin(), ends.end(), pairs[i].second,
                [&](std::uint32_t end, std::uint32_t value) { return pairs[end].second < value; });
            before[i] = at == ends.begin() ? i : *(at - 1);
            if (at == ends.end())
                ends.push_back(i);
            else
                *at = i;
        }
        std::vector<Pair> longest(ends.size());
        std::uint32_t at = ends.empty() ? 0 : ends.back();
        for (std::size_t i = ends.size(); i-- > 0; at = before[at])
            longest[i] = pairs[at];
        return longest;
    }

    // A window moves over both sides; what its first half decides stays.
    void sliding(Range r)
    {
        while (!r.isEmpty()) {
            Range now = r;
            now.aEnd = std::min(r.aEnd, r.a + window);
            now.bEnd = std::min(r.bEnd, r.b + window);
            const bool last = now.aEnd == r.aEnd && now.bEnd == r.bEnd;
            const std::size_t before = m_pairs.size();
            table(now, last ? now.aEnd : now.a + window / 2, last ? now.bEnd : now.b + window / 2);
            if (last)
                return;
            if (m_pairs.size() > before) {
                r.a = m_pairs.back().first + 1;
                r.b = m_pairs.back().second + 1;
            } else {
                r.a = std::min(r.aEnd, r.a + window / 2);
                r.b = std::min(r.bEnd, r.b + window / 2);
            }
        }
    }

    // The best common subsequence of a small range; pairs before the two limits are kept.
    void table(const Range& r, std::uint32_t aLimit, std::uint32_t bLimit)
    {
        const std::uint32_t rows = r.aEnd - r.a;
        const std::uint32_t columns = r.bEnd - r.b;
        const std::uint32_t width = columns + 1;
        m_best.assign(std::size_t{rows + 1} * width, 0);
        const auto best = [&](std::uint32_t i, std::uint32_t j) -> std::uint32_t& {
            return m_best[std::size_t{i} * width + j];
        };
        const auto worth = [&](std::uint32_t i, std::uint32_t j) -> std::uint32_t {
            if (!alike(r.a + i, r.b + j))
                return 0;
            return same(r.a + i, r.b + j) ? 5 : 4;
        };
        for (std::uint32_t i = rows; i-- > 0;)
            for (std::uint32_t j = columns; j-- > 0;) {
                std::uint32_t value = std::max(best(i + 1, j), best(i, j + 1));
                if (const std::uint32_t pair = worth(i, j); pair > 0)
                    value = std::max(value, best(i + 1, j + 1) + pair);
                best(i, j) = value;
            }
        std::uint32_t i = 0;
        std::uint32_t j = 0;
        while (i < rows && j < columns && r.a + i < aLimit && r.b + j < bLimit) {
            const std::uint32_t pair = worth(i, j);
            if (pair > 0 && best(i, j) == best(i + 1, j + 1) + pair)
                m_pairs.emplace_back(r.a + i++, r.b + j++);
            else if (best(i + 1, j) >= best(i, j + 1))
                ++i;
            else
                ++j;
        }
    }

    std::span<const AlignItem> m_a;
    std::span<const AlignItem> m_b;
    std::vector<Pair> m_pairs;
    std::vector<std::uint32_t> m_best;
};

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> alignSequences(std::span<const AlignItem> a,
                                                                    std::span<const AlignItem> b)
{
    return Aligning{a, b}.align();
}

}  // namespace hwbridge
