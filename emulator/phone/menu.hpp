#pragma once

#include "emulator/phone/phone.hpp"

namespace emulator {

// What the display shows of the phone's menus after somebody chose their items one after another.
// Shape:  the text of the display: the menu's title, then its items and softkeys, a line each.
//         Applications > Device administration > Profile rule > Resync
// So far: what provisioning puts there. "Profile rule" is there while User_Configurable_Resync is Yes, "Profile
//         account setup" unless Profile_Authentication_Type is Disabled.
//         While the phone awaits an activation code, it asks for it where its name stands otherwise; the words are
//         our choice, the guides do not print them.
// Errors: NotFound, naming what the menu does show.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", user configurable resync and profile
//         authentication type; RSYNC-USER-*, RSYNC-AUTH-DISABLED. Names of items are those of the guide, in any
//         case; that the phone account's menu ends there is our choice.
struct MenuPlace {
    std::string display;
    std::string title;
    std::vector<std::string> items;     // menus and fields, chosen with the navigation keys
    std::vector<std::string> softKeys;  // of the place itself
    bool takesText = false;             // somebody may type here; what was typed goes with the softkey
    bool resyncs = false;               // the last key was the softkey of the profile rule
};
Result<MenuPlace> followMenu(const Phone& phone, const std::vector<std::string>& path);

}  // namespace emulator
