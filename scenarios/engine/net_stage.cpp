#include "scenarios/engine/net_stage.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/notify_action.hpp"
#include "scenarios/engine/real_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::TimePoint;

// Our choices: as long as a patient person at a browser, and as many connections as no machine refuses.
constexpr Duration browserPatience = 20s;
constexpr std::size_t browserSockets = 256;

std::vector<emulator::EventKind> allKinds()
{
    std::vector<emulator::EventKind> kinds;
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(emulator::EventKind::Count); ++i)
        kinds.push_back(static_cast<emulator::EventKind>(i));
    return kinds;
}

}  // namespace

struct NetStage::Browser {
    emulator::EventLoop loop;
    emulator::SocketBudget budget{loop, browserSockets};
    std::unique_ptr<emulator::HttpClient> client = std::make_unique<emulator::HttpClient>(loop, budget);
    std::unique_ptr<RigNameServer> names;
    std::thread thread;

    void go()
    {
        if (names)
            loop.post([this] { names->listen(loop); });
        thread = std::thread{[this] { loop.run(); }};
    }
    ~Browser()
    {
        if (thread.joinable()) {
            loop.stop();
            thread.join();
        }
        names.reset();
        client.reset();
    }
};

NetStage::NetStage(std::vector<StagePhone> phones) : EmulatedStage{std::move(phones)} {}

NetStage::~NetStage()
{
    // The fleet ends first, then those who still may be asked by it.
    m_known = nullptr;
    m_fleet.reset();
    m_browser.reset();
    m_servers.reset();
}

emulator::Result<void> NetStage::openServers(const Scenario& scenario)
{
    m_servers = std::make_unique<RigServers>(
        m_queue->addProducer(),
        [this](emulator::IpAddress address) -> std::optional<emulator::MacAddress> {
            const emulator::NetFleet* const fleet = m_known;
            return fleet == nullptr ? std::nullopt : fleet->macAt(address);
        },
        [this] {
            const emulator::NetFleet* const fleet = m_known;
            return fleet == nullptr ? TimePoint{} : fleet->now();
        });
    return m_servers->open(scenario, {0x7f000001});
}

emulator::Result<std::unique_ptr<NetStage>> NetStage::make(const Scenario& scenario,
                                                           const NetStageOptions& options)
{
    // Phones need to know where the servers are, the stage needs to know the phones: a first plan gives their names
    // and addresses, a second one their presets.
    const auto nowhere = [](const std::string&) { return emulator::Endpoint{{0x7f000001}, 6900}; };
    emulator::Result<emulator::Fleet> named = planFleet(scenario, nowhere, options.firstPhone, options.seed);
    if (named.has_error())
        return named.error();
    std::unique_ptr<NetStage> stage{new NetStage{planPhones(scenario, *named)}};
    stage->m_queue = std::make_unique<emulator::TraceQueue>(allKinds());
    if (const auto opened = stage->openServers(scenario); opened.has_error())
        return opened.error();
    emulator::Result<emulator::Fleet> fleet = planFleet(
        scenario, [&](const std::string& name) { return stage->server(name); }, options.firstPhone,
        options.seed);
    if (fleet.has_error())
        return fleet.error();

    stage->m_browser = std::make_unique<Browser>();
    emulator::NetOptions net = options.net;
    net.powerOnAtStart = false;
    if (scenario.usesRigNames && !net.dns) {
        RigNames names;
        for (const ServerPlan& plan : scenario.servers)
            for (const std::string& name : namesOf(plan))
                names[name] = {stage->server(plan.name).address};
        auto server = RigNameServer::open(stage->m_browser->loop, std::move(names));
        if (server.has_error())
            return server.error();
        net.dns = (*server)->at();
        stage->m_browser->names = *std::move(server);
    }
    if (options.alter)
        options.alter(*fleet);
    // Real time: the phones' calendar is the host's.
    fleet->start = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    stage->m_start = fleet->start;
    auto opened = emulator::NetFleet::open(*std::move(fleet), std::move(net), *stage->m_queue);
    if (opened.has_error())
        return opened.error();
    stage->m_fleet = *std::move(opened);
    stage->m_known = stage->m_fleet.get();
    stage->m_browser->go();
    return stage;
}

emulator::Endpoint NetStage::server(std::string_view name) const
{
    return m_servers->at(name);
}

emulator::PhoneState NetStage::stateOf(emulator::PhoneIndex phone) const
{
    const std::vector<emulator::PhoneSnapshot> seen = m_fleet->snapshot(phone, 1);
    return seen.empty() ? emulator::PhoneState::Off : seen.front().state;
}

bool NetStage::answers(emulator::PhoneIndex phone) const
{
    const emulator::PhoneState state = stateOf(phone);
    return state != emulator::PhoneState::Off && state != emulator::PhoneState::Booting;
}

