#pragma once

#include "scenarios/engine/scenario.hpp"

#include <string>

namespace scenarios {

// One line that says what a step does, for reports and the terminal. Values of secret parameters, passwords in
// addresses and arguments of rule options are left out.
std::string stepText(const Step& step, const Scenario& scenario);

// What an expectation is about, without its times: "a syslog line \"*…*\"".
std::string subjectText(const Subject& subject);

}  // namespace scenarios
