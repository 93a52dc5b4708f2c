#include "hwbridge/compare/ladder_drawing.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// So many lines, without one of them.
ATrace linesBut(int count, int left)
{
    ATrace trace;
    for (int i = 0; i < count; ++i)
        if (i != left)
            trace.logs("line " + std::to_string(i));
    return trace;
}

TEST(LadderDrawingTest, DrawsWhatDiffersAndTwoEqualPlacesAroundIt)
{
    const Comparison c = compared(linesBut(20, -1), linesBut(20, 10));
    ASSERT_EQ(c.ladders.size(), 1u);
    const TwinLadder& ladder = c.ladders.front();
    ASSERT_EQ(ladder.places.size(), 7u);  // of 20: 0, 1, 8, 9, 10, 11, 12
    EXPECT_EQ(ladder.places[1].equalBefore, 0u);
    EXPECT_EQ(ladder.places[2].equalBefore, 6u);
    EXPECT_THAT(ladder.places[2].a.events, ElementsAre(8u));
    EXPECT_THAT(ladder.places[3].findings, IsEmpty());
    EXPECT_THAT(ladder.places[4].findings, ElementsAre(0u));
    EXPECT_THAT(ladder.places[4].a.events, ElementsAre(10u));
    EXPECT_FALSE(ladder.places[4].b.present);
    EXPECT_THAT(ladder.places[5].b.events, ElementsAre(10u));
    EXPECT_EQ(ladder.equalAfter, 7u);
    EXPECT_EQ(ladder.left, 0u);
}

TEST(LadderDrawingTest, FewEqualPlacesAreAllDrawn)
{
    const auto drawn = [](int lines) {
        const TwinLadder ladder = compared(linesBut(lines, -1), linesBut(lines, -1)).ladders.front();
        return std::pair{ladder.places.size(), ladder.equalAfter};
    };
    EXPECT_EQ(drawn(4), std::pair(std::size_t{4}, std::size_t{0}));
    EXPECT_EQ(drawn(5), std::pair(std::size_t{2}, std::size_t{3}));
}

TEST(LadderDrawingTest, OfAnExchangeTheFirstTenMessagesAreDrawn)
{
    ATrace trace;
    trace.reads("basic.txt");
    for (int i = 1; i <= 6; ++i)
        trace.block(i, 512);
    const Comparison c = compared(trace, trace);
    const DrawnSide& side = c.ladders.front().places.front().b;
    EXPECT_EQ(side.events.size(), mostDrawnMessages);
    EXPECT_EQ(side.left, 3u);
}

TEST(LadderDrawingTest, WhatDiffersBeyondFourHundredPlacesIsCounted)
{
    const Comparison c = compared(linesBut(450, -1), linesBut(1, -1));
    const TwinLadder& ladder = c.ladders.front();
    EXPECT_EQ(ladder.places.size(), mostDrawnSlots);
    EXPECT_EQ(ladder.left, 50u);
}

}  // namespace
}  // namespace hwbridge
