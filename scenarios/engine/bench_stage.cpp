#include "scenarios/engine/bench_stage.hpp"

#include "emulator/base/overloaded.hpp"
#include "scenarios/engine/notify_action.hpp"
#include "scenarios/engine/real_time.hpp"

#include <fmt/format.h>

#include <utility>

namespace scenarios {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::Observer;
using emulator::Result;
using emulator::TimePoint;

namespace {

// Packets take a moment from the wire through the capture: an answer is handed over when those before it are there.
constexpr auto captureDelay = 30ms;
constexpr Duration clockTolerance = 100ms;
// A phone that said nothing for so long has ended what it had begun when the last step was over. Our choice: answers come
// within milliseconds, the page of a phone that is asked all the time never ends.
constexpr Duration quietEnd = 200ms;
constexpr Duration endOfTalk = 1s;

std::vector<EventKind> everyKind()
{
    std::vector<EventKind> kinds;
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(EventKind::Count); ++i)
        kinds.push_back(static_cast<EventKind>(i));
    return kinds;
}

class Nobody final : public emulator::TraceSink {
public:
    bool wants(EventKind) const override { return false; }
    void seen(const emulator::TraceEvent&) override {}
};

}  // namespace

BenchStage::BenchStage(const Scenario& scenario, BenchPlace place)
    : m_place{std::move(place)},
      m_zero{SteadyClock::now()},
      m_queue{everyKind()}
{
    m_phones.push_back({scenario.phoneNames().front().name, scenario.groups.front().name, m_place.model,
                        m_place.mac, m_place.address});
}

BenchStage::~BenchStage() = default;

Result<std::unique_ptr<BenchStage>> BenchStage::make(const Scenario& scenario, BenchPlace place,
                                                     hwbridge::PacketSink* packets)
{
    std::unique_ptr<BenchStage> stage{new BenchStage{scenario, std::move(place)}};
    if (const Result<void> prepared = stage->prepare(scenario, packets); prepared.has_error())
        return prepared.error();
    return stage;
}

Result<void> BenchStage::prepare(const Scenario& scenario, hwbridge::PacketSink* packets)
{
    m_servers = std::make_unique<RigServers>(
        m_queue.addProducer(),
        [phone = m_phones.front()](emulator::IpAddress address) {
            return address == phone.address ? std::optional{phone.mac} : std::nullopt;
        },
        [this] { return now(); });
    if (const Result<void> opened = m_servers->open(scenario, m_place.servers); opened.has_error())
        return opened;
    auto wire = BenchWire::open(m_place, m_queue.addProducer(), packets);
    if (wire.has_error())  // the bench's fault, whatever it is
        return emulator::fail(emulator::ErrorKind::Refused, fmt::format("capturing the packets of {}: {}",
                                                                        m_place.name, wire.error().detail));
    m_wire = *std::move(wire);
    m_hands = std::make_unique<BenchHands>(m_place, m_wire->phone());
    const auto presets = presetsOf(scenario, scenario.groups.front(),
                                   [this](const std::string& name) { return server(name); });
    if (const Result<void> done = m_hands->prepare(presets); done.has_error())
        return done;
    // The scenario begins here; what was seen before is none of its.
    m_zero = SteadyClock::now();
    m_start = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    m_offset = clockOffset();
    m_wire->record(m_start);
    Nobody nobody;
    m_queue.drain(nobody, 0ms);
    return {};
}

Duration BenchStage::clockOffset() const
{
    return std::chrono::floor<Duration>(std::chrono::system_clock::now().time_since_epoch()) -
           std::chrono::floor<Duration>(SteadyClock::now().time_since_epoch());
}

Observer BenchStage::usualObserver(EventKind kind, Observer otherwise) const
{
    const std::string_view word = name(kind);
    return word.starts_with("phone.") || word.starts_with("server.") ? otherwise : Observer::Wire;
}

