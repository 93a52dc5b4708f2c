#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease_keeper.hpp"
#include "hwbridge/drive/phone_driver.hpp"
#include "hwbridge/power/person_power.hpp"
#include "hwbridge/power/terminal_prompt.hpp"
#include "scenarios/engine/bench_place.hpp"

#include <memory>
#include <optional>
#include <string>

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

}  // namespace ui
