#pragma once

#include "emulator/web/submission.hpp"
#include "emulator/web/web_view.hpp"

#include <string>

namespace emulator {

// The utility itself: the Info tabs, and one form with a tab of input fields per tab of the schema.
// Shape:  fields are named like their parameters (Resync_Periodic); passwords are never sent, an empty field leaves
//         them as they were. `refused`: what was typed is shown again, with the reasons; null: the phone's values.
// Source: WEB-ADMIN-ADVANCED, WEB-NAV-MPP, WEB-TAB-*, WEB-SEC-*, WEB-INFO-*, WEB-SUBMIT.
std::string configurationPage(const Phone& phone, TimePoint now, WebView view, const Submission* refused);

// The answer to a form that was taken: what changes, and whether the phone reboots.
std::string submittedPage(const Phone& phone, WebView view, const Submission& submission);

}  // namespace emulator
