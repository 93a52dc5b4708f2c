#pragma once

#include "emulator/base/time_point.hpp"
#include "hwbridge/bench/lease.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>

namespace hwbridge {

// How the last check of a phone went; what a failed one found is the quarantine of its lease.
struct LastCheck {
    emulator::WallTime at{};
    bool passed = false;
    bool operator==(const LastCheck&) const = default;
};

// What a bench remembers of its leases, so that a daemon that was killed knows them all when it comes back: who holds
// what until when, the last number given, and what has to be put back on which phone. A SQLite database in a folder of
// its own, readable to its owner alone: saved parameters may be secrets. Rows are never removed: a phone that has left
// the inventory keeps its number, and what is owed to it.
class LeaseJournal {
public:
    // `zero`: the wall time of TimePoint{}, for the ends of leases.
    // Errors: as DurableDatabase::open().
    static emulator::Result<std::unique_ptr<LeaseJournal>> open(const std::string& folder,
                                                                emulator::WallTime zero);
    ~LeaseJournal();

    // What was kept last of each phone, by name. Errors: Malformed for rows that are not ours; Unreachable.
    emulator::Result<std::map<std::string, PhoneLease>> read() const;

    // All of them or none; when it returns without error, they are durable. Errors: Unreachable.
    emulator::Result<void> keep(std::span<const RememberLease> leases);

    // The same of the phones' last checks.
    emulator::Result<std::map<std::string, LastCheck>> checks() const;
    emulator::Result<void> keepCheck(const std::string& phone, const LastCheck& check);

private:
    struct Impl;
    explicit LeaseJournal(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hwbridge
