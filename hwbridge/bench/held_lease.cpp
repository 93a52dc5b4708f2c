#include "hwbridge/bench/held_lease.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::Result;

namespace {

constexpr int renewalsPerHeartbeat = 3;
constexpr Duration lookAgainAfter = 100ms;
constexpr auto tellLimit = 10s;

}  // namespace

HeldLease::HeldLease(BenchAddress address, std::string holder, std::unique_ptr<BenchClient> client,
                     BenchGrant grant)
    : m_address{std::move(address)},
      m_holder{std::move(holder)},
      m_client{std::move(client)},
      m_grant{std::move(grant)},
      m_heartbeat{m_client->welcome().heartbeat},
      m_heldFrom{Clock::now()}
{
    renew();  // the grant may have been long under way
}

void HeldLease::renew()
{
    m_renewedAt = Clock::now();
    m_renewal = m_client->send(LeaseEvent{LeaseRenewal{{}, m_grant.lease}});
}

void HeldLease::renewWhenDue()
{
    if (m_renewal == 0 && Clock::now() - m_renewedAt >= m_heartbeat / renewalsPerHeartbeat)
        renew();
}

std::optional<std::string> HeldLease::overdue() const
{
    if (Clock::now() - m_heldFrom < m_heartbeat)
        return std::nullopt;
    return isLost(
        fmt::format("the bench daemon did not answer for {:g} s; it restores the phone once it is back",
                    std::chrono::duration<double>{m_heartbeat}.count()));
}

std::optional<std::string> HeldLease::keep(Duration most)
{
    if (m_lost)
        return std::nullopt;
    m_lost = overdue();
    if (m_lost)
        return std::nullopt;
    if (m_client == nullptr) {
        findDaemon(most);
        return std::nullopt;
    }
    renewWhenDue();
    for (const ServerMessage& message : m_client->hear(most))
        heard(message);
    if (m_client->ended())
        m_client.reset();
    return std::exchange(m_news, std::nullopt);
}

void HeldLease::heard(const ServerMessage& message)
{
    if (m_lost)
        return;
    if (const auto* const end = std::get_if<BenchEnd>(&message.what);
        end != nullptr && end->lease == m_grant.lease)
        m_lost = isLost(end->why);
    if (m_lost)
        return;
    if (message.id != m_renewal || message.id == 0)
        return;
    m_renewal = 0;
    if (const auto* const refusal = std::get_if<BenchRefusal>(&message.what)) {
        m_lost = refusal->error.detail;  // a sentence of its own
        return;
    }
    m_heldFrom = m_renewedAt;
    if (std::exchange(m_isBack, false))
        m_news = fmt::format("the bench daemon was away and is back; lease {} of {} goes on",
                             static_cast<std::uint64_t>(m_grant.lease), m_grant.phone);
}

// The daemon went away under the lease. It remembers it, and gives its holder a heartbeat to come back.
void HeldLease::findDaemon(Duration most)
{
    const auto left = std::chrono::duration_cast<Duration>(m_heldFrom + m_heartbeat - Clock::now());
    Result<std::unique_ptr<BenchClient>> client = BenchClient::connect(m_address, m_holder, left);
    if (client.has_error()) {
        std::this_thread::sleep_for(std::min(most, lookAgainAfter));
        return;
    }
    m_client = std::move(*client);
    m_isBack = true;
    renew();
}

std::string HeldLease::isLost(std::string_view why) const
{
    return fmt::format("lease {} of {} is lost: {}", static_cast<std::uint64_t>(m_grant.lease), m_grant.phone,
                       why);
}

Result<void> HeldLease::save(std::vector<SavedParameter> parameters)
{
    return tell(LeaseSave{{}, m_grant.lease, std::move(parameters)},
                "the bench daemon did not say that it remembers what has to be put back");
}

Result<void> HeldLease::verdict(std::string failure)
{
    return tell(PhoneVerdict{{}, m_grant.lease, std::move(failure)},
                "the bench daemon did not say that it remembers what is wrong with the phone");
}

// `unheard`: the error when it is not answered.
Result<void> HeldLease::tell(LeaseEvent event, std::string_view unheard)
{
    if (m_lost)
        return emulator::fail(emulator::ErrorKind::Refused, *m_lost);
    if (m_client == nullptr)
        return emulator::fail(emulator::ErrorKind::Unreachable, "the bench daemon is gone");
    const std::uint64_t id = m_client->send(std::move(event));
    for (const auto end = Clock::now() + tellLimit; Clock::now() < end;) {
        renewWhenDue();
        for (const ServerMessage& message : m_client->hear(lookAgainAfter)) {
            heard(message);
            if (message.id != id)
                continue;
            const auto* const refusal = std::get_if<BenchRefusal>(&message.what);
            return refusal == nullptr ? Result<void>{} : Result<void>{refusal->error};
        }
        if (m_client->ended())
            return *m_client->ended();
    }
    return emulator::fail(emulator::ErrorKind::TimedOut, std::string{unheard});
}

Result<void> HeldLease::release()
{
    if (m_lost)
        return emulator::fail(emulator::ErrorKind::Refused, *m_lost);
    if (m_client == nullptr)
        return emulator::fail(emulator::ErrorKind::Unreachable, "the bench daemon is gone");
    const Result<BenchClient::Answer> answer = m_client->ask(LeaseEvent{LeaseRelease{{}, m_grant.lease}});
    return answer.has_error() ? Result<void>{answer.error()} : Result<void>{};
}

}  // namespace hwbridge
