#pragma once

#include "ui/cli/exit_code.hpp"

#include <string>
#include <vector>

namespace ui {

// `phonerig list [scenarios|models|verbs] [--json]`; empty: all three.
ExitCode list(const std::string& what, bool json);

// `phonerig validate PATH...`: one line per problem on stdout, FILE:LINE:COLUMN first.
ExitCode validate(const std::vector<std::string>& paths);

// `phonerig explain VERB`.
ExitCode explain(const std::string& word);

}  // namespace ui
