#include "emulator/provisioning/delay_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace emulator {

namespace {

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::uint32_t> readSeconds(std::string_view text)
{
    text = trim(text);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}  // namespace

Result<DelayList> DelayList::parse(std::string_view text)
{
    DelayList list;
    std::string_view rest = trim(text);
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string_view item = rest.substr(0, comma);
        const std::size_t plus = item.find('+');
        const std::optional<std::uint32_t> seconds = readSeconds(item.substr(0, plus));
        const std::optional<std::uint32_t> spread =
            plus == std::string_view::npos ? 0 : readSeconds(item.substr(plus + 1));
        const bool endsInComma = comma + 1 == rest.size();
        if (!seconds || !spread || endsInComma)
            return fail(ErrorKind::Malformed,
                        fmt::format("'{}' is not a delay; expected 3600, 600,1200,300 or 2400+30", text));
        if (list.steps.size() == maxSteps)
            return fail(ErrorKind::TooLarge, fmt::format("more than {} delays", maxSteps));
        list.steps.push_back({*seconds, *spread});
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    const bool never = list.steps.size() == 1 && list.steps[0].seconds == 0 && list.steps[0].spread == 0;
    if (never)
        list.steps.clear();
    return list;
}

std::optional<Duration> DelayList::wait(std::size_t done, Chance& chance) const
{
    if (steps.empty())
        return std::nullopt;
    const Step& step = steps[std::min(done, steps.size() - 1)];
    Duration wait = std::chrono::seconds{step.seconds};
    if (step.spread > 0)
        wait += Duration{static_cast<Duration::rep>(chance.upTo(std::uint64_t{step.spread} * 1'000'000))};
    return wait;
}

}  // namespace emulator
