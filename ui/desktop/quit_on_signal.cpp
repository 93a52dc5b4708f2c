#include "ui/desktop/quit_on_signal.hpp"

#include <QApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdint>

#include <sys/eventfd.h>
#include <unistd.h>

namespace ui {

namespace {

int s_bell = -1;  // what a signal handler may ring

void ring(int)
{
    const std::uint64_t once = 1;
    [[maybe_unused]] const auto written = ::write(s_bell, &once, sizeof once);
}

}  // namespace

void quitOnSignal()
{
    s_bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s_bell < 0)
        return;
    auto* const notifier = new QSocketNotifier{s_bell, QSocketNotifier::Read, qApp};
    QObject::connect(notifier, &QSocketNotifier::activated, qApp, [notifier] {
        notifier->setEnabled(false);
        QApplication::quit();
    });
    struct sigaction action {};
    action.sa_handler = ring;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // the next one has its ordinary effect
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

}  // namespace ui
