#include "tests/hwbridge/compare/a_trace.hpp"

#include "hwbridge/compare/header_lines.hpp"
#include "hwbridge/compare/html_report.hpp"
#include "hwbridge/compare/json_report.hpp"

#include <boost/json.hpp>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::uint64_t asideBy(const Comparison& c, std::string_view rule)
{
    for (const RuleUse& use : c.aside)
        if (use.rule == rule)
            return use.count;
    return 0;
}

TEST(ComparisonTest, SetsAsideWhatHasToDifferAndCountsIt)
{
    ATrace a;
    ATrace b;
    a.resync();
    b.of("000e08000077", "192.168.1.20").servedFrom("192.168.1.2").fromPort(51234).stamped("Feb  3 10:11:12");
    b.logs("Requesting resync http://192.168.1.2:80/basic.txt").asks(ATrace::Request{}).answered(200);
    b.logs("Successful resync http://192.168.1.2:80/basic.txt");
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), IsEmpty());
    EXPECT_EQ(asideBy(c, "own-mac"), 4u);  // in text and raw of two lines
    EXPECT_EQ(asideBy(c, "date"), 4u);
    EXPECT_EQ(asideBy(c, "server-address"), 4u);
    EXPECT_EQ(c.phones.front().b, "00:0e:08:00:00:77");
}

TEST(ComparisonTest, ComparesChallengesButForWhatIsNewEachTime)
{
    const auto refused = [](const std::string& challenge) {
        ATrace trace;
        return trace.asks({}).after(1ms).got(EventKind::HttpResponse, 80,
                                             {{FieldName::Status, std::int64_t{401}},
                                              {FieldName::Headers, "WWW-Authenticate: " + challenge + "\n"}});
    };
    const std::string digest = "Digest realm=\"phones\", nonce=\"bm9uY2U=\", algorithm=MD5, qop=\"auth\"";
    const auto rootsAgainst = [&](const std::string& challenge) {
        return rootsOf(refused(digest), refused(challenge));
    };
    EXPECT_THAT(rootsAgainst("Digest realm=\"phones\", nonce=\"another/+\", algorithm=MD5, qop=\"auth\""),
                IsEmpty());
    for (const char* const other :
         {"Basic realm=\"phones\"", "Digest realm=\"phones\", nonce=\"bm9uY2U=\", algorithm=MD5",
          "Digest realm=\"phones\", nonce=\"bm9uY2U=\", algorithm=SHA-256, qop=\"auth\"",
          "Digest realm=\"others\", nonce=\"bm9uY2U=\", algorithm=MD5, qop=\"auth\""})
        EXPECT_THAT(rootsAgainst(other), ElementsAre("http.response header WWW-Authenticate")) << other;
}

TEST(ComparisonTest, APhoneThatNamesAnotherOnesMacIsADifference)
{
    ATrace a;
    ATrace b;
    a.reads("000e08000001.xml").block(1, 60);
    b.of("000e08000077", "10.0.0.7").reads("000e08000001.xml").block(1, 60);
    EXPECT_THAT(rootsOf(a, b), ElementsAre("tftp.read file"));
}

// One of two phones, that asks for a file which bears its MAC.
ATrace asksByMac(std::string_view mac, const std::string& spelled)
{
    ATrace trace;
    trace.of(mac, "10.0.0.1").asks({.target = "/" + spelled + ".cfg"}).answered(200);
    return trace;
}

TEST(ComparisonTest, HowAPhoneSpellsItsMacIsADifference)
{
    const ATrace plain = asksByMac("000e08abcdef", "000e08abcdef");
    for (const char* spelled :
         {"000E08ABCDEF", "00:0e:08:ab:cd:ef", "00:0E:08:AB:CD:EF", "00-0e-08-ab-cd-ef"})
        EXPECT_THAT(rootsOf(plain, asksByMac("000e08abcdef", spelled)), ElementsAre("http.request target"))
            << spelled;
    EXPECT_THAT(rootsOf(plain, asksByMac("000e08fedcba", "000e08fedcba")), IsEmpty());
    EXPECT_THAT(rootsOf(asksByMac("000e08abcdef", "000E08ABCDEF"), asksByMac("000e08fedcba", "000E08FEDCBA")),
                IsEmpty());
}

