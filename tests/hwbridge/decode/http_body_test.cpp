#include "hwbridge/decode/http_body.hpp"

#include "emulator/profile/gzip.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace hwbridge;

namespace {

class HttpBodyTest : public testing::Test {
protected:
    // How much of the bytes belongs to a body of that framing.
    std::size_t take(HttpFraming framing, std::string_view bytes, std::uint64_t length = 0,
                     HttpCoding coding = HttpCoding::Plain)
    {
        body.begin(framing, length, coding, 1);
        return body.take(bytes, notes);
    }

    HttpBody body;
    std::string notes;
};

TEST_F(HttpBodyTest, LeavesWhatFollowsIt)
{
    EXPECT_EQ(take(HttpFraming::Length, "abcdef", 3), 3u);
    EXPECT_TRUE(body.done());
    EXPECT_EQ(take(HttpFraming::Chunked, "3\r\nabc\r\n0\r\n\r\nnext"), 13u);
    EXPECT_TRUE(body.done());
    EXPECT_EQ(body.bytes(), 3u);
    EXPECT_EQ(notes, "");
}

TEST_F(HttpBodyTest, SaysWhenAChunkIsLargerThanNumbersAre)
{
    take(HttpFraming::Chunked, "10000000000000000\r\nabc");
    EXPECT_EQ(notes, "a chunk size beyond 64 bits; something behind a chunk size");
}

TEST_F(HttpBodyTest, EndsATrailerThatIsTooLong)
{
    const std::string field = "Name: value\r\n";
    std::string fields;
    while (fields.size() + field.size() <= HttpBody::longestTrailer)
        fields += field;
    take(HttpFraming::Chunked, "0\r\n" + fields);
    EXPECT_FALSE(body.done());
    const std::string more = field + field;
    EXPECT_LT(body.take(more, notes), more.size());
    EXPECT_TRUE(body.done());
}

TEST_F(HttpBodyTest, KeepsOnlySoMuchToUnpack)
{
    const std::string much(HttpBody::mostPacked + 1, 'x');
    take(HttpFraming::UntilClose, much.substr(1), 0, HttpCoding::Gzip);
    body.take(much.substr(0, 1), notes);
    ASSERT_TRUE(body.content(notes).has_value());
    EXPECT_EQ(notes, "too long to unpack");
    EXPECT_EQ(body.bytes(), much.size());
}

TEST_F(HttpBodyTest, HashesTheSameBytesAlikeHoweverTheyCame)
{
    take(HttpFraming::Length, "abcdef", 6);
    const std::uint64_t whole = body.content(notes)->hash;
    take(HttpFraming::Length, "abc", 6);
    body.take("def", notes);
    EXPECT_EQ(body.content(notes)->hash, whole);
    take(HttpFraming::Chunked, "2\r\nab\r\n4\r\ncdef\r\n0\r\n\r\n");
    EXPECT_EQ(body.content(notes)->hash, whole);
    take(HttpFraming::UntilClose, "abcdeX");
    EXPECT_NE(body.content(notes)->hash, whole);
}

TEST_F(HttpBodyTest, HasNoContentWhereBytesAreMissing)
{
    take(HttpFraming::Length, "abc", 6);
    EXPECT_TRUE(body.skip(3, notes));
    EXPECT_TRUE(body.done());
    EXPECT_FALSE(body.content(notes).has_value());
    take(HttpFraming::Length, "abc", 6);
    EXPECT_FALSE(body.skip(4, notes));  // beyond its end
}

}  // namespace
