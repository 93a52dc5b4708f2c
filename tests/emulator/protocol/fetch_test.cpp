#include "emulator/protocol/fetch.hpp"

#include "emulator/base/overloaded.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr TimePoint start{};

FetchRequest request(std::string_view url)
{
    return {.url = Url::parse(url).value(), .userAgent = "Cisco-CP-7832-3PCC/11.3.1 (000e08aabbcc)"};
}

IpAddress address(std::string_view text)
{
    return IpAddress::parse(text).value();
}

LookedUp found(std::initializer_list<std::string_view> addresses)
{
    std::vector<IpAddress> list;
    for (const std::string_view one : addresses)
        list.push_back(address(one));
    return {list};
}

HttpAnswered answer(int status, std::string_view body = {})
{
    HttpResponse response{.status = status};
    if (!body.empty())
        response.body = shareBytes(std::string{body});
    return {std::move(response)};
}

HttpAnswered redirect(int status, std::string location)
{
    HttpResponse response{.status = status};
    response.fields.add("Location", std::move(location));
    return {std::move(response)};
}

HttpAnswered failed(ErrorKind kind)
{
    return {Result<HttpResponse>{fail(kind, "as the test wants")}};
}

// One line per step: what an observer of the fetch sees.
std::vector<std::string> shown(const FetchSteps& steps)
{
    std::vector<std::string> lines;
    for (const FetchStep& step : steps) {
        lines.push_back(std::visit(
            Overloaded{
                [](const LookUp& s) { return "look up " + s.host; },
                [](const Addressed& s) {
                    return "addressed " + (s.server ? s.server->text() : "nobody known");
                },
                [](const HttpCall& s) { return s.request.method + " " + s.server.text() + s.request.target; },
                [](const SendDatagram& s) {
                    return "send " + s.to.text() + " " + std::to_string(s.bytes[1]);
                },
                [](const WaitUntil& s) { return "wait " + std::to_string((s.at - start) / 1s) + " s"; },
                [](const FetchDone& s) { return s.file.has_value() ? "file " + **s.file : "failed"s; },
            },
            step));
    }
    return lines;
}

Error errorOf(const FetchSteps& steps)
{
    const Error none{ErrorKind{255}, "no failure"};
    const auto* done = steps.empty() ? nullptr : std::get_if<FetchDone>(&steps.back());
    return done != nullptr && !done->file.has_value() ? done->file.error() : none;
}

const HttpCall& callOf(const FetchSteps& steps)
{
    return std::get<HttpCall>(steps.back());
}

// The outcome of a fetch over HTTP whose server answers so.
FetchSteps outcomeOf(const HttpAnswered& answered)
{
    Fetch fetch{request("http://192.168.1.200/basic.txt")};
    (void)fetch.begin(start);
    return fetch.handle(start, answered);
}

TEST(FetchTest, LooksUpANameButNotAnAddress)
{
    COVERS("DNS-HOST-FORMS");
    Fetch numeric{request("http://192.168.1.200/basic.txt")};
    EXPECT_THAT(shown(numeric.begin(start)),
                ElementsAre("addressed 192.168.1.200", "GET 192.168.1.200:80/basic.txt"));
    Fetch named{request("http://prov.example/basic.txt")};
    EXPECT_THAT(shown(named.begin(start)), ElementsAre("look up prov.example"));
    EXPECT_THAT(shown(named.handle(start, found({"192.168.1.201"}))),
                ElementsAre("addressed 192.168.1.201", "GET 192.168.1.201:80/basic.txt"));
}

TEST(FetchTest, GetsTheFileWithTheHeaderOfThePhone)
{
    COVERS("HTTP-GET", "RULE-QUERY");
    Fetch fetch{request("http://192.168.1.200/a/basic.txt?mac=1")};
    const FetchSteps steps = fetch.begin(start);
    EXPECT_EQ(encode(callOf(steps).request), "GET /a/basic.txt?mac=1 HTTP/1.1\r\n"
                                             "User-Agent: Cisco-CP-7832-3PCC/11.3.1 (000e08aabbcc)\r\n"
                                             "Host: 192.168.1.200\r\n"
                                             "Accept-Encoding: deflate, gzip\r\n"
                                             "Accept: */*\r\n"
                                             "Accept-Language: en\r\n"
                                             "Accept-Charset: iso-8859-1\r\n\r\n");
    EXPECT_THAT(shown(fetch.handle(start, answer(200, "profile"))), ElementsAre("file profile"));

    Fetch withoutQuery{request("http://192.168.1.200/cgi-bin/reflect.pl?")};
    const FetchSteps asked = withoutQuery.begin(start);
    EXPECT_EQ(callOf(asked).request.target, "/cgi-bin/reflect.pl?") << "as written";
}

