#include "hwbridge/bench/page_restorer.hpp"

#include "hwbridge/bench/phone_access.hpp"
#include "hwbridge/bench/power_factory.hpp"
#include "hwbridge/bench/saved_page.hpp"
#include "hwbridge/drive/phone_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr auto betweenTries = 500ms;
constexpr auto shortestTry = 1s;
constexpr int requestsOfATry = 4;  // identity, page, and of submit() page and form

// One phone's parameters on their way back.
class PageRestoring {
public:
    PageRestoring(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                  std::function<bool()> stop)
        : m_phone{phone},
          m_parameters{parameters},
          m_stop{std::move(stop)}
    {}

    // Errors that mayPass() says may be otherwise the next time.
    // `mayBeOff`: nobody listens for what it announces.
    Result<void> attempt(std::chrono::milliseconds most, bool mayBeOff)
    {
        const Listening listening{
            mayBeOff ? 0ms : std::min<std::chrono::milliseconds>(most / 2, announcementLimit), m_stop};
        Result<WebAccess> access = webAccessOf(m_phone, most / requestsOfATry, listening);
        if (access.has_error())
            return access.error();
        Result<PhoneDriver> driver = PhoneDriver::open(std::move(*access));
        if (driver.has_error())
            return driver.error();
        const Result<PhoneIdentity> identity = driver->identity();
        if (identity.has_error())
            return identity.error();
        const Result<void> same = checkIdentity(*identity, {.product = m_phone.model, .mac = m_phone.mac},
                                                m_phone.name, driver->place());
        if (same.has_error())
            return same.error();
        const Result<PageParameters> page = driver->page();
        if (page.has_error())
            return page.error();
        const Result<std::map<std::string, std::string>> wrong =
            shownOtherwise(*page, m_parameters, !m_submitted);
        if (wrong.has_error())
            return wrong.error();
        if (wrong->empty())
            return {};
        if (!m_submitted) {
            const Result<void> submitted = driver->submit(*wrong);
            if (submitted.has_error())
                return submitted.error();
            m_submitted = true;
        }
        return emulator::fail(
            ErrorKind::TimedOut,
            fmt::format("{} took the parameters, but its page does not show '{}' as it was before",
                        driver->place(), wrong->begin()->first));
    }

    static bool mayPass(ErrorKind kind)
    {
        return kind == ErrorKind::Unreachable || kind == ErrorKind::TimedOut || kind == ErrorKind::Corrupt ||
               kind == ErrorKind::Unresolvable;
    }

private:
    const BenchPhone& m_phone;
    const std::vector<SavedParameter>& m_parameters;
    const std::function<bool()> m_stop;
    bool m_submitted = false;
};

bool isPersons(const std::optional<PowerSettings>& power)
{
    return power && std::holds_alternative<PersonSettings>(*power);
}

Result<void> powerOn(const BenchPhone& phone)
{
    if (!phone.power || isPersons(phone.power))
        return {};
    const Result<std::unique_ptr<PowerDriver>> driver = powerDriver(*phone.power, phone.name, nullptr);
    return driver.has_error() ? Result<void>{driver.error()} : (*driver)->on();
}

}  // namespace

PageRestorer::~PageRestorer()
{
    {
        const std::scoped_lock lock{m_mutex};
        m_ending = true;
    }
    m_woken.notify_all();
}

void PageRestorer::restore(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                           emulator::Duration limit, std::function<void(Result<void>)> done)
{
    std::erase_if(m_running,
                  [](const std::future<void>& one) { return one.wait_for(0s) == std::future_status::ready; });
    m_running.push_back(
        std::async(std::launch::async, [this, phone, parameters, end = Clock::now() + limit,
                                        done = std::move(done)] { done(putBack(phone, parameters, end)); }));
}

Result<void> PageRestorer::putBack(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                                   Clock::time_point end)
{
    PageRestoring restoring{phone, parameters, [this] { return endsWithin({}); }};
    bool poweredOn = false;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        Result<void> outcome = restoring.attempt(left, phone.power && !poweredOn);
        if (outcome.has_value() || !PageRestoring::mayPass(outcome.error().kind))
            return outcome;
        // Its holder may have been killed while the phone was off. On twice does no harm.
        if (!std::exchange(poweredOn, true))
            if (const Result<void> on = powerOn(phone); on.has_error())
                return emulator::fail(on.error().kind,
                                      fmt::format("{}; {}", outcome.error().detail, on.error().detail));
        if (end - Clock::now() < betweenTries + shortestTry || endsWithin(betweenTries)) {
            if (!isPersons(phone.power))
                return outcome;
            return emulator::fail(
                outcome.error().kind,
                fmt::format("{}; only a person can plug it in again: has somebody?", outcome.error().detail));
        }
    }
}

bool PageRestorer::endsWithin(Clock::duration pause)
{
    std::unique_lock lock{m_mutex};
    return m_woken.wait_for(lock, pause, [this] { return m_ending; });
}

}  // namespace hwbridge
