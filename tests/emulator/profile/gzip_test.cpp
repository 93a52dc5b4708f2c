#include "emulator/profile/gzip.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace emulator {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::size_t most = 1u << 20;

// What `gzip -n` makes of "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>".
constexpr std::string_view fromGzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3\x49\xcb\x49\x2c\xd1\x2d\x28\xca\x4f\xcb\xcc\x49\xb5\xb3\x71"
    "\x0f\x08\x88\x77\xb4\x33\x34\x32\x36\x31\x35\x33\xb7\xb0\xd1\x87\xf0\x6d\xf4\x51\x54\x01\x00\xdf\x81\x43"
    "\x2c\x34\x00\x00\x00"sv;
constexpr std::string_view text = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>";

std::string deflated(std::string_view bytes, int window)
{
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}
std::string zlibStream(std::string_view bytes)
{
    return deflated(bytes, 15);
}
std::string rawDeflate(std::string_view bytes)
{
    return deflated(bytes, -15);
}

TEST(GzipTest, UnpacksWhatTheGzipProgramMakes)
{
    const auto unpacked = gunzip(fromGzip, most);
    ASSERT_TRUE(unpacked.has_value()) << unpacked.error().detail;
    EXPECT_EQ(*unpacked, text);
}

TEST(GzipTest, PacksWhatItUnpacks)
{
    for (const std::string& bytes : {""s, "x"s, std::string{text}, std::string(300'000, 'a')}) {
        const std::string packed = gzip(bytes);
        EXPECT_TRUE(isGzip(packed));
        EXPECT_EQ(gzip(bytes), packed) << "no time stamp in it";
        const auto unpacked = gunzip(packed, most);
        ASSERT_TRUE(unpacked.has_value()) << unpacked.error().detail;
        EXPECT_EQ(*unpacked, bytes);
    }
}

TEST(GzipTest, UnpacksMembersOneBehindTheOther)
{
    EXPECT_EQ(gunzip(gzip("<flat-") + gzip("") + gzip("profile/>"), most).value(), "<flat-profile/>");
}

TEST(GzipTest, RefusesStreamsWithoutAGzipHeader)
{
    COVERS("PROF-GZIP-HEADER");
    for (const std::string& stream : {zlibStream(text), rawDeflate(text), std::string{text}, ""s}) {
        const auto refused = gunzip(stream, most);
        ASSERT_TRUE(refused.has_error());
        EXPECT_EQ(refused.error().kind, ErrorKind::Corrupt);
    }
}

TEST(GzipTest, RefusesAFileThatIsCutAnywhere)
{
    for (std::size_t size = 0; size < fromGzip.size(); ++size)
        EXPECT_TRUE(gunzip(fromGzip.substr(0, size), most).has_error()) << size;
}

TEST(GzipTest, RefusesAFileWithAnyByteOfItsContentChanged)
{
    constexpr std::size_t header = 10;  // flags and times in it are free to differ
    for (std::size_t at = header; at < fromGzip.size(); ++at) {
        std::string changed{fromGzip};
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        const auto unpacked = gunzip(changed, most);
        EXPECT_TRUE(unpacked.has_error() || *unpacked == text) << at << ": a few bits only fill a byte up";
    }
}

TEST(GzipTest, RefusesBytesBehindTheLastMember)
{
    for (const std::string& garbage : {"x"s, "\0"s, "\x1F"s, "\x1F\x8B"s, "more"s})
        EXPECT_EQ(gunzip(std::string{fromGzip} + garbage, most).error().kind, ErrorKind::Corrupt) << garbage;
}

TEST(GzipTest, TakesExactlyTheLimitAndNotOneByteMore)
{
    constexpr std::size_t limit = 100'000;
    EXPECT_EQ(gunzip(gzip(std::string(limit, 'a')), limit)->size(), limit);
    EXPECT_EQ(gunzip(gzip(std::string(limit + 1, 'a')), limit).error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(gunzip(gzip(std::string(limit, 'a')) + gzip("b"), limit).error().kind, ErrorKind::Corrupt)
        << "members count together";
}

TEST(GzipTest, StopsUnpackingABombAtTheLimit)
{
    const std::string bomb = gzip(std::string(20u << 20, '\0'));
    ASSERT_LT(bomb.size(), 40'000u);
    const auto refused = gunzip(bomb, 64u << 10);
    EXPECT_EQ(refused.error().detail, "more than 65536 bytes when unpacked");
}

TEST(GzipTest, UnpacksBothReadingsOfDeflate)
{
    EXPECT_EQ(unpackDeflate(zlibStream(text), most).value(), text);
    EXPECT_EQ(unpackDeflate(rawDeflate(text), most).value(), text);
    EXPECT_EQ(unpackDeflate(zlibStream(text) + "x", most).error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(unpackDeflate(text, most).error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(unpackDeflate("", most).error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(unpackDeflate(zlibStream(std::string(most + 1, 'a')), most).error().kind, ErrorKind::Corrupt);
}

}  // namespace
}  // namespace emulator
