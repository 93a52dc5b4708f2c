#include "emulator/base/ip_address.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(IpAddressTest, ReadsAndPrintsFourNumbers)
{
    const Result<IpAddress> address = IpAddress::parse("192.168.1.200");
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->value, 0xc0a801c8u);
    EXPECT_EQ(address->text(), "192.168.1.200");
    EXPECT_FALSE(address->isLoopback());
    EXPECT_TRUE(IpAddress::parse("127.78.0.1")->isLoopback());
    EXPECT_EQ(IpAddress::parse("255.255.255.255")->value, 0xffffffffu);
    EXPECT_EQ(IpAddress::parse("0.0.0.0")->value, 0u);
}

TEST(IpAddressTest, RefusesWhatIsNoAddress)
{
    for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4",
                             "1.2.3.-4", "a.b.c.d", "1..2.3", "0x7f.0.0.1", "127.1"}) {
        const Result<IpAddress> address = IpAddress::parse(text);
        ASSERT_TRUE(address.has_error()) << text;
        EXPECT_EQ(address.error().kind, ErrorKind::Malformed) << text;
    }
}

TEST(IpAddressTest, RefusesIpv6ByName)
{
    for (const char* text : {"::1", "[::1]", "2001:db8::7832", "::ffff:1.2.3.4"}) {
        const Result<IpAddress> address = IpAddress::parse(text);
        ASSERT_TRUE(address.has_error()) << text;
        EXPECT_EQ(address.error().kind, ErrorKind::Unsupported) << text;
        EXPECT_NE(address.error().detail.find("IPv6"), std::string::npos);
    }
}

TEST(EndpointTest, TakesItsPortFromTheTextOrTheDefault)
{
    EXPECT_EQ(Endpoint::parse("192.168.1.210:5140", 514)->text(), "192.168.1.210:5140");
    EXPECT_EQ(Endpoint::parse("192.168.1.210", 514)->text(), "192.168.1.210:514");
}

TEST(EndpointTest, RefusesBadPortsAndNamesIpv6)
{
    for (const char* text :
         {"1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3.4:5 ", ":514", "host:514"})
        EXPECT_EQ(Endpoint::parse(text, 514).error().kind, ErrorKind::Malformed) << text;
    EXPECT_EQ(Endpoint::parse("[::1]:514", 514).error().kind, ErrorKind::Unsupported);
    EXPECT_EQ(Endpoint::parse("::1", 514).error().kind, ErrorKind::Unsupported);
}

TEST(PortTest, IsReadInItsRange)
{
    EXPECT_EQ(parsePort("0").value(), 0);
    EXPECT_EQ(parsePort("65535").value(), 65535);
    for (const char* text : {"", "65536", "-1", "+1", "80a", " 80", "99999999999999999999"})
        EXPECT_TRUE(parsePort(text).has_error()) << text;
}

}  // namespace
}  // namespace emulator
