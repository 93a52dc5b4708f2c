#pragma once

#include "emulator/phone/phone.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct StatusField {
    std::string label;  // "Reboot Reason 1"
    std::string value;
};

struct StatusSection {
    std::string title;
    std::vector<StatusField> fields;
};

// Info > Status and Info > Download Status. Only what the emulator knows: fields of real phones that it has no
// truth for are left out.
// Shape:  times in UTC, "mm/dd/yyyy HH:MM:SS"; reboots "[mm/dd/yy HH:MM:SS] User Triggered".
// Source: WEB-INFO-STATUS, WEB-INFO-DOWNLOAD; "Cisco IP Phone 7800 Series Multiplatform Phones Administration
//         Guide", fields of the Info tab. The wording of Provisioning Status is ours.
std::vector<StatusSection> statusSections(const Phone& phone, TimePoint now);
std::vector<StatusSection> downloadSections(const Phone& phone);

// The same as /status.xml.
// Shape:  <flat-status>, one element per section, in it one per field: labels with '_' for all but letters and
//         digits ("Reboot_Reason_1"). The root is that of the SPA family, the nesting that of Reboot_History as
//         the MPP guide prints it.
std::string statusXml(const Phone& phone, TimePoint now);

// "Reboot Reason 1" as "Reboot_Reason_1".
std::string statusTag(std::string_view label);

}  // namespace emulator