ActionId NetStage::start(PhoneNumber phone, Action action)
{
    const ActionId id = nextId();
    const emulator::PhoneIndex index{static_cast<std::uint32_t>(phone)};
    std::visit(
        emulator::Overloaded{
            [&](const PowerOn&) {
                if (answers(index))
                    return finish(id, now());
                awaitPower(phone, Power::On, id);
                m_fleet->post(index, emulator::PowerApplied{});
            },
            [&](const PowerOff&) {
                if (stateOf(index) == emulator::PhoneState::Off)
                    return finish(id, now());
                awaitPower(phone, Power::Off, id);
                m_fleet->post(index, emulator::PowerRemoved{});
            },
            [&](const TakeCall& call) {
                if (!answers(index))
                    return finish(id, now(), whileOff());
                awaitLine(phone, call.line, true, id);
                m_fleet->post(index, emulator::CallBegan{call.line});
            },
            [&](const HangUp& call) {
                if (!answers(index))
                    return finish(id, now(), whileOff());
                awaitLine(phone, call.line, false, id);
                m_fleet->post(index, emulator::CallEnded{call.line});
            },
            [&](PressKeys& keys) {
                if (!answers(index))
                    return finish(id, now(), whileOff());
                awaitDisplay(phone, id);
                m_fleet->post(index, emulator::KeysPressed{std::move(keys.path), std::move(keys.entered)});
            },
            [&](Browse& browse) {
                const StagePhone& who = phones()[static_cast<std::size_t>(phone)];
                emulator::HttpCall call;
                call.server = {who.address, m_fleet->webPort()};
                call.request = std::move(browse.request);
                call.connectTimeout = call.idleTimeout = call.totalTimeout = browserPatience;
                m_browser->loop.post([this, id, call = std::move(call)]() mutable {
                    m_browser->client->call(std::move(call), {},
                                            [this, id](emulator::Result<emulator::HttpResponse> response) {
                                                const std::lock_guard lock{m_mutex};
                                                m_answers.push_back({id, std::move(response)});
                                            });
                });
            },
            [&](const ServerScript& script) {
                m_servers->script(script);
                finish(id, now());
            },
            [&](const PutFile& file) {
                m_servers->put(file);
                finish(id, now());
            },
            [&](const RemoveFile& file) {
                m_servers->remove(file);
                finish(id, now());
            },
            [&](Notify& notify) {
                const emulator::Endpoint at{phones()[static_cast<std::size_t>(phone)].address,
                                            m_fleet->sipPort()};
                m_servers->notify(notify.server,
                                  completeNotify(std::move(notify.plan), id, server(notify.server), at),
                                  [this, id](const fixtures::NotifyResult& result) {
                                      const std::lock_guard lock{m_mutex};
                                      m_answers.push_back({id, notifyAnswer(result)});
                                  });
            },
            [&](const Submit&) { finish(id, now(), noForms()); },
        },
        action);
    return id;
}

void NetStage::takeAnswers()
{
    std::vector<Answer> answers;
    {
        const std::lock_guard lock{m_mutex};
        answers.swap(m_answers);
    }
    for (Answer& answer : answers)
        finish(answer.id, now(), std::move(answer.response));
}

void NetStage::waitUntil(TimePoint deadline, emulator::TraceSink& sink,
                         const std::function<void(const ActionResult&)>& done,
                         const std::function<bool()>& stop)
{
    m_sink = &sink;
    const RealTime how{*m_queue, [this] { return now(); }, [this] { takeAnswers(); },
                       [&] { handOver(done); }};
    m_lag = std::max(m_lag, passRealTime(how, deadline, *this, stop));
    m_sink = nullptr;
}

std::vector<std::string> NetStage::troubles()
{
    std::vector<std::string> all;
    if (const std::uint64_t dropped = m_queue->dropped(); dropped > 0)
        all.push_back(fmt::format("{} events did not fit into the rig's queue and were dropped", dropped));
    if (const std::uint64_t lost = m_fleet->counters().droppedSyslog; lost > 0)
        all.push_back(fmt::format("{} syslog lines could not be sent by the rig", lost));
    if (const std::uint64_t lost = m_servers->dropped(); lost > 0)
        all.push_back(fmt::format(
            "{} datagrams did not fit into the buffers of the rig's servers and were dropped", lost));
    if (emulator::descriptorShortages() != m_shortagesBefore || m_fleet->counters().waitedForSockets > 0)
        all.emplace_back(
            "the limit of open files is too low for so many phones at once (phonerig doctor says how to "
            "raise it)");
    return all;
}

Duration NetStage::worstLag()
{
    const Duration own = std::exchange(m_lag, Duration{});
    return std::max(own, m_fleet->worstLag());
}

}  // namespace scenarios