// Whether the port is named is compared with the one that the request goes to: rigs take ports that are free.
TEST(ComparisonTest, WhetherAPhoneNamesThePortOfItsServerIsADifference)
{
    const auto asksAt = [](std::uint16_t port, const std::string& host) {
        ATrace trace;
        return trace.asks({.host = host, .port = port});
    };
    const ATrace right = asksAt(8080, "10.0.0.9:8080");
    EXPECT_THAT(rootsOf(right, asksAt(41212, "10.0.0.9:41212")), IsEmpty());
    EXPECT_THAT(rootsOf(right, asksAt(80, "10.0.0.9")), IsEmpty());
    EXPECT_THAT(rootsOf(right, asksAt(443, "10.0.0.9")), IsEmpty());
    EXPECT_THAT(rootsOf(right, asksAt(8080, "10.0.0.9")), ElementsAre("http.request host"));
    EXPECT_THAT(rootsOf(right, asksAt(41212, "10.0.0.9")), ElementsAre("http.request host"));
    EXPECT_THAT(rootsOf(right, asksAt(8080, "10.0.0.9:80")), ElementsAre("http.request host"));
    EXPECT_THAT(rootsOf(asksAt(80, "10.0.0.9"), asksAt(80, "10.0.0.9:80")), ElementsAre("http.request host"));
    EXPECT_THAT(rootsOf(asksAt(0, "10.0.0.9:8080"), asksAt(0, "10.0.0.9")), IsEmpty());  // nobody knows
    // The same words are wrong where they go to another port.
    EXPECT_THAT(rootsOf(asksAt(80, "10.0.0.9"), asksAt(8080, "10.0.0.9")), ElementsAre("http.request host"));
}

TEST(ComparisonTest, TheNamedPortIsComparedInTheHeaderWhereThereIsNoFieldForIt)
{
    const auto asksAt = [](std::uint16_t port, const std::string& host) {
        ATrace trace;
        return trace.sent(EventKind::HttpRequest, port, {{FieldName::Headers, "Host: " + host + "\n"}});
    };
    EXPECT_THAT(rootsOf(asksAt(80, "10.0.0.9"), asksAt(8080, "10.0.0.9:8080")), IsEmpty());
    EXPECT_THAT(rootsOf(asksAt(80, "10.0.0.9"), asksAt(8080, "10.0.0.9")),
                ElementsAre("http.request header Host"));
}

TEST(ComparisonTest, WhetherTheHostIsAnAddressOrANameItsPortIsComparedAlike)
{
    const auto asksAt = [](std::uint16_t port, const std::string& host) {
        ATrace trace;
        return trace.asks({.host = host, .port = port});
    };
    const auto both = ElementsAre("http.request host");
    const ATrace right = asksAt(8080, "prov.example:8080");
    EXPECT_THAT(rootsOf(right, asksAt(41212, "prov.example:41212")), IsEmpty());
    EXPECT_THAT(rootsOf(right, asksAt(80, "prov.example")), IsEmpty());
    EXPECT_THAT(rootsOf(right, asksAt(8080, "prov.example")), both);
    EXPECT_THAT(rootsOf(right, asksAt(41212, "prov.example:8080")), both);
    EXPECT_THAT(rootsOf(asksAt(80, "prov.example"), asksAt(80, "prov.example:80")), both);
    EXPECT_THAT(rootsOf(asksAt(80, "prov.example"), asksAt(8080, "prov.example")), both);
    EXPECT_THAT(rootsOf(right, asksAt(41212, "other.example:41212")), both);  // the name is the phone's doing
    EXPECT_THAT(rootsOf(asksAt(0, "prov.example:8080"), asksAt(0, "prov.example")),
                IsEmpty());  // nobody knows
    EXPECT_EQ(asideBy(compared(right, asksAt(41212, "prov.example:41212")), "called-server"), 2u);
}

