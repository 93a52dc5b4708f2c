#pragma once

#include "hwbridge/bench/bench_client.hpp"
#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease_keeper.hpp"
#include "hwbridge/drive/phone_driver.hpp"
#include "hwbridge/power/terminal_prompt.hpp"
#include "scenarios/engine/bench_place.hpp"
#include "scenarios/engine/bench_plan.hpp"
#include "ui/cli/bench_command.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ui {

// A real phone under a lease, as long as this lives. What its page showed is with the daemon, which puts it back when the
// lease ends, however it ends.
class LeasedPhone {
public:
    LeasedPhone(const hwbridge::BenchPhone& phone, std::unique_ptr<hwbridge::LeaseKeeper> lease);

    const hwbridge::BenchPhone& phone() const { return m_phone; }
    const scenarios::BenchPlace& place() const { return m_place; }
    const hwbridge::PhoneIdentity& identity() const { return m_identity; }
    // Its exported configuration, without secrets. Errors: those of hwbridge::PhoneDriver.
    emulator::Result<hwbridge::PhoneExport> configuration() const;
    std::optional<std::string> lost() const { return m_lease->lost(); }
    emulator::Result<void> release() { return m_lease->release(); }
    // Asks for a phone to be plugged in again that a person may have unplugged. It is quarantined until that is confirmed.
    // Errors: Refused: nobody confirms it.
    emulator::Result<void> plugAgain();

    // Looks at the phone and tells the daemon what has to be put back. Errors, one sentence each: who it is, its login, its
    // page, the daemon, what switches its power.
    emulator::Result<void> prepare(const std::string& target);

private:
    std::optional<std::string> whyNotToTouch() const;

    const hwbridge::BenchPhone& m_phone;
    std::unique_ptr<hwbridge::LeaseKeeper> m_lease;
    std::unique_ptr<hwbridge::TerminalPrompt> m_prompt;
    std::unique_ptr<hwbridge::PowerDriver> m_power;
    const hwbridge::PersonPower* m_person = nullptr;  // m_power, where it is one
    hwbridge::PhoneIdentity m_identity;
    scenarios::BenchPlace m_place;
};

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
