#include "scenarios/control/control_message.hpp"
#include "tests/fuzz/line_message.hpp"
#include "tests/fuzz/target.hpp"

FUZZ_TARGET(control_line)
{
    const std::string_view line = fuzz::text(data, size);
    fuzz::expectStable(scenarios::control::readCommand, line);
    fuzz::expectStable(scenarios::control::readHello, line);
    fuzz::expectStable(scenarios::control::readAnswer, line);
    (void)scenarios::control::idIn(line);
    return 0;
}
