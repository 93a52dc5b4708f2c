#pragma once

#include "hwbridge/bench/held_lease.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hwbridge {

// Keeps a lease alive on a thread of its own, so that whoever works with the phone may wait for it. Any thread may ask.
class LeaseKeeper {
public:
    // `news`: gets what is worth saying, on the keeper's thread.
    LeaseKeeper(HeldLease lease, std::function<void(const std::string&)> news);
    ~LeaseKeeper();  // without a release() the lease ends a heartbeat later

    const BenchGrant& grant() const { return m_grant; }
    std::optional<std::string> lost() const;

    // Tells the daemon what parameters were before they are changed. Errors: as HeldLease::save().
    emulator::Result<void> save(std::vector<SavedParameter> parameters);
    // Quarantines the phone, or no longer. Errors: as HeldLease::verdict().
    emulator::Result<void> verdict(std::string failure);
    // Gives the phone back, and keeps nothing any more. Errors: as HeldLease::release().
    emulator::Result<void> release();

private:
    void keep();

    mutable std::mutex m_mutex;
    HeldLease m_lease;
    const BenchGrant m_grant;
    std::function<void(const std::string&)> m_news;
    bool m_ending = false;
    std::condition_variable m_turn;
    std::thread m_thread;  // last: begins when the others are there
};

}  // namespace hwbridge
