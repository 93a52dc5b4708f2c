#include "hwbridge/compare/sequence_alignment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

namespace hwbridge {
namespace {

// Letters are keys.
std::vector<AlignItem> items(std::string_view letters)
{
    std::vector<AlignItem> all;
    for (const char c : letters)
        all.push_back({static_cast<std::uint64_t>(c), 0});
    return all;
}

// What both have, in order.
std::string common(std::string_view a, std::string_view b)
{
    std::string text;
    for (const auto& [i, j] : alignSequences(items(a), items(b))) {
        EXPECT_EQ(a[i], b[j]);
        text += a[i];
    }
    return text;
}

TEST(SequenceAlignmentTest, FindsWhatBothHave)
{
    EXPECT_EQ(common("abcdef", "abcdef"), "abcdef");
    EXPECT_EQ(common("abcdef", "abXcdef"), "abcdef");
    EXPECT_EQ(common("abcdef", "abdef"), "abdef");
    EXPECT_EQ(common("abcabcabc", "abcbcabc"), "abcbcabc");
    EXPECT_EQ(common("", "abc"), "");
    EXPECT_EQ(common("abc", "xyz"), "");
}

TEST(SequenceAlignmentTest, RatherPairsWhatIsAlikeInDetail)
{
    std::vector<AlignItem> a{{1, 10}, {1, 20}};
    std::vector<AlignItem> b{{1, 20}};
    const auto pairs = alignSequences(a, b);
    ASSERT_EQ(pairs.size(), 1u);
    EXPECT_EQ(pairs.front().first, 1u);
}

TEST(SequenceAlignmentTest, AlignsLongSequencesWithGapsAroundTheirAnchors)
{
    std::vector<AlignItem> a;
    std::vector<AlignItem> b;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        a.push_back({i % 1000 == 0 ? i : i % 7, 0});
        if (i % 97 != 5)
            b.push_back(a.back());
    }
    EXPECT_EQ(alignSequences(a, b).size(), b.size());
}

TEST(SequenceAlignmentTest, BridgesAGapWhereNothingIsThereOnceOnly)
{
    // Each key is there four times, and both ends differ: a window that moves along has to find the way.
    std::vector<AlignItem> a{{1'000'000, 0}};
    std::vector<AlignItem> b{{2'000'000, 0}};
    for (std::uint64_t i = 0; i < 2'000; ++i) {
        a.push_back({i % 500, 0});
        if (i < 900 || i >= 1'000)
            b.push_back({i % 500, 0});
    }
    a.push_back({3'000'000, 0});
    b.push_back({4'000'000, 0});
    EXPECT_EQ(alignSequences(a, b).size(), 1'900u);
    EXPECT_EQ(alignSequences(b, a).size(), 1'900u);
}

TEST(SequenceAlignmentTest, StaysInOrderWhateverComes)
{
    std::uint64_t state = 7;
    const auto random = [&](std::uint64_t below) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return (state >> 33) % below;
    };
    for (int round = 0; round < 30; ++round) {
        std::vector<AlignItem> a(random(2000));
        std::vector<AlignItem> b(random(2000));
        for (AlignItem& item : a)
            item.key = random(3 + 40 * static_cast<std::uint64_t>(round));
        for (AlignItem& item : b)
            item.key = random(3 + 40 * static_cast<std::uint64_t>(round));
        std::int64_t lastA = -1;
        std::int64_t lastB = -1;
        for (const auto& [i, j] : alignSequences(a, b)) {
            EXPECT_EQ(a[i].key, b[j].key);
            EXPECT_GT(std::int64_t{i}, lastA);
            EXPECT_GT(std::int64_t{j}, lastB);
            lastA = i;
            lastB = j;
        }
    }
}

}  // namespace
}  // namespace hwbridge
