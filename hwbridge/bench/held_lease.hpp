#pragma once

#include "hwbridge/bench/bench_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// A lease that is kept alive: renewed three times per heartbeat, found again when the daemon was restarted. Whoever
// touches the phone asks lost() before.
class HeldLease {
public:
    HeldLease(BenchAddress address, std::string holder, std::unique_ptr<BenchClient> client,
              BenchGrant grant);

    const BenchGrant& grant() const { return m_grant; }

    // Does what is due, for at most `most`. What is worth saying comes back as a sentence.
    std::optional<std::string> keep(emulator::Duration most);
    // Why the lease is no longer held; for want of an answer, before the daemon gives the phone to anybody else.
    const std::optional<std::string>& lost() const { return m_lost; }

    // What lost() is about to say: the daemon may have given the phone away, and keep() has not had the time to notice. Empty:
    // it has not.
    std::optional<std::string> overdue() const;

    // Tells the daemon what parameters were before they are changed: the end of the lease puts them back.
    // Errors: Refused when the lease is lost, or by the daemon; Unreachable, TimedOut when nothing is known to be saved.
    emulator::Result<void> save(std::vector<SavedParameter> parameters);

    // Quarantines the phone with this reason; empty: does so no longer. Errors: as save().
    emulator::Result<void> verdict(std::string failure);

    // Gives the phone back. Errors: why that could not be said; the lease then ends by itself.
    emulator::Result<void> release();

private:
    using Clock = std::chrono::steady_clock;

    void renew();
    void renewWhenDue();
    void heard(const ServerMessage& message);
    void findDaemon(emulator::Duration most);
    std::string isLost(std::string_view why) const;
    emulator::Result<void> tell(LeaseEvent event, std::string_view unheard);

    BenchAddress m_address;
    std::string m_holder;
    std::unique_ptr<BenchClient> m_client;  // null: the daemon is gone
    BenchGrant m_grant;
    emulator::Duration m_heartbeat;
    std::uint64_t m_renewal = 0;  // the id of the one that is not answered yet
    Clock::time_point m_renewedAt;
    Clock::time_point m_heldFrom;  // when the last renewal left that was answered
    bool m_isBack = false;         // the daemon, and has not yet said what it knows
    std::optional<std::string> m_news;
    std::optional<std::string> m_lost;
};

}  // namespace hwbridge
