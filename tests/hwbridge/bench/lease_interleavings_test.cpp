#include "tests/hwbridge/bench/lease_observer.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::TimePoint;
using State = PhoneLease::State;

// Time moves in steps of a second; everything that waits does so for a few of them.
constexpr LeaseLimits shortLimits{.heartbeat = 2s, .longest = 3s, .restoring = 2s, .waiting = 8};
constexpr Duration step = 1s;
constexpr std::size_t mostWorlds = 200'000;

struct Size {
    const char* name;
    std::size_t phones;
    std::size_t clients;
    bool checks;      // one more kind of client: it takes quarantined phones and judges them
    bool savesTwice;  // saves of one parameter, then of another
};

// A client that is told nothing it did not ask for: it goes on with a lease that was taken away until it is refused.
struct ModelClient {
    enum class Knows : std::uint8_t { Nothing, Waits, Holds };
    Knows knows = Knows::Nothing;
    LeaseCommandId command{};
    Fence fence{};
};

struct World {
    LeaseTable table;
    LeaseObserver observer;
    std::vector<ModelClient> clients;
    TimePoint now{};
    std::uint64_t commands = 0;
};

std::vector<LeasedPhone> phonesOf(const Size& size)
{
    std::vector<LeasedPhone> phones;
    for (std::size_t i = 0; i < size.phones; ++i)
        phones.push_back({std::string(1, static_cast<char>('a' + i)), "M", {"t"}});
    return phones;
}

std::map<std::string, PhoneLease> memoryOf(const LeaseObserver& observer)
{
    std::map<std::string, PhoneLease> memory;
    for (const auto& [name, phone] : observer.phones())
        memory[name] = phone.remembered;
    return memory;
}

// Two worlds with one key go on alike: numbers of leases by their order only, times from now, names of clients by place.
std::string keyOf(const World& world)
{
    std::vector<Fence> order;
    for (const LeaseTable::Phone& phone : world.table.phones())
        order.push_back(phone.lease.fence);
    for (const ModelClient& client : world.clients)
        order.push_back(client.fence);
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    const auto rank = [&](Fence fence) {
        return static_cast<char>('A' + (std::lower_bound(order.begin(), order.end(), fence) - order.begin()));
    };
    const auto left = [&](TimePoint until) { return static_cast<char>('0' + (until - world.now) / step); };
    std::string key;
    for (const LeaseTable::Phone& phone : world.table.phones()) {
        const PhoneLease& lease = phone.lease;
        key += static_cast<char>('0' + static_cast<int>(lease.state));
        key += rank(lease.fence);
        key += lease.state == State::Held ? lease.holder : "-";
        key += lease.state == State::Free ? '-' : left(lease.until);
        key += lease.state == State::Held ? left(lease.heartbeatBy) : '-';
        for (const SavedParameter& parameter : lease.saved)
            key += parameter.name;
        key += lease.quarantine.empty() ? '.' : 'q';
    }
    for (const LeaseRequest& request : world.table.queue())
        key += request.holder + request.wanted.name + (request.toCheck ? '!' : '?');
    for (const ModelClient& client : world.clients) {
        key += static_cast<char>('0' + static_cast<int>(client.knows));
        key += client.knows == ModelClient::Knows::Holds ? rank(client.fence) : '-';
    }
    return key;
}

// All that can happen next, in every world that can come about, each once.
class Interleavings {
public:
    explicit Interleavings(const Size& size) : m_size{size} {}