TEST(ComparisonTest, WhichPortAProxysClientNamesIsNotJudgedByThePortOfTheProxy)
{
    const auto asks = [](const std::string& host) {
        ATrace trace;
        return trace.asks({.target = "http://" + host + "/basic.txt", .host = host, .port = 3128});
    };
    EXPECT_THAT(rootsOf(asks("prov.example"), asks("prov.example:41212")), IsEmpty());
    EXPECT_THAT(rootsOf(asks("10.0.0.9"), asks("10.0.0.9:41212")), IsEmpty());
}

TEST(ComparisonTest, ARequestInAbsoluteFormIsForTheServerThatItNames)
{
    ATrace direct;
    direct.asks({.target = "/basic.txt", .host = "10.0.0.9:8080", .port = 8080});
    const auto asks = [](const std::string& host) {
        ATrace trace;
        return trace.asks({.target = "http://10.0.0.8:8080/basic.txt", .host = host, .port = 8080});
    };
    EXPECT_THAT(rootsOf(direct, asks("10.0.0.8:8080")), ElementsAre("http.request target"));
    EXPECT_THAT(rootsOf(direct, asks("10.0.0.8")), ElementsAre("http.request target", "http.request host"));
}

TEST(ComparisonTest, PortsOfServersThatAreCalledByNameMayDifferInWhatIsSaid)
{
    const auto says = [](const std::string& text) {
        ATrace trace;
        return trace.logs(text);
    };
    const ATrace one = says("Requesting resync http://prov.example:8080/basic.txt as a@prov.example:8080");
    const Comparison c =
        compared(one, says("Requesting resync http://prov.example:41212/basic.txt as a@prov.example:41212"));
    EXPECT_THAT(rootsOf(c), IsEmpty());
    EXPECT_EQ(asideBy(c, "server-port"), 4u);  // in text and raw
    EXPECT_THAT(
        rootsOf(one, says("Requesting resync http://othr.example:8080/basic.txt as a@prov.example:8080")),
        ElementsAre("syslog.message text"));
}

TEST(ComparisonTest, ComparesTheSizeOfWhatServersSendButNotOfAPhonesPages)
{
    const auto fromServer = [](std::int64_t bytes) {
        ATrace trace;
        return trace.asks(ATrace::Request{}).answered(200, "OK", bytes);
    };
    EXPECT_THAT(rootsOf(fromServer(100), fromServer(200)), ElementsAre("http.response bytes"));
    const auto fromPhone = [](std::int64_t bytes) {
        const auto browser = *emulator::Endpoint::parse("10.0.0.5:50000", 0);
        const auto page = *emulator::Endpoint::parse("10.0.0.1:80", 0);
        ATrace trace;
        trace.logs("System started");
        trace.add(EventKind::HttpRequest, browser, page,
                  {{FieldName::Method, "GET"}, {FieldName::Target, "/"}}, {9, 0, 1});
        return trace.add(EventKind::HttpResponse, page, browser,
                         {{FieldName::Status, std::int64_t{200}}, {FieldName::Bytes, bytes}}, {9, 0, 1});
    };
    EXPECT_THAT(rootsOf(fromPhone(100), fromPhone(200)), IsEmpty());
}

TEST(ComparisonTest, ThatADateIsThereIsComparedThoughWhichIsNot)
{
    const auto asks = [](std::vector<std::string> headers) {
        ATrace trace;
        return trace.asks({.headers = std::move(headers)});
    };
    EXPECT_THAT(rootsOf(asks({"Date: then"}), asks({"Date: now"})), IsEmpty());
    EXPECT_THAT(rootsOf(asks({"Date: then"}), asks({})), ElementsAre("http.request header Date"));
}

