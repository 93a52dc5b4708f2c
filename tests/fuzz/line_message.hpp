#pragma once

#include "emulator/base/result.hpp"
#include "tests/fuzz/input.hpp"

#include <string>

namespace fuzz {

// What was read is printed in a form that is read again, and printed alike.
template <class Message>
void expectStable(emulator::Result<Message> (*read)(std::string_view), std::string_view line)
{
    const emulator::Result<Message> message = read(line);
    if (message.has_error())
        return require(!message.error().detail.empty(), "an error says why");
    const std::string printed = print(*message);
    require(printed.find('\n') == std::string::npos, "a message is one line");
    const emulator::Result<Message> again = read(printed);
    require(again.has_value(), "what was printed is read");
    require(print(*again) == printed, "and printed alike");
}

}  // namespace fuzz
