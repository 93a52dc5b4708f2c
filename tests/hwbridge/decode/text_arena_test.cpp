#include "hwbridge/decode/text_arena.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace hwbridge {

TEST(TextArenaTest, MakesTextsThatStayUntilItIsCleared)
{
    TextArena arena;
    TextMaker first{arena};
    first.addMac(std::string_view{"\x00\x0e\x08\x00\x00\x01", 6});
    first.add(' ');
    first.addNumber(18446744073709551615u);
    const std::string_view one = first.finish();
    TextMaker second{arena};
    second.addIpv4(0xc0a80105);
    second.addSeparator(", ");
    second.addIpv4List("\x01\x02\x03\x04\x05\x06\x07\x08");
    const std::string_view two = second.finish();
    EXPECT_EQ(one, "00:0e:08:00:00:01 18446744073709551615");
    EXPECT_EQ(two, "192.168.1.5, 1.2.3.4 5.6.7.8");
    EXPECT_EQ(arena.format("{}-{:02x}", 1, 2), "1-02");
}

TEST(TextArenaTest, CutsALongTextAndSaysSo)
{
    TextArena arena;
    const std::string_view cut = arena.copy(std::string(100000, 'x'));
    EXPECT_EQ(cut.size(), TextArena::longestText);
    EXPECT_TRUE(cut.ends_with("x…"));
    EXPECT_EQ(arena.copy(std::string(TextArena::longestText - 3, 'x')),
              std::string(TextArena::longestText - 3, 'x'));
}

TEST(TextArenaTest, CutsBetweenCharacters)
{
    TextArena arena;
    std::string text;
    while (text.size() < 2 * TextArena::longestText)
        text += "ü";
    std::string_view cut = arena.copy("x" + text);
    EXPECT_TRUE(cut.ends_with("ü…"));
    cut = arena.copy(text);
    EXPECT_TRUE(cut.ends_with("ü…"));
}

TEST(TextArenaTest, NeverLeavesItsMemory)
{
    TextArena arena;
    std::vector<std::string_view> texts;
    for (int i = 0; i < 100; ++i)
        texts.push_back(arena.copy(std::string(TextArena::longestText, static_cast<char>('a' + i % 26))));
    EXPECT_EQ(texts[27].size(), TextArena::longestText);
    EXPECT_EQ(texts[27][0], 'b');
    EXPECT_TRUE(texts.back().empty());
    arena.clear();
    EXPECT_EQ(arena.copy("again"), "again");
}

}  // namespace hwbridge
