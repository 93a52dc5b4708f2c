#include "tests/hwbridge/compare/a_trace.hpp"

// What a phone may do wrong, one thing at a time: each is named as the only root, whatever follows from it.

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using testing::ElementsAre;
using testing::IsEmpty;

using Request = ATrace::Request;

constexpr const char* asksForIt = "Requesting resync http://10.0.0.9:80/basic.txt";
constexpr const char* hasIt = "Successful resync http://10.0.0.9:80/basic.txt";

// A phone that starts, resyncs, and resyncs again an hour later.
ATrace aDay(const Request& request = Request{})
{
    ATrace trace;
    trace.logs("System started: ip@10.0.0.1").looksUp("prov.example").resync(request);
    trace.after(1h).resync(request);
    return trace;
}

TEST(DeviationTest, NoneIsFoundInEqualTraces)
{
    EXPECT_THAT(rootsOf(aDay(), aDay()), IsEmpty());
}

TEST(DeviationTest, WrongUserAgentIsOneRootForAllRequests)
{
    const Comparison c = compared(aDay(), aDay({.userAgent = "Linksys/1.0"}));
    EXPECT_THAT(rootsOf(c), ElementsAre("http.request user_agent"));
    EXPECT_EQ(c.findings[c.roots().front()].count, 2u);
}

TEST(DeviationTest, MissingHeader)
{
    EXPECT_THAT(
        rootsOf(aDay(), aDay({.headers = {"Host: prov.example:80", "User-Agent: $UA", "Connection: close"}})),
        ElementsAre("http.request header Accept"));
}

TEST(DeviationTest, ExtraHeader)
{
    EXPECT_THAT(rootsOf(aDay(), aDay({.headers = {"Host: prov.example:80", "User-Agent: $UA", "Accept: */*",
                                                  "X-Debug: 1", "Connection: close"}})),
                ElementsAre("http.request header X-Debug"));
}

TEST(DeviationTest, HeaderOrder)
{
    EXPECT_THAT(rootsOf(aDay(), aDay({.headers = {"User-Agent: $UA", "Host: prov.example:80", "Accept: */*",
                                                  "Connection: close"}})),
                ElementsAre("http.request header order"));
}

TEST(DeviationTest, HeaderSpelling)
{
    EXPECT_THAT(rootsOf(aDay(), aDay({.headers = {"Host: prov.example:80", "User-agent: $UA", "Accept: */*",
                                                  "Connection: close"}})),
                ElementsAre("http.request header User-Agent spelling"));
}

TEST(DeviationTest, KeepAliveInsteadOfClose)
{
    EXPECT_THAT(rootsOf(aDay(), aDay({.headers = {"Host: prov.example:80", "User-Agent: $UA", "Accept: */*",
                                                  "Connection: keep-alive"}})),
                ElementsAre("http.request header Connection"));
}

TEST(DeviationTest, Http10InsteadOf11)
{
    EXPECT_THAT(rootsOf(aDay(), aDay({.minor = 0, .headers = {"User-Agent: $UA", "Accept: */*"}})),
                ElementsAre("http.request minor"));
}

TEST(DeviationTest, LowerCaseMethodThatTheServerRefuses)
{
    const auto trace = [](const std::string& method, bool refused) {
        ATrace t;
        t.logs("System started: ip@10.0.0.1").logs(asksForIt).asks({.method = method});
        if (refused)
            t.answered(405, "Method Not Allowed", 0).logs("Resync failed: 405").shows("fast blink");
        else
            t.answered(200).logs(hasIt).shows("off");
        return t;
    };
    EXPECT_THAT(rootsOf(trace("GET", false), trace("get", true)), ElementsAre("http.request method"));
}

TEST(DeviationTest, GetInsteadOfPost)
{
    EXPECT_THAT(rootsOf(aDay({.method = "POST",
                              .bytes = 20,
                              .headers = {"Host: prov.example:80", "User-Agent: $UA", "Content-Length: 20"}}),
                        aDay({.headers = {"Host: prov.example:80", "User-Agent: $UA"}})),
                ElementsAre("http.request method"));
}

