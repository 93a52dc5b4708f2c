#include "scenarios/control/control_message.hpp"
#include "tests/fuzz/target.hpp"

namespace {

// What was read is printed in a form that is read again, and printed alike.
template <class Message>
void expectStable(emulator::Result<Message> (*read)(std::string_view), std::string_view line)
{
    const emulator::Result<Message> message = read(line);
    if (message.has_error())
        return fuzz::require(!message.error().detail.empty(), "an error says why");
    const std::string printed = print(*message);
    fuzz::require(printed.find('\n') == std::string::npos, "a message is one line");
    const emulator::Result<Message> again = read(printed);
    fuzz::require(again.has_value(), "what was printed is read");
    fuzz::require(print(*again) == printed, "and printed alike");
}

}  // namespace

FUZZ_TARGET(control_line)
{
    const std::string_view line = fuzz::text(data, size);
    expectStable(scenarios::control::readCommand, line);
    expectStable(scenarios::control::readHello, line);
    expectStable(scenarios::control::readAnswer, line);
    (void)scenarios::control::idIn(line);
    return 0;
}
