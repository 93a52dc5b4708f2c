#include "scenarios/report/ladder_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace scenarios {

namespace {

constexpr std::size_t secondsWidth = 13;

std::size_t laneMiddle(std::size_t lane)
{
    return lane * textLaneWidth + textLaneWidth / 2;
}

// One line, whatever was received.
std::string inOneLine(std::string text)
{
    for (char& letter : text)
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            letter = ' ';
    return text;
}

}  // namespace

std::string textLaneHeads(const std::vector<std::string>& lanes)
{
    std::string text;
    for (const std::string& lane : lanes)
        text += fmt::format("{:^{}}", lane, textLaneWidth);
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string textLanes(std::size_t lanes, std::size_t peer, bool toPeer)
{
    std::string text(lanes * textLaneWidth, ' ');
    for (std::size_t lane = 0; lane < lanes; ++lane)
        text[laneMiddle(lane)] = '|';
    if (peer == 0) {
        text[laneMiddle(0)] = '*';
        return text;
    }
    for (std::size_t at = laneMiddle(0) + 1; at < laneMiddle(peer); ++at)
        text[at] = '-';
    text[toPeer ? laneMiddle(peer) - 1 : laneMiddle(0) + 1] = toPeer ? '>' : '<';
    return text;
}

std::string ladderText(const Ladder& ladder)
{
    std::string text = fmt::format("{:>{}} {}\n", "", secondsWidth, textLaneHeads(ladder.lanes));
    for (const LadderRow& row : ladder.rows) {
        const auto us = row.at.time_since_epoch().count();
        const bool message = row.kind == LadderRow::Kind::Message || row.kind == LadderRow::Kind::Fold;
        const std::string lanes = row.kind == LadderRow::Kind::Step
                                      ? std::string(ladder.lanes.size() * textLaneWidth, ' ')
                                      : textLanes(ladder.lanes.size(), message ? row.peer : 0, row.toPeer);
        fmt::format_to(std::back_inserter(text), "{:>{}} {}  {}\n",
                       fmt::format("{}.{:06}", us / 1'000'000, us % 1'000'000), secondsWidth, lanes,
                       inOneLine(row.text));
    }
    return text;
}

}  // namespace scenarios