TEST(FetchTest, AsksForTheLimitsAndTimesThatItStates)
{
    FetchRequest what = request("http://192.168.1.200/basic.txt");
    what.bodyLimit = 1000;
    Fetch fetch{what};
    const FetchSteps steps = fetch.begin(start);
    EXPECT_EQ(callOf(steps).limits.bodyBytes, 1000u);
    EXPECT_EQ(callOf(steps).connectTimeout, 10s);
    EXPECT_EQ(callOf(steps).idleTimeout, 20s);
    EXPECT_EQ(callOf(steps).totalTimeout, 60s);
    EXPECT_EQ(errorOf(fetch.handle(start, answer(200, std::string(1001, 'x')))).kind, ErrorKind::TooLarge);
}

TEST(FetchTest, UsesThePortOfAnHttpUrl)
{
    COVERS("HTTP-PORT-OVERRIDE");
    Fetch fetch{request("http://192.168.1.200:8080/basic.txt")};
    const FetchSteps steps = fetch.begin(start);
    EXPECT_EQ(callOf(steps).server.port, 8080);
    EXPECT_EQ(callOf(steps).request.fields.first("Host"), "192.168.1.200:8080");
}

TEST(FetchTest, UsesThePortOfATftpUrl)
{
    COVERS("TFTP-PORT-OVERRIDE");
    Fetch fetch{request("tftp://192.168.1.200:6900/basic.txt")};
    EXPECT_THAT(shown(fetch.begin(start)),
                ElementsAre("addressed 192.168.1.200", "send 192.168.1.200:6900 1", "wait 2 s"));
    Fetch usual{request("tftp://192.168.1.200/basic.txt")};
    EXPECT_THAT(shown(usual.begin(start)),
                ElementsAre("addressed 192.168.1.200", "send 192.168.1.200:69 1", "wait 2 s"));
}

TEST(FetchTest, AsksATftpServerForThePathWithoutItsFirstSlash)
{
    const auto fileOf = [](std::string_view url) {
        Fetch fetch{request(url)};
        const FetchSteps steps = fetch.begin(start);
        return std::get<TftpRead>(*decodeTftp(std::get<SendDatagram>(steps[1]).bytes)).file;
    };
    EXPECT_EQ(fileOf("tftp://192.168.1.200/basic.txt"), "basic.txt");
    EXPECT_EQ(fileOf("tftp://192.168.1.200/cisco/config/x.cfg"), "cisco/config/x.cfg");
    EXPECT_EQ(fileOf("tftp://192.168.1.200//etc/x"), "/etc/x");
    EXPECT_EQ(fileOf("tftp://192.168.1.200/my%20file%00%4%zz%2"), "my file%00%4%zz%2");
}

TEST(FetchTest, FetchesAFileByTftp)
{
    Fetch fetch{request("tftp://192.168.1.200/basic.txt")};
    (void)fetch.begin(start);
    const Endpoint transfer{address("192.168.1.200"), 40001};
    EXPECT_THAT(shown(fetch.handle(start, DatagramArrived{transfer, encode(TftpData{1, "profile"})})),
                ElementsAre("send 192.168.1.200:40001 4", "file profile"));
}

TEST(FetchTest, ReadsNoFileBeyondItsLimitByTftp)
{
    FetchRequest what = request("tftp://192.168.1.200/basic.txt");
    what.bodyLimit = 3;
    Fetch fetch{what};
    (void)fetch.begin(start);
    const Endpoint transfer{address("192.168.1.200"), 40001};
    EXPECT_EQ(errorOf(fetch.handle(start, DatagramArrived{transfer, encode(TftpData{1, "profile"})})).kind,
              ErrorKind::TooLarge);
}

