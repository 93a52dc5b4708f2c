#include "emulator/web/phone_pages.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/phone/status.hpp"
#include "emulator/web/configuration_page.hpp"
#include "emulator/web/execute.hpp"
#include "emulator/web/form.hpp"
#include "emulator/web/home_page.hpp"
#include "emulator/web/html.hpp"
#include "emulator/web/page_layout.hpp"
#include "emulator/web/request_target.hpp"
#include "emulator/web/url_command.hpp"
#include "emulator/web/web_access.hpp"
#include "emulator/web/web_response.hpp"

#include <algorithm>
#include <array>

namespace emulator {
namespace {

enum class Page {
    Home,
    AdminEntry,
    Configuration,
    Messages,
    Export,
    Status,
    Resync,
    Upgrade,
    Reboot,
    Restart,
    FactoryReset,
    Execute,
};

struct Route {
    std::string_view path;
    Page page;
    WebView view;
    std::string_view methods;   // for Allow; HEAD is not there where GET changes something
    bool directAction = false;  // needs Enable_Direct_Action_Url
};

constexpr WebView adminAdvanced{WebLogin::Admin, WebDetail::Advanced};
constexpr WebView userBasic{WebLogin::User, WebDetail::Basic};

constexpr std::array routes{
    Route{"/", Page::Home, userBasic, "GET, HEAD"},
    Route{"/basic", Page::Configuration, userBasic, "GET, HEAD, POST"},
    Route{"/advanced", Page::Configuration, {WebLogin::User, WebDetail::Advanced}, "GET, HEAD, POST"},
    Route{"/admin", Page::AdminEntry, adminAdvanced, "GET, HEAD"},
    Route{"/admin/", Page::AdminEntry, adminAdvanced, "GET, HEAD"},
    Route{"/admin/basic", Page::Configuration, {WebLogin::Admin, WebDetail::Basic}, "GET, HEAD, POST"},
    Route{"/admin/advanced", Page::Configuration, adminAdvanced, "GET, HEAD, POST"},
    Route{"/admin/messages", Page::Messages, adminAdvanced, "GET, HEAD"},
    Route{"/admin/cfg.xml", Page::Export, adminAdvanced, "GET, HEAD", true},
    Route{"/status.xml", Page::Status, userBasic, "GET, HEAD", true},
    Route{"/admin/status.xml", Page::Status, adminAdvanced, "GET, HEAD", true},
    Route{"/admin/resync", Page::Resync, adminAdvanced, "GET, POST", true},
    Route{"/admin/upgrade", Page::Upgrade, adminAdvanced, "GET, POST", true},
    Route{"/admin/reboot", Page::Reboot, adminAdvanced, "GET, POST", true},
    Route{"/admin/restart", Page::Restart, adminAdvanced, "GET, POST", true},
    Route{"/admin/factory-reset", Page::FactoryReset, adminAdvanced, "GET, HEAD, POST", true},
    Route{"/CGI/Execute", Page::Execute, userBasic, "POST"},
};

const Route* routeTo(std::string_view path)
{
    const auto* const found =
        std::find_if(routes.begin(), routes.end(), [&](const Route& route) { return route.path == path; });
    return found == routes.end() ? nullptr : found;
}

bool allows(const Route& route, std::string_view method)
{
    std::string_view rest = route.methods;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(", "), rest.size());
        if (rest.substr(0, end) == method)
            return true;
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return false;
}

WebAnswer refusal(const Phone& phone, int status, std::string_view text)
{
    const std::string body = "<div class=\"note bad\" role=\"alert\">" + escaped(text) +
                             "</div>\n<p><a class=\"button\" href=\"/\">To the first page</a></p>\n";
    return {webResponse(status, htmlType, noticePage(phone, userBasic, standardReason(status), body)), {}};
}

// What to answer a request that the phone cannot read.
WebAnswer refusal(const Phone& phone, const Error& error, int tooLarge)
{
    return refusal(phone, error.kind == ErrorKind::TooLarge ? tooLarge : 400, error.detail);
}

WebAnswer askForPassword(const Phone& phone)
{
    WebAnswer answer = refusal(phone, 401, "This page needs the password of the phone.");
    answer.response.fields.add("WWW-Authenticate",
                               "Basic realm=\"" + phone.model().productName + "\", charset=\"UTF-8\"");
    return answer;
}

// Who may not pass, and why; nothing for those who may.
std::optional<WebAnswer> refusedEntry(const Phone& phone, const Route& route, const HttpRequest& request,
                                      const RequestTarget& target)
{
    if (saysNo(phone, "Enable_Web_Server"))
        return refusal(phone, 403, "The web server of this phone is off (Enable Web Server is No).");
    if (route.view.login == WebLogin::Admin && saysNo(phone, "Enable_Web_Admin_Access"))
        return refusal(phone, 403, "The administrator's pages are off (Enable Web Admin Access is No).");
    if (!allows(route, request.method)) {
        WebAnswer answer =
            refusal(phone, 405, "This address answers " + std::string{route.methods} + " only.");
        answer.response.fields.add("Allow", std::string{route.methods});
        return answer;
    }
    if (route.page == Page::Execute)
        return std::nullopt;  // has logins of its own
    if (!mayEnter(phone, route.view.login, request, target))
        return askForPassword(phone);
    if (route.directAction && saysNo(phone, "Enable_Direct_Action_Url"))
        return refusal(phone, 403, "URL commands are off (Enable Direct Action Url is No).");
    if (request.method == "POST" && comesFromForeignPage(request))
        return refusal(phone, 403, "A page of another host sent this form; the phone takes its own only.");
    return std::nullopt;
}

bool isForm(const HttpRequest& request)
{
    const std::string_view type = request.fields.first("Content-Type");
    return equalsAnyCase(type.substr(0, type.find_first_of("; ")), "application/x-www-form-urlencoded");
}

std::string_view bodyOf(const HttpRequest& request)
{
    return request.body ? std::string_view{*request.body} : std::string_view{};
}

WebAnswer answerSubmission(const Phone& phone, TimePoint now, WebView view, const HttpRequest& request)
{
    if (!isForm(request))
        return refusal(phone, 415, "Expected a form of type application/x-www-form-urlencoded.");
    const Result<FormFields> form = parseForm(bodyOf(request));
    if (!form.has_value())
        return refusal(phone, form.error(), 413);
    Submission submission = readSubmission(phone, view, form.value());
    if (!submission.refused.empty())
        return {webResponse(400, htmlType, configurationPage(phone, now, view, &submission)), {}};
    WebAnswer answer{webResponse(200, htmlType, submittedPage(phone, view, submission)), {}};
    if (!submission.changes.empty())
        answer.events.emplace_back(ParametersSubmitted{std::move(submission.changes)});
    return answer;
}

// The rule of a resync or upgrade command: in the address, or in the form of Info > Debug Info.
Result<std::string> commandedRule(const HttpRequest& request, const RequestTarget& target)
{
    if (request.method != "POST" || !isForm(request))
        return target.argument;
    const Result<FormFields> form = parseForm(bodyOf(request));
    if (!form.has_value())
        return fail(form.error());
    for (const auto& [name, value] : form.value()) {
        if (name != "url")
            continue;
        if (value.size() > maxCommandBytes) {
            return fail(ErrorKind::TooLarge, "the command has " + std::to_string(value.size()) +
                                                 " bytes, expected at most " +
                                                 std::to_string(maxCommandBytes));
        }
        if (!isFieldText(value))
            return fail(ErrorKind::Malformed, "the command holds control characters or is no UTF-8 text");
        return value;
    }
    return target.argument;
}

WebAnswer answerCommand(const Phone& phone, Page page, const HttpRequest& request,
                        const RequestTarget& target, IpAddress requester)
{
    if (page == Page::Reboot)
        return commandReboot(phone);
    if (page == Page::Restart)
        return commandRestart(phone);
    const Result<std::string> rule = commandedRule(request, target);
    if (!rule.has_value())
        return refusal(phone, rule.error(), 414);
    return page == Page::Resync ? commandResync(phone, rule.value(), requester)
                                : commandUpgrade(phone, rule.value(), requester);
}

// "/admin/" leads to the level where the firmware's own navigation goes on.
WebAnswer answerAdminEntry(const Phone& phone)
{
    const bool straight = phone.firmware().generation() == Generation::Mpp11_3;
    const WebView view{WebLogin::Admin, straight ? WebDetail::Advanced : WebDetail::Basic};
    WebAnswer answer{webResponse(302, htmlType, {}), {}};
    answer.response.fields.add("Location", std::string{view.path()});
    return answer;
}

WebAnswer answerRoute(const Phone& phone, TimePoint now, const Route& route, const HttpRequest& request,
                      const RequestTarget& target, IpAddress requester)
{
    const bool posts = request.method == "POST";
    switch (route.page) {
    case Page::Home:
        return {webResponse(200, htmlType, homePage(phone)), {}};
    case Page::AdminEntry:
        return answerAdminEntry(phone);
    case Page::Messages:
        return {webResponse(200, plainType, std::string{phone.messages().text()}), {}};
    case Page::Export:
        return {webResponse(200, xmlType, exportConfiguration(phone.parameters())), {}};
    case Page::Status:
        return {webResponse(200, xmlType, statusXml(phone, now)), {}};
    case Page::FactoryReset:
        return posts ? commandFactoryReset(phone) : askFactoryReset(phone);
    case Page::Configuration:
        return posts
                   ? answerSubmission(phone, now, route.view, request)
                   : WebAnswer{webResponse(200, htmlType, configurationPage(phone, now, route.view, nullptr)),
                               {}};
    case Page::Execute:
        return answerExecute(phone, now, request, requester);
    case Page::Resync:
    case Page::Upgrade:
    case Page::Reboot:
    case Page::Restart:
        break;
    }
    return answerCommand(phone, route.page, request, target, requester);
}

WebAnswer answerAny(const Phone& phone, TimePoint now, const HttpRequest& request, IpAddress requester)
{
    const Result<RequestTarget> target = parseRequestTarget(request.target);
    if (!target.has_value())
        return refusal(phone, target.error(), 414);
    const Route* const route = routeTo(target.value().path);
    if (route == nullptr)
        return refusal(phone, 404, "This phone has no such page.");
    if (std::optional<WebAnswer> refused = refusedEntry(phone, *route, request, target.value()))
        return std::move(*refused);
    return answerRoute(phone, now, *route, request, target.value(), requester);
}

}  // namespace

WebAnswer answerWebRequest(const Phone& phone, TimePoint now, const HttpRequest& request, IpAddress requester)
{
    WebAnswer answer = answerAny(phone, now, request, requester);
    if (request.method == "HEAD") {  // the same without its body (RFC 9110 section 9.3.2)
        answer.response.fields.add("Content-Length", std::to_string(answer.response.body->size()));
        answer.response.body = nullptr;
    }
    return answer;
}

}  // namespace emulator
