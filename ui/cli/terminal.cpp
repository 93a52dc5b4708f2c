#include "ui/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace ui {

namespace {

std::string_view environment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

bool localeIsUtf8()
{
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
        if (const std::string_view value = environment(name); !value.empty())
            return value.find("UTF-8") != std::string_view::npos ||
                   value.find("utf8") != std::string_view::npos;
    return false;
}

// Length of a printable character at the start of `text`; 0 when it is none.
std::size_t printableLength(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80)
        return first >= 0x20 && first != 0x7f ? 1 : 0;
    const std::size_t length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? 3 : first >= 0xc3 ? 2 : 0;
    if (length == 0 || first > 0xf4 || text.size() < length)
        return 0;  // 0xc2 begins the control characters beyond ASCII, too: nothing that is missed
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80)
            return 0;
    return length;
}

std::atomic<int> firstLoss{0};

}  // namespace

TerminalLook lookOf(int descriptor)
{
    TerminalLook look;
    look.isTerminal = isatty(descriptor) == 1;
    const std::string_view kind = environment("TERM");
    look.colours = look.isTerminal && environment("NO_COLOR").empty() && kind != "dumb" && !kind.empty();
    look.unicode = localeIsUtf8();
    winsize size{};
    if (look.isTerminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        look.columns = size.ws_col;
        look.rows = size.ws_row;
    }
    return look;
}

int lostOutput()
{
    return firstLoss;
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            int none = 0;
            if (descriptor == STDOUT_FILENO && errno != EPIPE)
                firstLoss.compare_exchange_strong(none, errno);
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void say(std::string_view text)
{
    std::string line = "phonerig: ";
    line.append(text).append(1, '\n');
    writeAll(STDERR_FILENO, line);
}

std::string cutToWidth(std::string_view text, std::size_t columns)
{
    std::string shown;
    for (std::size_t used = 0; used < columns && !text.empty(); ++used) {
        const std::size_t length = printableLength(text);
        if (length == 0)
            shown += '.';
        else
            shown.append(text.substr(0, length));
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return shown;
}

}  // namespace ui