TEST(FetchTest, TakesAnEmptyFileForAFile)
{
    EXPECT_THAT(shown(outcomeOf(answer(200))), ElementsAre("file "));
}

// A status that ends the fetch, and how.
struct StatusRow {
    int status;
    ErrorKind kind;
    const char* id;
    const char* detail = "";
};

class FetchStatusTest : public testing::TestWithParam<StatusRow> {};

TEST_P(FetchStatusTest, EndsWithoutFurtherRequest)
{
    const StatusRow& row = GetParam();
    if (*row.id != '\0')
        COVERS(row.id);
    HttpAnswered answered = redirect(row.status, "http://192.168.1.201/other.txt");
    answered.response->body = shareBytes("<html>an error page</html>");
    const FetchSteps steps = outcomeOf(answered);
    ASSERT_EQ(steps.size(), 1u);
    EXPECT_EQ(errorOf(steps).kind, row.kind);
    EXPECT_THAT(errorOf(steps).detail, HasSubstr("HTTP " + std::to_string(row.status) + row.detail));
}

constexpr ErrorKind categoryB = ErrorKind::NotFound;
constexpr ErrorKind categoryC = ErrorKind::Refused;

INSTANTIATE_TEST_SUITE_P(
    Statuses, FetchStatusTest,
    testing::Values(StatusRow{300, categoryC, "PROV-HTTP-3XX"}, StatusRow{303, categoryC, "PROV-HTTP-3XX"},
                    StatusRow{304, categoryC, "PROV-HTTP-3XX"}, StatusRow{307, categoryC, "PROV-HTTP-3XX"},
                    StatusRow{308, categoryC, "PROV-HTTP-3XX"},
                    StatusRow{400, categoryC, "PROV-HTTP-400", " Bad Request"}, StatusRow{401, categoryC, ""},
                    StatusRow{402, categoryC, "PROV-HTTP-4XX"},
                    StatusRow{403, categoryC, "PROV-HTTP-403", " Forbidden"},
                    StatusRow{404, categoryB, "PROV-HTTP-404", " Not Found"},
                    StatusRow{405, categoryC, "PROV-HTTP-4XX"}, StatusRow{407, categoryC, ""},
                    StatusRow{410, categoryC, "PROV-HTTP-4XX"}, StatusRow{418, categoryC, "PROV-HTTP-4XX"},
                    StatusRow{500, categoryC, "PROV-HTTP-500", " Internal Server Error"},
                    StatusRow{501, categoryC, "PROV-HTTP-501", " Not Implemented"},
                    StatusRow{502, categoryC, "PROV-HTTP-502", " Bad Gateway"},
                    StatusRow{503, categoryC, "PROV-HTTP-503", " Service Unavailable"},
                    StatusRow{504, categoryC, "PROV-HTTP-504", " Gateway Timeout"},
                    StatusRow{505, categoryC, "PROV-HTTP-5XX"}, StatusRow{599, categoryC, "PROV-HTTP-5XX"},
                    StatusRow{204, categoryC, ""}, StatusRow{206, categoryC, ""},
                    StatusRow{999, categoryC, ""}),
    [](const auto& row) { return "Http" + std::to_string(row.param.status); });

TEST(FetchTest, ShowsAnUnknownStatusInTheServersWords)
{
    HttpAnswered answered = answer(477);
    answered.response->reason = "Gone\x1b"
                                "Fishing";
    EXPECT_EQ(errorOf(outcomeOf(answered)).detail, "HTTP 477 Gone?Fishing");
}

TEST(FetchTest, FollowsAPermanentMoveAtOnce)
{
    COVERS("PROV-HTTP-301");
    Fetch fetch{request("http://192.168.1.200/basic.txt")};
    (void)fetch.begin(start);
    EXPECT_THAT(shown(fetch.handle(start, redirect(301, "http://192.168.1.201:8080/new.txt"))),
                ElementsAre("addressed 192.168.1.201", "GET 192.168.1.201:8080/new.txt"));
    EXPECT_EQ(fetch.url().text(), "http://192.168.1.201:8080/new.txt");
    EXPECT_THAT(shown(fetch.handle(start, answer(200, "profile"))), ElementsAre("file profile"));
}

