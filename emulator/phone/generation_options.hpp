#pragma once

#include "emulator/phone/firmware_version.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace emulator {

// How a firmware generation answers what the guides leave open, or answer differently from one generation to the
// next. Each is a named option of fixtures/models/generation_options.csv, whose README gives the reason of each
// value; the defaults here are those of firmware 11.3+.
struct GenerationOptions {
    // resync_random_delay_unit: one step of Resync_Random_Delay (RSYNC-RANDOM-UNIT). Newer guides count seconds.
    std::chrono::seconds randomDelayUnit{20};

    // periodic_random_delay: whether each wait of Resync_Periodic also gets a random share of Resync_Random_Delay, as
    // the guide of firmware 11.0 has it (PROV-HTTP-CAT-A), or the first contact alone does (RSYNC-RANDOM-INITIAL-ONLY).
    bool periodicRandomDelay = false;

    // forced_resync_delay: what Forced_Resync_Delay means. The guide's row heading and its text differ; the SPA family
    // resyncs when it is idle and only then (RSYNC-IDLE-ONLY), whatever the delay.
    enum class ForcedResync : std::uint8_t {
        IdleCountdown,  // counts down from the moment all lines are idle; resyncs are held meanwhile
        MaximumWait,    // a due resync waits for the end of the call, but no longer than this
        WhenIdle,       // a due resync waits for the end of the call, however long, and comes right after it
    };
    ForcedResync forcedResync = ForcedResync::IdleCountdown;

    // resync_triggers: how two triggers combine (RSYNC-TRIGGER-BOTH).
    enum class Triggers : std::uint8_t { Any, All };
    Triggers triggers = Triggers::Any;

    // resync_at_rounding: seconds of Resync_At_Random_Delay to minutes. The printed formula rounds half up, the words
    // beside it say up (RSYNC-AT-FORMULA).
    enum class Rounding : std::uint8_t { HalfUp, Up };
    Rounding resyncAtRounding = Rounding::HalfUp;

    // resync_on_reset_after_upgrade: whether Resync_On_Reset alone brings a resync after an upgrade.
    bool onResetAfterUpgrade = true;

    // failed_upgrade_resyncs: whether Resync_After_Upgrade_Attempt counts a failed upgrade.
    bool failedUpgradeResyncs = true;

    // provision_enable_commands: whether Provision_Enable = No also refuses commanded resyncs.
    bool provisionEnableGatesCommands = true;

    // profile_reboots: whether a profile that changes a parameter which needs a restart reboots the phone
    // (RSYNC-REBOOT-APPLY).
    bool profileReboots = true;

    // activation_codes: whether the profile rule gds:// begins the onboarding by activation code (ONB-VERSIONS).
    bool activationCodes = true;

    // Reads the options of one firmware.
    // Shape:  CSV with columns option,since,value; `since` is the first version of a generation ("0" is all); of
    //         several rows for an option the last that is not newer than the firmware counts.
    // Errors: Malformed with the row's number: an unknown option, a value that it does not take.
    static Result<GenerationOptions> parse(std::string_view table, const FirmwareVersion& firmware);

    bool operator==(const GenerationOptions&) const = default;
};

}  // namespace emulator
