#pragma once

#include "emulator/phone/phone.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

enum class WebLogin { User, Admin };
enum class WebDetail { Basic, Advanced };

// As whom, and in how much detail, somebody looks at a phone: the page levels "User Login" and "Admin Login",
// "basic" and "advanced".
struct WebView {
    WebLogin login = WebLogin::Admin;
    WebDetail detail = WebDetail::Advanced;

    std::string_view path() const;  // "/admin/advanced", "/admin/basic", "/advanced", "/basic"
};

// One tab of the utility.
struct WebTab {
    std::string id;              // "att-console": the fragment in its address
    std::string title;           // "Att Console"
    std::string_view schemaTab;  // "Voice > Att Console"; empty for those of Info
};

// The tabs of Info, then those of Voice, as far as the model has parameters on them that this view shows.
std::vector<WebTab> infoTabs(WebView view);
std::vector<WebTab> voiceTabs(const Phone& phone, WebView view);

// Whether a view shows a parameter. The user sees what the parameter's `ua` grants. Our choice for "basic", whose
// extent the guides do not print: all but SIP, Provisioning, Regional, Att Console and TR-069.
bool shows(const Phone& phone, WebView view, ParamId id);
bool mayChange(const Phone& phone, WebView view, ParamId id);

// The value of a parameter by its name; empty when this model has none of that name.
std::string_view valueOf(const Phone& phone, std::string_view name);

// Whether a bool parameter says No; an absent one does not.
bool saysNo(const Phone& phone, std::string_view name);

}  // namespace emulator