TEST(DeviationTest, ReportInTheClear)
{
    const auto reports = [](bool encrypted) {
        ATrace trace;
        ATrace::Fields fields{{FieldName::Method, "POST"}, {FieldName::Target, "/report.xml"}};
        if (encrypted)
            fields.emplace_back(FieldName::Coding, "aes128gcm");
        fields.emplace_back(FieldName::Bytes, std::int64_t{encrypted ? 600 : 510});
        fields.emplace_back(FieldName::Body, encrypted ? "????" : "<flat-profile>");
        fields.emplace_back(FieldName::Headers, encrypted
                                                    ? "Content-Encoding: aes128gcm\nContent-Length: 600\n"
                                                    : "Content-Length: 510\n");
        return trace.sent(EventKind::HttpRequest, 80, fields).answered(201);
    };
    EXPECT_THAT(rootsOf(reports(true), reports(false)), ElementsAre("http.request coding"));
    EXPECT_THAT(rootsOf(reports(false), reports(true)), ElementsAre("http.request coding"));
}

TEST(DeviationTest, WrongPath)
{
    const auto trace = [](const std::string& target, bool found) {
        ATrace t;
        t.logs("System started: ip@10.0.0.1").logs(asksForIt).asks({.target = target});
        if (found)
            t.answered(200).logs(hasIt);
        else
            t.answered(404, "Not Found")
                .logs("Resync failed: file not found")
                .after(1h)
                .logs(asksForIt)
                .asks({.target = target})
                .answered(404, "Not Found");
        return t;
    };
    EXPECT_THAT(rootsOf(trace("/basic.txt", true), trace("/wrong/other.xml", false)),
                ElementsAre("http.request target"));
}

TEST(DeviationTest, DoubleSlash)
{
    EXPECT_EQ(rootsOf(aDay({.target = "/basic.txt"}), aDay({.target = "//basic.txt"})).size(), 1u);
    ATrace a;
    ATrace b;
    a.logs(asksForIt).asks(Request{}).answered(200).logs(hasIt);
    b.logs(asksForIt).asks({.target = "//basic.txt"}).answered(404, "Not Found").logs("Resync failed: 404");
    EXPECT_THAT(rootsOf(a, b), ElementsAre("http.request target"));
}

TEST(DeviationTest, ExtraRequest)
{
    ATrace b = aDay();
    b.asks({.target = "/status"}).answered(200);
    EXPECT_THAT(rootsOf(aDay(), b), ElementsAre("extra http.request"));
}

TEST(DeviationTest, MissingRequest)
{
    ATrace a;
    ATrace b;
    a.resync().asks({.method = "POST", .target = "/report"}).answered(200).after(1h).resync();
    b.resync().after(1h).resync();
    EXPECT_THAT(rootsOf(a, b), ElementsAre("missing http.request"));
}

TEST(DeviationTest, IgnoredRedirect)
{
    const auto trace = [](bool follows) {
        ATrace t;
        t.logs("System started: ip@10.0.0.1")
            .shows("slow blink")
            .logs(asksForIt)
            .asks(Request{})
            .answered(302, "Found", 0);
        if (follows)
            t.asks({.target = "/moved.txt"}).answered(200).logs(hasIt).shows("off");
        else
            t.logs("Resync failed: 302").shows("fast blink");
        return t;
    };
    EXPECT_THAT(rootsOf(trace(true), trace(false)), ElementsAre("missing http.request"));
}

TEST(DeviationTest, ThreeTriesWithCredentialsInsteadOfTwo)
{
    const auto trace = [](int tries) {
        ATrace t;
        t.logs(asksForIt);
        for (int i = 0; i < tries; ++i)
            t.asks(Request{}).answered(401, "Unauthorized", 0);
        t.logs("Resync failed: 401").after(1h).resync();
        return t;
    };
    EXPECT_THAT(rootsOf(trace(2), trace(3)), ElementsAre("extra http.request"));
}

TEST(DeviationTest, ReversedOrderOfRules)
{
    const auto trace = [](bool reversed) {
        ATrace t;
        t.logs("System started: ip@10.0.0.1");
        const Request first{.target = "/first.xml"};
        const Request second{.target = "/second.xml"};
        t.asks(reversed ? second : first).answered(200).asks(reversed ? first : second).answered(200);
        return t;
    };
    EXPECT_THAT(rootsOf(trace(false), trace(true)), ElementsAre("order of http.request"));
}

