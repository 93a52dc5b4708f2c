#pragma once

namespace ui {

// What the command tells its caller (design decision D8).
enum class ExitCode : int {
    Passed = 0,
    Failed = 1,
    Usage = 2,    // wrong words, a wrong scenario, a port that is taken
    Invalid = 3,  // the rig itself limited the run, or nothing was evaluated
    BenchUnavailable = 4,
    Interrupted = 130,  // our choice: a run that Ctrl-C ended has no verdict; what a shell shows for SIGINT
};

}  // namespace ui
