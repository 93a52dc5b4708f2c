#include "emulator/runtime/virtual_run.hpp"

#include "emulator/trace/ndjson.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/emulator/runtime/silent_service.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

// A server that gives every phone the same profile, or the status it is told.
class OneFile : public HttpService {
public:
    HttpAnswer respond(TimePoint, const HttpRequest& request, const Endpoint&, ClientMemory&) const override
    {
        HttpAnswer answer;
        answer.kind = kind;
        answer.delay = delay;
        answer.cutAfter = cutAfter;
        answer.drip = drip;
        answer.response.status = request.target == "/basic.txt" ? 200 : 404;
        answer.response.body = body;
        return answer;
    }
    HttpAnswer::Kind kind = HttpAnswer::Kind::Respond;
    Duration delay{};
    Duration drip{};
    std::size_t cutAfter = std::size_t(-1);
    SharedBytes body = shareBytes("<flat-profile><GPP_A>12345678</GPP_A></flat-profile>");
};

class Lines : public TraceSink {
public:
    bool wants(EventKind) const override { return true; }
    void seen(const TraceEvent& event) override { appendNdjson(text, event, n++); }
    std::string text;
    std::uint64_t n = 0;
};

const Endpoint http{IpAddress{0xc000020b}, 80};
const Endpoint syslog{IpAddress{0xc000020c}, 514};

Fleet aVirtualFleet(std::size_t phones, std::map<std::string, std::string> set = {})
{
    set.try_emplace("Profile_Rule", "http://192.0.2.11/basic.txt");
    set.try_emplace("Syslog_Server", "192.0.2.12");
    Fleet fleet;
    FleetGroup group;
    group.model = fixtures::loadModel("CP-7832-3PCC").value();
    group.count = phones;
    for (const auto& [name, value] : set)
        group.set.emplace_back(group.model->schema->find(name).value(), value);
    fleet.groups.push_back(std::move(group));
    fleet.seed = Seed{7};
    return fleet;
}

struct Story {
    std::string trace;
    std::size_t provisioned = 0;
};

Story play(unsigned threads, const OneFile& file, Duration time = 3h, std::size_t phones = 20)
{
    Lines lines;
    const TakesAll log;
    VirtualRun run{aVirtualFleet(phones), {}, threads, lines};
    run.addHttp("http", http, file);
    run.addDatagram("syslog", syslog, log);
    for (std::uint32_t i = 0; i < phones; ++i)
        run.post(PhoneIndex{i}, PowerApplied{});
    run.runUntil(TimePoint{time});
    Story story{std::move(lines.text)};
    for (std::uint32_t i = 0; i < phones; ++i) {
        const Phone& phone = run.phone(PhoneIndex{i});
        const ParamId id = phone.parameters().schema().find("GPP_A").value();
        story.provisioned += phone.parameters().value(id) == "12345678";
    }
    return story;
}

TEST(VirtualRunTest, HoursOfAFleetPassInAMoment)
{
    const Story story = play(1, OneFile{});
    EXPECT_EQ(story.provisioned, 20u);
    EXPECT_THAT(story.trace, ::testing::HasSubstr(R"("kind":"http.request","n")"));
    EXPECT_THAT(story.trace, ::testing::HasSubstr("Successful resync http://192.0.2.11:80/basic.txt"));
}