TEST(DeviationTest, SyslogBeforeTheRequest)
{
    const auto trace = [](bool before) {
        ATrace t;
        t.logs("System started: ip@10.0.0.1");
        if (before)
            t.logs(hasIt).asks(Request{}).answered(200);
        else
            t.asks(Request{}).answered(200).logs(hasIt);
        return t;
    };
    const Comparison c = compared(trace(false), trace(true));
    ASSERT_EQ(c.roots().size(), 1u);
    EXPECT_EQ(c.findings[c.roots().front()].first.what, DifferenceKind::Order);
}

TEST(DeviationTest, ChangedPri)
{
    ATrace a;
    ATrace b;
    a.logs("one", 5).logs("two", 5).logs("three", 5);
    b.logs("one", 6).logs("two", 6).logs("three", 6);
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("syslog.message severity"));
    EXPECT_EQ(c.findings[c.roots().front()].count, 3u);
}

TEST(DeviationTest, MissingSyslogLine)
{
    ATrace a;
    ATrace b;
    for (int i = 0; i < 3; ++i) {
        a.after(1h).resync();
        b.after(1h).logs(asksForIt).asks(Request{}).answered(200);
    }
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("missing syslog.message"));
    EXPECT_EQ(c.findings[c.roots().front()].count, 3u);
}

TEST(DeviationTest, MissingSyslogLineOfManyFilesIsOneRoot)
{
    ATrace a;
    ATrace b;
    for (const std::string file : {"/one.xml", "/two/more.xml", "/cgi?x=1"}) {
        a.after(1h)
            .logs("Requesting resync " + file)
            .asks({.target = file})
            .answered(200)
            .logs("Successful resync " + file);
        b.after(1h).logs("Requesting resync " + file).asks({.target = file}).answered(200);
    }
    const Comparison c = compared(a, b);
    EXPECT_THAT(rootsOf(c), ElementsAre("missing syslog.message"));
    EXPECT_EQ(c.findings[c.roots().front()].count, 3u);
}

TEST(DeviationTest, OtherWordsInASyslogLine)
{
    ATrace a;
    ATrace b;
    a.resync();
    b.logs(asksForIt).asks(Request{}).answered(200).logs("Resync successful http://10.0.0.9:80/basic.txt");
    EXPECT_THAT(rootsOf(a, b), ElementsAre("syslog.message text"));
}

TEST(DeviationTest, ExtraDnsLookup)
{
    ATrace a;
    ATrace b;
    a.looksUp("prov.example").resync();
    b.looksUp("prov.example").looksUp("prov.example").resync();
    EXPECT_THAT(rootsOf(a, b), ElementsAre("extra dns.query"));
}

TEST(DeviationTest, ALookupWhereThereWasNone)
{
    ATrace a;
    ATrace b;
    a.resync();
    b.looksUp("prov.example").resync();
    EXPECT_THAT(rootsOf(a, b), ElementsAre("extra dns.query"));
}

TEST(DeviationTest, OtherTftpBlockSize)
{
    ATrace a;
    ATrace b;
    a.reads("basic.txt", "blksize=1428").got(EventKind::TftpOack, 4000, {{FieldName::Text, "blksize=1428"}});
    b.reads("basic.txt", "blksize=512").got(EventKind::TftpOack, 4000, {{FieldName::Text, "blksize=512"}});
    for (int i = 1; i <= 2; ++i)
        a.block(i, 1428);
    for (int i = 1; i <= 6; ++i)
        b.block(i, 512);
    EXPECT_THAT(rootsOf(a, b), ElementsAre("tftp.read text"));
}

TEST(DeviationTest, OptionsWhereThereWereNone)
{
    ATrace a;
    ATrace b;
    a.reads("basic.txt").block(1, 60);
    b.reads("basic.txt", "tsize=0")
        .got(EventKind::TftpOack, 4000, {{FieldName::Text, "tsize=60"}})
        .block(1, 60);
    EXPECT_THAT(rootsOf(a, b), ElementsAre("tftp.read text"));
}

TEST(DeviationTest, NoRetransmission)
{
    const auto trace = [](bool again) {
        ATrace t;
        t.logs("Requesting resync tftp://10.0.0.9:69/basic.txt").reads("basic.txt");
        if (again)
            t.after(2s).reads("basic.txt", "", true).block(1, 60).logs("Successful resync").shows("off");
        else
            t.after(10s).logs("Resync failed: no answer").shows("fast blink");
        return t;
    };
    EXPECT_THAT(rootsOf(trace(true), trace(false)), ElementsAre("missing retransmission of tftp.read"));
}

