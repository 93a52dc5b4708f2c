#include "scenarios/engine/time_gate.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace scenarios {

namespace {

using Clock = Pace::RealTime::clock;

}  // namespace

TimeGate::TimeGate(bool paused, int ending)
    : m_pace{paused},
      m_ending{ending},
      m_orders{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}
{}

TimeGate::~TimeGate()
{
    ::close(m_orders);
}

void TimeGate::pass(emulator::TimePoint moment)
{
    std::unique_lock lock{m_mutex};
    m_pace.reach(moment);
    while (!m_open) {
        const std::optional<Pace::RealTime> due = m_pace.due();
        if (due && *due <= Clock::now())
            break;
        lock.unlock();
        awaitOrder(due);
        lock.lock();
    }
    m_pace.pass();
}

void TimeGate::lookAround(emulator::TimePoint now)
{
    const std::lock_guard lock{m_mutex};
    m_pace.skipTo(now);
}

// Returns also when the time has come, or the process is told to end.
void TimeGate::awaitOrder(std::optional<Pace::RealTime> until)
{
    timespec wait{};
    if (until) {
        const auto left = std::max(*until - Clock::now(), Clock::duration{});
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        wait = {seconds.count(), std::chrono::nanoseconds{left - seconds}.count()};
    }
    std::array<pollfd, 2> watched{{{m_orders, POLLIN, 0}, {m_ending, POLLIN, 0}}};
    if (::ppoll(watched.data(), watched.size(), until ? &wait : nullptr, nullptr) <= 0)
        return;
    std::uint64_t orders = 0;
    if (watched[0].revents != 0)
        (void)!::read(m_orders, &orders, sizeof orders);
    if (watched[1].revents != 0) {
        const std::lock_guard lock{m_mutex};
        m_open = true;
    }
}

template <class Order>
void TimeGate::order(Order order)
{
    {
        const std::lock_guard lock{m_mutex};
        order(Clock::now());
    }
    const std::uint64_t one = 1;
    (void)!::write(m_orders, &one, sizeof one);
}

void TimeGate::end()
{
    order([this](Pace::RealTime) { m_over = m_open = true; });
}

void TimeGate::pause()
{
    order([this](Pace::RealTime now) { m_pace.pause(now); });
}

void TimeGate::step()
{
    order([this](Pace::RealTime now) { m_pace.step(now); });
}

void TimeGate::go(std::optional<unsigned> factor)
{
    order([this, factor](Pace::RealTime now) { m_pace.go(now, factor); });
}

TimeGate::State TimeGate::state() const
{
    const std::lock_guard lock{m_mutex};
    return {m_pace.now(Clock::now()), m_pace.isPaused(), m_pace.isHeld() && !m_open, m_pace.factor(), m_over};
}

}  // namespace scenarios
