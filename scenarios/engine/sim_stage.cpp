#include "scenarios/engine/sim_stage.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/notify_action.hpp"

#include <algorithm>

namespace scenarios {

namespace {

constexpr emulator::IpAddress firstPhone{0x0a4e0001};   // 10.78.0.1
constexpr emulator::IpAddress firstServer{0xc000020a};  // 192.0.2.10 (RFC 5737)
constexpr emulator::IpAddress browser{0xc0000202};      // 192.0.2.2
constexpr std::uint16_t firstBrowserPort = 49152;       // RFC 6335 section 6

}  // namespace

emulator::Result<std::unique_ptr<SimStage>> SimStage::make(const Scenario& scenario, unsigned threads,
                                                           emulator::Seed seed, hwbridge::PacketSink* packets,
                                                           const std::function<void(emulator::Fleet&)>& alter)
{
    std::vector<Server> servers;
    emulator::VirtualNetwork network;
    for (const ServerPlan& plan : scenario.servers) {
        const emulator::IpAddress address{firstServer.value + static_cast<std::uint32_t>(servers.size())};
        const std::uint16_t port = plan.port != 0 ? plan.port : defaultPort(plan.kind);
        servers.push_back({plan.name, {address, port}, {}});
        for (const std::string& name : namesOf(plan))
            network.names[name] = {address};
    }
    const ServerPlace place = [&](const std::string& name) {
        const auto found =
            std::find_if(servers.begin(), servers.end(), [&](const Server& s) { return s.name == name; });
        return found == servers.end() ? emulator::Endpoint{} : found->at;
    };
    const auto origins = std::make_shared<Origins>();
    for (std::size_t i = 0; i < servers.size(); ++i) {
        servers[i].made = makeServer(scenario.servers[i], scenario, place, origins);
        if (const emulator::HttpService* http = servers[i].made.core->http())
            origins->push_back({servers[i].at, namesOf(scenario.servers[i]), http});
    }
    emulator::Result<emulator::Fleet> fleet = planFleet(scenario, place, firstPhone, seed);
    if (fleet.has_error())
        return fleet.error();
    if (alter)
        alter(*fleet);
    std::vector<StagePhone> phones = planPhones(scenario, *fleet);
    return std::unique_ptr<SimStage>{new SimStage{std::move(phones), std::move(servers), *std::move(fleet),
                                                  std::move(network), threads, scenario.title, packets}};
}

SimStage::SimStage(std::vector<StagePhone> phones, std::vector<Server> servers, emulator::Fleet fleet,
                   emulator::VirtualNetwork network, unsigned threads, std::string_view story,
                   hwbridge::PacketSink* packets)
    : EmulatedStage{std::move(phones)},
      m_start{fleet.start},
      m_servers{std::move(servers)},
      m_browserPort{firstBrowserPort}
{
    if (packets != nullptr)
        m_wire.emplace(m_start, story, *packets);
    m_run = std::make_unique<emulator::VirtualRun>(
        std::move(fleet), std::move(network), std::max(1u, threads), static_cast<emulator::TraceSink&>(*this),
        emulator::VirtualRun::ShardSinks{}, m_wire ? &*m_wire : nullptr);
    for (const Server& server : m_servers) {
        if (const emulator::HttpService* http = server.made.core->http())
            m_run->addHttp(server.name, server.at, *http);
        else if (const emulator::DatagramService* datagram = server.made.core->datagram())
            m_run->addDatagram(server.name, server.at, *datagram);
    }
}

SimStage::Server* SimStage::find(std::string_view name)
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? nullptr : &*found;
}

emulator::Endpoint SimStage::server(std::string_view name) const
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const Server& s) { return s.name == name; });
    return found == m_servers.end() ? emulator::Endpoint{} : found->at;
}