TEST(DeviationTest, WrongRetransmissionTime)
{
    const auto trace = [](emulator::Duration wait) {
        ATrace t;
        t.reads("basic.txt").after(wait).reads("basic.txt", "", true).block(1, 60).logs("Successful resync");
        return t;
    };
    EXPECT_THAT(rootsOf(trace(2s), trace(4s)), ElementsAre("repeat time of tftp.read"));
}

TEST(DeviationTest, WrongRetryTime)
{
    const auto trace = [](emulator::Duration wait, int tries) {
        ATrace t;
        for (int i = 0; i < tries; ++i)
            t.logs(asksForIt)
                .asks(Request{})
                .answered(404, "Not Found")
                .logs("Resync failed: 404")
                .after(wait);
        return t;
    };
    const Comparison c = compared(trace(60s, 4), trace(40s, 6));
    EXPECT_THAT(rootsOf(c), ElementsAre("pause time of syslog.message"));
    EXPECT_EQ(c.findings[c.roots().front()].count, 3u);
}

// A phone that says five lines every so often.
ATrace repeats(ATrace trace, emulator::Duration wait, int times)
{
    for (int i = 0; i < times; ++i, trace.after(wait))
        trace.logs("one").logs("two").logs("three").logs("four").logs("five");
    return trace;
}

TEST(DeviationTest, WhoRetriesSoonerRetriesMoreOftenHoweverLongItWasInStep)
{
    // Each time four equal lines follow upon the pause: the two are in step again, but for how often they try.
    const Comparison c = compared(repeats(ATrace{}, 60s, 4), repeats(ATrace{}, 40s, 6));
    EXPECT_THAT(rootsOf(c), ElementsAre("pause time of syslog.message"));
    EXPECT_EQ(c.findings.size(), 6u);  // and five extra lines
}

TEST(DeviationTest, WhatWasNotSaidBeforeDoesNotFollowFromAnotherPace)
{
    EXPECT_THAT(rootsOf(repeats(ATrace{}, 60s, 4), repeats(ATrace{}, 40s, 4).logs("six")),
                ElementsAre("pause time of syslog.message", "extra syslog.message"));
}

TEST(DeviationTest, OnlyWhatIsRepeatedFollowsFromAnotherPace)
{
    // An answer that takes longer makes nobody repeat himself more often.
    const auto asks = [](emulator::Duration answer) {
        ATrace trace;
        trace.logs("one").asks(Request{}).after(answer).answered(200);
        return trace.logs("two").logs("three").logs("four").logs("five");
    };
    ATrace b = asks(4s);
    EXPECT_THAT(rootsOf(asks(1s), b.logs("one")),
                ElementsAre("answer time of http.response", "extra syslog.message"));
}

// Two phones; of the second one `wrong` tells.
ATrace twoPhones(const ATrace& first, const std::function<void(ATrace&)>& second)
{
    ATrace trace = first;
    second(trace.of("000e08000002", "10.0.0.2"));
    return trace;
}

TEST(DeviationTest, WhatOnePhoneDoesDoesNotFollowFromAnother)
{
    const auto trace = [](bool wrong) {
        ATrace first;
        first.logs("begin");
        if (!wrong)
            first.logs("one");
        return twoPhones(first, [&](ATrace& t) { t.asks(Request{}).answered(wrong ? 404 : 200); });
    };
    EXPECT_THAT(rootsOf(trace(false), trace(true)),
                ElementsAre("missing syslog.message", "http.response status"));
}

TEST(DeviationTest, ThePaceOfOnePhoneIsNotThatOfAnother)
{
    const auto trace = [](emulator::Duration wait, bool extra) {
        return twoPhones(repeats(ATrace{}, wait, 2), [&](ATrace& t) {
            t.logs("alpha").logs("beta");
            if (extra)
                t.logs("alpha");
        });
    };
    EXPECT_THAT(rootsOf(trace(60s, false), trace(40s, true)),
                ElementsAre("pause time of syslog.message", "extra syslog.message"));
}

TEST(DeviationTest, WhatAnotherPhoneHasSaidIsNotARepetition)
{
    const auto trace = [](emulator::Duration wait, bool extra) {
        ATrace first;
        return twoPhones(first.logs("alpha"), [&](ATrace& t) {
            t = repeats(t, wait, 2);
            if (extra)
                t.logs("alpha");
        });
    };
    EXPECT_THAT(rootsOf(trace(60s, false), trace(40s, true)),
                ElementsAre("pause time of syslog.message", "extra syslog.message"));
}

