#include "emulator/phone/menu.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace emulator {

namespace {

enum class Place : std::uint8_t {
    Home,
    Applications,
    DeviceAdministration,
    ProfileRule,
    ProfileAccount,
    Resync
};

struct Item {
    Place in;
    Place to;
    std::string_view text;
    std::string_view parameter;  // decides whether it is there; empty: always
    std::string_view hiddenBy;   // this value of it
    bool softKey = false;
};
constexpr std::array items{
    Item{Place::Home, Place::Applications, "Applications", "", ""},
    Item{Place::Applications, Place::DeviceAdministration, "Device administration", "", ""},
    Item{Place::DeviceAdministration, Place::ProfileRule, "Profile rule", "User_Configurable_Resync", "No"},
    Item{Place::DeviceAdministration, Place::ProfileAccount, "Profile account setup",
         "Profile_Authentication_Type", "Disabled"},
    Item{Place::ProfileRule, Place::Resync, "Resync", "", "", true},
};

bool isThere(const Item& item, Place place, const Phone& phone)
{
    if (item.in != place)
        return false;
    const std::optional<ParamId> id = phone.parameters().schema().find(item.parameter);
    return !id || phone.parameters().value(*id) != item.hiddenBy;
}

// Titles end a display's first line; the rest is what can be chosen.
MenuPlace shown(std::string_view title, Place place, const Phone& phone)
{
    MenuPlace seen;
    seen.title = title;
    seen.display = title;
    for (const Item& item : items)
        if (isThere(item, place, phone)) {
            seen.display += fmt::format("\n{}", item.text);
            (item.softKey ? seen.softKeys : seen.items).emplace_back(item.text);
        }
    seen.takesText = place == Place::ProfileRule;
    seen.resyncs = place == Place::Resync;
    return seen;
}

}  // namespace

Result<MenuPlace> followMenu(const Phone& phone, const std::vector<std::string>& path)
{
    Place place = Place::Home;
    std::string_view title =
        phone.awaitsActivationCode() ? "Enter activation code" : std::string_view{phone.model().productName};
    for (const std::string& key : path) {
        const auto* const chosen = std::find_if(items.begin(), items.end(), [&](const Item& item) {
            return isThere(item, place, phone) && equalsAnyCase(item.text, key);
        });
        if (chosen == items.end())
            return fail(ErrorKind::NotFound, shown(title, place, phone).display);
        place = chosen->to;
        title = chosen->text;
    }
    return shown(title, place, phone);
}

}  // namespace emulator
