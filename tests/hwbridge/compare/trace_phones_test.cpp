#include "hwbridge/compare/trace_phones.hpp"

#include "tests/hwbridge/compare/a_trace.hpp"

namespace hwbridge {
namespace {

using emulator::Endpoint;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::ElementsAre;

// "000e08000001 at 10.0.0.1", as far as either is known.
std::vector<std::string> phonesOf(const ATrace& trace)
{
    std::vector<std::string> all;
    const TracePhones phones{trace.store(), defaultRules()};
    for (const TracePhone& phone : phones.phones())
        all.push_back((phone.mac ? phone.mac->plain() : "nobody") + " at " + phone.address.text());
    return all;
}

Endpoint endpoint(std::string_view text)
{
    return *Endpoint::parse(text, 0);
}

TEST(TracePhonesTest, APhoneIsWhereItSendsFromHoweverOftenItCallsEverybody)
{
    ATrace trace;
    for (int i = 0; i < 5; ++i)
        trace.add(EventKind::DhcpDiscover, endpoint("0.0.0.0:68"), endpoint("255.255.255.255:67"), {},
                  {17, 0, 1});
    EXPECT_THAT(phonesOf(trace.logs("System started")), ElementsAre("000e08000001 at 10.0.0.1"));
}

TEST(TracePhonesTest, APhoneIsWhereMostOfItsMessagesBeginOrEnd)
{
    ATrace trace;
    trace.add(EventKind::HttpRequest, endpoint("10.0.0.5:50000"), endpoint("10.0.0.1:80"), {}, {9, 0, 1});
    trace.add(EventKind::HttpRequest, endpoint("10.0.0.6:50000"), endpoint("10.0.0.1:80"), {}, {9, 0, 2});
    EXPECT_THAT(phonesOf(trace), ElementsAre("000e08000001 at 10.0.0.1"));
}

TEST(TracePhonesTest, WhatTheRigNotesMakesNoPhone)
{
    ATrace trace;
    trace.logs("one").of("000e08000002", "10.0.0.2").seenBy(Observer::Rig);
    trace.add(EventKind::RigStep, {}, {}, {{FieldName::Step, "power: on"}}, {});
    trace.nobodyNamed().add(EventKind::SyslogMessage, endpoint("10.0.0.3:514"), endpoint("10.0.0.9:514"), {},
                            {});
    EXPECT_THAT(phonesOf(trace), ElementsAre("000e08000001 at 10.0.0.1"));
}

TEST(TracePhonesTest, WhereNobodyIsNamedPhonesAreThoseThatSendWhatOnlyPhonesSend)
{
    for (const EventKind kind :
         {EventKind::SyslogMessage, EventKind::TftpRead, EventKind::TftpWrite, EventKind::DnsQuery,
          EventKind::DhcpDiscover, EventKind::DhcpRequest, EventKind::DhcpInform}) {
        ATrace trace;
        trace.nobodyNamed().add(EventKind::HttpRequest, endpoint("10.0.0.5:50000"), endpoint("10.0.0.1:80"),
                                {}, {9, 0, 1});
        trace.add(kind, endpoint("10.0.0.1:40000"), endpoint("10.0.0.9:69"), {}, {9, 0, 2});
        EXPECT_THAT(phonesOf(trace), ElementsAre("nobody at 10.0.0.1")) << name(kind);
    }
}

TEST(TracePhonesTest, WhereNobodySendsThatItIsWhoAskedFirst)
{
    for (const EventKind kind : {EventKind::HttpRequest, EventKind::SipRequest, EventKind::TlsClientHello}) {
        ATrace trace;
        trace.nobodyNamed().add(EventKind::ArpRequest, endpoint("10.0.0.8:0"), endpoint("10.0.0.9:0"), {},
                                {});
        trace.add(kind, endpoint("10.0.0.1:40000"), endpoint("10.0.0.9:80"), {}, {9, 0, 1});
        trace.add(kind, endpoint("10.0.0.2:40000"), endpoint("10.0.0.9:80"), {}, {9, 0, 2});
        EXPECT_THAT(phonesOf(trace), ElementsAre("nobody at 10.0.0.1")) << name(kind);
    }
    ATrace named;
    named.asks({}).nobodyNamed();
    named.add(EventKind::HttpRequest, endpoint("10.0.0.2:40000"), endpoint("10.0.0.9:80"), {}, {9, 0, 2});
    EXPECT_THAT(phonesOf(named), ElementsAre("000e08000001 at 10.0.0.1"));
}

TEST(TracePhonesTest, WhoSpeaksOfTheSameAddressIsTheSamePhone)
{
    ATrace trace;
    trace.logs("one").nobodyNamed().logs("two");
    EXPECT_THAT(phonesOf(trace), ElementsAre("000e08000001 at 10.0.0.1"));
    const TracePhones phones{trace.store(), defaultRules()};
    EXPECT_EQ(phones.events(Observer::Wire, 0).size(), 2u);
    EXPECT_EQ(phones.count(Observer::Wire), 2u);
}

TEST(TracePhonesTest, WhoIsNotNamedIsAPhoneBesideThoseThatAre)
{
    ATrace trace;
    trace.nobodyNamed().of("000e08000002", "10.0.0.2").logs("one");
    trace.nobodyNamed(false).of("000e08000001", "10.0.0.1").logs("two").logs("three");
    trace.of("000e08000001", "10.0.0.7").logs("four");  // it moved
    EXPECT_THAT(phonesOf(trace), ElementsAre("000e08000001 at 10.0.0.1", "nobody at 10.0.0.2"));
}

TEST(TracePhonesTest, WhoHasNoAddressYetIsNoPhoneUnlessItIsNamed)
{
    const auto asksForOne = [](ATrace trace) {
        return trace.add(EventKind::DhcpDiscover, endpoint("0.0.0.0:68"), endpoint("255.255.255.255:67"), {},
                         {17, 0, 1});
    };
    EXPECT_THAT(phonesOf(asksForOne(ATrace{}.nobodyNamed())), testing::IsEmpty());
    ATrace leds;
    leds.shows("off").of("000e08000002", "10.0.0.2").shows("off");
    EXPECT_THAT(phonesOf(leds), ElementsAre("000e08000001 at 0.0.0.0", "000e08000002 at 0.0.0.0"));
}

TEST(TracePhonesTest, APhoneBehindTwoThatAreOneKeepsItsEvents)
{
    ATrace trace;
    trace.logs("one").of("88012b000001", "10.0.0.1").asks({}).of("000e08000003", "10.0.0.3").logs("two");
    const TracePhones phones{trace.store(), defaultRules()};
    ASSERT_EQ(phones.phones().size(), 2u);
    EXPECT_THAT(phones.events(Observer::Wire, 0), ElementsAre(0u, 1u));
    EXPECT_THAT(phones.events(Observer::Wire, 1), ElementsAre(2u));
}

TEST(TracePhonesTest, TheSurerOfTwoMacsGivesTheNameOfAnAddress)
{
    ATrace trace;
    trace.of("88012b000001", "10.0.0.1").asks({}).asks({}).asks({});
    EXPECT_THAT(phonesOf(trace.of("000e08000001", "10.0.0.1").logs("one")),
                ElementsAre("000e08000001 at 10.0.0.1"));
}

// What is learned of the phone's User-Agent.
std::string learnedOf(const ATrace& trace)
{
    std::string all;
    const TracePhones phones{trace.store(), defaultRules()};
    for (const std::string& learned : phones.phones().front().learned)
        all += learned;
    return all;
}

TEST(TracePhonesTest, LearnsTheFirstSerialNumberThatThePhoneItselfNames)
{
    ATrace trace;
    trace.logs("one");
    trace.add(EventKind::HttpRequest, endpoint("10.0.0.5:50000"), endpoint("10.0.0.1:80"),
              {{FieldName::UserAgent, "Browser/1 (77777777)"}}, {9, 0, 1});
    EXPECT_EQ(learnedOf(trace), "");
    EXPECT_EQ(learnedOf(trace.asks({.userAgent = "Cisco (ABC)"})), "");  // three letters mean many things
    EXPECT_EQ(learnedOf(trace.asks({.userAgent = "Cisco (ABCD)"})), "ABCD");
    EXPECT_EQ(learnedOf(trace.asks({.userAgent = "Cisco (88012B000001)"})), "ABCD");
}

// The pairs that a person asked for, by their numbers; or what is wrong with them.
std::string pairsOf(const ATrace& a, const ATrace& b,
                    const std::vector<std::pair<std::string, std::string>>& asked)
{
    const Rules& rules = defaultRules();
    const TracePhones phonesA{a.store(), rules};
    const TracePhones phonesB{b.store(), rules};
    const auto pairs = pairPhones(phonesA, phonesB, asked);
    if (pairs.has_error())
        return pairs.error().detail;
    std::string text;
    for (const PhonePair& pair : *pairs)
        text += (pair.a ? std::to_string(*pair.a) : "-") + (pair.b ? std::to_string(*pair.b) : "-") + " ";
    return text;
}

TEST(TracePhonesTest, PairsAsAskedThenByMacThenByAddressThenInOrder)
{
    ATrace a;
    ATrace b;
    a.of("000e08000001", "10.0.0.1").logs("").of("000e08000002", "10.0.0.2").logs("");
    a.of("000e08000003", "10.0.0.3").logs("").of("000e08000004", "10.0.0.4").logs("");
    b.of("000e08000009", "10.0.0.3").logs("").of("000e08000008", "10.0.0.8").logs("");
    b.of("000e08000001", "10.0.0.7").logs("");
    EXPECT_EQ(pairsOf(a, b, {}), "02 20 11 3- ");
    EXPECT_EQ(pairsOf(b, a, {}), "20 02 11 -3 ");
    EXPECT_EQ(pairsOf(a, b, {{"10.0.0.4", "00:0e:08:00:00:01"}}), "32 20 01 1- ");
    EXPECT_EQ(pairsOf(a, b, {{"10.0.0.5", "10.0.0.3"}}),
              "no phone of A is 10.0.0.5, expected the MAC or address of one");
    EXPECT_EQ(pairsOf(a, b, {{"10.0.0.1", "10.0.0.5"}}),
              "no phone of B is 10.0.0.5, expected the MAC or address of one");
    EXPECT_EQ(pairsOf(a, b, {{"10.0.0.1", "10.0.0.3"}, {"10.0.0.1", "10.0.0.8"}}),
              "found 10.0.0.1=10.0.0.8 for a phone that is paired already, expected each phone once");
    EXPECT_EQ(pairsOf(a, b, {{"10.0.0.1", "10.0.0.3"}, {"10.0.0.2", "10.0.0.3"}}),
              "found 10.0.0.2=10.0.0.3 for a phone that is paired already, expected each phone once");
}

}  // namespace
}  // namespace hwbridge