TEST(DeviationTest, WhatAnotherObserverSawAtTheSameTimeFollows)
{
    // The wire has the wrong status; the phone's LED tells of it so much later or earlier.
    const auto trace = [](bool wrong, emulator::Duration later) {
        ATrace t;
        t.logs("begin").after(9s).asks(Request{}).answered(wrong ? 404 : 200).after(later - 2ms);
        return t.seenBy(Observer::Phone).shows(wrong ? "fast blink" : "off");
    };
    const auto roots = [&](emulator::Duration later) {
        return rootsOf(trace(false, later), trace(true, later));
    };
    for (const emulator::Duration near : {0ms, 1000ms, -1000ms})
        EXPECT_THAT(roots(near), ElementsAre("http.response status")) << near.count();
    for (const emulator::Duration far : {1001ms, -1001ms})
        EXPECT_THAT(roots(far), ElementsAre("http.response status", "phone.led state")) << far.count();
}

TEST(DeviationTest, WhatAnotherObserverSawOfAnotherPhoneDoesNotFollow)
{
    const auto trace = [](bool wrong) {
        ATrace t;
        t.logs("begin").asks(Request{}).answered(wrong ? 404 : 200);
        t.seenBy(Observer::Phone).shows("off").of("000e08000002", "10.0.0.2");
        t.seenBy(Observer::Wire).logs("begin");
        return t.seenBy(Observer::Phone).shows(wrong ? "fast blink" : "off");
    };
    EXPECT_THAT(rootsOf(trace(false), trace(true)), ElementsAre("http.response status", "phone.led state"));
}

TEST(DeviationTest, WrongFileName)
{
    ATrace a;
    ATrace b;
    a.reads("7832-3PCC.xml").block(1, 60).logs("Successful resync");
    b.reads("7832.cfg")
        .got(EventKind::TftpError, 4000, {{FieldName::Code, 1}, {FieldName::Text, "File not found"}});
    b.logs("Resync failed");
    EXPECT_THAT(rootsOf(a, b), ElementsAre("tftp.read file"));
}

TEST(DeviationTest, WrongTransferMode)
{
    ATrace a;
    ATrace b;
    a.reads("basic.txt").block(1, 60);
    b.sent(EventKind::TftpRead, 69, {{FieldName::File, "basic.txt"}, {FieldName::Mode, "netascii"}})
        .block(1, 60);
    EXPECT_THAT(rootsOf(a, b), ElementsAre("tftp.read mode"));
}

TEST(DeviationTest, WrongLed)
{
    ATrace a{Observer::Phone};
    ATrace b{Observer::Phone};
    a.shows("slow blink").resync().shows("off");
    b.shows("slow blink").resync().shows("slow blink");
    EXPECT_EQ(rootsOf(a, b).size(), 1u);
}

TEST(DeviationTest, TwoIndependentOnesAreTwoRoots)
{
    ATrace a;
    ATrace b;
    a.resync().after(1h).resync().after(1h).resync();
    b.resync({.userAgent = "Linksys/1.0"}).after(1h).resync({.userAgent = "Linksys/1.0"}).after(1h);
    b.logs(asksForIt).asks({.userAgent = "Linksys/1.0"}).answered(200);
    EXPECT_THAT(rootsOf(a, b), ElementsAre("http.request user_agent", "missing syslog.message"));
}

TEST(DeviationTest, OneThatTwoObserversSawIsOneRoot)
{
    const auto trace = [](bool wrong) {
        ATrace t{Observer::Phone};
        const auto story = [&] {
            t.logs(asksForIt).asks(Request{});
            if (wrong)
                t.answered(404, "Not Found").logs("Resync failed: 404");
            else
                t.answered(200).logs(hasIt);
        };
        story();
        t.seenBy(Observer::Server).after(-4ms);
        story();
        return t;
    };
    const Comparison c = compared(trace(false), trace(true));
    EXPECT_THAT(rootsOf(c), ElementsAre("http.response status"));
    EXPECT_THAT(c.findings[c.roots().front()].seenBy, ElementsAre(Observer::Server));
}

}  // namespace
}  // namespace hwbridge
