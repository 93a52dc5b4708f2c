// phonerig-capture INTERFACE [ADDRESS...]: started by LiveCapture, which README.md of this folder tells more of.

#include "hwbridge/capture/process/interface_listener.hpp"
#include "hwbridge/capture/process/privileges.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace {

using hwbridge::ListenerExit;

ListenerExit wrong(const std::string& sentence)
{
    fmt::print(stderr, "{}\n", sentence);
    return ListenerExit::Usage;
}

ListenerExit run(int argc, char** argv)
{
    if (!hwbridge::keepOnlyCapture())
        return wrong("phonerig-capture cannot give up the rights it does not need");
    // Ctrl-C and the like are for the program that started this one; it ends the input when it is time.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
        std::signal(signal, SIG_IGN);
    if (argc < 2 || ::isatty(STDOUT_FILENO) == 1)
        return wrong("phonerig-capture is started by phonerig capture; see phonerig capture --help");
    std::vector<hwbridge::PhoneAddress> phones;
    for (int i = 2; i < argc; ++i) {
        const auto phone = hwbridge::parsePhoneAddress(argv[i]);
        if (!phone.has_value())
            return wrong(phone.error().detail);
        phones.push_back(*phone);
    }
    hwbridge::InterfaceListener listener;
    if (const ListenerExit opened = listener.open(argv[1]); opened != ListenerExit::Done)
        return opened;
    if (!hwbridge::dropAllRights())
        return wrong("phonerig-capture cannot give up its rights");
    if (const ListenerExit filtered = listener.filter(phones); filtered != ListenerExit::Done)
        return filtered;
    return listener.listen();
}

}  // namespace

int main(int argc, char** argv)
{
    // Nothing that is opened later may become the standard output.
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(descriptor, F_GETFD) < 0)
            return static_cast<int>(ListenerExit::Usage);
    ::close_range(STDERR_FILENO + 1, ~0u, 0);
    const ListenerExit end = run(argc, argv);
    // Nothing is left to tidy up, and a leak check at the end would take rights that are gone.
    std::fflush(stderr);
    ::_exit(static_cast<int>(end));
}
