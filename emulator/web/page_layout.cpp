#include "emulator/web/page_layout.hpp"

#include "emulator/web/html.hpp"
#include "emulator/web/page_style.hpp"

namespace emulator {
namespace {

void appendFact(std::string& out, std::string_view label, std::string_view value)
{
    out += "<div><dt>";
    out += label;
    out += "</dt><dd>";
    appendEscaped(out, value);
    out += "</dd></div>";
}

void appendLink(std::string& out, std::string_view address, std::string_view text, bool here)
{
    if (here) {
        out += "<b aria-current=\"true\">";
        out += text;
        out += "</b>";
        return;
    }
    out += "<a href=\"";
    out += address;
    out += "\">";
    out += text;
    out += "</a>";
}

// "Admin Login | basic | advanced": the way of 11.0 and SPA firmware from level to level (WEB-NAV-ADMINLOGIN).
void appendLevels(std::string& out, WebView view)
{
    const WebView other{view.login == WebLogin::Admin ? WebLogin::User : WebLogin::Admin, view.detail};
    const WebView basic{view.login, WebDetail::Basic};
    const WebView advanced{view.login, WebDetail::Advanced};
    out += "<nav class=\"level\" aria-label=\"Page level\">";
    appendLink(out, other.path(), other.login == WebLogin::Admin ? "Admin Login" : "User Login", false);
    appendLink(out, basic.path(), "basic", view.detail == WebDetail::Basic);
    appendLink(out, advanced.path(), "advanced", view.detail == WebDetail::Advanced);
    out += "</nav>";
}

void appendHeader(std::string& out, const PageLayout& layout)
{
    const Phone& phone = layout.phone;
    out += "<header><a class=\"product\" href=\"/\">";
    appendEscaped(out, phone.model().productName);
    out += "<small>Configuration Utility</small></a><dl class=\"facts\">";
    appendFact(out, "MAC address", phone.mac().colons());
    appendFact(out, "IP address", phone.address().text());
    appendFact(out, "Firmware", phone.firmware().load);
    out += "</dl>";
    appendLevels(out, layout.view);
    out += "</header>\n";
}

void appendTabLinks(std::string& out, const PageLayout& layout, std::string_view heading,
                    const std::vector<WebTab>& tabs)
{
    if (tabs.empty())
        return;
    out += "<h2>";
    out += heading;
    out += "</h2><ul>";
    for (const WebTab& tab : tabs) {
        out += "<li><a href=\"";
        if (layout.shownTab.empty())
            out += layout.view.path();
        out += '#';
        out += tab.id;
        out += "\">";
        appendEscaped(out, tab.title);
        out += "</a></li>";
    }
    out += "</ul>\n";
}

// Which tab is shown while the address names none, and which link of the navigation is the current one: a matter
// of the address fragment, which only style rules can see without script.
void appendTabRules(std::string& out, const PageLayout& layout, const std::vector<WebTab>& tabs)
{
    constexpr std::string_view current =
        "{background:var(--tint);color:var(--link);font-weight:600;box-shadow:inset 3px 0 var(--link)}\n";
    const std::string shown{layout.shownTab};
    out += "main:not(:has(:target)) #" + shown + "{display:block}\n";
    out += "body:not(:has(main :target)) .tabs a[href=\"#" + shown + "\"]";
    out += current;
    for (const WebTab& tab : tabs)
        out += "body:has(#" + tab.id + ":target) .tabs a[href=\"#" + tab.id + "\"],body:has(#" + tab.id +
               " :target) .tabs a[href=\"#" + tab.id + "\"],";
    out += ".tabs a.current";
    out += current;
    if (!layout.shownTab.empty() && layout.shownTab != "status" && layout.shownTab != "download-status" &&
        layout.shownTab != "debug-info")
        out += "body:not(:has(main :target)) .actions{display:flex}\n";
}

}  // namespace

std::string beginPage(const PageLayout& layout, std::size_t expectedBytes)
{
    const std::vector<WebTab> info = infoTabs(layout.view);
    const std::vector<WebTab> voice = voiceTabs(layout.phone, layout.view);
    std::string out;
    out.reserve(expectedBytes + 16384);
    out += "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
    appendEscaped(out, layout.title);
    out += " - ";
    appendEscaped(out, layout.phone.model().productName);
    out += ' ';
    out += layout.phone.mac().plain();
    out += "</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
           "<link rel=\"icon\" href=\"data:,\"><style>";
    out += pageStyle();
    if (!layout.shownTab.empty()) {
        std::vector<WebTab> all = info;
        all.insert(all.end(), voice.begin(), voice.end());
        appendTabRules(out, layout, all);
    }
    out += "</style></head>\n<body>";
    appendHeader(out, layout);
    out += "<div class=\"body\"><nav class=\"tabs\" aria-label=\"Tabs\">";
    appendTabLinks(out, layout, "Info", info);
    appendTabLinks(out, layout, "Voice", voice);
    out += "</nav>\n<main>";
    return out;
}

void endPage(std::string& out)
{
    out += "</main></div>\n<footer>This phone is emulated by phonerig.</footer></body></html>\n";
}

std::string noticePage(const Phone& phone, WebView view, std::string_view title, std::string_view body)
{
    std::string out = beginPage({phone, view, title, {}}, body.size());
    out += "<h1>";
    appendEscaped(out, title);
    out += "</h1>\n";
    out += body;
    endPage(out);
    return out;
}

}  // namespace emulator
