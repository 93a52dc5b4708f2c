#pragma once

#include "emulator/phone/firmware_load.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace emulator {

inline constexpr const char* oldLoad = "sip7832.11-3-1MPP-678";
inline constexpr const char* newLoad = "sip7832.11-3-2MPP0001-609";
inline constexpr const char* newestLoad = "sip7832.12-0-1MPP0001-245";
inline const std::string newUrl = std::string{"http://192.168.1.5/"} + newLoad + ".loads";
inline const std::string newestUrl = std::string{"http://192.168.1.5/"} + newestLoad + ".loads";

// Settings with which a phone resyncs only when it is told to.
inline std::map<std::string, std::string> quiet(std::map<std::string, std::string> set)
{
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_After_Upgrade_Attempt", "No");
    set.try_emplace("Profile_Rule", "http://192.168.1.200/basic.txt");
    set.try_emplace("Syslog_Server", "192.168.1.210");
    set.try_emplace("Resync_Random_Delay", "0");
    return set;
}

// A phone that a server answers with the load that the path names ("/image/<load>.loads"), unless told otherwise, and
// with a profile at every other path.
inline PhoneRun anUpgradingPhone(std::map<std::string, std::string> set = {},
                                 std::string profile = "<flat-profile/>", std::string model = "CP-7832-3PCC")
{
    PhoneRun::Options options;
    options.set = quiet(std::move(set));
    options.model = std::move(model);
    PhoneRun run{options};
    run.server = [profile = std::move(profile)](const Url& url) -> Result<SharedBytes> {
        const std::string_view name = loadNameOf(url.path);
        const bool load = url.path.ends_with(".loads");
        return shareBytes(load ? makeLoad(name.starts_with("sip") ? name : newLoad, "sip7832") : profile);
    };
    run.powerOn();
    return run;
}

inline PhoneRun anIdleUpgradablePhone(std::map<std::string, std::string> set = {},
                                      std::string model = "CP-7832-3PCC")
{
    PhoneRun run = anUpgradingPhone(std::move(set), "<flat-profile/>", std::move(model));
    run.pass(std::chrono::seconds{1});
    run.forget();
    return run;
}

inline void upgrade(PhoneRun& run, std::string url)
{
    run.feed(UpgradeCommanded{std::move(url), IpAddress::parse("192.168.2.251").value()});
}

inline std::size_t upgradeReboots(const PhoneRun& run)
{
    std::size_t count = 0;
    for (const auto& [at, reason] : run.phone->reboots())
        count += reason == RebootReason::Upgrade ? 1u : 0u;
    return count;
}

}  // namespace emulator
