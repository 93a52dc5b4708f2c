#pragma once

#include "emulator/web/phone_pages.hpp"

#include <string_view>

namespace emulator {

// What the URL commands make of their argument: the page that answers, and the event for the phone. A command that
// the parameters forbid (Provision_Enable, Upgrade_Enable) is refused with a page that says so.
// Source: WEB-URL-CMDS, WEB-RESYNC-CMD, WEB-REBOOT-CMD; "Cisco IP Phone MPP Administration Guide, Provisioning
//         Methods", direct action URLs. That a resync without URL takes the stored rules: SPA guides.
WebAnswer commandResync(const Phone& phone, std::string_view rule, IpAddress requester);
WebAnswer commandUpgrade(const Phone& phone, std::string_view rule, IpAddress requester);
// Cold; the warm one is what the guides list as a restart, at an address of our choice, /admin/restart.
WebAnswer commandReboot(const Phone& phone);
WebAnswer commandRestart(const Phone& phone);

// The page with the "Confirm Factory Reset" button, and what that button does.
WebAnswer askFactoryReset(const Phone& phone);
WebAnswer commandFactoryReset(const Phone& phone);

}  // namespace emulator
