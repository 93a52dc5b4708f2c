#include "emulator/phone/generation_options.hpp"

#include "emulator/profile/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <utility>

namespace emulator {

namespace {

using Version = std::array<int, 3>;

// "11.3.1", "12.0" or "0"; what is not said is 0.
std::optional<Version> readVersion(std::string_view text)
{
    Version version{};
    for (std::size_t i = 0; i < version.size() && !text.empty(); ++i) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version[i]);
        if (error != std::errc{})
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.starts_with('.'))
            text.remove_prefix(1);
    }
    return text.empty() ? std::optional{version} : std::nullopt;
}

template <class Value>
bool choose(Value& option, std::string_view text,
            std::initializer_list<std::pair<std::string_view, Value>> choices)
{
    for (const auto& [name, value] : choices) {
        if (text == name) {
            option = value;
            return true;
        }
    }
    return false;
}

bool readUnit(std::chrono::seconds& unit, std::string_view text)
{
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 1)
        return false;
    unit = std::chrono::seconds{seconds};
    return true;
}

bool take(GenerationOptions& options, std::string_view option, std::string_view value)
{
    using Forced = GenerationOptions::ForcedResync;
    using Triggers = GenerationOptions::Triggers;
    using Rounding = GenerationOptions::Rounding;
    const auto yesOrNo = [&](bool& one) { return choose<bool>(one, value, {{"yes", true}, {"no", false}}); };
    if (option == "resync_random_delay_unit")
        return readUnit(options.randomDelayUnit, value);
    if (option == "periodic_random_delay")
        return yesOrNo(options.periodicRandomDelay);
    if (option == "forced_resync_delay")
        return choose<Forced>(options.forcedResync, value,
                              {{"idle countdown", Forced::IdleCountdown},
                               {"maximum wait", Forced::MaximumWait},
                               {"when idle", Forced::WhenIdle}});
    if (option == "resync_triggers")
        return choose<Triggers>(options.triggers, value, {{"any", Triggers::Any}, {"all", Triggers::All}});
    if (option == "resync_at_rounding")
        return choose<Rounding>(options.resyncAtRounding, value,
                                {{"half up", Rounding::HalfUp}, {"up", Rounding::Up}});
    if (option == "resync_on_reset_after_upgrade")
        return yesOrNo(options.onResetAfterUpgrade);
    if (option == "failed_upgrade_resyncs")
        return yesOrNo(options.failedUpgradeResyncs);
    if (option == "provision_enable_commands")
        return yesOrNo(options.provisionEnableGatesCommands);
    if (option == "profile_reboots")
        return yesOrNo(options.profileReboots);
    if (option == "activation_codes")
        return yesOrNo(options.activationCodes);
    return false;
}

}  // namespace

Result<GenerationOptions> GenerationOptions::parse(std::string_view text, const FirmwareVersion& firmware)
{
    const Result<CsvTable> table = CsvTable::parse(text);
    if (!table.has_value())
        return fail(ErrorKind::Malformed, "generation options, " + table.error().detail);
    const std::optional<Version> version = readVersion(firmware.dotted);
    if (!version)
        return fail(ErrorKind::Malformed, fmt::format("'{}' is not a version", firmware.dotted));
    GenerationOptions options;
    for (const CsvTable::Row& row : table->rows) {
        const std::string_view option = table->field(row, "option");
        const std::string_view value = table->field(row, "value");
        const std::optional<Version> since = readVersion(table->field(row, "since"));
        GenerationOptions unused;
        if (!since || !take(*since <= *version ? options : unused, option, value))
            return fail(ErrorKind::Malformed,
                        fmt::format("generation options, line {}: '{}' since '{}' does not take '{}'",
                                    row.line, option, table->field(row, "since"), value));
    }
    return options;
}

}  // namespace emulator
