#pragma once

#include "hwbridge/bench/lease.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

struct LeaseLimits {
    emulator::Duration heartbeat = std::chrono::seconds{15};
    emulator::Duration longest = std::chrono::hours{24};
    emulator::Duration restoring =
        std::chrono::minutes{3};         // then the phone is quarantined. Our choice: a boot takes one to two
    std::size_t waiting = 256;           // requests in the queue. Our choice.
    std::size_t savedParameters = 4096;  // of one lease. Our choice: twice what a phone has.
    std::size_t savedBytes = 1u << 20;
};

// What a request can ask a phone for.
struct LeasedPhone {
    std::string name;
    std::string model;
    std::vector<std::string> tags;
};

// Who holds which phone of a bench, who waits, and what has to be put back. No clock and no I/O: the same events at
// the same times give the same effects.
// Shape:  a phone is free, held, or being restored after a lease whose holder had changed it. A lease ends when it is
//         released, kicked, not renewed for a heartbeat, or over. Whatever ends it, the saved parameters are put back
//         before anybody else gets the phone; where that fails, the phone is quarantined, its parameters still owed,
//         until a check has leased it and says that it passes.
//         A free phone goes to the oldest request in the queue that it fits; a request that only others' phones fit
//         does not hold up those behind it.
class LeaseTable {
public:
    // `memory`: what RememberLease said last of each phone. Phones that are not among `phones` are left alone.
    LeaseTable(std::vector<LeasedPhone> phones, LeaseLimits limits,
               const std::map<std::string, PhoneLease>& memory);

    // Once, before any event: held leases go on with a full heartbeat for their holders to come back, restoring begins
    // anew.
    LeaseEffects begin(emulator::TimePoint now);
    LeaseEffects handle(emulator::TimePoint now, const LeaseEvent& event);

    // Nobody was listened to for so long: what holders said meanwhile still waits, and their heartbeats last longer by it.
    void wasDeaf(emulator::Duration time);

    // When LeaseTimePassed is due; nothing: not before the next event.
    std::optional<emulator::TimePoint> nextDeadline() const;

    struct Phone {
        LeasedPhone what;
        PhoneLease lease;
    };
    std::span<const Phone> phones() const { return m_phones; }
    const std::deque<LeaseRequest>& queue() const { return m_queue; }  // oldest first
    // Those of them that this phone would fulfil.
    std::vector<const LeaseRequest*> waitingFor(const Phone& phone) const;

private:
    void sweep(emulator::TimePoint now, LeaseEffects& effects);
    void serve(emulator::TimePoint now, LeaseEffects& effects);
    void act(emulator::TimePoint now, const LeaseRequest& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const LeaseWithdrawn& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const LeaseRenewal& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const LeaseSave& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const LeaseRelease& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const PhoneRelease& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const PhoneKick& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const PhoneVerdict& event, LeaseEffects& effects);
    void act(emulator::TimePoint now, const PhoneRestored& event, LeaseEffects& effects);
    void act(emulator::TimePoint, const LeaseTimePassed&, LeaseEffects&) {}

    void grant(emulator::TimePoint now, const LeaseRequest& request, Phone& phone, LeaseEffects& effects);
    void end(emulator::TimePoint now, Phone& phone, std::string why, LeaseEffects& effects);
    void owe(Phone& phone, std::string failure, LeaseEffects& effects);
    Phone* held(LeaseCommandId command, Fence fence, LeaseEffects& effects);
    Phone* named(LeaseCommandId command, std::string_view name, LeaseEffects& effects);
    std::optional<emulator::Error> hopeless(const LeaseRequest& request) const;
    emulator::Error unknown(std::string_view what, std::string_view text,
                            const std::vector<std::string_view>& words) const;
    std::string whoHolds(const LeaseRequest& request) const;

    std::vector<Phone> m_phones;
    LeaseLimits m_limits;
    Fence m_last{};
    std::deque<LeaseRequest> m_queue;
};

}  // namespace hwbridge
