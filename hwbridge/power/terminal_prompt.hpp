#pragma once

#include "hwbridge/power/person_power.hpp"

#include <chrono>

namespace hwbridge {

// Asks on a terminal: Enter when it is done, any word when it cannot be done.
class TerminalPrompt final : public PersonPrompt {
public:
    // Descriptors that outlive this object: the terminal, or standard input and error.
    TerminalPrompt(int input, int output, std::chrono::milliseconds patience)
        : m_input{input},
          m_output{output},
          m_patience{patience}
    {}
    emulator::Result<void> ask(const std::string& request) override;

private:
    int m_input;
    int m_output;
    std::chrono::milliseconds m_patience;
};

}  // namespace hwbridge