    void explore()
    {
        World first{LeaseTable{phonesOf(m_size), shortLimits, {}}, {}, {}};
        first.clients.resize(m_size.clients);
        first.table.begin(first.now);
        visit(std::move(first));
        while (!m_open.empty() && !testing::Test::HasFailure()) {
            const World world = std::move(m_open.back());
            m_open.pop_back();
            everything(world);
            ASSERT_LT(m_known.size(), mostWorlds) << "there is no end to it: something grows";
        }
    }
    std::size_t worlds() const { return m_known.size(); }
    std::size_t steps() const { return m_steps; }

private:
    void everything(const World& world)
    {
        for (std::size_t i = 0; i < world.clients.size(); ++i)
            client(world, i);
        for (const LeaseTable::Phone& phone : world.table.phones()) {
            happen(world, PhoneKick{next(world), phone.what.name, "operator", "why not"});
            happen(world, PhoneRelease{next(world), phone.what.name, "c0"});
            if (phone.lease.state == State::Restoring) {
                happen(world, PhoneRestored{phone.what.name, phone.lease.fence, ""});
                happen(world, PhoneRestored{phone.what.name, phone.lease.fence, "no answer"});
                // What became of the lease before: nobody waits for that any more.
                happen(world, PhoneRestored{phone.what.name, Fence{0}, ""});
            } else {
                happen(world, PhoneRestored{phone.what.name, phone.lease.fence, ""});
            }
        }
        World later = world;
        later.now += step;
        happen(later, LeaseTimePassed{});
        restart(world);
    }

    void client(const World& world, std::size_t index)
    {
        const ModelClient& client = world.clients[index];
        const LeaseCommandId command = next(world);
        switch (client.knows) {
        case ModelClient::Knows::Nothing: {
            LeaseRequest request{command, "c" + std::to_string(index), {{}, "t", {}}, 3s, "", true, false};
            happen(world, request, index);
            request.wait = false;
            happen(world, request, index);
            request.wanted = {"a", {}, {}};
            happen(world, request, index);
            request.wait = true;
            happen(world, request, index);
            if (m_size.checks) {
                request.toCheck = true;
                happen(world, request, index);
            }
            break;
        }
        case ModelClient::Knows::Waits: {
            World gone = world;
            gone.clients[index] = {};
            happen(gone, LeaseWithdrawn{client.command});
            break;
        }
        case ModelClient::Knows::Holds: {
            happen(world, LeaseRenewal{command, client.fence}, index);
            happen(world, LeaseSave{command, client.fence, {{"P", "found"}}}, index);
            if (m_size.savesTwice)
                happen(world, LeaseSave{command, client.fence, {{"P", "mine"}, {"Q", "found"}}}, index);
            happen(world, LeaseRelease{command, client.fence}, index);
            if (m_size.checks) {
                happen(world, PhoneVerdict{command, client.fence, ""}, index);
                happen(world, PhoneVerdict{command, client.fence, "no page"}, index);
            }
            World dead = world;  // killed: nobody is told, and another takes its place
            dead.clients[index] = {};
            visit(std::move(dead));
            break;
        }
        }
    }

    static LeaseCommandId next(const World& world) { return LeaseCommandId{world.commands + 1}; }

    // The event, and the same with the daemon killed after it had remembered and before it said anything.
    void happen(World world, const LeaseEvent& event, std::optional<std::size_t> by = {})
    {
        ++m_steps;
        ++world.commands;
        const LeaseTable before = world.table;
        const LeaseEffects effects = world.table.handle(world.now, event);
        world.observer.saw(event, effects, world.table);
        expectUnbroken(world, before, event);
        expectInTime(world);
        World killed = world;
        restart(std::move(killed));
        for (const LeaseEffect& effect : effects)
            tell(world, event, effect, by);
        visit(std::move(world));
    }

    static void tell(World& world, const LeaseEvent& event, const LeaseEffect& effect,
                     std::optional<std::size_t> by)
    {
        if (const auto* const granted = std::get_if<LeaseGranted>(&effect)) {
            for (std::size_t i = 0; i < world.clients.size(); ++i)
                if (i == by ? std::holds_alternative<LeaseRequest>(event) &&
                                  granted->command == std::get<LeaseRequest>(event).command
                            : world.clients[i].knows == ModelClient::Knows::Waits &&
                                  world.clients[i].command == granted->command)
                    world.clients[i] = {ModelClient::Knows::Holds, {}, granted->fence};
        } else if (const auto* const waits = std::get_if<LeaseWaits>(&effect)) {
            world.clients[by.value()] = {ModelClient::Knows::Waits, waits->command, {}};
        } else if (const auto* const refused = std::get_if<LeaseRefused>(&effect)) {
            for (ModelClient& client : world.clients)
                if (client.knows == ModelClient::Knows::Waits && client.command == refused->command)
                    client = {};
            if (by && world.clients[*by].knows == ModelClient::Knows::Holds)
                world.clients[*by] = {};
        } else if (std::holds_alternative<LeaseDone>(effect) && std::holds_alternative<LeaseRelease>(event)) {
            world.clients[by.value()] = {};
        }
    }

