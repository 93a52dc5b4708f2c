#pragma once

#include "emulator/phone/phone.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// The SIP requests that a phone has acted upon lately, so that one which is sent again does not act twice (RFC 3261
// section 17.2.2). Survives a restart, which takes an emulated phone half a second and a real one a minute (our
// choice). Four are kept: a proxy has hardly more NOTIFYs to one phone under way within timer J.
class SipMemory {
public:
    bool knows(std::uint64_t transaction, TimePoint now) const;
    void note(std::uint64_t transaction, TimePoint now);

private:
    struct Entry {
        std::uint64_t transaction = 0;
        TimePoint at = TimePoint::min();
    };
    std::array<Entry, 4> m_entries;
};

// What a phone does with one SIP datagram: the answer, and what happens to the phone because of it. The events are
// fed to the phone first; the answer leaves when what they changed is remembered (design decision D14).
struct SipAnswer {
    std::string datagram;  // empty: none
    Endpoint to;           // where to (RFC 3261 section 18.2.2, RFC 3581)
    std::vector<Event> events;
    std::uint64_t transaction = 0;  // not 0: to be noted in the phone's SipMemory
};

// The phone's SIP side as far as it is commanded from outside: NOTIFY, and OPTIONS. Pure: reads the phone, changes
// nothing itself. `memory`: null when there is none yet.
//
// Shape:  Event is one of
//           resync         the stored rules; with ;profile="URL" that rule
//           check-sync     the stored rules; with ;reboot=true a reboot
//           reboot_now     a cold restart, restart_now a warm one (RebootCommanded says how they differ)
//           upgrade        the stored Upgrade_Rule (our name: the guides list the operation without its event)
//           report         Report_Rule once
//           factory-reset  factory defaults
//           XML-Service    the Cisco XML object in the body (xml_command.hpp)
//         With Auth_Resync-Reboot_n_ each of them has to come with the line's SIP credentials: 401 with a Digest
//         challenge, user Auth_ID_n_ or else User_ID_n_. Without Password_n_ nobody can answer it (our choice: a phone
//         without account takes no commands, unless Auth_Resync-Reboot_n_ is No). The realm is Reversed_Auth_Realm_n_,
//         else the phone's address (our choice). The line is that whose User_ID_n_ stands in the request's URI, else
//         in To, else line 1.
// Answers (our choices where RFC 3261 and RFC 6665 leave them open):
//         200; 400 for what cannot be read as far as it can be answered; 401; 403 while Resync_From_SIP,
//         Provision_Enable, Upgrade_Enable or CISCO_XML_EXE_Enable is No for what was asked; 405 with Allow for other
//         methods; 420 for Require; 481 inside a dialog, as the phone has none; 489 with Allow-Events for other
//         events. Responses, ACK and what is no SIP stay without answer; so does everything while the phone is off.
// Source: "Cisco IP Phone Multiplatform Phones Administration Guide", NOTIFY events and Auth Resync-Reboot;
//         SIP-NOTIFY-*, RSYNC-FROM-SIP-*.
SipAnswer answerSipRequest(const Phone& phone, const SipMemory* memory, TimePoint now,
                           std::string_view datagram, const Endpoint& from);

}  // namespace emulator
