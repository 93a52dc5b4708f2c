#include "emulator/base/chance.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <vector>

namespace emulator {
namespace {

constexpr MacAddress mac{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}};

TEST(ChanceTest, IsTheSameForTheSameSeedAndPhone)
{
    Chance one{Seed{7832}, mac};
    Chance other{Seed{7832}, mac};
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(one.next(), other.next());
}

TEST(ChanceTest, DiffersBetweenPhonesSeedsAndDraws)
{
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        for (std::uint64_t phone = 0; phone < 100; ++phone) {
            Chance chance{Seed{seed}, mac.plus(phone)};
            for (int draw = 0; draw < 10; ++draw)
                seen.insert(chance.next());
        }
    }
    EXPECT_EQ(seen.size(), 10u * 100u * 10u);
}

TEST(ChanceTest, DrawsBothEndsAndAllBetweenAboutEquallyOften)
{
    std::vector<int> counts(41);
    for (std::uint64_t phone = 0; phone < 4100; ++phone)
        ++counts.at(Chance{Seed{1}, mac.plus(phone)}.upTo(40));
    for (const int count : counts) {
        EXPECT_GT(count, 50);
        EXPECT_LT(count, 160);
    }
}

TEST(ChanceTest, TakesTheSmallestAndTheLargestRange)
{
    Chance chance{Seed{1}, mac};
    std::set<std::uint64_t> wide;
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(chance.upTo(0), 0u);
        EXPECT_LE(chance.upTo(1), 1u);
        wide.insert(chance.upTo(UINT64_MAX));
    }
    EXPECT_EQ(wide.size(), 100u);
}

TEST(MixBitsTest, ChangesAboutHalfOfTheBitsForEachBit)
{
    for (int bit = 0; bit < 64; ++bit) {
        const int changed = std::popcount(mixBits(12345) ^ mixBits(12345 ^ std::uint64_t{1} << bit));
        EXPECT_GT(changed, 12) << bit;
        EXPECT_LT(changed, 52) << bit;
    }
}

}  // namespace
}  // namespace emulator
