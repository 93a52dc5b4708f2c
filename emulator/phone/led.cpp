#include "emulator/phone/led.hpp"

#include <array>
#include <span>

namespace emulator {

using namespace std::chrono_literals;

namespace {

constexpr std::array<Duration, 2> slowBeats{1000ms, 1000ms};
constexpr std::array<Duration, 4> fastBeats{200ms, 200ms, 200ms, 1400ms};

std::span<const Duration> beats(MuteLed led)
{
    switch (led) {
    case MuteLed::SlowBlink:
        return slowBeats;
    case MuteLed::FastBlink:
        return fastBeats;
    case MuteLed::Off:
        break;
    }
    return {};
}

}  // namespace

std::string_view name(MuteLed led)
{
    switch (led) {
    case MuteLed::SlowBlink:
        return "slow blink";
    case MuteLed::FastBlink:
        return "fast blink";
    case MuteLed::Off:
        break;
    }
    return "off";
}

std::optional<MuteLed> muteLedNamed(std::string_view text)
{
    for (const MuteLed led : {MuteLed::Off, MuteLed::SlowBlink, MuteLed::FastBlink})
        if (name(led) == text)
            return led;
    return std::nullopt;
}

std::string_view color(MuteLed led)
{
    return led == MuteLed::Off ? std::string_view{} : "red";
}

bool isLit(MuteLed led, TimePoint since, TimePoint at)
{
    const std::span<const Duration> pattern = beats(led);
    if (pattern.empty() || at < since)
        return false;
    Duration period{};
    for (const Duration beat : pattern)
        period += beat;
    Duration into = (at - since) % period;
    bool lit = true;  // beats alternate on, off, on, …
    for (const Duration beat : pattern) {
        if (into < beat)
            return lit;
        into -= beat;
        lit = !lit;
    }
    return false;
}

}  // namespace emulator
