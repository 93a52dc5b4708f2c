#include "hwbridge/power/terminal_prompt.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t longestAnswer = 1000;
constexpr long long promptLooks = 100;  // ms, at whether to stop

}  // namespace

Result<void> TerminalPrompt::ask(const std::string& request)
{
    const std::string text = request + " Then press Enter; if it cannot be done, type why.\n";
    for (std::string_view rest = text; !rest.empty();) {
        const ssize_t written = ::write(m_output, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return emulator::fail(ErrorKind::Refused, "nobody can be asked: the terminal takes no text");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    const Clock::time_point end = Clock::now() + m_patience;
    std::string answer;
    while (answer.find('\n') == std::string::npos && answer.size() < longestAnswer) {
        if (m_stop && m_stop())
            return emulator::fail(ErrorKind::TimedOut,
                                  fmt::format("an answer was not waited for: {}", request));
        const long long left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        const long long most = m_stop ? std::min(left, promptLooks) : left;
        pollfd wait{m_input, POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(std::max<long long>(most, 0)));
        if ((ready < 0 && errno == EINTR) || (ready == 0 && most < left))
            continue;
        if (ready <= 0) {
            return emulator::fail(
                ErrorKind::TimedOut,
                fmt::format("nobody answered within {} s: {}",
                            std::chrono::duration_cast<std::chrono::seconds>(m_patience).count(), request));
        }
        std::array<char, 256> bytes{};
        const ssize_t count = ::read(m_input, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return emulator::fail(ErrorKind::Refused, "nobody can be asked: the input is closed");
        answer.append(bytes.data(), static_cast<std::size_t>(count));
    }
    answer.resize(std::min(answer.find('\n'), answer.size()));
    if (answer.find_first_not_of(" \t\r") == std::string::npos)
        return {};
    return emulator::fail(ErrorKind::Refused, fmt::format("the person at the bench says: {}", answer));
}

}  // namespace hwbridge
