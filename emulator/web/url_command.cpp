#include "emulator/web/url_command.hpp"

#include "emulator/web/html.hpp"
#include "emulator/web/page_layout.hpp"
#include "emulator/web/web_response.hpp"

namespace emulator {
namespace {

constexpr WebView adminView{};

std::string note(std::string_view kind, const std::string& html)
{
    return "<div class=\"note " + std::string{kind} + "\" role=\"status\">" + html + "</div>\n";
}

std::string backTo(std::string_view tab)
{
    return "<p><a class=\"button\" href=\"" + std::string{adminView.path()} + "#" + std::string{tab} +
           "\">Back to the page</a></p>\n";
}

HttpResponse page(const Phone& phone, int status, std::string_view title, const std::string& body)
{
    return webResponse(status, htmlType, noticePage(phone, adminView, title, body));
}

WebAnswer forbiddenBy(const Phone& phone, std::string_view title, std::string_view parameter)
{
    const std::string text = "The phone does not do this now: <b>" + escaped(parameter) + "</b> is No.";
    return {page(phone, 403, title, note("bad", text) + backTo("provisioning")), {}};
}

}  // namespace

WebAnswer commandResync(const Phone& phone, std::string_view rule, IpAddress requester)
{
    if (saysNo(phone, "Provision_Enable"))
        return forbiddenBy(phone, "Resync refused", "Provision Enable");
    const std::string text = rule.empty() ? "The phone resyncs by its stored profile rules."
                                          : "The phone resyncs with <code>" + escaped(rule) + "</code>.";
    return {page(phone, 200, "Resync", note("good", text) + backTo("status")),
            {ResyncCommanded{std::string{rule}, requester}}};
}

WebAnswer commandUpgrade(const Phone& phone, std::string_view rule, IpAddress requester)
{
    if (saysNo(phone, "Upgrade_Enable"))
        return forbiddenBy(phone, "Upgrade refused", "Upgrade Enable");
    const std::string text = rule.empty() ? "The phone upgrades by its stored upgrade rule."
                                          : "The phone upgrades to <code>" + escaped(rule) + "</code>.";
    return {page(phone, 200, "Upgrade", note("good", text) + backTo("download-status")),
            {UpgradeCommanded{std::string{rule}, requester}}};
}

WebAnswer commandReboot(const Phone& phone)
{
    return {page(phone, 200, "Reboot", note("warn", "The phone reboots now.") + backTo("status")),
            {RebootCommanded{RebootReason::UserTriggered}}};
}

WebAnswer commandRestart(const Phone& phone)
{
    return {page(phone, 200, "Restart", note("warn", "The phone restarts now.") + backTo("status")),
            {RebootCommanded{RebootReason::UserTriggered, true}}};
}

WebAnswer askFactoryReset(const Phone& phone)
{
    const std::string body = note("warn", "Every parameter returns to its default, and the phone reboots.") +
                             "<form method=\"post\" action=\"/admin/factory-reset\"><button class=\"danger\" "
                             "type=\"submit\">Confirm "
                             "Factory Reset</button> <a class=\"button\" href=\"" +
                             std::string{adminView.path()} + "#debug-info\">Cancel</a></form>\n";
    return {page(phone, 200, "Factory Reset", body), {}};
}

WebAnswer commandFactoryReset(const Phone& phone)
{
    return {
        page(phone, 200, "Factory Reset",
             note("warn", "The phone returns to its factory defaults and reboots now.") + backTo("status")),
        {FactoryResetCommanded{}}};
}

}  // namespace emulator