    // Killed and started again: requests that waited are gone with their connections, holders still believe.
    void restart(World world)
    {
        world.table = LeaseTable{phonesOf(m_size), shortLimits, memoryOf(world.observer)};
        const LeaseEffects effects = world.table.begin(world.now);
        world.observer.sawRestart(effects, world.table);
        for (ModelClient& client : world.clients)
            if (client.knows == ModelClient::Knows::Waits)
                client = {};
        EXPECT_EQ(world.observer.broken(), std::vector<std::string>{})
            << "after a restart in " << keyOf(world);
        visit(std::move(world));
    }

    void visit(World world)
    {
        if (!m_known.insert(keyOf(world)).second)
            return;
        expectNothingLeaks(world);
        m_open.push_back(std::move(world));
    }

    void expectUnbroken(const World& world, const LeaseTable& before, const LeaseEvent& event) const
    {
        if (world.observer.broken().empty())
            return;
        World shown = world;
        shown.table = before;
        ADD_FAILURE() << world.observer.broken().front() << ", event " << event.index() << " in "
                      << keyOf(shown);
    }

    // Nothing outlives its time, and no heartbeat is longer than one.
    static void expectInTime(const World& world)
    {
        for (const LeaseTable::Phone& phone : world.table.phones()) {
            const PhoneLease& lease = phone.lease;
            EXPECT_TRUE(lease.state == State::Free || lease.until > world.now) << keyOf(world);
            EXPECT_TRUE(
                lease.state != State::Held ||
                (lease.heartbeatBy > world.now && lease.heartbeatBy <= world.now + shortLimits.heartbeat))
                << keyOf(world);
        }
    }

    // From here on nobody renews, nobody restores, nobody asks: everything comes back, or says why not.
    void expectNothingLeaks(World world) const
    {
        const std::size_t waiting = world.table.queue().size();
        const Duration bound =
            (shortLimits.heartbeat + shortLimits.restoring) * static_cast<int>(waiting + 1);
        for (const TimePoint end = world.now + bound; world.now < end;) {
            world.now += step;
            world.table.handle(world.now, LeaseTimePassed{});
        }
        EXPECT_TRUE(world.table.queue().empty());
        EXPECT_FALSE(world.table.nextDeadline());
        for (const LeaseTable::Phone& phone : world.table.phones())
            EXPECT_TRUE(phone.lease.state == State::Free &&
                        (phone.lease.saved.empty() || !phone.lease.quarantine.empty()))
                << phone.what.name << " leaks from " << keyOf(world);
    }

    Size m_size;
    std::unordered_set<std::string> m_known;
    std::vector<World> m_open;
    std::size_t m_steps = 0;
};

class LeaseInterleavingsTest : public testing::TestWithParam<Size> {};

// Every order of request, renewal, save, release, kick, verdict, expiry, client's death, daemon's death before and after
// it answered, success and failure of restoring: to closure.
TEST_P(LeaseInterleavingsTest, NeverDoubleNorLeakAPhone)
{
    Interleavings all{GetParam()};
    all.explore();
    RecordProperty("worlds", std::to_string(all.worlds()));
    RecordProperty("steps", std::to_string(all.steps()));
    EXPECT_GT(all.worlds(), 100u);
}

INSTANTIATE_TEST_SUITE_P(Benches, LeaseInterleavingsTest,
                         testing::Values(Size{"OnePhoneTwoClientsAndChecks", 1, 2, true, true},
                                         Size{"OnePhoneThreeClients", 1, 3, false, false},
                                         Size{"TwoPhonesTwoClients", 2, 2, false, false}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace hwbridge
