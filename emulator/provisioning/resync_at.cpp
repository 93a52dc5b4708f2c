#include "emulator/provisioning/resync_at.hpp"

#include <algorithm>

namespace emulator {

namespace {

std::optional<std::chrono::minutes> timeOfDay(std::string_view hhmm)
{
    const bool digits = hhmm.size() == 4 &&
                        std::all_of(hhmm.begin(), hhmm.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits)
        return std::nullopt;
    const int hours = (hhmm[0] - '0') * 10 + (hhmm[1] - '0');
    const int minutes = (hhmm[2] - '0') * 10 + (hhmm[3] - '0');
    if (minutes > 59 || hours > 24 || (hours == 24 && minutes > 0))
        return std::nullopt;
    return std::chrono::hours{hours % 24} + std::chrono::minutes{minutes};
}

}  // namespace

std::optional<WallTime> nextResyncAt(WallTime now, std::string_view hhmm, std::uint32_t randomDelay,
                                     Chance& chance, bool roundsUp)
{
    const std::optional<std::chrono::minutes> time = timeOfDay(hhmm);
    if (!time)
        return std::nullopt;
    WallTime next = std::chrono::floor<std::chrono::days>(now) + *time;
    if (next <= now)
        next += std::chrono::days{1};
    const std::chrono::seconds window =
        randomDelay < 600 ? std::chrono::seconds{600}
                          : std::chrono::minutes{(std::uint64_t{randomDelay} + (roundsUp ? 59 : 30)) / 60};
    // Inside the open interval (hhmm, hhmm + window): RSYNC-AT-WINDOW.
    const auto most = static_cast<std::uint64_t>(Duration{window}.count() - 2);
    return next + Duration{1 + static_cast<Duration::rep>(chance.upTo(most))};
}

}  // namespace emulator