TEST(ComparisonTest, LongPausesMayDifferByAPart)
{
    const auto trace = [](emulator::Duration pause) {
        ATrace t;
        return t.resync().after(pause).resync();
    };
    EXPECT_THAT(rootsOf(trace(60s), trace(62s)), IsEmpty());
    EXPECT_THAT(rootsOf(trace(60s), trace(66s)), ElementsAre("pause time of syslog.message"));
}

TEST(ComparisonTest, MeasuresAPauseFromTheLastExchangeOfItsKindToo)
{
    const auto trace = [](emulator::Duration until) {
        ATrace t;
        return t.logs("alpha").after(until).logs("beta").after(60s - until).logs("alpha");
    };
    const Comparison c = compared(trace(10s), trace(50s));
    ASSERT_EQ(c.findings.size(), 1u);  // that of "beta"; a minute lies between both "alpha" on either side
    EXPECT_EQ(c.findings.front().count, 1u);
}

// A line is missing; so many equal ones later the server answers otherwise.
ATrace missesALineAndMore(bool misses, int equal, const std::vector<std::int64_t>& statuses)
{
    ATrace trace;
    trace.logs("begin");
    if (!misses)
        trace.logs("first");
    for (const std::int64_t status : statuses) {
        for (int i = 0; i < equal; ++i)
            trace.logs("line " + std::string(static_cast<std::size_t>(i) + 1, 'x'));
        trace.asks(ATrace::Request{}).answered(misses ? status : 200);
    }
    return trace;
}

TEST(ComparisonTest, EndsAChainWhenFourExchangesInARowWereEqual)
{
    const auto roots = [](int equal, const std::vector<std::int64_t>& statuses) {
        return rootsOf(missesALineAndMore(false, equal, statuses), missesALineAndMore(true, equal, statuses));
    };
    EXPECT_THAT(roots(3, {404}), ElementsAre("missing syslog.message"));
    EXPECT_THAT(roots(3, {404, 500}), ElementsAre("missing syslog.message"));
    EXPECT_THAT(roots(4, {404}), ElementsAre("missing syslog.message", "http.response status"));
}

TEST(ComparisonTest, TellsThreeValuesOfOneFieldApart)
{
    ATrace a;
    ATrace b;
    for (const char* const maker : {"One", "Two", "Three", "Four", "Five"}) {
        a.asks({.userAgent = "Cisco"}).answered(200);
        b.asks({.userAgent = maker}).answered(200);
    }
    const Comparison c = compared(a, b);
    std::vector<const Finding*> told;
    for (const Finding& finding : c.findings)
        if (finding.first.field == "user_agent")
            told.push_back(&finding);
    ASSERT_EQ(told.size(), 3u);
    EXPECT_TRUE(told[0]->varies);
    EXPECT_EQ(told[0]->count, 3u);
    EXPECT_FALSE(told[1]->varies);
}

TEST(ComparisonTest, ComparesOnlySoManyHeaderFieldsOneByOne)
{
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "Name: value\n";
    const std::vector<HeaderLine> lines = headerLines(text);
    ASSERT_EQ(lines.size(), 257u);
    EXPECT_EQ(lines.back().name, "");
    EXPECT_EQ(lines.back().value.size(), (300 - 256) * std::string_view{"Name: value\n"}.size());
}

TEST(ComparisonTest, BeginsAnotherExchangeWithAnotherFileOfTheSameTransfer)
{
    ATrace a;
    ATrace b;
    a.reads("one.cfg").block(1, 60).reads("two.cfg", "", true).block(1, 60);
    b.reads("one.cfg").block(1, 60).reads("two.cfg", "", true).block(1, 60);
    EXPECT_EQ(compared(a, b).scores.front().exchanges, 2u);
}

