#include "ui/cli/interruption.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace ui {

namespace {

volatile std::sig_atomic_t s_interrupted = 0;
int s_bell = -1;

void noteSignal(int)
{
    const int error = errno;
    s_interrupted = 1;
    const std::uint64_t one = 1;
    (void)!::write(s_bell, &one, sizeof one);
    errno = error;
}

}  // namespace

void watchForInterruption()
{
    if (s_bell < 0)
        s_bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
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

int interruptionBell()
{
    return s_bell;
}

}  // namespace ui
