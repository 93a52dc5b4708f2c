#include "hwbridge/bench/bench_service.hpp"

#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::TimePoint;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr ClientId me{1};
constexpr ClientId you{2};
constexpr TimePoint start{};

class BenchServiceTest : public testing::Test, public BenchOutbox {
protected:
    void send(ClientId client, std::string line) override { m_said[client].push_back(std::move(line)); }
    void hangUp(ClientId client) override { m_hungUp.push_back(client); }
    void restore(const RestorePhone& order) override { m_orders.push_back(order); }

    // A bench of alice and bob; what it remembers is in this test's folder.
    void serve(bool restores = true)
    {
        m_service.reset();
        InventoryReading reading = readInventory(
            "bench.yaml",
            "bench: lab\nphones: { alice: { model: M, mac: 000e08000001, tags: t }, bob: { model: M, "
            "address: 192.0.2.1, tags: t } }\n");
        auto journal = LeaseJournal::open(m_folder / "state", emulator::WallTime{1'700'000'000s});
        m_service.emplace(*std::move(reading.inventory), std::move(*journal),
                          BenchServiceOptions{emulator::WallTime{1'700'000'000s}, restores}, *this);
        ASSERT_TRUE(m_service->begin(start).has_value());
    }
    void greet(ClientId client, const std::string& holder)
    {
        m_service->came(client, std::nullopt);
        say(client, R"({"id":1,"do":"hello","version":1,"holder":")" + holder + "\"}");
        heard(client);
    }
    void say(ClientId client, const std::string& line, TimePoint at = start)
    {
        m_service->said(at, client, line);
    }
    std::vector<std::string> heard(ClientId client) { return std::exchange(m_said[client], {}); }

    TemporaryFolder m_folder;
    std::optional<BenchService> m_service;
    std::map<ClientId, std::vector<std::string>> m_said;
    std::vector<ClientId> m_hungUp;
    std::vector<RestorePhone> m_orders;
};

TEST_F(BenchServiceTest, LeasesRenewsAndReleases)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"alice","for":60})");
    EXPECT_THAT(heard(me),
                ElementsAre(R"({"id":2,"lease":1,"phone":"alice","until":"2023-11-14T22:14:20Z"})"));
    say(me, R"({"id":3,"do":"renew","lease":1})");
    say(me, R"({"id":4,"do":"release","lease":1})");
    EXPECT_THAT(heard(me), ElementsAre(R"({"id":3,"done":true})",
                                       R"({"ended":1,"phone":"alice","why":"it was released"})",
                                       R"({"id":4,"done":true})"));
}

TEST_F(BenchServiceTest, TellsTheHolderOfAKickAndTheQueueOfItsTurn)
{
    serve();
    greet(me, "me@here");
    greet(you, "you@there");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(you, R"({"id":5,"do":"lease","phone":"alice","wait":true})");
    EXPECT_THAT(heard(you), ElementsAre(R"({"id":5,"waits":1})"));
    say(you, R"({"id":6,"do":"kick","phone":"alice","reason":"demo"})");
    EXPECT_THAT(heard(me),
                ElementsAre(HasSubstr("\"lease\":1"),
                            R"({"ended":1,"phone":"alice","why":"it was taken away by you@there: demo"})"));
    EXPECT_THAT(heard(you), ElementsAre(R"({"id":6,"done":true})", HasSubstr(R"("id":5,"lease":2)")));
}

TEST_F(BenchServiceTest, ListsWhoWaitsForAPhone)
{
    serve();
    greet(me, "me@here");
    greet(you, "you@there");
    say(me, R"({"id":2,"do":"lease","tag":"t"})");
    say(me, R"({"id":3,"do":"lease","tag":"t"})");
    say(you, R"({"id":5,"do":"lease","phone":"bob","wait":true})");
    say(me, R"({"id":4,"do":"lease","tag":"t","wait":true})");
    heard(me);
    say(me, R"({"id":6,"do":"list"})");
    const auto rows = std::get<BenchRows>(readServerMessage(heard(me).front()).value().what).phones;
    EXPECT_EQ(rows[0].waiting, 1u);
    EXPECT_EQ(rows[0].next, "me@here");
    EXPECT_EQ(rows[1].waiting, 2u);
    EXPECT_EQ(rows[1].next, "you@there");
}

TEST_F(BenchServiceTest, ListsWhenAPhoneWasLastCheckedAlsoAfterARestart)
{
    const auto alice = [&] {
        say(me, R"({"id":9,"do":"list"})", start + 60s);
        return std::get<BenchRows>(readServerMessage(heard(me).back()).value().what).phones.front();
    };
    serve();
    greet(me, "me@here");
    EXPECT_FALSE(alice().checked.has_value());
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(me, R"({"id":3,"do":"verdict","lease":1,"failure":""})", start + 5s);
    EXPECT_EQ(alice().checked, emulator::WallTime{1'700'000'005s});
    EXPECT_TRUE(alice().passed);
    say(me, R"({"id":4,"do":"lease","phone":"alice"})", start + 60s);
    say(me, R"({"id":5,"do":"verdict","lease":2,"failure":"no page"})", start + 61s);
    serve();
    greet(me, "me@here");
    EXPECT_EQ(alice().checked, emulator::WallTime{1'700'000'061s});
    EXPECT_FALSE(alice().passed);
    EXPECT_EQ(alice().why, "no page");
}

TEST_F(BenchServiceTest, TakesNoCheckUnderALeaseThatHasEnded)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(me, R"({"id":3,"do":"release","lease":1})");
    say(me, R"({"id":4,"do":"verdict","lease":1,"failure":""})");
    heard(me);
    say(me, R"({"id":5,"do":"list"})");
    EXPECT_THAT(heard(me).front(), testing::Not(HasSubstr("checked")));
}

TEST_F(BenchServiceTest, ListsWhenAPhoneIsPutBackToWhoeverWaitsForThat)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(me, R"({"id":3,"do":"save","lease":1,"parameters":[{"name":"GPP_A","value":"found"}]})");
    say(me, R"({"id":4,"do":"list","restored":"alice"})");
    EXPECT_THAT(heard(me).back(), HasSubstr(R"("state":"held")"));
    say(me, R"({"id":5,"do":"release","lease":1})");
    heard(me);
    say(me, R"({"id":6,"do":"list","restored":"alice"})");
    EXPECT_THAT(heard(me), IsEmpty());
    m_service->restored(start, {"alice", Fence{1}, {}});
    EXPECT_THAT(heard(me),
                ElementsAre(testing::AllOf(HasSubstr(R"("id":6)"), HasSubstr(R"("state":"free")"))));
}

TEST_F(BenchServiceTest, LetsAClientWaitForSixteenPhonesAtMostAndForgetsThatItWaited)
{
    serve();
    greet(me, "me@here");
    greet(you, "you@there");
    say(you, R"({"id":2,"do":"lease","phone":"alice"})");
    say(you, R"({"id":3,"do":"save","lease":1,"parameters":[{"name":"GPP_A","value":"found"}]})");
    say(you, R"({"id":4,"do":"release","lease":1})");
    for (int id = 2; id < 18; ++id)
        say(me, R"({"id":)" + std::to_string(id) + R"(,"do":"list","restored":"alice"})");
    EXPECT_THAT(heard(me), IsEmpty());
    say(me, R"({"id":18,"do":"list","restored":"alice"})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("16 lists of one client wait")));
    m_service->gone(start, me);
    m_service->came(me, std::nullopt);
    m_service->restored(start, {"alice", Fence{1}, {}});
    EXPECT_THAT(heard(me), IsEmpty());
}

TEST_F(BenchServiceTest, DropsTheRequestsOfAClientThatIsGoneAndKeepsItsLease)
{
    serve();
    greet(me, "me@here");
    greet(you, "you@there");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(you, R"({"id":2,"do":"lease","phone":"alice","wait":true})");
    m_service->gone(start, you);
    m_service->gone(start, me);
    greet(you, "you@there");
    say(you, R"({"id":3,"do":"lease","phone":"alice"})", start + 14s);
    EXPECT_THAT(heard(you), ElementsAre(HasSubstr("alice is held by me@here")));
    say(you, R"({"id":4,"do":"lease","phone":"alice"})", start + 15s);
    EXPECT_THAT(heard(you), ElementsAre(HasSubstr(R"("id":4,"lease":2)")));
}

TEST_F(BenchServiceTest, GoesOnWithALeaseAfterARestartWhoeverHeldIt)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    say(me, R"({"id":3,"do":"save","lease":1,"parameters":[{"name":"GPP_A","value":"found"}]})");
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"renew","lease":1})");
    EXPECT_THAT(heard(me), ElementsAre(R"({"id":2,"done":true})"));
    EXPECT_THAT(m_orders, IsEmpty());
    m_service->timePassed(start + 15s);
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("not heard of for 15 s")));
    ASSERT_EQ(m_orders.size(), 1u);
    EXPECT_EQ(m_orders.front().parameters, (std::vector<SavedParameter>{{"GPP_A", "found"}}));
    serve();
    ASSERT_EQ(m_orders.size(), 2u) << "what was not restored when the daemon died is restored by the next";
    m_service->restored(start, {"alice", Fence{1}, ""});
    greet(you, "you@there");
    say(you, R"({"id":2,"do":"lease","phone":"alice"})");
    EXPECT_THAT(heard(you), ElementsAre(HasSubstr("\"lease\":2")));
}