TEST(ComparisonTest, ANotifyIsPairedWithTheOneOfItsCseq)
{
    ATrace a;
    a.notified("1 NOTIFY", 401, "Unauthorized").notified("2 NOTIFY", 200, "OK");
    ATrace b;
    b.notified("1 NOTIFY", 200, "OK");
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("missing sip.response"));
}

TEST(ComparisonTest, WhereARequestCameFromMayDifferAndWhetherItIsSaidMayNot)
{
    const auto answered = [](const std::string& via) {
        ATrace trace;
        trace.notified("1 NOTIFY", 200, "OK", "Via: SIP/2.0/UDP " + via + "\n");
        return trace;
    };
    const ATrace a = answered("10.0.0.9:57856;branch=z9hG4bK-1;rport=57856;received=10.0.0.9");
    const ATrace b = answered("10.0.0.9:57834;branch=z9hG4bK-2;rport=57834;received=10.0.0.9");
    EXPECT_THAT(rootsOf(compared(a, b)), IsEmpty());
    EXPECT_GT(asideBy(compared(a, b), "rport"), 0u);
    const ATrace c = answered("10.0.0.9:57834;branch=z9hG4bK-2;rport");
    EXPECT_THAT(rootsOf(compared(a, c)), ElementsAre("sip.response header Via"));
}

TEST(ComparisonTest, LearnsTheSerialNumberFromTheUserAgent)
{
    ATrace a;
    ATrace b;
    a.resync({.target = "/88012B000001.xml", .userAgent = "Cisco-CP-7832-3PCC/11.3.1 (88012B000001)"});
    b.of("000e08000077", "10.0.0.7")
        .resync({.target = "/88012B000077.xml", .userAgent = "Cisco-CP-7832-3PCC/11.3.1 (88012B000077)"});
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), IsEmpty());
    EXPECT_GT(asideBy(c, "own-serial"), 0u);
}

TEST(ComparisonTest, PairsByMacThenByOrder)
{
    ATrace a;
    ATrace b;
    a.of("000e08000001", "10.0.0.1").logs("one").of("000e08000002", "10.0.0.2").logs("two");
    b.of("000e08000002", "10.0.0.2").logs("two").of("000e08000009", "10.0.0.19").logs("one");
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), IsEmpty());
    ASSERT_EQ(c.phones.size(), 2u);
    EXPECT_EQ(c.phones[0].a, "00:0e:08:00:00:02");
    EXPECT_EQ(c.phones[1].b, "00:0e:08:00:00:09");
}

TEST(ComparisonTest, PairsAsAsked)
{
    ATrace a;
    ATrace b;
    a.of("000e08000001", "10.0.0.1").logs("one").of("000e08000002", "10.0.0.2").logs("two");
    b.of("000e08000001", "10.0.0.1").logs("two").of("000e08000002", "10.0.0.2").logs("one");
    EXPECT_THAT(rootsOf(a, b), Not(IsEmpty()));
    CompareOptions options;
    options.phones = {{"000e08000001", "10.0.0.2"}};
    EXPECT_TRUE(compareTraces(a.store(), b.store(), defaultRules(), options)->isEqual());
}

TEST(ComparisonTest, AMissingPhoneIsMissingWithAllItDid)
{
    ATrace a;
    ATrace b;
    a.of("000e08000001", "10.0.0.1").logs("one").of("000e08000002", "10.0.0.2").logs("two").logs("three");
    b.of("000e08000001", "10.0.0.1").logs("one");
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("missing syslog.message"));
    EXPECT_EQ(c.scores.front().missing, 2u);
}

TEST(ComparisonTest, FindsPhonesByAddressWhereNobodyIsNamed)
{
    ATrace a;
    ATrace b;
    a.nobodyNamed().resync();
    b.nobodyNamed().resync();
    const Comparison c = compared(a, b);
    EXPECT_TRUE(c.isEqual());
    ASSERT_EQ(c.phones.size(), 1u);
    EXPECT_EQ(c.phones.front().a, "10.0.0.1");
}

