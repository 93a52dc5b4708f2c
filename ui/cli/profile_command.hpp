#pragma once

#include "ui/cli/exit_code.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ui {

// `phonerig profile check FILE [--key K | --key-file F] [--ikm-file F] [--alias-file F] [--model M] [--firmware V]
// [--json]`.
struct ProfileCheckOptions {
    std::string file;
    std::string key;
    std::string keyFile;    // its first line is the key: a secret need not stand in a list of processes
    std::string ikmFile;    // given: the file is a body with Content-Encoding: aes128gcm
    std::string aliasFile;  // an alias map, as a GPP register would hold it
    std::string model = "CP-7832-3PCC";
    std::string firmware;
    bool json = false;
};

// Declares the command's words; `chosen` becomes what they ask for.
void addProfile(CLI::App& program, ProfileCheckOptions& options, std::function<ExitCode()>& chosen);

// 0: nothing wrong; 1: some parameters are; 2: not a profile, or wrong words.
ExitCode checkProfileFile(const ProfileCheckOptions& options);

}  // namespace ui
