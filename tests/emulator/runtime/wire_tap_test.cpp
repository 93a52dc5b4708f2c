#include "emulator/protocol/dns_message.hpp"
#include "emulator/runtime/virtual_run.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/emulator/runtime/silent_service.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const Endpoint server{IpAddress{0xc000020b}, 80};
const Endpoint log{IpAddress{0xc000020c}, 514};

class Answers : public HttpService {
public:
    HttpAnswer respond(TimePoint, const HttpRequest&, const Endpoint&, ClientMemory&) const override
    {
        HttpAnswer copy = answer;
        copy.response.body = shareBytes("<flat-profile/>");
        return copy;
    }
    HttpAnswer answer;
};

// What crossed, a line each: time in microseconds since the fetch began, who, what.
class Tap : public WireTap {
public:
    void crossed(const WireMessage& message) override
    {
        constexpr std::string_view kinds[] = {"datagram", "unreachable", "open",   "accept",
                                              "bytes",    "acknowledge", "finish", "reset"};
        EXPECT_GE(message.at, m_last);
        m_last = message.at;
        all += fmt::format("{} {} {} {} {} {} {}\n", message.at.time_since_epoch().count(),
                           message.mac.plain(), message.fromPhone, static_cast<int>(message.kind),
                           message.phoneEnd.text(), message.peer.text(), message.bytes);
        if (message.peer != server && message.kind != WireMessage::Kind::Unreachable)
            return datagrams.push_back(message.bytes);
        if (message.kind == WireMessage::Kind::Open)
            m_opened = message.at;
        lines.push_back(fmt::format("{} {} {}", (message.at - m_opened).count(),
                                    message.fromPhone ? "phone" : "server",
                                    kinds[static_cast<std::size_t>(message.kind)]));
    }
    std::string all;
    std::vector<std::string> lines;
    std::vector<std::string> datagrams;

private:
    TimePoint m_last{};
    TimePoint m_opened{};
};

Fleet aTappedFleet(std::size_t phones, std::map<std::string, std::string> set)
{
    set.try_emplace("Resync_Random_Delay", "0");
    set.try_emplace("Resync_Error_Retry_Delay", "0");
    Fleet fleet;
    FleetGroup group;
    group.model = fixtures::loadModel("CP-7832-3PCC").value();
    group.count = phones;
    for (const auto& [name, value] : set)
        group.set.emplace_back(group.model->schema->find(name).value(), value);
    fleet.groups.push_back(std::move(group));
    return fleet;
}

const std::map<std::string, std::string> web{{"Profile_Rule", "http://192.0.2.11/a.xml"}};

// A phone boots and asks its server.
Tap boot(const HttpAnswer& answer, Duration time = 100s, const std::map<std::string, std::string>& set = web,
         bool cut = false)
{
    Tap tap;
    Answers answers;
    answers.answer = answer;
    const TakesAll takes;
    {
        VirtualNetwork network;
        network.names["rig.test"] = {server.address};
        VirtualRun run{aTappedFleet(1, set), network, 1, noSink(), {}, &tap};
        run.addHttp("http", server, answers);
        run.addDatagram("syslog", log, takes);
        run.post(PhoneIndex{0}, PowerApplied{});
        run.runUntil(TimePoint{time});
        if (cut) {
            run.post(PhoneIndex{0}, PowerRemoved{});
            run.runUntil(TimePoint{time + 100s});
        }
    }
    return tap;
}

TEST(WireTapTest, AConnectionIsOpenedUsedAndClosed)
{
    EXPECT_THAT(boot({}).lines,
                ElementsAre("0 phone open", "400 server accept", "400 phone acknowledge", "400 phone bytes",
                            "800 server acknowledge", "800 server bytes", "800 phone finish",
                            "1200 server finish", "1200 phone acknowledge"));
}

TEST(WireTapTest, AServerThatClosesDoesSoFirst)
{
    HttpAnswer answer;
    answer.response.fields.add("Connection", "close");
    EXPECT_THAT(boot(answer).lines,
                ElementsAre("0 phone open", "400 server accept", "400 phone acknowledge", "400 phone bytes",
                            "800 server acknowledge", "800 server bytes", "800 server finish",
                            "800 phone finish", "1200 server acknowledge"));
}

TEST(WireTapTest, ARefusalIsAReset)
{
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::Refused;
    EXPECT_THAT(boot(answer).lines, ElementsAre("0 phone open", "400 server reset"));
}

