#include "emulator/web/web_view.hpp"

#include <algorithm>
#include <array>

namespace emulator {
namespace {

constexpr std::string_view voicePrefix = "Voice > ";

constexpr std::array<std::string_view, 5> advancedOnly{
    "Voice > SIP", "Voice > Provisioning", "Voice > Regional", "Voice > Att Console", "Voice > TR-069"};

// "Att Console" as "att-console".
std::string tabId(std::string_view title)
{
    std::string id;
    for (const char c : title) {
        if (c >= 'A' && c <= 'Z')
            id += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            id += c;
        else
            id += '-';
    }
    return id;
}

WebTab infoTab(std::string_view title)
{
    return {tabId(title), std::string{title}, {}};
}

// System, SIP, Provisioning, Regional, Phone, User, Ext 1 to n, Att Console, TR-069: the order of the page's tabs.
int tabRank(std::string_view title)
{
    constexpr std::array<std::string_view, 9> order{"System", "SIP",  "Provisioning", "Regional", "Phone",
                                                    "User",   "Ext ", "Att Console",  "TR-069"};
    const auto* const found = std::find_if(order.begin(), order.end(),
                                           [&](std::string_view name) { return title.starts_with(name); });
    return static_cast<int>(found - order.begin());
}

}  // namespace

std::string_view WebView::path() const
{
    if (login == WebLogin::Admin)
        return detail == WebDetail::Advanced ? "/admin/advanced" : "/admin/basic";
    return detail == WebDetail::Advanced ? "/advanced" : "/basic";
}

std::vector<WebTab> infoTabs(WebView view)
{
    std::vector<WebTab> tabs{infoTab("Status")};
    if (view.login == WebLogin::Admin) {
        tabs.push_back(infoTab("Download Status"));
        tabs.push_back(infoTab("Debug Info"));
    }
    return tabs;
}

std::vector<WebTab> voiceTabs(const Phone& phone, WebView view)
{
    const std::span<const Parameter> parameters = phone.parameters().schema().all();
    std::vector<WebTab> tabs;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::string_view tab = parameters[i].tab;
        const auto isThis = [&](const WebTab& known) { return known.schemaTab == tab; };
        if (!tabs.empty() && (isThis(tabs.back()) || std::any_of(tabs.begin(), tabs.end(), isThis)))
            continue;
        if (!tab.starts_with(voicePrefix) || !shows(phone, view, static_cast<ParamId>(i)))
            continue;
        const std::string_view title = tab.substr(voicePrefix.size());
        tabs.push_back({tabId(title), std::string{title}, tab});
    }
    std::stable_sort(tabs.begin(), tabs.end(),
                     [](const WebTab& a, const WebTab& b) { return tabRank(a.title) < tabRank(b.title); });
    return tabs;
}

bool shows(const Phone& phone, WebView view, ParamId id)
{
    const Parameter& parameter = phone.parameters().schema().at(id);
    if (parameter.hidden || parameter.tab.empty())
        return false;
    if (view.detail == WebDetail::Basic &&
        std::find(advancedOnly.begin(), advancedOnly.end(), parameter.tab) != advancedOnly.end())
        return false;
    return view.login == WebLogin::Admin || phone.parameters().access(id) != UserAccess::None;
}

bool mayChange(const Phone& phone, WebView view, ParamId id)
{
    return shows(phone, view, id) &&
           (view.login == WebLogin::Admin || phone.parameters().access(id) == UserAccess::ReadWrite);
}

std::string_view valueOf(const Phone& phone, std::string_view name)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(name);
    return id ? phone.parameters().value(*id) : std::string_view{};
}

bool saysNo(const Phone& phone, std::string_view name)
{
    return valueOf(phone, name) == "No";
}

}  // namespace emulator
