#pragma once

#include "ui/cli/exit_code.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

// `phonerig compare A B [--html F] [--json F] [--rules F] [--phone A=B]...`.
struct CompareCommandOptions {
    std::string a;
    std::string b;
    std::string html;
    std::string json;
    std::string rules;
    std::vector<std::string> phones;  // "MAC=MAC"
};

// Declares the command's words; `chosen` becomes what they ask for.
void addCompare(CLI::App& program, CompareCommandOptions& options, std::function<ExitCode()>& chosen);

// 0: no difference; 1: there is one; 2: wrong words, a file that cannot be read; 3: nothing was
// compared, or nothing differs and a capture lost packets.
ExitCode compareFiles(const CompareCommandOptions& options);

}  // namespace ui