TEST(ComparisonTest, NeverMixesObservers)
{
    ATrace a{Observer::Phone};
    ATrace b{Observer::Phone};
    a.resync().seenBy(Observer::Server).logs("heard");
    b.resync();
    const Comparison c = compared(a, b);
    EXPECT_TRUE(c.isEqual());
    ASSERT_EQ(c.notCompared.size(), 1u);
    EXPECT_EQ(c.notCompared.front().what, "by: server");
    ATrace wire;
    wire.resync();
    EXPECT_TRUE(compared(a, wire).isEmpty());
}

TEST(ComparisonTest, ListsLayersThatOneSideLacks)
{
    const emulator::Endpoint none;
    ATrace a;
    ATrace b;
    a.add(EventKind::ArpRequest, none, none, {}, {}).resync();
    b.resync();
    const Comparison c = compared(a, b);
    EXPECT_TRUE(c.isEqual());
    EXPECT_EQ(c.notCompared.front().what, "arp");
    EXPECT_TRUE(compared(b, a).isEqual());
}

TEST(ComparisonTest, AServerMayHearOfThingsInAnotherOrder)
{
    const auto trace = [](Observer by, bool swapped) {
        ATrace t{by};
        t.logs("begin");
        if (swapped)
            t.asks(ATrace::Request{}).answered(200).logs("end");
        else
            t.logs("end").asks(ATrace::Request{}).answered(200);
        return t;
    };
    EXPECT_TRUE(compared(trace(Observer::Server, false), trace(Observer::Server, true)).isEqual());
    EXPECT_FALSE(compared(trace(Observer::Wire, false), trace(Observer::Wire, true)).isEqual());
}

TEST(ComparisonTest, TimesAreRelativeToTheirCause)
{
    ATrace a;
    ATrace b;
    a.resync().after(60s).resync().after(60s).resync();
    b.resync().after(90s).resync().after(60s).resync();
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("pause time of syslog.message"));
    EXPECT_EQ(c.findings.front().count, 1u);
    EXPECT_EQ(c.findings.front().first.a.value, "60.001 s");
}

TEST(ComparisonTest, WhatABrowserDoesMayComeWhenItLikes)
{
    const auto trace = [](emulator::Duration when) {
        ATrace t;
        t.logs("System started");
        t.after(when);
        t.add(EventKind::HttpRequest, *emulator::Endpoint::parse("10.0.0.5:50000", 0),
              *emulator::Endpoint::parse("10.0.0.1:80", 0),
              {{FieldName::Method, "GET"}, {FieldName::Target, "/admin/resync"}, {FieldName::Minor, 1}},
              {9, 0, 1});
        return t.after(1ms).resync();
    };
    EXPECT_TRUE(compared(trace(5s), trace(50s)).isEqual());
}

TEST(ComparisonTest, WhatABrowserDoesMayChangePlacesWithWhatThePhoneDoes)
{
    const auto page = [](ATrace& t) {
        t.add(EventKind::HttpRequest, *emulator::Endpoint::parse("10.0.0.5:50000", 0),
              *emulator::Endpoint::parse("10.0.0.1:80", 0),
              {{FieldName::Method, "GET"}, {FieldName::Target, "/"}, {FieldName::Minor, 1}}, {9, 0, 1});
    };
    ATrace a;
    ATrace b;
    a.logs("one").after(1ms);
    page(a);
    a.logs("two");
    b.logs("one").logs("two").after(1ms);
    page(b);
    EXPECT_TRUE(compared(a, b).isEqual());
}

