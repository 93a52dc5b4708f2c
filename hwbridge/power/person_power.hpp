#pragma once

#include "hwbridge/power/power_driver.hpp"

namespace hwbridge {

// Somebody who can be asked to do something.
class PersonPrompt {
public:
    virtual ~PersonPrompt() = default;
    // Nothing when it is done. Errors: Refused: the person says no, or nobody is there; TimedOut.
    virtual emulator::Result<void> ask(const std::string& request) = 0;
};

// Power in the hands of a person: for benches without any switch, and for pulling cables.
class PersonPower final : public PowerDriver {
public:
    // `prompt` outlives this object. `phone`: as the person knows it: "CP7832-1 (shelf 2, left)".
    PersonPower(PersonPrompt& prompt, std::string phone) : m_prompt{prompt}, m_phone{std::move(phone)} {}

    std::string name() const override { return "the person at the bench"; }
    emulator::Result<void> on() override
    {
        emulator::Result<void> done = m_prompt.ask("Please plug the power of " + m_phone + " in.");
        m_mayBeUnplugged = m_mayBeUnplugged && done.has_error();
        return done;
    }
    emulator::Result<void> off() override
    {
        emulator::Result<void> done = m_prompt.ask("Please unplug the power of " + m_phone + ".");
        // Whoever does not answer may have done it all the same.
        m_mayBeUnplugged =
            m_mayBeUnplugged || done.has_value() || done.error().kind == emulator::ErrorKind::TimedOut;
        return done;
    }
    emulator::Result<PowerState> probe() override { return PowerState::Unknown; }

    // That somebody was asked to unplug it, and nobody has said since that it is plugged in again.
    bool mayBeUnplugged() const { return m_mayBeUnplugged; }

private:
    PersonPrompt& m_prompt;
    std::string m_phone;
    bool m_mayBeUnplugged = false;
};

}  // namespace hwbridge
