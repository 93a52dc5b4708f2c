#include "emulator/protocol/redirect_target.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

std::string target(std::string_view location, std::string_view from = "http://server:8080/a/b/basic.txt?x=1")
{
    const Result<Url> url = redirectTarget(Url::parse(from).value(), location);
    return url.has_value() ? url->text() : "error: " + url.error().detail;
}

ErrorKind failure(std::string_view location)
{
    const Result<Url> url = redirectTarget(Url::parse("http://server/a").value(), location);
    return url.has_value() ? ErrorKind{255} : url.error().kind;
}

TEST(RedirectTargetTest, TakesAWholeUrl)
{
    EXPECT_EQ(target("http://other/c.txt"), "http://other:80/c.txt");
    EXPECT_EQ(target("HTTPS://other:8443/c.txt?y=2#top"), "https://other:8443/c.txt?y=2");
    EXPECT_EQ(target("http://other"), "http://other:80/");
    EXPECT_EQ(target("http://other?y"), "http://other:80/?y");
}

TEST(RedirectTargetTest, ResolvesARelativeReference)
{
    EXPECT_EQ(target("/c.txt"), "http://server:8080/c.txt");
    EXPECT_EQ(target("c.txt"), "http://server:8080/a/b/c.txt");
    EXPECT_EQ(target("../c.txt"), "http://server:8080/a/c.txt");
    EXPECT_EQ(target("../../../c.txt"), "http://server:8080/c.txt");
    EXPECT_EQ(target("?y=2"), "http://server:8080/a/b/basic.txt?y=2");
    EXPECT_EQ(target("//other/c.txt"), "http://other:80/c.txt");
    EXPECT_EQ(target("./x//y/./c.txt"), "http://server:8080/a/b/x//y/c.txt");
    EXPECT_EQ(target(".."), "http://server:8080/a/");
}

TEST(RedirectTargetTest, EncodesWhatNoUrlMayHold)
{
    EXPECT_EQ(target("/a b|c%20d.txt"), "http://server:8080/a%20b%7Cc%20d.txt");
    EXPECT_EQ(target("c.txt", "http://server/{mac}/b.txt"), "http://server:80/%7Bmac%7D/c.txt");
}

TEST(RedirectTargetTest, RefusesOtherSchemesCredentialsAndNonsense)
{
    EXPECT_EQ(failure("tftp://server/a"), ErrorKind::Unsupported);
    EXPECT_EQ(failure("ftp://server/a"), ErrorKind::Unsupported);
    EXPECT_EQ(failure("http://user:secret@server/a"), ErrorKind::Unsupported);
    EXPECT_EQ(failure("http://server:99999/a"), ErrorKind::Malformed);
    EXPECT_EQ(failure("http:///a"), ErrorKind::Malformed);
    EXPECT_EQ(failure("mailto:someone"), ErrorKind::Malformed);
    EXPECT_EQ(failure("http://[oops/a"), ErrorKind::Malformed);
    EXPECT_EQ(failure("/%zz"), ErrorKind::Malformed);
    EXPECT_EQ(failure("/" + std::string(5000, 'x')), ErrorKind::Malformed);
}

TEST(RedirectTargetTest, SurvivesGarbage)
{
    RandomBytes random{6};
    for (int round = 0; round < 20000; ++round) {
        const std::string text = target(random.damaged("http://other.example:8080/a/../b%20c.txt?x=1#y", 5));
        if (!text.starts_with("error")) {
            ASSERT_TRUE(Url::parse(text).has_value()) << text;
        }
    }
}

}  // namespace
}  // namespace emulator
