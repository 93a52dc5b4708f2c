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
        return m_prompt.ask("Please plug the power of " + m_phone + " in.");
    }
    emulator::Result<void> off() override
    {
        return m_prompt.ask("Please unplug the power of " + m_phone + ".");
    }
    emulator::Result<PowerState> probe() override { return PowerState::Unknown; }

private:
    PersonPrompt& m_prompt;
    std::string m_phone;
};

}  // namespace hwbridge
