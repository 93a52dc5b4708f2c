#include "hwbridge/bench/lease_keeper.hpp"

#include <utility>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Result;

namespace {

constexpr auto keeperPause = 50ms;

}  // namespace

LeaseKeeper::LeaseKeeper(HeldLease lease, std::function<void(const std::string&)> news)
    : m_lease{std::move(lease)},
      m_grant{m_lease.grant()},
      m_news{std::move(news)},
      m_thread{[this] { keep(); }}
{}

LeaseKeeper::~LeaseKeeper()
{
    {
        const std::scoped_lock lock{m_mutex};
        m_ending = true;
    }
    m_turn.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

// The lock is given away between two looks, so that those who ask do not wait for the daemon.
void LeaseKeeper::keep()
{
    std::unique_lock lock{m_mutex};
    while (!m_ending && !m_lease.lost()) {
        if (const std::optional<std::string> news = m_lease.keep(emulator::Duration::zero()); news && m_news)
            m_news(*news);
        m_turn.wait_for(lock, keeperPause, [this] { return m_ending; });
    }
}

std::optional<std::string> LeaseKeeper::lost() const
{
    const std::scoped_lock lock{m_mutex};
    return m_lease.lost() ? m_lease.lost() : m_lease.overdue();
}

Result<void> LeaseKeeper::save(std::vector<SavedParameter> parameters)
{
    const std::scoped_lock lock{m_mutex};
    return m_lease.save(std::move(parameters));
}

Result<void> LeaseKeeper::verdict(std::string failure)
{
    const std::scoped_lock lock{m_mutex};
    return m_lease.verdict(std::move(failure));
}

Result<void> LeaseKeeper::release()
{
    {
        const std::scoped_lock lock{m_mutex};
        m_ending = true;
    }
    m_turn.notify_all();
    m_thread.join();
    return m_lease.release();
}

}  // namespace hwbridge