TEST(ComparisonTest, AnAddressIsOnePhone)
{
    ATrace a;
    ATrace b;
    a.logs("one").of("88012b000001", "10.0.0.1").logs("two").of("000e08000001", "10.0.0.1").logs("three");
    b.logs("one").of("000e08000001", "10.0.0.1");
    b.logs("two").logs("three");
    EXPECT_EQ(compared(a, b).phones.size(), 1u);
}

TEST(ComparisonTest, SetsAsideWhatCameAfterTheOtherRecordingHadEnded)
{
    const emulator::Endpoint none;
    const auto trace = [&](bool longer, bool says) {
        ATrace t;
        t.logs("one").asks(ATrace::Request{});
        if (longer)
            t.answered(200).logs("two");
        t.after(1ms);
        if (says)
            t.seenBy(Observer::Rig).add(EventKind::RunEnd, none, none, {}, {});
        return t;
    };
    const Comparison c = compared(trace(false, true), trace(true, true));
    EXPECT_TRUE(c.isEqual());
    EXPECT_EQ(asideBy(c, "end"), 2u);
    EXPECT_FALSE(compared(trace(false, false), trace(true, false)).isEqual());
}

TEST(ComparisonTest, LeavesOutWhatTheRulesLeaveOut)
{
    ATrace a;
    ATrace b;
    a.logs("one").sent(EventKind::TcpReset, 80, {{FieldName::Note, "late"}});
    b.logs("one");
    const Comparison c = compared(a, b);
    EXPECT_TRUE(c.isEqual());
    EXPECT_EQ(c.notCompared.front().what, "tcp");
    EXPECT_EQ(c.notCompared.front().countA, 1u);
}

TEST(ComparisonTest, ScoresAsTheFormulaSays)
{
    ATrace a;
    ATrace b;
    a.logs("one").logs("two").logs("three").logs("four");
    b.logs("one").logs("two").logs("three");
    const Comparison c = compared(a, b);
    ASSERT_EQ(c.scores.size(), 1u);
    EXPECT_EQ(c.scores.front().exchanges, 4u);
    EXPECT_DOUBLE_EQ(c.scores.front().percent(), 75.0);
    ATrace louder;
    louder.logs("one", 3);
    ATrace one;
    one.logs("one");
    // The exchange, its message and four fields; severity and raw differ.
    EXPECT_DOUBLE_EQ(compared(one, louder).scores.front().percent(), 100.0 * (1 - 2.0 / 6));
}

TEST(ComparisonTest, KeepsFindingsFewWhateverDiffers)
{
    ATrace a;
    ATrace b;
    for (int i = 0; i < 5'000; ++i) {
        a.asks({.target = "/a" + std::to_string(i)}).answered(200).logs("line a" + std::to_string(i * 7919));
        b.asks({.target = "/b" + std::to_string(i)}).answered(404).logs("other b" + std::to_string(i));
    }
    const Comparison c = compared(a, b);
    EXPECT_FALSE(c.isEqual());
    EXPECT_LE(c.findings.size(), mostFindings);
}

TEST(ComparisonTest, ReportsAreSafeWhateverATextHolds)
{
    ATrace a;
    ATrace b;
    a.logs("one <b>\x1b[2J\"\xff");
    b.logs("one <script>alert(1)</script>\n\x07");
    const Comparison c = compared(a, b);
    const TraceFile fileA{"a<b>.ndjson", "NDJSON", a.store(), 0, 0};
    const TraceFile fileB{"b.ndjson", "NDJSON", b.store(), 0, 0};
    const ComparisonReport report{c, fileA, fileB};
    const std::string text = textReport(report, false);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, HasSubstr("packet 1"));
    const std::string page = htmlReport(report);
    EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(page, HasSubstr("a&lt;b&gt;.ndjson"));
    EXPECT_THAT(page, Not(HasSubstr("http://")));  // nothing is fetched from elsewhere
    EXPECT_NO_THROW(boost::json::parse(jsonReport(report)));
}

}  // namespace
}  // namespace hwbridge
