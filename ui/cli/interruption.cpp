#include "ui/cli/interruption.hpp"

#include <csignal>

namespace ui {

namespace {

volatile std::sig_atomic_t s_interrupted = 0;

void noteSignal(int)
{
    s_interrupted = 1;
}

}  // namespace

void watchForInterruption()
{
    struct sigaction note {};
    note.sa_handler = noteSignal;
    note.sa_flags = static_cast<int>(SA_RESETHAND);  // the next one has its ordinary effect
    sigaction(SIGINT, &note, nullptr);
    sigaction(SIGTERM, &note, nullptr);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

bool interrupted()
{
    return s_interrupted != 0;
}

}  // namespace ui
