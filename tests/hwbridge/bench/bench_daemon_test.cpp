#include "hwbridge/bench/bench_client.hpp"
#include "hwbridge/bench/bench_daemon.hpp"
#include "hwbridge/bench/held_lease.hpp"
#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;

// Notes what it was asked to put back, and answers from a thread of its own when it is told to.
class RecordingRestorer final : public Restorer {
public:
    struct Order {
        std::string phone;
        std::vector<SavedParameter> parameters;
        std::function<void(emulator::Result<void>)> done;
    };
    void restore(const BenchPhone& phone, const std::vector<SavedParameter>& parameters, emulator::Duration,
                 std::function<void(emulator::Result<void>)> done) override
    {
        const std::lock_guard lock{m_mutex};
        m_orders.push_back({phone.name, parameters, std::move(done)});
        m_came.notify_all();
    }
    Order next()
    {
        std::unique_lock lock{m_mutex};
        EXPECT_TRUE(m_came.wait_for(lock, 30s, [&] { return !m_orders.empty(); }));
        Order order = m_orders.front();
        m_orders.erase(m_orders.begin());
        return order;
    }
    std::size_t waiting()
    {
        const std::lock_guard lock{m_mutex};
        return m_orders.size();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::vector<Order> m_orders;
};

class BenchDaemonTest : public testing::Test {
protected:
    BenchDaemonTest() { serve(); }
    ~BenchDaemonTest() override { stop(); }

    void serve()
    {
        InventoryReading reading = readInventory(
            "bench.yaml", "bench: lab\nheartbeat: 10m\nphones: { alice: { model: M, mac: 000e08000001 } }\n");
        auto daemon = BenchDaemon::start(*std::move(reading.inventory),
                                         {m_address.socket, m_folder / "state", {}}, &m_restorer);
        ASSERT_TRUE(daemon.has_value()) << daemon.error().detail;
        m_daemon = std::move(*daemon);
        m_stop = false;
        m_thread =
            std::thread{[this] { EXPECT_TRUE(m_daemon->run([this] { return m_stop.load(); }).has_value()); }};
    }
    void stop()
    {
        m_stop = true;
        m_thread.join();
        m_daemon.reset();
    }

    std::unique_ptr<BenchClient> client() const { return BenchClient::connect(m_address, "me@here").value(); }
    static emulator::Result<BenchGrant> lease(BenchClient& client, bool wait = false)
    {
        return client.lease(
            {{}, {}, {"alice", {}, {}}, 1h, "", wait, false}, [](std::uint64_t) {}, [] { return false; });
    }

    TemporaryFolder m_folder;
    BenchAddress m_address{m_folder / "s", {}, 0, {}, {}};
    RecordingRestorer m_restorer;
    std::unique_ptr<BenchDaemon> m_daemon;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

const std::vector<SavedParameter> found{{"GPP_A", "found"}};

TEST_F(BenchDaemonTest, RestoresAPhoneBeforeTheNextHasIt)
{
    const auto first = client();
    EXPECT_TRUE(first->welcome().restores);
    const BenchGrant grant = lease(*first).value();
    ASSERT_TRUE(first->ask(LeaseEvent{LeaseSave{{}, grant.lease, found}}).has_value());
    ASSERT_TRUE(first->ask(LeaseEvent{LeaseRelease{{}, grant.lease}}).has_value());
    const RecordingRestorer::Order order = m_restorer.next();
    EXPECT_EQ(order.phone, "alice");
    EXPECT_EQ(order.parameters, found);
    const auto second = client();
    const emulator::Result<BenchGrant> early = lease(*second);
    ASSERT_TRUE(early.has_error());
    EXPECT_EQ(early.error().detail, "alice is being restored after lease 1");
    order.done({});
    EXPECT_EQ(lease(*second, true).value().lease, Fence{2});
    EXPECT_EQ(m_restorer.waiting(), 0u);
}

TEST_F(BenchDaemonTest, AsksAgainForWhatWasNotRestoredWhenItEnded)
{
    const auto first = client();
    const BenchGrant grant = lease(*first).value();
    ASSERT_TRUE(first->ask(LeaseEvent{LeaseSave{{}, grant.lease, found}}).has_value());
    ASSERT_TRUE(first->ask(LeaseEvent{LeaseRelease{{}, grant.lease}}).has_value());
    const RecordingRestorer::Order lost = m_restorer.next();
    stop();
    lost.done({});  // nobody is there to hear it
    serve();
    const RecordingRestorer::Order order = m_restorer.next();
    EXPECT_EQ(order.parameters, found);
    order.done(emulator::fail(emulator::ErrorKind::Unreachable, "no answer"));
    const auto second = client();
    const emulator::Result<BenchGrant> refused = lease(*second, true);
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().detail,
              "alice is quarantined: restoring its parameters after lease 1 failed: no answer");
}

TEST_F(BenchDaemonTest, AHolderFindsARestartedDaemonAgain)
{
    auto connection = client();
    const BenchGrant grant = lease(*connection).value();
    HeldLease held{m_address, "me@here", std::move(connection), grant};
    stop();
    serve();
    std::optional<std::string> news;
    while (!news && !held.lost())
        news = held.keep(10ms);
    EXPECT_EQ(news, "the bench daemon was away and is back; lease 1 of alice goes on");
    ASSERT_TRUE(held.release().has_value());
    EXPECT_EQ(lease(*client()).value().lease, Fence{2});
}

TEST_F(BenchDaemonTest, AHolderWhoseLeaseWasTakenAwayMeanwhileIsToldSo)
{
    auto connection = client();
    const BenchGrant grant = lease(*connection).value();
    HeldLease held{m_address, "me@here", std::move(connection), grant};
    stop();
    serve();
    ASSERT_TRUE(client()->ask(LeaseEvent{PhoneKick{{}, "alice", {}, "demo"}}).has_value());
    while (!held.lost())
        held.keep(10ms);
    EXPECT_EQ(*held.lost(), "lease 1 of alice has ended: it was taken away by me@here: demo");
    EXPECT_TRUE(held.release().has_error());
}

}  // namespace
}  // namespace hwbridge
