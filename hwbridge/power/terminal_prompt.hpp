#pragma once

#include "hwbridge/power/person_power.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace hwbridge {

// Asks on a terminal: Enter when it is done, any word when it cannot be done.
class TerminalPrompt final : public PersonPrompt {
public:
    // Descriptors that outlive this object: the terminal, or standard input and error. `stop` is asked ten times a second
    // while the answer is waited for: true ends that. Empty: only time does.
    TerminalPrompt(int input, int output, std::chrono::milliseconds patience, std::function<bool()> stop = {})
        : m_input{input},
          m_output{output},
          m_patience{patience},
          m_stop{std::move(stop)}
    {}
    emulator::Result<void> ask(const std::string& request) override;

private:
    int m_input;
    int m_output;
    std::chrono::milliseconds m_patience;
    std::function<bool()> m_stop;
};

}  // namespace hwbridge
