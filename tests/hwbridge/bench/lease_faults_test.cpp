#include "hwbridge/bench/lease_journal.hpp"
#include "tests/hwbridge/bench/lease_observer.hpp"
#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <random>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::TimePoint;
using emulator::WallTime;
using State = PhoneLease::State;

constexpr std::size_t phoneCount = 6;
constexpr std::size_t clientCount = 10;
constexpr std::size_t cycles = 10'000;
constexpr std::uint64_t seed = 20'260'101;
constexpr LeaseLimits limits{.heartbeat = 15s, .longest = 120s, .restoring = 30s, .waiting = 64};
const WallTime zero{1'700'000'000s};

struct Client {
    enum class Knows : std::uint8_t { Nothing, Waits, Holds };
    Knows knows = Knows::Nothing;
    LeaseCommandId command{};
    Fence fence{};
};

// A bench with a real journal, clients that come, forget and die, and a daemon that is killed wherever it hurts. All of
// it follows from the seed.
class FaultyBench {
public:
    explicit FaultyBench(std::string folder) : m_folder{std::move(folder)}, m_clients(clientCount)
    {
        start();
    }

    void live()
    {
        while (m_observer.granted() < cycles && m_observer.broken().empty())
            oneThing();
    }

    // Everybody leaves, everything is restored.
    void drain()
    {
        for (Client& client : m_clients) {
            if (client.knows == Client::Knows::Waits)
                happen(LeaseWithdrawn{client.command});
            client = {};
        }
        for (int i = 0; i < 4; ++i) {
            m_now += 200s;
            happen(LeaseTimePassed{});
            restoreAll();
        }
    }

    const LeaseObserver& observer() const { return m_observer; }
    const LeaseTable& table() const { return *m_table; }
    std::map<std::string, PhoneLease> journal() const { return m_journal->read().value(); }
    std::size_t restarts() const { return m_restarts; }

private:
    std::uint64_t draw(std::uint64_t below) { return m_chance() % below; }
    std::string phoneName() { return "phone" + std::to_string(draw(phoneCount)); }

    void oneThing()
    {
        m_now += std::chrono::milliseconds{draw(2000)};
        switch (draw(40)) {
        case 0:
            return restart();
        case 1:
            return happen(PhoneKick{next(), phoneName(), "operator", "needed elsewhere"});
        case 2:
            m_now += 20s;  // longer than a heartbeat: whoever was slow is late
            return happen(LeaseTimePassed{});
        case 3:
        case 4:
        case 5:
            return restoreOne();
        default:
            return client(m_clients[draw(clientCount)]);
        }
    }

    void client(Client& client)
    {
        switch (client.knows) {
        case Client::Knows::Nothing: {
            LeaseRequest request{next(),   "client",     {},   std::chrono::seconds{1 + draw(200)},
                                 "faults", draw(4) != 0, false};
            if (draw(2) == 0)
                request.wanted.tag = draw(2) == 0 ? "odd" : "even";
            else
                request.wanted.name = phoneName();
            request.toCheck = draw(3) == 0 && !request.wanted.name.empty();
            client.command = request.command;
            return happen(request, &client);
        }
        case Client::Knows::Waits:
            if (draw(8) != 0)
                return;
            return happen(LeaseWithdrawn{std::exchange(client, {}).command});
        case Client::Knows::Holds:
            break;
        }
        switch (draw(6)) {
        case 0:
            return happen(LeaseRenewal{next(), client.fence}, &client);
        case 1:
            return happen(LeaseSave{next(),
                                    client.fence,
                                    {{"P" + std::to_string(draw(4)), std::to_string(m_chance())}}},
                          &client);
        case 2:
            return happen(PhoneVerdict{next(), client.fence, draw(4) == 0 ? "no page" : ""}, &client);
        case 3:
            client = {};  // killed: nobody is told
            return;
        default:
            return happen(LeaseRelease{next(), client.fence}, &client);
        }
    }

    void restoreOne()
    {
        for (const LeaseTable::Phone& phone : m_table->phones())
            if (phone.lease.state == State::Restoring)
                return happen(
                    PhoneRestored{phone.what.name, phone.lease.fence, draw(10) == 0 ? "no answer" : ""});
    }
    void restoreAll()
    {
        for (std::size_t i = 0; i < phoneCount; ++i) {
            const LeaseTable::Phone phone = m_table->phones()[i];
            if (phone.lease.state == State::Restoring)
                happen(PhoneRestored{phone.what.name, phone.lease.fence, ""});
        }
    }

    LeaseCommandId next() { return LeaseCommandId{++m_commands}; }

    // The daemon may be killed before it has remembered what came of it, or before it has said so.
    void happen(const LeaseEvent& event, Client* by = nullptr)
    {
        const std::uint64_t fate = draw(60);
        const LeaseEffects effects = m_table->handle(m_now, event);
        if (fate == 0)
            return restart();
        keep(effects);
        m_observer.saw(event, effects, *m_table);
        if (fate == 1)
            return restart();
        for (const LeaseEffect& effect : effects)
            tell(effect, by);
    }

    void tell(const LeaseEffect& effect, Client* by)
    {
        if (const auto* const granted = std::get_if<LeaseGranted>(&effect)) {
            for (Client& client : m_clients)
                if (client.command == granted->command)
                    client = {Client::Knows::Holds, {}, granted->fence};
        } else if (const auto* const waits = std::get_if<LeaseWaits>(&effect)) {
            by->knows = Client::Knows::Waits;
        } else if (const auto* const refused = std::get_if<LeaseRefused>(&effect)) {
            for (Client& client : m_clients)
                if (client.command == refused->command ||
                    (&client == by && client.knows == Client::Knows::Holds))
                    client = {};
        }
    }

    void restart()
    {
        ++m_restarts;
        m_journal.reset();
        start();
        for (Client& client : m_clients)
            if (client.knows != Client::Knows::Holds)
                client = {};
    }

    void start()
    {
        auto journal = LeaseJournal::open(m_folder, zero);
        ASSERT_TRUE(journal.has_value()) << journal.error().detail;
        m_journal = std::move(*journal);
        std::vector<LeasedPhone> phones;
        for (std::size_t i = 0; i < phoneCount; ++i)
            phones.push_back({"phone" + std::to_string(i), "M", {i % 2 == 0 ? "even" : "odd"}});
        m_table.emplace(std::move(phones), limits, m_journal->read().value());
        const LeaseEffects effects = m_table->begin(m_now);
        keep(effects);
        m_observer.sawRestart(effects, *m_table);
    }

    void keep(const LeaseEffects& effects)
    {
        std::vector<RememberLease> leases;
        for (const LeaseEffect& effect : effects)
            if (const auto* const lease = std::get_if<RememberLease>(&effect))
                leases.push_back(*lease);
        if (leases.empty())
            return;
        ASSERT_TRUE(m_journal->keep(leases).has_value());
    }

    std::string m_folder;
    std::mt19937_64 m_chance{seed};
    TimePoint m_now{};
    std::unique_ptr<LeaseJournal> m_journal;
    std::optional<LeaseTable> m_table;
    LeaseObserver m_observer;
    std::vector<Client> m_clients;
    std::uint64_t m_commands = 0;
    std::size_t m_restarts = 0;
};

// Where a file is safe at once: this is about the process that dies, not about the machine.
std::filesystem::path fastFolder()
{
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

TEST(LeaseFaultsTest, TenThousandLeasesAmidFaultsLeakAndDoubleNone)
{
    const TemporaryFolder folder{fastFolder()};
    FaultyBench bench{folder / "state"};
    bench.live();
    bench.drain();
    EXPECT_EQ(bench.observer().broken(), std::vector<std::string>{}) << "seed " << seed;
    EXPECT_GE(bench.observer().granted(), cycles);
    EXPECT_EQ(bench.observer().ended(), bench.observer().granted());
    EXPECT_GT(bench.observer().restored(), cycles / 20);
    EXPECT_GT(bench.restarts(), cycles / 20);
    EXPECT_TRUE(bench.table().queue().empty());
    for (const auto& [name, lease] : bench.journal()) {
        EXPECT_EQ(lease.state, State::Free) << name;
        EXPECT_TRUE(lease.saved.empty() || !lease.quarantine.empty()) << name;
    }
}

}  // namespace
}  // namespace hwbridge
