#pragma once

#include "hwbridge/bench/bench_client.hpp"
#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease_keeper.hpp"
#include "scenarios/engine/bench_plan.hpp"
#include "ui/cli/bench_command.hpp"
#include "ui/cli/leased_phone.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ui {

// The bench that `run --on bench:NAME` plays on.
class BenchRun {
public:
    // `target`: "bench:NAME" or "twin:NAME", NAME a phone, tag or model of the inventory.
    // `inventory`: its file; empty: bench.yaml in the current folder.
    // Errors: Unreachable: there is none; Malformed, NotFound: the inventory, the name, how the daemon is reached.
    static emulator::Result<BenchRun> open(const std::string& target, const BenchDoorOptions& door,
                                           const std::string& inventory, bool wait);

    // Why no phone of that name can play it; empty: one can.
    std::string whyNot(const scenarios::Scenario& scenario) const;
    // Leases the first phone that can play it. Errors, one sentence each: the daemon, who holds it, what is wrong with it.
    emulator::Result<std::unique_ptr<LeasedPhone>> lease(const scenarios::Scenario& scenario) const;
    // Gives it back and waits until what was changed is put back, at most as long as the daemon tries.
    // Errors: Refused, when it could not be: the phone is quarantined then.
    emulator::Result<void> giveBack(LeasedPhone& phone) const;

private:
    BenchRun(std::string kind, hwbridge::Inventory inventory, hwbridge::BenchAddress address, bool wait);
    scenarios::BenchOffer offerOf(const hwbridge::BenchPhone& phone) const;
    std::string targetOf(const hwbridge::BenchPhone& phone) const;
    emulator::Result<std::unique_ptr<hwbridge::LeaseKeeper>> hold(const hwbridge::BenchPhone& phone,
                                                                  const std::string& reason) const;

    std::string m_kind;  // "bench" or "twin"
    hwbridge::Inventory m_inventory;
    hwbridge::BenchAddress m_address;
    bool m_wait;
    std::vector<std::size_t> m_candidates;  // in the inventory
};

}  // namespace ui
