#include "scenarios/engine/bench_hands.hpp"

#include "emulator/base/overloaded.hpp"
#include "hwbridge/bench/saved_page.hpp"
#include "hwbridge/power/verified_power.hpp"
#include "scenarios/engine/phone_browser.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>

namespace scenarios {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::HttpResponse;
using emulator::Result;
using Clock = std::chrono::steady_clock;

namespace {

// Our choices: a boot takes one to two minutes, a phone on its way to quiet has finished a resync within one.
constexpr auto bootLimit = 180s;
constexpr auto pageTry = 2s;
constexpr auto pagePause = 250ms;
constexpr emulator::Duration quietTime = 2s;
constexpr emulator::Duration quietLimit = 60s;
constexpr emulator::Duration handsLooks = 100ms;  // at whether to go on waiting

HttpResponse responseOf(hwbridge::WebReply reply)
{
    HttpResponse response;
    response.status = reply.status;
    if (!reply.contentType.empty())
        response.fields.add("Content-Type", std::move(reply.contentType));
    response.body = emulator::shareBytes(std::move(reply.body));
    return response;
}

}  // namespace

BenchHands::BenchHands(const BenchPlace& place, hwbridge::PhoneWire& wire)
    : m_place{place},
      m_wire{wire},
      m_thread{[this] { work(); }}
{}

BenchHands::~BenchHands()
{
    {
        const std::scoped_lock lock{m_mutex};
        m_ending = true;
    }
    m_came.notify_all();
    m_thread.join();
}

void BenchHands::act(Action action, std::function<void(Outcome)> done)
{
    {
        const std::scoped_lock lock{m_mutex};
        m_jobs.push_back({std::move(action), std::move(done)});
    }
    m_came.notify_all();
}

void BenchHands::work()
{
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_came.wait(lock, [this] { return m_ending || !m_jobs.empty(); });
        if (m_ending)
            return;
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        const Result<void> may = mayTouch();
        Outcome outcome = may.has_error() ? Outcome{may.error()} : carryOut(job.action);
        if (const Result<void> still = mayTouch(); outcome.has_error() && still.has_error())
            outcome = still.error();  // why it was not waited for
        job.done(std::move(outcome));
        lock.lock();
    }
}

Result<void> BenchHands::mayTouch() const
{
    if (const std::optional<std::string> lost = m_place.lost ? m_place.lost() : std::nullopt)
        return emulator::fail(ErrorKind::Refused, *lost);
    return {};
}

// Whether nothing is to be waited for any more.
bool BenchHands::isOver() const
{
    return m_ending || mayTouch().has_error();
}

hwbridge::WebAccess BenchHands::web() const
{
    hwbridge::WebAccess access = m_place.web;
    access.stop = [this] { return isOver(); };
    return access;
}

BenchHands::Outcome BenchHands::carryOut(const Action& action)
{
    return std::visit(emulator::Overloaded{
                          [&](const PowerOn&) { return powerOn(); },
                          [&](const PowerOff&) { return powerOff(); },
                          [&](const Browse& one) { return browse(one.request); },
                          [&](const Submit& one) { return submit(one); },
                          [&](const auto&) {
                              return Outcome{
                                  emulator::fail(ErrorKind::Unsupported,
                                                 fmt::format("{} has no hands for that", m_place.target))};
                          },
                      },
                      action);
}

Result<void> BenchHands::askPage(std::chrono::milliseconds timeout)
{
    hwbridge::WebAccess access = web();
    access.timeout = timeout;
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(std::move(access));
    if (driver.has_error())
        return driver.error();
    const Result<hwbridge::PhoneIdentity> identity = driver->identity();
    return identity.has_error() ? Result<void>{identity.error()} : Result<void>{};
}

// Only silence may pass: a phone that answers something else than its page will not answer otherwise soon.
Result<void> BenchHands::awaitPage()
{
    for (const auto end = Clock::now() + bootLimit;;) {
        const auto asked = Clock::now();
        Result<void> answer = askPage(pageTry);
        if (answer.has_value())
            return answer;
        const ErrorKind kind = answer.error().kind;
        const bool mayPass =
            kind == ErrorKind::Unreachable || kind == ErrorKind::TimedOut || kind == ErrorKind::Corrupt;
        if (!mayPass || asked >= end || isOver())
            return answer;
        std::unique_lock lock{m_mutex};
        if (m_came.wait_for(lock, pagePause, [this] { return m_ending.load(); }))
            return answer;
    }
}

