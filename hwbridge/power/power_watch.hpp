#pragma once

#include "emulator/base/result.hpp"
#include "emulator/base/time_point.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hwbridge {

// Something that a phone's wire shows. Times are since the watching began, by a clock that never jumps.
struct WireSign {
    enum class Kind : std::uint8_t { Packet, Dhcp, LinkDown, LinkUp };
    Kind kind = Kind::Packet;
    emulator::TimePoint at{};
};

enum class PowerAction : std::uint8_t { Off, On };

// How long things take. Our choices: switches cut PoE within seconds, a phone's boot takes one to two minutes.
struct PowerRules {
    emulator::Duration before = std::chrono::seconds{60};  // a phone heard so shortly before was on
    emulator::Duration grace =
        std::chrono::seconds{3};  // it may still speak so long after it was switched off
    emulator::Duration quiet = std::chrono::seconds{10};  // silence of so long afterwards means off
    emulator::Duration dark{};  // and not before so long, in which it has to stay off
    emulator::Duration back = std::chrono::seconds{180};  // it speaks again so soon after it was switched on
};

// Decides from what the wire shows whether a power action has really happened. Pure: time is an argument.
//   Off: the link goes down, or a phone that was heard before is silent. A phone that was silent before as well proves
//        nothing by its silence.
//   On:  the phone says anything, as a rule DHCP.
class PowerWatch {
public:
    // `phone`, `driver`: their names in sentences. `heardBefore`: within PowerRules::before of the action.
    PowerWatch(PowerAction action, std::string phone, std::string driver, PowerRules rules, bool heardBefore);

    void acted(emulator::TimePoint now);    // the driver says that it has done it
    void knocked(emulator::TimePoint now);  // it was spoken to: its silence counts from here
    void seen(const WireSign& sign);
    // What confirms the action, for a report: "its link went down". Nothing: not decided yet; ask again at wakeAt().
    // Errors: Refused: the wire does not agree; TimedOut: it did not come back; Unsupported: silence proves nothing here.
    std::optional<emulator::Result<std::string>> verdict(emulator::TimePoint now) const;
    emulator::TimePoint wakeAt() const;  // the end of the time that the phone has

private:
    emulator::Result<std::string> offVerdict() const;
    emulator::Duration silence() const;  // from switching off

    PowerAction m_action;
    std::string m_phone;
    std::string m_driver;
    PowerRules m_rules;
    bool m_heardBefore;
    std::optional<emulator::TimePoint> m_acted{};
    std::optional<emulator::TimePoint> m_knocked{};
    std::optional<WireSign> m_first{};  // of its packets since the watching began
    std::size_t m_late = 0;             // packets after the grace
    bool m_linkDown = false;
};

}  // namespace hwbridge