TEST(FetchTest, FollowsATemporaryMoveAtOnce)
{
    COVERS("PROV-HTTP-302");
    Fetch fetch{request("http://192.168.1.200/a/basic.txt")};
    (void)fetch.begin(start);
    const FetchSteps steps = fetch.handle(start, redirect(302, "new.txt"));
    EXPECT_THAT(shown(steps), ElementsAre("addressed 192.168.1.200", "GET 192.168.1.200:80/a/new.txt"));
    EXPECT_EQ(callOf(steps).request.fields.first("User-Agent"), "Cisco-CP-7832-3PCC/11.3.1 (000e08aabbcc)");
}

TEST(FetchTest, LooksUpTheNameInARedirect)
{
    Fetch fetch{request("http://192.168.1.200/basic.txt")};
    (void)fetch.begin(start);
    const FetchSteps steps = fetch.handle(start, redirect(302, "http://other.example/new.txt"));
    EXPECT_THAT(shown(steps), ElementsAre("look up other.example"));
    EXPECT_THAT(shown(fetch.handle(start, found({"192.168.1.201"}))),
                ElementsAre("addressed 192.168.1.201", "GET 192.168.1.201:80/new.txt"));
}

TEST(FetchTest, FollowsFiveRedirectsAndNoMore)
{
    Fetch fetch{request("http://192.168.1.200/basic.txt")};
    (void)fetch.begin(start);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(fetch.handle(start, redirect(302, "/basic.txt")).size(), 2u);
    EXPECT_EQ(errorOf(fetch.handle(start, redirect(302, "/basic.txt"))).kind, ErrorKind::Refused);
}

TEST(FetchTest, EndsOnARedirectThatLeadsNowhere)
{
    EXPECT_EQ(errorOf(outcomeOf(answer(301))).kind, ErrorKind::Refused);
    EXPECT_EQ(errorOf(outcomeOf(redirect(301, "http://host:99999/"))).kind, ErrorKind::Malformed);
    EXPECT_EQ(errorOf(outcomeOf(redirect(301, "tftp://192.168.1.201/a"))).kind, ErrorKind::Unsupported);
    EXPECT_EQ(errorOf(outcomeOf(redirect(301, "https://192.168.1.201/a"))).kind, ErrorKind::Unsupported);
}

TEST(FetchTest, SaysThatHttpsIsNotEmulatedBeforeItAsksAnybody)
{
    Fetch fetch{request("https://prov.example/basic.txt")};
    const FetchSteps steps = fetch.begin(start);
    ASSERT_EQ(steps.size(), 1u);
    EXPECT_EQ(errorOf(steps).kind, ErrorKind::Unsupported);
    EXPECT_EQ(errorOf(steps).detail, "https is not emulated");
}

TEST(FetchTest, TriesTheAddressesOfANameOneAfterAnother)
{
    COVERS("DNS-A-ITERATE");
    Fetch fetch{request("http://prov.example/basic.txt")};
    (void)fetch.begin(start);
    EXPECT_THAT(shown(fetch.handle(start, found({"192.168.1.1", "192.168.1.2", "192.168.1.3"}))),
                ElementsAre("addressed 192.168.1.1", "GET 192.168.1.1:80/basic.txt"));
    EXPECT_THAT(shown(fetch.handle(start, failed(ErrorKind::Unreachable))),
                ElementsAre("addressed 192.168.1.2", "GET 192.168.1.2:80/basic.txt"));
    EXPECT_THAT(shown(fetch.handle(start, failed(ErrorKind::TimedOut))),
                ElementsAre("addressed 192.168.1.3", "GET 192.168.1.3:80/basic.txt"));
    EXPECT_THAT(shown(fetch.handle(start, answer(200, "profile"))), ElementsAre("file profile"));
}