Result<void> BenchHands::switchPower(hwbridge::PowerAction action)
{
    const bool off = action == hwbridge::PowerAction::Off;
    if (!m_place.confirmed)
        return off ? m_place.power->off() : m_place.power->on();
    hwbridge::VerifiedPower power{m_place.name,
                                  *m_place.power,
                                  m_wire,
                                  {},
                                  [this] { (void)askPage(pageTry); },
                                  [this] { return isOver(); }};
    const Result<std::string> done = off ? power.off() : power.on();
    return done.has_error() ? Result<void>{done.error()} : Result<void>{};
}

BenchHands::Outcome BenchHands::powerOn()
{
    if (!m_on) {
        if (const Result<void> done = switchPower(hwbridge::PowerAction::On); done.has_error())
            return done.error();
        m_on = true;
    }
    const Result<void> answers = awaitPage();
    return answers.has_error() ? Outcome{answers.error()} : Outcome{HttpResponse{}};
}

BenchHands::Outcome BenchHands::powerOff()
{
    if (!m_on)
        return HttpResponse{};
    if (m_place.power == nullptr)
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("the power of {} cannot be switched", m_place.name));
    if (const Result<void> done = switchPower(hwbridge::PowerAction::Off); done.has_error())
        return done.error();
    m_on = false;
    return HttpResponse{};
}

BenchHands::Outcome BenchHands::browse(const emulator::HttpRequest& request)
{
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(web());
    if (driver.has_error())
        return driver.error();
    Result<hwbridge::WebReply> reply =
        driver->send({.method = request.method,
                      .target = request.target,
                      .contentType = std::string{request.fields.first("Content-Type")},
                      .body = request.body ? *request.body : std::string{},
                      .userAgent = std::string{request.fields.first("User-Agent")},
                      .authorization = std::string{request.fields.first("Authorization")}});
    return reply.has_error() ? Outcome{reply.error()} : Outcome{responseOf(std::move(*reply))};
}

BenchHands::Outcome BenchHands::submit(const Submit& submit)
{
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(web());
    if (driver.has_error())
        return driver.error();
    const std::map<std::string, std::string> values{submit.values.begin(), submit.values.end()};
    const Result<void> done = driver->submit(values, std::string{personUserAgent});
    return done.has_error() ? Outcome{done.error()} : Outcome{HttpResponse{}};
}

Result<void> BenchHands::submitPresets(const Presets& presets)
{
    Result<hwbridge::PhoneDriver> driver = hwbridge::PhoneDriver::open(web());
    if (driver.has_error())
        return driver.error();
    const Result<hwbridge::PageParameters> page = driver->page();
    if (page.has_error())
        return page.error();
    std::vector<hwbridge::SavedParameter> wanted;
    for (const auto& [name, value] : presets)
        wanted.push_back({name, value});
    const auto wrong = shownOtherwise(*page, wanted, true);
    if (wrong.has_error())
        return wrong.error();
    return wrong->empty() ? Result<void>{} : driver->submit(*wrong);
}

void BenchHands::awaitQuiet()
{
    const emulator::TimePoint end = m_wire.now() + quietLimit;
    m_wire.forgetSigns();
    for (emulator::TimePoint until = m_wire.now() + quietTime;
         m_wire.now() < std::min(until, end) && !isOver();)
        if (!m_wire.await(std::min({until, end, m_wire.now() + handsLooks})).empty())
            until = m_wire.now() + quietTime;
}

Result<void> BenchHands::prepare(const Presets& presets)
{
    Result<void> ready = makeReady(presets);
    const Result<void> still = mayTouch();
    return still.has_error() ? still : ready;  // why it was not waited for
}

Result<void> BenchHands::makeReady(const Presets& presets)
{
    if (const Result<void> may = mayTouch(); may.has_error())
        return may;
    if (const Result<void> answers = awaitPage(); answers.has_error())
        return answers;
    if (const Result<void> may = mayTouch(); may.has_error())
        return may;  // it was long until the phone answered
    if (const Result<void> submitted = submitPresets(presets); submitted.has_error())
        return submitted;
    if (m_place.power == nullptr) {
        awaitQuiet();
        return {};
    }
    if (const Result<void> may = mayTouch(); may.has_error())
        return may;
    const Outcome off = powerOff();
    if (off.has_error())  // whatever it is, it would be so in every scenario: the bench's fault
        return emulator::fail(ErrorKind::Refused, off.error().detail);
    return {};
}

}  // namespace scenarios
