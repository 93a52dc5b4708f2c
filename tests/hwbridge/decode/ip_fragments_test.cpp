#include "hwbridge/decode/ip_fragments.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

using namespace wire;

namespace {

IpView piece(std::size_t offset, std::string_view bytes, bool more, std::uint16_t identification = 1)
{
    IpView view;
    view.source = phone.address;
    view.destination = server.address;
    view.protocol = 17;
    view.identification = identification;
    view.fragmentOffset = static_cast<std::uint32_t>(offset);
    view.moreFragments = more;
    view.payload = bytes;
    return view;
}

constexpr WallNanoseconds start{std::chrono::seconds{1000}};

TEST(IpFragmentsTest, PutsPiecesTogetherInAnyOrder)
{
    IpFragments fragments;
    EXPECT_EQ(fragments.add(piece(16, "the end", false), start), nullptr);
    EXPECT_EQ(fragments.add(piece(0, "12345678", true), start), nullptr);
    const auto* whole = fragments.add(piece(8, "abcdefgh", true), start);
    ASSERT_NE(whole, nullptr);
    EXPECT_EQ(whole->bytes, "12345678abcdefghthe end");
    EXPECT_FALSE(whole->overlapped);
    fragments.end();
    EXPECT_EQ(fragments.lost(), 0u);
}

TEST(IpFragmentsTest, KeepsTheFirstCopyOfOverlappingPiecesAndSaysSo)
{
    IpFragments fragments;
    fragments.add(piece(8, "ABCDEFGH", true), start);
    fragments.add(piece(0, "12345678xxxx", true), start);
    const auto* whole = fragments.add(piece(16, "end", false), start);
    ASSERT_NE(whole, nullptr);
    EXPECT_EQ(whole->bytes, "12345678ABCDEFGHend");
    EXPECT_TRUE(whole->overlapped);
    EXPECT_TRUE(whole->conflicting);
}

TEST(IpFragmentsTest, ToldAsOverlappingButNotConflictingWhenOnePieceCameTwice)
{
    IpFragments fragments;
    fragments.add(piece(0, "12345678", true), start);
    fragments.add(piece(0, "12345678", true), start);
    const auto* whole = fragments.add(piece(8, "end", false), start);
    ASSERT_NE(whole, nullptr);
    EXPECT_TRUE(whole->overlapped);
    EXPECT_FALSE(whole->conflicting);
}

TEST(IpFragmentsTest, GivesUpWhatIsNotCompleteInTime)
{
    IpFragments fragments;
    fragments.add(piece(0, "12345678", true), start);
    EXPECT_EQ(fragments.add(piece(8, "end", false), start + IpFragments::patience + std::chrono::seconds{1}),
              nullptr);
    EXPECT_EQ(fragments.lost(), 1u);
    fragments.end();
    EXPECT_EQ(fragments.lost(), 2u);
}

TEST(IpFragmentsTest, HoldsOnlySoManyPackets)
{
    IpFragments fragments;
    for (std::size_t i = 0; i < IpFragments::mostPackets + 1; ++i)
        fragments.add(piece(0, "12345678", true, static_cast<std::uint16_t>(i)), start);
    EXPECT_EQ(fragments.lost(), 1u);
    EXPECT_EQ(fragments.add(piece(8, "end", false, 0), start), nullptr);
    EXPECT_NE(fragments.add(piece(8, "end", false, 256), start), nullptr);
}

TEST(IpFragmentsTest, RefusesPiecesBeyondTheLongestPacket)
{
    IpFragments fragments;
    EXPECT_EQ(fragments.add(piece(65'528, "123456789", false), start), nullptr);
    EXPECT_EQ(fragments.lost(), 1u);
}

}  // namespace
