#include "hwbridge/decode/phone_book.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

using namespace wire;

namespace {

MacAddress mac(std::string_view text)
{
    return *MacAddress::parse(text);
}

WireEnd end(std::string_view address, std::string_view link = {})
{
    WireEnd one;
    one.endpoint = {*IpAddress::parse(address), 1000};
    if (!link.empty())
        one.mac = mac(link);
    return one;
}

TraceEvent request(std::string_view agent)
{
    TraceEvent event;
    event.kind = EventKind::HttpRequest;
    event.add(FieldName::UserAgent, agent);
    return event;
}

const MacAddress theMac = mac("d4:00:00:00:00:07");
constexpr std::string_view agent = "Cisco-CP-7832-3PCC/11.0.1 (d40000000007)";

TEST(PhoneBookTest, KnowsThePrefixesOfThesePhones)
{
    PhoneBook book{{}, nullptr};
    EXPECT_EQ(book.phoneOf(end("10.0.0.1", "00:0e:08:00:00:01"), end("10.0.0.2", "02:00:00:00:00:02")),
              mac("00:0e:08:00:00:01"));
    EXPECT_EQ(book.phoneOf(end("10.0.0.2", "02:00:00:00:00:02"), end("10.0.0.1", "00:0e:08:00:00:01")),
              mac("00:0e:08:00:00:01"));
    EXPECT_EQ(book.phoneOf(end("10.0.0.2", "02:00:00:00:00:02"), end("10.0.0.3")), std::nullopt);
}

TEST(PhoneBookTest, LearnsAPhoneFromItsUserAgentOnAnyLink)
{
    PhoneBook book{{}, nullptr};
    EXPECT_EQ(book.phoneOf(end("10.0.0.1"), end("10.0.0.2")), std::nullopt);
    book.learn(request(agent), end("10.0.0.1"));
    EXPECT_EQ(book.phoneOf(end("10.0.0.1"), end("10.0.0.2")), theMac);
    EXPECT_EQ(book.phoneOf(end("10.0.0.2"), end("10.0.0.1")), theMac);
}

TEST(PhoneBookTest, LearnsAPhoneFromItsSyslogLines)
{
    PhoneBook book{{}, nullptr};
    TraceEvent event;
    event.kind = EventKind::SyslogMessage;
    event.add(FieldName::Text, "Jan  1 00:00:05 CP-7832-3PCC d4:00:00:00:00:07 -- Requesting resync");
    book.learn(event, end("10.0.0.1"));
    EXPECT_EQ(book.phoneOf(end("10.0.0.1"), end("10.0.0.2")), theMac);
}

TEST(PhoneBookTest, LearnsAPhoneBeforeItHasAnAddress)
{
    PhoneBook book{{}, nullptr};
    TraceEvent event;
    event.kind = EventKind::DhcpDiscover;
    event.add(FieldName::VendorClass, "CP-7841-3PCC");
    const WireEnd from = end("0.0.0.0", "d4:00:00:00:00:07");
    book.learn(event, from);
    EXPECT_EQ(book.phoneOf(from, end("255.255.255.255", "ff:ff:ff:ff:ff:ff")), theMac);
}

TEST(PhoneBookTest, TakesNobodyElseWithoutAnAddressForThatPhone)
{
    PhoneBook book{{}, nullptr};
    TraceEvent event;
    event.kind = EventKind::DhcpDiscover;
    event.add(FieldName::VendorClass, "CP-7841-3PCC");
    const std::string client = theMac.colons();
    event.add(FieldName::ClientMac, client);
    book.learn(event, end("0.0.0.0", "d4:00:00:00:00:07"));
    EXPECT_EQ(book.phoneOf(end("0.0.0.0", "02:00:00:00:00:09"), end("255.255.255.255")), std::nullopt);
}

TEST(PhoneBookTest, TakesNobodyElseForAPhone)
{
    PhoneBook book{{}, nullptr};
    book.learn(request("curl/7.88.1"), end("10.0.0.1", "02:00:00:00:00:02"));
    EXPECT_EQ(book.phoneOf(end("10.0.0.1", "02:00:00:00:00:02"), end("10.0.0.2")), std::nullopt);
}

TEST(PhoneBookTest, TakesARouterForNoPhone)
{
    PhoneBook book{{}, nullptr};
    const std::string_view router = "00:0e:08:00:00:99";
    for (int host = 1; host < 20; ++host)
        book.phoneOf(end(fmt::format("10.1.0.{}", host), router), end("10.0.0.2", "02:00:00:00:00:02"));
    EXPECT_EQ(book.phoneOf(end("10.1.0.7", router), end("10.0.0.2", "02:00:00:00:00:02")), std::nullopt);
}

TEST(PhoneBookTest, BelievesTheCapturesNamesFirst)
{
    CaptureNames names;
    PhoneBook book{{}, &names};
    const WireEnd from = end("10.0.0.1", "00:0e:08:00:00:01");
    EXPECT_EQ(book.phoneOf(from, end("10.0.0.2")), mac("00:0e:08:00:00:01"));
    names.add(from.endpoint.address, phoneName(theMac));
    EXPECT_EQ(book.phoneOf(from, end("10.0.0.2")), theMac);
}

TEST(PhoneBookTest, BelievesTheUserBeforeAll)
{
    PhoneBook byMac{{PhoneAddress{theMac}}, nullptr};
    EXPECT_EQ(byMac.phoneOf(end("10.0.0.1", "00:0e:08:00:00:01"), end("10.0.0.2", theMac.colons())), theMac);
    EXPECT_EQ(byMac.phoneOf(end("10.0.0.1", "00:0e:08:00:00:01"), end("10.0.0.2")), std::nullopt);

    PhoneBook byAddress{{*parsePhoneAddress("10.0.0.0/30")}, nullptr};
    EXPECT_EQ(byAddress.phoneOf(end("10.0.0.1", "02:00:00:00:00:02"), end("10.0.0.9")),
              mac("02:00:00:00:00:02"));
    EXPECT_EQ(byAddress.phoneOf(end("10.0.0.1"), end("10.0.0.9")), std::nullopt);
    byAddress.learn(request(agent), end("10.0.0.1"));
    EXPECT_EQ(byAddress.phoneOf(end("10.0.0.1"), end("10.0.0.9")), theMac);
}

TEST(PhoneSignTest, TakesNoSerialNumberForAMac)
{
    for (const std::string_view serial : {"88012B000001", "88012BA01234", "FCH2305DMH0"}) {
        const std::string sent = fmt::format("Cisco-CP-7832-3PCC/11.0.1 ({})", serial);
        EXPECT_TRUE(phoneUserAgent(sent).isPhone) << serial;
        EXPECT_EQ(phoneUserAgent(sent).mac, std::nullopt) << serial;
    }
    EXPECT_EQ(phoneUserAgent("Cisco-CP-7832-3PCC/11.0.1 (00562B043615)").mac, mac("00562b043615"));
    EXPECT_EQ(phoneUserAgent("Cisco-CP-7832-3PCC/11.0.1 (88012b000001)").mac, mac("88012b000001"));
    EXPECT_EQ(phoneUserAgent("Cisco-CP-7832-3PCC/11.0.1 (D4:00:00:00:00:07)").mac, theMac);
}

TEST(PhoneSignTest, IsReadInAllItsForms)
{
    EXPECT_EQ(phoneUserAgent("Cisco-CP-8865-3PCC/12.0.2_d40000000007_47cff26a-aaaa").mac, theMac);
    EXPECT_TRUE(phoneUserAgent("Cisco/SPA504G-7.4.9c").isPhone);
    EXPECT_FALSE(phoneUserAgent("Cisco").isPhone);
    EXPECT_TRUE(phoneVendorClass("Cisco SPA508G"));
    EXPECT_TRUE(phoneVendorClass("LINKSYS SPA-942"));
    EXPECT_FALSE(phoneVendorClass("Cisco AP c1240"));
    EXPECT_FALSE(phoneVendorClass("dhcpcd-5.5.6"));
    EXPECT_FALSE(phoneSyslog("nothing of a phone").isPhone);
}

}  // namespace
