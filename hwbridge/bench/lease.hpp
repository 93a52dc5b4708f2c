#pragma once

#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hwbridge {

// A lease's number. Every lease of a bench has a higher one than all before it, across restarts as well, so that whoever
// acts under a lease that has ended can be told from its successor. 0: none.
enum class Fence : std::uint64_t {};

// A wish of a client, chosen by who hands it in. Each gets exactly one of LeaseGranted, LeaseDone and LeaseRefused.
enum class LeaseCommandId : std::uint64_t {};

// A parameter as it was before the lease's holder changed it.
struct SavedParameter {
    std::string name;
    std::string value;
    bool operator==(const SavedParameter&) const = default;
};

// What a client asks for; what is empty does not matter. At least one is not.
struct PhoneSelector {
    std::string name;
    std::string tag;
    std::string model;
    std::string text() const;  // "alice", "tag conference", "model CP-7841-3PCC"
    bool operator==(const PhoneSelector&) const = default;
};

// What is known of a phone's leases. All of it but heartbeatBy outlives the daemon.
struct PhoneLease {
    enum class State : std::uint8_t { Free, Held, Restoring };
    State state = State::Free;
    Fence fence{};                      // of its last lease, which is the current one when held
    std::string holder;                 // "user@host"
    std::string reason;                 // why the holder wants it
    emulator::TimePoint until;          // Held: the end at the latest; Restoring: when it is given up
    emulator::TimePoint heartbeatBy;    // Held: the end, unless it is renewed
    std::vector<SavedParameter> saved;  // what the end of the lease puts back
    std::string ended;                  // how its last lease ended; empty while it is held
    std::string quarantine;             // why it is not leased; empty: it is
    bool operator==(const PhoneLease&) const = default;
};

// What happens to a bench.
struct LeaseRequest {
    LeaseCommandId command{};
    std::string holder;
    PhoneSelector wanted;
    emulator::Duration duration{};  // at most the bench's longest
    std::string reason;
    bool wait = false;     // in the queue; else refused when none is free
    bool toCheck = false;  // a quarantined phone will do
};
struct LeaseWithdrawn {  // who waits for the answer is gone
    LeaseCommandId command{};
};
struct LeaseRenewal {
    LeaseCommandId command{};
    Fence fence{};
};
struct LeaseSave {  // before the holder changes a parameter
    LeaseCommandId command{};
    Fence fence{};
    std::vector<SavedParameter> parameters;
};
struct LeaseRelease {
    LeaseCommandId command{};
    Fence fence{};
};
struct PhoneRelease {  // by the holder, from elsewhere
    LeaseCommandId command{};
    std::string phone;
    std::string holder;
};
struct PhoneKick {  // by anybody
    LeaseCommandId command{};
    std::string phone;
    std::string by;
    std::string reason;
};
struct PhoneVerdict {  // of a check, made under a lease
    LeaseCommandId command{};
    Fence fence{};
    std::string failure;  // empty: the phone passed
};
struct PhoneRestored {
    std::string phone;
    Fence fence{};
    std::string failure;  // empty: all parameters are back
};
struct LeaseTimePassed {};
using LeaseEvent = std::variant<LeaseRequest, LeaseWithdrawn, LeaseRenewal, LeaseSave, LeaseRelease,
                                PhoneRelease, PhoneKick, PhoneVerdict, PhoneRestored, LeaseTimePassed>;

// What a bench wants done, in order.
struct RememberLease {  // durably, before any effect that follows
    std::string phone;
    PhoneLease lease;
};
struct LeaseGranted {
    LeaseCommandId command{};
    std::string phone;
    Fence fence{};
    emulator::TimePoint until;
};
struct LeaseWaits {  // not its last answer
    LeaseCommandId command{};
    std::size_t position = 0;  // in the queue, from 1
};
struct LeaseDone {
    LeaseCommandId command{};
};
struct LeaseRefused {
    LeaseCommandId command{};
    emulator::Error error;
};
struct LeaseEnded {  // the holder must not touch the phone any more
    std::string phone;
    Fence fence{};
    std::string why;
};
struct RestorePhone {  // answered by PhoneRestored
    std::string phone;
    Fence fence{};
    std::vector<SavedParameter> parameters;
};
using LeaseEffect =
    std::variant<RememberLease, LeaseGranted, LeaseWaits, LeaseDone, LeaseRefused, LeaseEnded, RestorePhone>;
using LeaseEffects = std::vector<LeaseEffect>;

}  // namespace hwbridge
