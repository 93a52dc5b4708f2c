#pragma once

#include "hwbridge/bench/bench_client.hpp"
#include "ui/cli/exit_code.hpp"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ui {

// How a bench's daemon is reached, as typed.
struct BenchDoorOptions {
    std::string socket;   // default: in XDG_RUNTIME_DIR
    std::string connect;  // HOST:PORT, instead of the socket
    std::string authorities;
    std::string tokenFile;
};

// `phonerig bench`, as typed.
struct BenchOptions {
    BenchDoorOptions door;
    std::string phone;
    // list, check, serve
    std::string inventory;
    bool json = false;
    bool schema = false;
    // lease
    std::string tag;
    std::string model;
    std::string duration;
    std::string reason;
    bool wait = false;
    std::vector<std::string> command;  // what stood behind "--"
    // release
    bool kick = false;
    // serve
    std::string bench;
    std::string state;
    std::string listen;
    std::string certificate;
    std::string key;
};

// Declares the options that say how the daemon is reached.
void addBenchDoor(CLI::App& app, BenchDoorOptions& door);

// Declares the command's words; `chosen` becomes what they ask for.
void addBench(CLI::App& program, BenchOptions& options, std::function<ExitCode()>& chosen);

ExitCode benchList(const BenchOptions& options);
ExitCode benchCheck(const BenchOptions& options);
ExitCode benchLease(const BenchOptions& options);
ExitCode benchRelease(const BenchOptions& options);
ExitCode benchServe(const BenchOptions& options);

}  // namespace ui
