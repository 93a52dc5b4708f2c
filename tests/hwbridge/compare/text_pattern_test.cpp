#include "hwbridge/compare/text_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using testing::HasSubstr;

// What a pattern finds in a text; "-" when nothing.
std::string found(std::string_view pattern, std::string_view text)
{
    const auto read = TextPattern::parse(pattern);
    EXPECT_TRUE(read.has_value());
    const auto match = read->find(text);
    return match ? std::string{text.substr(match->first, match->second)} : "-";
}

TEST(TextPatternTest, FindsItsElements)
{
    EXPECT_EQ(found("secret-{hex:12}", "uid secret-0123456789ab."), "secret-0123456789ab");
    EXPECT_EQ(found("{address}", "ip@10.0.0.1, up"), "10.0.0.1");
    EXPECT_EQ(found("{endpoint}", "tftp://127.0.0.1:60152/basic.txt"), "127.0.0.1:60152");
    EXPECT_EQ(found("://{host}:{number}", "tftp://prov.example:60152/basic.txt"), "://prov.example:60152");
    EXPECT_EQ(found("://{host}:{number}", "tftp://127.0.0.1:60152/basic.txt"), "-");
    EXPECT_EQ(found("{host}", "_prov-1.example_"), "prov-1.example");
    EXPECT_EQ(found("{mac}", "of 00:0e:08:00:00:01."), "00:0e:08:00:00:01");
    EXPECT_EQ(found("{mac}", "of 00-0e-08-00-00-01."), "00-0e-08-00-00-01");
    EXPECT_EQ(found("{mac}", "of 000E08000001."), "000E08000001");
    EXPECT_EQ(found("{stamp}", "Jan  1 00:00:01 x"), "Jan  1 00:00:01");
    EXPECT_EQ(found("{isotime}", "at 2026-01-01T00:00:00.5Z."), "2026-01-01T00:00:00.5Z");
    EXPECT_EQ(found("{httpdate}", "Sun, 06 Nov 1994 08:49:37 GMT"), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(found("tag={token}", "<sip:a@b>;tag=77x;lr"), "tag=77x");
    EXPECT_EQ(found("uptime {rest}", "uptime 3 days\nnext"), "uptime 3 days");
    EXPECT_EQ(found("{{{number}", "a {42 b"), "{42");
}

TEST(TextPatternTest, NeverTakesAPartOfALongerWord)
{
    EXPECT_EQ(found("secret-{hex:12}", "secret-0123456789abc"), "-");
    EXPECT_EQ(found("{number}", "CP7832x"), "-");
    EXPECT_EQ(found("{address}", "1.2.3.256"), "-");
    EXPECT_EQ(found("{time}", "100:00:00"), "-");
}

TEST(TextPatternTest, CapturesItsFirstElement)
{
    const auto pattern = *TextPattern::parse("({word})");
    EXPECT_EQ(pattern.capture("Cisco-CP-7832-3PCC/11.3.1 (88012B000001)"), "88012B000001");
}

TEST(TextPatternTest, SaysWhatIsWrong)
{
    EXPECT_THAT(TextPattern::parse("{adress}").error().detail, HasSubstr("did you mean {address}?"));
    EXPECT_THAT(TextPattern::parse("{hex").error().detail, HasSubstr("without its }"));
    EXPECT_THAT(TextPattern::parse("{number:3}").error().detail, HasSubstr("behind hex only"));
    EXPECT_TRUE(TextPattern::parse("").has_error());
}

}  // namespace
}  // namespace hwbridge