TEST(WireTapTest, AnswersThatDoNotComeEndWithThePhone)
{
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::Silent;
    EXPECT_THAT(boot(answer).lines,
                ElementsAre("0 phone open", "400 server accept", "400 phone acknowledge", "400 phone bytes",
                            "800 server acknowledge", "20000400 phone finish", "20000800 server finish",
                            "20000800 phone acknowledge"));
}

TEST(WireTapTest, AServerThatResetsDoesSoAfterTheRequest)
{
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::Reset;
    EXPECT_THAT(boot(answer).lines,
                ElementsAre("0 phone open", "400 server accept", "400 phone acknowledge", "400 phone bytes",
                            "800 server acknowledge", "800 server reset"));
}

TEST(WireTapTest, ADribbleIsAPacketForEachByte)
{
    HttpAnswer answer;
    answer.drip = 1ms;
    const std::vector<std::string> lines = boot(answer).lines;
    const std::size_t bytes = static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [](const auto& l) { return l.ends_with("server bytes"); }));
    HttpResponse response;
    response.body = shareBytes("<flat-profile/>");
    EXPECT_EQ(bytes, encode(response).size());
}

TEST(WireTapTest, AfterAPowerCutNothingCrosses)
{
    HttpAnswer answer;
    answer.delay = 15s;
    const std::vector<std::string> lines = boot(answer, 5s, web, true).lines;
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back(), "800 server acknowledge");
}

TEST(WireTapTest, NamesAreAskedForInDatagrams)
{
    const Tap tap = boot({}, 100s, {{"Profile_Rule", "http://rig.test/a.xml"}});
    ASSERT_EQ(tap.datagrams.size(), 2u);
    EXPECT_THAT(tap.datagrams[0], HasSubstr(std::string("\3rig\4test\0", 10)));
    EXPECT_EQ(tap.datagrams[1].substr(0, 2), tap.datagrams[0].substr(0, 2));
    EXPECT_TRUE(tap.datagrams[1].ends_with(std::string("\xc0\x00\x02\x0b", 4)));
    EXPECT_EQ(tap.lines.front(), "0 phone open");
}

TEST(WireTapTest, WhereNobodyListensADatagramIsUnreachable)
{
    const Tap tap = boot({}, 1s, {{"Profile_Rule", "tftp://192.0.2.11/a.xml"}});
    EXPECT_THAT(tap.lines, testing::Contains(HasSubstr("unreachable")));
}

TEST(WireTapTest, WhatCrossesIsTheSameForAnyNumberOfThreads)
{
    const auto play = [](unsigned threads, bool stops) {
        Tap tap;
        const Answers answers;
        const TakesAll takes;
        {
            VirtualRun run{aTappedFleet(12, {{"Profile_Rule", "http://192.0.2.11/a.xml"},
                                             {"Syslog_Server", "192.0.2.12"},
                                             {"Resync_Random_Delay", "2"},
                                             {"Resync_Periodic", "60"}}),
                           {},
                           threads,
                           noSink(),
                           {},
                           &tap};
            run.addHttp("http", server, answers);
            run.addDatagram("syslog", log, takes);
            for (std::uint32_t i = 0; i < 12; ++i)
                run.post(PhoneIndex{i}, PowerApplied{});
            if (stops)
                run.runUntil(TimePoint{600s}, [] { return false; });
            run.runUntil(TimePoint{600s});
        }
        return tap.all;
    };
    const std::string one = play(1, false);
    EXPECT_GT(one.size(), 10'000u);
    for (const unsigned threads : {2u, 3u, 4u})
        EXPECT_EQ(play(threads, false), one) << threads;
    EXPECT_EQ(play(2, true), one);
}

TEST(WireTapTest, TheRigsOwnReadsDoNotShow)
{
    Tap tap;
    {
        VirtualRun run{aTappedFleet(1, {{"Resync_On_Reset", "No"}}), {}, 1, noSink(), {}, &tap};
        run.post(PhoneIndex{0}, PowerApplied{});
        run.runUntil(TimePoint{10s});
        for (const std::string_view agent : {"phonerig", "Mozilla"}) {
            HttpRequest request;
            request.fields.add("User-Agent", std::string{agent});
            run.browse(PhoneIndex{0}, std::move(request), server, {});
            run.runUntil(run.now() + 10s);
        }
    }
    EXPECT_THAT(tap.all, HasSubstr("Mozilla"));
    EXPECT_THAT(tap.lines, ElementsAre("0 server open", "0 phone accept", "400 server acknowledge",
                                       "400 server bytes", "400 phone bytes", "400 phone finish",
                                       "800 server finish", "800 phone acknowledge"));
}

}  // namespace
}  // namespace emulator