TEST_F(BenchServiceTest, TakesNothingToSaveWhenNobodyCanPutItBack)
{
    serve(false);
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"alice"})");
    heard(me);
    say(me, R"({"id":3,"do":"save","lease":1,"parameters":[{"name":"GPP_A","value":"found"}]})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("cannot put parameters back")));
}

TEST_F(BenchServiceTest, ListsWhoHoldsWhatWithoutWhatWasSaved)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":2,"do":"lease","phone":"bob","reason":"nightly"})");
    say(me, R"({"id":3,"do":"save","lease":1,"parameters":[{"name":"Password","value":"hunter2"}]})");
    heard(me);
    say(me, R"({"id":4,"do":"list"})");
    EXPECT_THAT(
        heard(me),
        ElementsAre(
            R"({"id":4,"phones":[{"phone":"alice","model":"M","mac":"00:0e:08:00:00:01","tags":["t"],)"
            R"("state":"free"},{"phone":"bob","model":"M","address":"192.0.2.1","tags":["t"],)"
            R"("state":"held","lease":1,"holder":"me@here","reason":"nightly",)"
            R"("until":"2023-11-14T23:13:20Z"}]})"));
}

TEST_F(BenchServiceTest, HangsUpOnWhoeverDoesNotSayHelloWithTheRightToken)
{
    serve();
    m_service->came(me, "0123456789abcdef");
    say(me, R"({"id":1,"do":"list"})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("expected hello")));
    say(me, R"({"id":1,"do":"hello","version":1,"holder":"me@here","token":"0123456789abcdeF"})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("the token is wrong")));
    say(me, R"({"id":1,"do":"hello","version":2,"holder":"me@here","token":"0123456789abcdef"})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("found version 2")));
    say(me, "GET / HTTP/1.1");
    EXPECT_THAT(m_hungUp, ElementsAre(me, me, me, me));
    EXPECT_FALSE(m_service->knows(me));
    say(me, R"({"id":1,"do":"hello","version":1,"holder":"me@here","token":"0123456789abcdef"})");
    EXPECT_TRUE(m_service->knows(me));
}

TEST_F(BenchServiceTest, BoundsWhatOneClientHasInTheQueue)
{
    serve();
    greet(me, "me@here");
    say(me, R"({"id":1,"do":"lease","phone":"alice"})");
    for (int id = 2; id < 18; ++id)
        say(me, R"({"do":"lease","phone":"alice","wait":true,"id":)" + std::to_string(id) + "}");
    heard(me);
    say(me, R"({"do":"lease","phone":"alice","wait":true,"id":18})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("16 requests of one client")));
    say(me, R"({"id":19,"do":"withdraw","request":2})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("\"id\":2,\"error\""), R"({"id":19,"done":true})"));
    say(me, R"({"do":"lease","phone":"alice","wait":true,"id":3})");
    EXPECT_THAT(heard(me), ElementsAre(HasSubstr("the id 3 waits already")));
}

}  // namespace
}  // namespace hwbridge