TEST(FetchTest, AsksNoFurtherAddressOnceAServerResponded)
{
    COVERS("DNS-A-ITERATE");
    for (const HttpAnswered& answered : {answer(503), answer(404), failed(ErrorKind::Corrupt),
                                         failed(ErrorKind::Malformed), failed(ErrorKind::TooLarge)}) {
        Fetch fetch{request("http://prov.example/basic.txt")};
        (void)fetch.begin(start);
        (void)fetch.handle(start, found({"192.168.1.1", "192.168.1.2"}));
        EXPECT_THAT(shown(fetch.handle(start, answered)), ElementsAre("failed"));
    }
}

TEST(FetchTest, TriesTheNextAddressAlsoForTftp)
{
    COVERS("DNS-A-ITERATE");
    Fetch fetch{request("tftp://prov.example/basic.txt")};
    (void)fetch.begin(start);
    (void)fetch.handle(start, found({"192.168.1.1", "192.168.1.2", "192.168.1.3"}));
    EXPECT_THAT(shown(fetch.handle(start, DatagramRefused{{address("192.168.1.1"), 69}})),
                ElementsAre("addressed 192.168.1.2", "send 192.168.1.2:69 1", "wait 2 s"));
    for (int second = 2; second < 10; second += 2)
        EXPECT_EQ(fetch.handle(start + std::chrono::seconds{second}, WaitOver{}).size(), 2u);
    EXPECT_THAT(shown(fetch.handle(start + 10s, WaitOver{})),
                ElementsAre("addressed 192.168.1.3", "send 192.168.1.3:69 1", "wait 12 s"));
    const std::string data = encode(TftpData{1, "profile"});
    EXPECT_THAT(shown(fetch.handle(start + 11s, DatagramArrived{{address("192.168.1.1"), 69}, data})),
                ElementsAre("send 192.168.1.1:69 5"))
        << "a late answer of an earlier address";
    EXPECT_THAT(shown(fetch.handle(start + 11s, DatagramArrived{{address("192.168.1.3"), 4000}, data})),
                ElementsAre("send 192.168.1.3:4000 4", "file profile"));
}

TEST(FetchTest, StaysWithATftpServerThatSentABlock)
{
    Fetch fetch{request("tftp://prov.example/basic.txt")};
    (void)fetch.begin(start);
    (void)fetch.handle(start, found({"192.168.1.1", "192.168.1.2"}));
    const Endpoint transfer{address("192.168.1.1"), 4000};
    const std::string data = encode(TftpData{1, std::string(512, 'x')});
    (void)fetch.handle(start, DatagramArrived{transfer, data});
    EXPECT_EQ(errorOf(fetch.handle(start, DatagramRefused{transfer})).kind, ErrorKind::Unreachable);
}

TEST(FetchTest, EndsWithTheLastReasonWhenNoAddressAnswers)
{
    COVERS("DNS-A-EXHAUSTED");
    Fetch fetch{request("http://prov.example/basic.txt")};
    (void)fetch.begin(start);
    (void)fetch.handle(start, found({"192.168.1.1", "192.168.1.2"}));
    (void)fetch.handle(start, failed(ErrorKind::Unreachable));
    EXPECT_EQ(errorOf(fetch.handle(start, failed(ErrorKind::TimedOut))).kind, ErrorKind::TimedOut);
}

TEST(FetchTest, TriesABoundedNumberOfAddresses)
{
    Fetch fetch{request("http://prov.example/basic.txt")};
    (void)fetch.begin(start);
    FetchSteps steps = fetch.handle(start, LookedUp{std::vector<IpAddress>(1000, address("192.168.1.1"))});
    std::size_t calls = 0;
    for (; !std::holds_alternative<FetchDone>(steps.back()); ++calls)
        steps = fetch.handle(start, failed(ErrorKind::Unreachable));
    EXPECT_EQ(calls, mostAddresses);
}

TEST(FetchTest, EndsWhenANameHasNoAddress)
{
    COVERS("DNS-UNRESOLVABLE");
    for (const LookedUp& answered : {found({}), LookedUp{fail(ErrorKind::Unresolvable, "no such name")},
                                     LookedUp{fail(ErrorKind::TimedOut, "no name server answered")}}) {
        Fetch fetch{request("tftp://prov.example/basic.txt")};
        (void)fetch.begin(start);
        const FetchSteps steps = fetch.handle(start, answered);
        EXPECT_EQ(errorOf(steps).kind, ErrorKind::Unresolvable);
        EXPECT_FALSE(errorOf(steps).detail.empty());
    }
}

