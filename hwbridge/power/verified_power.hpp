#pragma once

#include "hwbridge/power/phone_wire.hpp"
#include "hwbridge/power/power_driver.hpp"

#include <functional>
#include <string>

namespace hwbridge {

// Power actions of one phone, each confirmed on its wire (design decision D9). On the calling thread; packets come to
// `wire` from that of a capture.
class VerifiedPower {
public:
    // `driver` and `wire` outlive this object. `knock` makes a phone that is on say something, such as by asking for its
    // page; it may fail and is called before a phone is switched off, again when it should be silent, and while one that
    // was switched on is waited for. Empty: the phone speaks by itself. `stop` is asked ten times a second while the wire is
    // waited for: true ends that. Empty: only time does.
    VerifiedPower(std::string phone, PowerDriver& driver, PhoneWire& wire, PowerRules rules = {},
                  std::function<void()> knock = {}, std::function<bool()> stop = {});

    // What confirmed the action. Errors: those of the driver; those of PowerWatch: the wire does not agree; Refused: `stop`
    // said so, and nothing is known of the power.
    emulator::Result<std::string> off();
    emulator::Result<std::string> on();
    // Off, `dark`, on: both confirmed, and the phone is not heard in between.
    emulator::Result<std::string> cycle(emulator::Duration dark);

private:
    emulator::Result<std::string> confirmed(PowerAction action, emulator::Duration dark);
    void knock() const;

    std::string m_phone;
    PowerDriver& m_driver;
    PhoneWire& m_wire;
    PowerRules m_rules;
    std::function<void()> m_knock;
    std::function<bool()> m_stop;
};

}  // namespace hwbridge
