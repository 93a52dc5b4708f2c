#include "emulator/web/home_page.hpp"

#include "emulator/web/html.hpp"
#include "emulator/web/page_layout.hpp"

namespace emulator {
namespace {

void appendRow(std::string& out, std::string_view label, std::string_view value)
{
    out += "<tr><th scope=\"row\">";
    out += label;
    out += "</th><td>";
    appendEscaped(out, value);
    out += "</td></tr>";
}

}  // namespace

std::string homePage(const Phone& phone)
{
    const bool straight = phone.firmware().generation() == Generation::Mpp11_3;
    const WebView view{straight ? WebLogin::Admin : WebLogin::User,
                       straight ? WebDetail::Advanced : WebDetail::Basic};
    std::string out = beginPage({phone, view, "Home", {}}, 2048);
    out += "<h1>";
    appendEscaped(out, phone.model().description);
    out += "</h1>\n<div class=\"card\"><table>";
    appendRow(out, "Product Name", phone.model().productName);
    appendRow(out, "MAC Address", phone.mac().plain());
    appendRow(out, "Serial Number", phone.serialNumber());
    appendRow(out, "Software Version", phone.firmware().load);
    appendRow(out, "Current IP", phone.address().text());
    appendRow(out, "State", name(phone.state()));
    out += "</table></div>\n<p class=\"row\"><a class=\"button\" href=\"";
    out += view.path();
    out += "\">Open the configuration</a></p>\n";
    endPage(out);
    return out;
}

}  // namespace emulator