std::vector<FetchEvent> oneOfEach(std::string_view datagram)
{
    return {found({"192.168.1.9"}), answer(200, "other"),
            DatagramArrived{{address("192.168.1.200"), 69}, datagram},
            DatagramRefused{{address("192.168.1.200"), 69}}, WaitOver{}};
}

TEST(FetchTest, PassesOverAnswersThatItDidNotAskFor)
{
    const std::string data = encode(TftpData{1, "other"});
    Fetch calling{request("http://192.168.1.200/basic.txt")};
    (void)calling.begin(start);
    Fetch lookingUp{request("http://prov.example/basic.txt")};
    (void)lookingUp.begin(start);
    Fetch downloading{request("tftp://192.168.1.200/basic.txt")};
    (void)downloading.begin(start);
    for (const FetchEvent& event : oneOfEach(data)) {
        if (!std::holds_alternative<HttpAnswered>(event)) {
            EXPECT_THAT(shown(calling.handle(start, event)), IsEmpty());
        }
        if (!std::holds_alternative<LookedUp>(event)) {
            EXPECT_THAT(shown(lookingUp.handle(start, event)), IsEmpty());
        }
        if (std::holds_alternative<LookedUp>(event) || std::holds_alternative<HttpAnswered>(event) ||
            std::holds_alternative<WaitOver>(event)) {
            EXPECT_THAT(shown(downloading.handle(start, event)), IsEmpty());
        }
    }
    EXPECT_THAT(shown(calling.handle(start, answer(200, "profile"))), ElementsAre("file profile"));
}

TEST(FetchTest, DoesNothingMoreOnceItIsDone)
{
    const std::string data = encode(TftpData{1, "file"});
    Fetch http{request("http://192.168.1.200/basic.txt")};
    (void)http.begin(start);
    (void)http.handle(start, answer(200, "profile"));
    Fetch tftp{request("tftp://192.168.1.200/basic.txt")};
    (void)tftp.begin(start);
    (void)tftp.handle(start, DatagramArrived{{address("192.168.1.200"), 69}, data});
    Fetch refused{request("https://192.168.1.200/basic.txt")};
    (void)refused.begin(start);
    for (Fetch* fetch : {&http, &tftp, &refused})
        for (const FetchEvent& event : oneOfEach(data))
            EXPECT_THAT(shown(fetch->handle(start + 100s, event)), IsEmpty());
}

TEST(FetchTest, EndsWhateverTheWorldAnswers)
{
    RandomBytes random{7};
    const std::string data = encode(TftpData{1, std::string(512, 'x')});
    const char* urls[] = {"http://prov.example/a", "tftp://prov.example/a", "tftp://192.168.1.200/a"};
    for (int round = 0; round < 5000; ++round) {
        Fetch fetch{request(urls[round % 3])};
        TimePoint now = start;
        FetchSteps steps = fetch.begin(now);
        bool done = false;
        for (int i = 0; !done; ++i) {
            ASSERT_LT(i, 20000);
            for (const FetchStep& step : steps) {
                ASSERT_FALSE(done) << "something follows FetchDone";
                done = std::holds_alternative<FetchDone>(step);
            }
            switch (random.upTo(6)) {
            case 0:
                steps = fetch.handle(now, found({"192.168.1.200", "192.168.1.201", "192.168.1.202"}));
                break;
            case 1:
                steps = fetch.handle(now, redirect(301, random.damaged("http://prov.example/b", 2)));
                break;
            case 2:
                steps = fetch.handle(now, failed(static_cast<ErrorKind>(random.upTo(8))));
                break;
            case 3:
                steps = fetch.handle(
                    now, DatagramArrived{{address("192.168.1.200"), 4000}, random.damaged(data, 2)});
                break;
            case 4:
                steps = fetch.handle(now, DatagramRefused{{address("192.168.1.201"), 69}});
                break;
            default:
                now += std::chrono::seconds{random.upTo(3)};
                steps = fetch.handle(now, WaitOver{});
            }
        }
        EXPECT_THAT(shown(steps), IsEmpty());
    }
}

}  // namespace
}  // namespace emulator
