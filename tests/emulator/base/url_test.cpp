#include "emulator/base/url.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct UrlRow {
    const char* text;
    const char* defaultHost;
    const char* expected;
};
class UrlTest : public testing::TestWithParam<UrlRow> {};

TEST_P(UrlTest, IsReadAndItsMissingPartsFilledIn)
{
    const Result<Url> url = Url::parse(GetParam().text, GetParam().defaultHost);
    ASSERT_TRUE(url.has_value()) << url.error().detail;
    EXPECT_EQ(url->text(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Guides, UrlTest,
    testing::Values(
        UrlRow{"tftp://192.168.1.200/basic.txt", "", "tftp://192.168.1.200:69/basic.txt"},
        UrlRow{"192.168.1.130/profiles/init.cfg", "", "tftp://192.168.1.130:69/profiles/init.cfg"},
        UrlRow{"/cisco/cfg.xml", "192.168.1.9", "tftp://192.168.1.9:69/cisco/cfg.xml"},
        UrlRow{"http:///cfg.xml", "192.168.1.9", "http://192.168.1.9:80/cfg.xml"},
        UrlRow{"http://neptune.speak.net:8080/prov/$D/$E.cfg", "",
               "http://neptune.speak.net:8080/prov/$D/$E.cfg"},
        UrlRow{"https://secure.me.com/profile?Linksys", "", "https://secure.me.com:443/profile?Linksys"},
        UrlRow{"HTTPS://Prov.Server.com:443/", "", "https://Prov.Server.com:443/"},
        UrlRow{"host_1.example.com:65535/a:b@c://d", "", "tftp://host_1.example.com:65535/a:b@c://d"}));

TEST(UrlTest, HasTheDefaultPortOfItsProtocol)
{
    COVERS("RULE-PORT-TFTP", "RULE-PORT-HTTP", "RULE-PORT-HTTPS", "HTTP-PORT-OVERRIDE");
    EXPECT_EQ(Url::parse("tftp://server/a")->port, 69);
    EXPECT_EQ(Url::parse("http://server/a")->port, 80);
    EXPECT_EQ(Url::parse("https://server/a")->port, 443);
    EXPECT_EQ(Url::parse("https://server:8443/a")->port, 8443);
}

TEST(UrlTest, KeepsAnEmptyQueryAsWritten)
{
    COVERS("RULE-QUERY");
    EXPECT_EQ(Url::parse("https://prov.server.com/cgi-bin/reflect.pl?")->path, "/cgi-bin/reflect.pl?");
    EXPECT_EQ(Url::parse("https://prov.server.com/cgi-bin/reflect.pl?user=1&x=%20")->path,
              "/cgi-bin/reflect.pl?user=1&x=%20");
}

TEST(UrlTest, RefusesWhatIsNoUrl)
{
    for (const char* text :
         {"", "basic.txt", "tftp://server", "tftp://server?x", "tftp:///basic.txt", "/basic.txt",
          "http://server:/a", "http://server:0/a", "http://server:65536/a", "http://server:80:80/a",
          "http://a b/c", "http://server/a b", "http://server/a\n", "http://1.2.3/a", "http://300.1.1.1/a",
          "http://ser*ver/a", "http://server/\x7f"}) {
        const Result<Url> url = Url::parse(text);
        ASSERT_TRUE(url.has_error()) << text;
        EXPECT_EQ(url.error().kind, ErrorKind::Malformed) << text;
    }
    EXPECT_TRUE(Url::parse("http://" + std::string(254, 'a') + "/a").has_error());
}

TEST(UrlTest, NamesWhatItDoesNotSupport)
{
    for (const char* text : {"ftp://server/a", "gds://server/", "http://user:password@server/a",
                             "http://[::1]/a", "://server/a"}) {
        const Result<Url> url = Url::parse(text);
        ASSERT_TRUE(url.has_error()) << text;
        EXPECT_EQ(url.error().kind, ErrorKind::Unsupported) << text;
        EXPECT_EQ(url.error().detail.find("password"), std::string::npos) << "no credentials in messages";
    }
}

}  // namespace
}  // namespace emulator
