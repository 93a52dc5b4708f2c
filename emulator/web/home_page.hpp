#pragma once

#include "emulator/phone/phone.hpp"

#include <string>

namespace emulator {

// The page at "/": which phone this is, and the ways on. Small, for fleets of which every phone is asked.
// Shape:  firmware 11.3+ has Voice > <tab> right there (WEB-NAV-MPP); earlier firmware shows the user's tabs, and
//         the administrator's are behind Admin Login > advanced (WEB-NAV-ADMINLOGIN).
std::string homePage(const Phone& phone);

}  // namespace emulator