TEST(VirtualRunTest, TheTraceIsTheSameForAnyNumberOfThreads)
{
    const Story one = play(1, OneFile{});
    EXPECT_GT(one.trace.size(), 100'000u);
    for (const unsigned threads : {2u, 3u, 4u})
        EXPECT_EQ(play(threads, OneFile{}).trace, one.trace) << threads;
}

TEST(VirtualRunTest, ManyPhonesBootingTogetherSpreadOverTheRandomWindow)
{
    Lines lines;
    const OneFile file;
    VirtualRun run{aVirtualFleet(200), {}, 2, lines};
    run.addHttp("http", http, file);
    for (std::uint32_t i = 0; i < 200; ++i)
        run.post(PhoneIndex{i}, PowerApplied{});
    std::size_t half = 0;
    run.runUntil(TimePoint{20s});
    for (std::uint32_t i = 0; i < 200; ++i)
        half += !run.phone(PhoneIndex{i}).lastProfileUrl().empty();
    EXPECT_GT(half, 60u);
    EXPECT_LT(half, 140u);
    run.runUntil(TimePoint{41s});
    for (std::uint32_t i = 0; i < 200; ++i)
        EXPECT_EQ(run.phone(PhoneIndex{i}).lastProfileUrl(), "http://192.0.2.11:80/basic.txt");
}

struct BadAnswer {
    const char* name;
    std::function<void(OneFile&)> make;
    const char* says;
};

class BadAnswerTest : public ::testing::TestWithParam<BadAnswer> {};

TEST_P(BadAnswerTest, EndsInAFailureWithinABoundedTime)
{
    OneFile file;
    GetParam().make(file);
    const Story story = play(1, file, 3min, 1);
    EXPECT_EQ(story.provisioned, 0u);
    EXPECT_THAT(story.trace, ::testing::HasSubstr(GetParam().says));
    EXPECT_THAT(story.trace, ::testing::Not(::testing::HasSubstr("Successful resync")));
}

INSTANTIATE_TEST_SUITE_P(
    Servers, BadAnswerTest,
    ::testing::Values(
        BadAnswer{"Refused", [](OneFile& f) { f.kind = HttpAnswer::Kind::Refused; },
                  "Resync failed: Server not reachable"},
        BadAnswer{"Reset", [](OneFile& f) { f.kind = HttpAnswer::Kind::Reset; }, "Resync failed"},
        BadAnswer{"Silent", [](OneFile& f) { f.kind = HttpAnswer::Kind::Silent; },
                  "Resync failed: Server does not answer"},
        BadAnswer{"TooLate", [](OneFile& f) { f.delay = 1h; }, "Resync failed: Server does not answer"},
        BadAnswer{"CutOff", [](OneFile& f) { f.cutAfter = 60; }, "Resync failed"},
        BadAnswer{"AByteAMinute", [](OneFile& f) { f.drip = 1s; }, "Resync failed: Server does not answer"},
        BadAnswer{"TwoHundredMegabytes",
                  [](OneFile& f) { f.body = shareBytes(std::string(200u << 20, 'x')); },
                  "Resync failed: File too large"}),
    [](const auto& row) { return row.param.name; });

TEST(VirtualRunTest, ABrowserGetsThePageOfTheOnePhoneItAsked)
{
    Lines lines;
    VirtualRun run{aVirtualFleet(3), {}, 2, lines};
    run.post(PhoneIndex{1}, PowerApplied{});
    run.runUntil(TimePoint{1s});
    std::vector<std::optional<HttpResponse>> answers;
    HttpRequest get;
    get.target = "/";
    for (const std::uint32_t phone : {0u, 1u})
        run.browse(PhoneIndex{phone}, get, {IpAddress{0x7f000001}, 40000},
                   [&](TimePoint, std::optional<HttpResponse> r) { answers.push_back(std::move(r)); });
    run.runUntil(TimePoint{2s});
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_FALSE(answers[0].has_value()) << "that one has no power";
    ASSERT_TRUE(answers[1].has_value());
    EXPECT_THAT(*answers[1]->body, ::testing::AnyOf(::testing::HasSubstr("000e08000002"),
                                                    ::testing::HasSubstr("00:0e:08:00:00:02"),
                                                    ::testing::HasSubstr("000E08000002")));
}

TEST(VirtualRunTest, StopsAtTheEndOfTheWindowInWhichTheConditionCameTrue)
{
    Lines lines;
    const OneFile file;
    VirtualRun run{aVirtualFleet(5), {}, 2, lines};
    run.addHttp("http", http, file);
    run.post(PhoneIndex{4}, PowerApplied{});
    run.runUntil(TimePoint{1h}, [&] { return lines.text.find("\"state\":\"idle\"") != std::string::npos; });
    EXPECT_EQ(run.now(), TimePoint{505ms}) << "the end of the window of 5 ms that begins with the boot";
    run.runUntil(TimePoint{1h}, [] { return false; });
    EXPECT_EQ(run.now(), TimePoint{1h});
}

}  // namespace
}  // namespace emulator