ActionId SimStage::start(PhoneNumber phone, Action action)
{
    const ActionId id = nextId();
    const emulator::PhoneIndex index{static_cast<std::uint32_t>(phone)};
    std::visit(
        emulator::Overloaded{
            [&](const PowerOn&) {
                if (m_run->phone(index).answersWeb())
                    return finish(id, now());
                awaitPower(phone, Power::On, id);
                m_run->post(index, emulator::PowerApplied{});
            },
            [&](const PowerOff&) {
                if (m_run->phone(index).state() == emulator::PhoneState::Off)
                    return finish(id, now());
                awaitPower(phone, Power::Off, id);
                m_run->post(index, emulator::PowerRemoved{});
            },
            [&](const TakeCall& call) {
                if (!m_run->phone(index).answersWeb())
                    return finish(id, now(), whileOff());
                awaitLine(phone, call.line, true, id);
                m_run->post(index, emulator::CallBegan{call.line});
            },
            [&](const HangUp& call) {
                if (!m_run->phone(index).answersWeb())
                    return finish(id, now(), whileOff());
                awaitLine(phone, call.line, false, id);
                m_run->post(index, emulator::CallEnded{call.line});
            },
            [&](PressKeys& keys) {
                if (!m_run->phone(index).answersWeb())
                    return finish(id, now(), whileOff());
                awaitDisplay(phone, id);
                m_run->post(index, emulator::KeysPressed{std::move(keys.path), std::move(keys.entered)});
            },
            [&](Browse& browse) {
                const emulator::Endpoint from{browser, m_browserPort};
                m_browserPort = m_browserPort == UINT16_MAX ? firstBrowserPort
                                                            : static_cast<std::uint16_t>(m_browserPort + 1);
                m_run->browse(
                    index, std::move(browse.request), from,
                    [this, id](emulator::TimePoint at, std::optional<emulator::HttpResponse> response) {
                        if (response)
                            finish(id, at, *std::move(response));
                        else
                            finish(id, at,
                                   emulator::fail(emulator::ErrorKind::Unreachable,
                                                  "the phone's web server does not answer"));
                    });
            },
            [&](const Submit&) { finish(id, now(), noForms()); },
            [&](ServerScript& script) {
                if (Server* const server = find(script.server))
                    server->made.core->script(std::move(script.fault));
                finish(id, now());
            },
            [&](PutFile& file) {
                if (Server* const server = find(file.server))
                    server->made.files->put(std::move(file.path), std::move(file.bytes));
                finish(id, now());
            },
            [&](const RemoveFile& file) {
                if (Server* const server = find(file.server))
                    server->made.files->remove(file.path);
                finish(id, now());
            },
            [&](Notify& notify) {
                const emulator::Endpoint proxy = server(notify.server);
                const emulator::Endpoint at{phones()[static_cast<std::size_t>(phone)].address,
                                            emulator::virtualSipPort};
                auto result = std::make_shared<fixtures::NotifyResult>();
                m_run->converse(
                    index, proxy,
                    fixtures::makeNotifySession(completeNotify(std::move(notify.plan), id, proxy, at),
                                                result),
                    [this, id, result](emulator::TimePoint end) { finish(id, end, notifyAnswer(*result)); });
            },
        },
        action);
    return id;
}

void SimStage::seen(const emulator::TraceEvent& event)
{
    if (m_gate != nullptr)
        m_gate->pass(event.at);
    EmulatedStage::seen(event);
}

void SimStage::waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                         const std::function<void(const ActionResult&)>& done,
                         const std::function<bool()>& stop)
{
    m_sink = &sink;
    handOver(done);
    bool stopped = stop();
    if (!stopped)
        m_run->runUntil(deadline, [&] {
            handOver(done);
            return stopped = stop();
        });
    if (m_gate != nullptr) {
        if (stopped)
            m_gate->lookAround(now());
        else
            m_gate->pass(now());
    }
    handOver(done);
    m_sink = nullptr;
}

}  // namespace scenarios
