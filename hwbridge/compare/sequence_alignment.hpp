#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace hwbridge {

// One element of a sequence: elements with one key may be paired, those with one detail too are paired rather.
struct AlignItem {
    std::uint64_t key = 0;
    std::uint64_t detail = 0;
};

// Pairs of indices, both ascending: which element of `a` stands for which of `b`. What is in no pair is on one side only.
// Shape:  equal ends are trimmed; elements whose key is there once on either side are anchors (patience, longest increasing
//         sequence of them); between anchors a longest common subsequence decides, within a window of 256 elements where
//         more is left.
// Cost:   at most a small constant (the window) per element, whatever the input.
std::vector<std::pair<std::uint32_t, std::uint32_t>> alignSequences(std::span<const AlignItem> a,
                                                                    std::span<const AlignItem> b);

}  // namespace hwbridge
