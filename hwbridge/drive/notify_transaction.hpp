#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/protocol/http_authentication.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// A command to a phone by SIP. Event is what the phone's guide names: "resync", "resync;profile=\"tftp://…\"", "check-sync",
// "check-sync;reboot=true", "reboot_now", "restart_now", "report", "factory-reset", "XML-Service" with an object as body.
struct NotifyCommand {
    std::string event;
    std::string lineUser{};  // whom the request is for: the line's User ID; empty: the phone's address alone
    std::string body{};      // with its type, empty for none
    std::string contentType{};
    emulator::HttpCredentials login{};  // of the line; an empty user: none is known
};

// One NOTIFY to a phone, repeated over UDP until it is answered, and once more with credentials when the phone asks for
// them. Pure: time and chance are arguments.
// Errors, of the result: TimedOut after 32 s; Refused: another answer than 2xx, with its status; credentials missing or
// wrong.
// Source: RFC 3261 sections 17.1.2 (timers E and F) and 22, RFC 6665; SIP-NOTIFY-*.
class NotifyTransaction {
public:
    struct Identity {
        emulator::Endpoint local;
        std::string
            random;  // 16 digits or more that nobody has used before: branch, tag and Call-ID are made of it
    };
    // `device`: its name in sentences.
    NotifyTransaction(std::string device, emulator::Endpoint phone, NotifyCommand command, Identity identity);

    struct Step {
        std::string datagram;  // to send; empty: none
        emulator::TimePoint wakeAt = emulator::TimePoint::max();
        std::optional<emulator::Result<void>> ended{};
    };
    Step begin(emulator::TimePoint now);
    Step arrived(emulator::TimePoint now, std::string_view datagram);  // others' answers change nothing
    Step woken(emulator::TimePoint now);

private:
    std::string request() const;
    std::string branch() const;
    std::string uri() const;
    Step sendAnew(emulator::TimePoint now);
    Step waiting() const;
    Step end(emulator::Result<void> result);
    Step challenged(emulator::TimePoint now, const emulator::HttpFields& fields, bool byProxy);
    std::string said(std::string_view what) const;

    std::string m_device;
    emulator::Endpoint m_phone;
    NotifyCommand m_command;
    Identity m_identity;
    std::string m_datagram;
    std::string m_authorization;  // a whole field: "Authorization: …"
    std::uint32_t m_cseq = 1;
    emulator::Duration m_interval{};
    emulator::TimePoint m_repeatAt{};
    emulator::TimePoint m_giveUpAt{};
    bool m_provisional = false;
    bool m_over = false;
};

}  // namespace hwbridge
