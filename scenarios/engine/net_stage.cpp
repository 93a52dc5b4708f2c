#include "scenarios/engine/net_stage.hpp"

#include "emulator/base/overloaded.hpp"

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
    m_host.reset();
}

emulator::Result<void> NetStage::openServers(const Scenario& scenario)
{
    m_host = fixtures::ServerHost::make(
        m_queue->addProducer(),
        [this](emulator::IpAddress address) -> std::optional<emulator::MacAddress> {
            const emulator::NetFleet* const fleet = m_known;
            return fleet == nullptr ? std::nullopt : fleet->macAt(address);
        },
        [this] {
            const emulator::NetFleet* const fleet = m_known;
            return fleet == nullptr ? TimePoint{} : fleet->now();
        });
    // All listen before any file is filled in: files may name every server. Cores take their files late.
    const ServerPlace place = [this](const std::string& name) { return server(name); };
    const auto origins = std::make_shared<Origins>();
    for (const ServerPlan& plan : scenario.servers) {
        ServerPlan empty = plan;
        empty.files.clear();
        ServerMade made = makeServer(empty, scenario, place, origins);
        fixtures::ServerCore* const core = made.core.get();
        const auto at = m_host->add(plan.name, std::move(made.core), {{0x7f000001}, plan.port});
        if (at.has_error())
            return at.error();
        m_servers.push_back({plan.name, *at, core, made.files});
        if (core->http() != nullptr)
            m_host->change([&] { origins->push_back({*at, namesOf(plan), core->http()}); });
    }
    for (const ServerPlan& plan : scenario.servers) {
        const ServerMade filled = makeServer(plan, scenario, place, nullptr);
        for (const PlannedFile& file : plan.files)
            if (const auto bytes = filled.files->read(file.path); bytes.has_value())
                find(plan.name)->files->put(file.path, **bytes);
    }
    return {};
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

NetStage::Server* NetStage::find(std::string_view name)
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? nullptr : &*found;
}

emulator::Endpoint NetStage::server(std::string_view name) const
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? emulator::Endpoint{} : found->at;
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
            [&](ServerScript& script) {
                if (Server* const server = find(script.server))
                    m_host->change([&] { server->core->script(script.fault); });
                finish(id, now());
            },
            [&](PutFile& file) {
                if (Server* const server = find(file.server))
                    m_host->change([&] { server->files->put(file.path, file.bytes); });
                finish(id, now());
            },
            [&](const RemoveFile& file) {
                if (Server* const server = find(file.server))
                    m_host->change([&] { server->files->remove(file.path); });
                finish(id, now());
            },
            [&](Notify& notify) {
                const emulator::Endpoint proxy = server(notify.server);
                const emulator::Endpoint at{phones()[static_cast<std::size_t>(phone)].address,
                                            m_fleet->sipPort()};
                auto result = std::make_shared<fixtures::NotifyResult>();
                m_host->converse(
                    notify.server, at,
                    fixtures::makeNotifySession(complete(std::move(notify.plan), id, proxy, at), result),
                    [this, id, result] {
                        const std::lock_guard lock{m_mutex};
                        m_answers.push_back({id, answerOf(*result)});
                    });
            },
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
    constexpr std::chrono::milliseconds look = 5ms;
    m_sink = &sink;
    while (true) {
        // Answers first, events then: what a phone did before it answered is known when its answer is.
        takeAnswers();
        m_queue->drain(*this, 0ms);
        handOver(done);
        if (stop() || now() >= deadline)
            break;
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - now());
        const auto asked = std::clamp<std::chrono::milliseconds>(rest, 1ms, look);
        const TimePoint before = now();
        // A wait that took longer than asked for, with nothing to do, is the rig's own lateness.
        if (m_queue->drain(*this, asked) == 0)
            m_lag = std::max(m_lag, now() - before - Duration{asked});
    }
    m_sink = nullptr;
}

std::vector<std::string> NetStage::troubles()
{
    std::vector<std::string> all;
    if (const std::uint64_t dropped = m_queue->dropped(); dropped > 0)
        all.push_back(fmt::format("{} events did not fit into the rig's queue and were dropped", dropped));
    if (const std::uint64_t lost = m_fleet->counters().droppedSyslog; lost > 0)
        all.push_back(fmt::format("{} syslog lines could not be sent by the rig", lost));
    if (const std::uint64_t lost = m_host->dropped(); lost > 0)
        all.push_back(fmt::format(
            "{} datagrams did not fit into the buffers of the rig's servers and were dropped", lost));
    return all;
}

Duration NetStage::worstLag()
{
    const Duration own = std::exchange(m_lag, Duration{});
    return std::max(own, m_fleet->worstLag());
}

}  // namespace scenarios
