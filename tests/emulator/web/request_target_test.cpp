#include "emulator/web/request_target.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct Written {
    std::string_view target;
    std::string_view path;
    std::string_view argument;
};

class RequestTargetTest : public ::testing::TestWithParam<Written> {};

TEST_P(RequestTargetTest, HasPathAndArgument)
{
    const Result<RequestTarget> target = parseRequestTarget(GetParam().target);
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(target.value().path, GetParam().path);
    EXPECT_EQ(target.value().argument, GetParam().argument);
    EXPECT_FALSE(target.value().login);
}

INSTANTIATE_TEST_SUITE_P(
    Targets, RequestTargetTest,
    ::testing::Values(
        Written{"/", "/", ""}, Written{"/admin/resync?", "/admin/resync", ""},
        Written{"/admin/resync?tftp://192.168.1.200/basic.txt", "/admin/resync",
                "tftp://192.168.1.200/basic.txt"},
        Written{"/admin/resync?http://h/p?mac=$MA&x=1", "/admin/resync", "http://h/p?mac=$MA&x=1"},
        Written{"/admin/resync?tftp%3A%2F%2Fh%2Fa%2520b", "/admin/resync", "tftp://h/a%20b"},
        Written{"/admin/resync?http://h/a+b.xml", "/admin/resync", "http://h/a+b.xml"},
        Written{"/admin/resync?%5B--uid+admin+--pwd+555%5Dhttp://domain/app/?mac=$MA", "/admin/resync",
                "[--uid admin --pwd 555]http://domain/app/?mac=$MA"},
        Written{"/admin/resync?[--key+k]http://h/a+b", "/admin/resync", "[--key k]http://h/a+b"},
        Written{"http://192.168.1.100/admin/reboot", "/admin/reboot", ""},
        Written{"http://192.168.1.100", "/", ""}));

TEST(RequestTargetTest, TakesTheLoginOffTheEnd)
{
    const RequestTarget target =
        parseRequestTarget("/admin/resync?tftp://192.168.15.100/my_config.xml&xuser=admin&xpassword=p%26w")
            .value();
    EXPECT_EQ(target.argument, "tftp://192.168.15.100/my_config.xml");
    ASSERT_TRUE(target.login);
    EXPECT_EQ(target.login->user, "admin");
    EXPECT_EQ(target.login->password, "p&w");

    const RequestTarget alone = parseRequestTarget("/admin/reboot?xpassword=w&xuser=admin").value();
    EXPECT_EQ(alone.argument, "");
    ASSERT_TRUE(alone.login);
    EXPECT_EQ(alone.login->password, "w");
}

TEST(RequestTargetTest, LeavesALoginInTheMiddleToTheServerThatItIsFor)
{
    const RequestTarget target = parseRequestTarget("/admin/resync?http://h/p?a=1&xuser=me&b=2").value();
    EXPECT_EQ(target.argument, "http://h/p?a=1&xuser=me&b=2");
    EXPECT_FALSE(target.login);
}

class BrokenTargetTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(BrokenTargetTest, IsMalformed)
{
    const Result<RequestTarget> target = parseRequestTarget(GetParam());
    ASSERT_FALSE(target.has_value());
    EXPECT_EQ(target.error().kind, ErrorKind::Malformed);
}

INSTANTIATE_TEST_SUITE_P(Targets, BrokenTargetTest,
                         ::testing::Values("", "admin", "*", "/admin/resync?%", "/admin/resync?a%0d%0ab",
                                           "/admin/resync?%ff", "/x?a&xuser=%"));

TEST(RequestTargetTest, HasABound)
{
    EXPECT_TRUE(parseRequestTarget("/admin/resync?" + std::string(maxCommandBytes, 'a')).has_value());
    EXPECT_EQ(parseRequestTarget("/admin/resync?" + std::string(maxCommandBytes + 1, 'a')).error().kind,
              ErrorKind::TooLarge);
    EXPECT_EQ(parseRequestTarget("/" + std::string(maxTargetBytes, 'a')).error().kind, ErrorKind::TooLarge);
}

}  // namespace
}  // namespace emulator
