#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/drive/phone_identity.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

// One thing that was looked at.
struct CheckFinding {
    enum class Verdict : std::uint8_t { Good, Bad, NotChecked };
    std::string what;  // "page", "form", "model", "firmware", "clock", "power", "capture"
    Verdict verdict = Verdict::Good;
    std::string text;  // one sentence: what is so, what is wrong, or why it was not looked at
    std::optional<std::chrono::seconds>
        clockOffset{};  // of "clock": how far the phone's is ahead of this machine's
};
std::string_view name(CheckFinding::Verdict verdict);  // "good", "bad", "not checked"

// Looks at a phone without changing it: its page, on which it says who it is; what the inventory says of it; what switches
// its power; and whether its packets are seen while it answers. On the calling thread, which holds its lease.
//   page      the phone answers, with a page that says who it is
//   form      the credentials open its configuration page, where parameters can be changed
//   model     model and MAC are the inventory's
//   firmware  likewise, where the inventory has one: as a load name, its end ("11-3-1MPP-678") or a version ("11.3.1")
//   clock     how far it is from this machine's, which no offset makes bad: a phone without a time server plays scenarios, too
//   power     what switches it answers, and does not say that it is off
//   capture   a packet of the phone is seen on the inventory's interface. For want of the right to capture, which says
//             nothing of the phone, it is not checked: the text has the command that grants it.
// `stop`: asked ten times a second while the phone is waited for; true ends that, and what was found then is worth nothing.
std::vector<CheckFinding> checkPhone(const BenchPhone& phone, const std::function<bool()>& stop = {});

// Whether it runs the firmware that the inventory names, as checkPhone() compares it. Errors: as checkIdentity().
emulator::Result<void> checkFirmware(const PhoneIdentity& identity, const BenchPhone& phone,
                                     const std::string& place);

// What is bad, in one line of at most 1,000 bytes for a quarantine; empty: the phone passed.
std::string failureOf(const std::vector<CheckFinding>& findings);

}  // namespace hwbridge
