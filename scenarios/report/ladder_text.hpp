#pragma once

#include "scenarios/report/ladder.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace scenarios {

// Letters that one lane of a ladder in plain text takes.
inline constexpr std::size_t textLaneWidth = 18;

// The lanes' names, each above the middle of its lane; nothing behind the last.
std::string textLaneHeads(const std::vector<std::string>& lanes);

// One line of lanes: "|--------->|". A peer of 0 is the phone itself: '*'.
std::string textLanes(std::size_t lanes, std::size_t peer, bool toPeer);

// The whole ladder for people, one line per row.
// Shape:
//                   phone1             tftp
//     0.003000        |---------------->|         read basic.txt
std::string ladderText(const Ladder& ladder);

}  // namespace scenarios