TimePoint BenchStage::now() const
{
    return TimePoint{std::chrono::floor<Duration>(SteadyClock::now() - m_zero.load())};
}

ActionId BenchStage::start(PhoneNumber, Action action)
{
    const ActionId id{++m_lastId};
    const auto done = [this, id](BenchHands::Outcome outcome) { answered(id, std::move(outcome)); };
    const auto finished = [&] { m_finished.push_back({id, now(), emulator::HttpResponse{}}); };
    std::visit(emulator::Overloaded{
                   [&](ServerScript& script) {
                       m_servers->script(script);
                       finished();
                   },
                   [&](PutFile& file) {
                       m_servers->put(file);
                       finished();
                   },
                   [&](RemoveFile& file) {
                       m_servers->remove(file);
                       finished();
                   },
                   [&](Notify& notify) {
                       if (const auto lost = m_place.lost ? m_place.lost() : std::nullopt)
                           return done(emulator::fail(emulator::ErrorKind::Refused, *lost));
                       m_servers->notify(
                           notify.server,
                           completeNotify(std::move(notify.plan), id, server(notify.server),
                                          {m_place.address, m_place.sipPort}),
                           [done](const fixtures::NotifyResult& result) { done(notifyAnswer(result)); });
                   },
                   [&](auto& byHand) { m_hands->act(std::move(byHand), done); },
               },
               action);
    return id;
}

void BenchStage::answered(ActionId id, BenchHands::Outcome response)
{
    const std::scoped_lock lock{m_mutex};
    m_answers.push_back({id, SteadyClock::now(), std::move(response)});
}

void BenchStage::takeAnswers()
{
    const std::scoped_lock lock{m_mutex};
    const auto ripe = SteadyClock::now() - captureDelay;
    std::erase_if(m_answers, [&](Answer& answer) {
        if (answer.came > ripe)
            return false;
        m_finished.push_back({answer.id, now(), std::move(answer.response)});
        return true;
    });
}

void BenchStage::handOver(const std::function<void(const ActionResult&)>& done)
{
    for (const ActionResult& result : std::exchange(m_finished, {}))
        done(result);
}

void BenchStage::waitUntil(TimePoint deadline, emulator::TraceSink& sink,
                           const std::function<void(const ActionResult&)>& done,
                           const std::function<bool()>& stop)
{
    const RealTime how{m_queue, [this] { return now(); }, [this] { takeAnswers(); }, [&] { handOver(done); }};
    m_lag = std::max(m_lag, passRealTime(how, deadline, sink, stop));
}

void BenchStage::settle(emulator::TraceSink& sink)
{
    const hwbridge::PhoneWire& phone = m_wire->phone();
    waitUntil(
        now() + endOfTalk, sink, [](const ActionResult&) {},
        [&] { return !phone.heardSince(phone.now() - quietEnd); });
    endCapture();
    m_queue.drain(sink, 0ms);
}

std::uint64_t BenchStage::endCapture()
{
    m_wire->end();
    return m_wire->dropped();
}

std::vector<std::string> BenchStage::troubles()
{
    std::vector<std::string> all;
    if (const std::uint64_t dropped = m_queue.dropped(); dropped > 0)
        all.push_back(fmt::format("{} events did not fit into the rig's queue and were dropped", dropped));
    if (const std::uint64_t lost = m_servers->dropped(); lost > 0)
        all.push_back(fmt::format(
            "{} datagrams did not fit into the buffers of the rig's servers and were dropped", lost));
    if (std::string trouble = m_wire->trouble(); !trouble.empty())
        all.push_back(std::move(trouble));
    if (const Duration jump = clockOffset() - m_offset; std::chrono::abs(jump) > clockTolerance)
        all.push_back(fmt::format("the clock of this machine was set by {} meanwhile: times of packets "
                                  "cannot be trusted",
                                  printDuration(jump)));
    return all;
}

}  // namespace scenarios
