#include "hwbridge/drive/phone_driver.hpp"

#include "hwbridge/drive/form_encoding.hpp"

#include "emulator/base/one_line.hpp"
#include "emulator/protocol/http_message.hpp"
#include "emulator/protocol/redirect_target.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr std::size_t maxRuleBytes = 2048;
constexpr std::size_t maxQuotedBytes = 300;
constexpr int okStatus = 200;

std::string rig()
{
    return std::string{emulator::rigUserAgent};
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// What an answer says to a person: its notice or title, or its text when it is no page.
std::string spoken(const WebReply& reply)
{
    std::string text;
    if (reply.contentType.starts_with("text/html")) {
        const Result<HtmlPage> page = readHtmlPage(reply.body);
        if (page.has_value())
            text = page->notice.empty() ? page->title : page->notice;
    } else {
        text = reply.body;
    }
    return emulator::oneLine(text, maxQuotedBytes);
}

// Where a form of this page is sent. The phone's own pages name no other host.
Result<std::string> targetOf(const std::string& page, const std::string& action)
{
    if (action.empty())
        return page;
    Result<emulator::Url> here = emulator::Url::parse("http://phone" + page);
    if (!here.has_value())
        return emulator::fail(here.error());
    const Result<emulator::Url> there = redirectTarget(here.value(), action);
    if (!there.has_value())
        return emulator::fail(there.error());
    if (there->host != "phone")
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("its form is sent to another host, {}", there->host));
    return there->path;
}

}  // namespace

Result<PhoneDriver> PhoneDriver::open(WebAccess access, PhonePaths paths)
{
    Result<WebClient> client = WebClient::open(std::move(access));
    if (!client.has_value())
        return emulator::fail(client.error());
    return PhoneDriver{std::move(client).value(), std::move(paths)};
}

PhoneDriver::PhoneDriver(WebClient client, PhonePaths paths)
    : m_client{std::move(client)},
      m_paths{std::move(paths)}
{}

std::string PhoneDriver::pageOf(const std::string& path) const
{
    return fmt::format("the page {} of {}", path.substr(0, path.find('?')), place());
}

Result<WebReply> PhoneDriver::ask(const WebRequest& request)
{
    Result<WebReply> reply = m_client.send(request);
    if (!reply.has_value() || reply->status == 200)
        return reply;
    const std::string text = spoken(reply.value());
    return emulator::fail(reply->status == 404 ? ErrorKind::NotFound : ErrorKind::Refused,
                          fmt::format("{} answers {} {}{}{}", pageOf(request.target), reply->status,
                                      emulator::standardReason(reply->status),
                                      text.empty() ? "" : ", and says: ", text));
}

Result<void> PhoneDriver::command(const std::string& path, std::string_view rule)
{
    if (rule.size() > maxRuleBytes || std::any_of(rule.begin(), rule.end(), isControl)) {
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("the rule for {} of {} has line breaks or more than {} bytes, expected one "
                        "line",
                        path, m_client.access().device, maxRuleBytes));
    }
    const Result<WebReply> reply = ask({.target = rule.empty() ? path : path + '?' + encodedQuery(rule)});
    return reply.has_value() ? Result<void>{} : emulator::fail(reply.error());
}

Result<void> PhoneDriver::resync(std::string_view rule)
{
    return command("/admin/resync", rule);
}

Result<void> PhoneDriver::upgrade(std::string_view rule)
{
    return command("/admin/upgrade", rule);
}

Result<void> PhoneDriver::reboot()
{
    return command("/admin/reboot", {});
}

Result<HtmlPage> PhoneDriver::readPage(const std::string& path, const std::string& userAgent)
{
    const Result<WebReply> reply = ask({.target = path, .userAgent = userAgent});
    if (!reply.has_value())
        return emulator::fail(reply.error());
    Result<HtmlPage> page = readHtmlPage(reply->body);
    if (!page.has_value())
        return emulator::fail(page.error().kind, fmt::format("{}: {}", pageOf(path), page.error().detail));
    return page;
}

Result<PageParameters> PhoneDriver::page()
{
    return pageFor(rig());
}

Result<PageParameters> PhoneDriver::pageFor(const std::string& userAgent)
{
    Result<HtmlPage> page = readPage(m_paths.configuration, userAgent);
    if (!page.has_value())
        return emulator::fail(page.error());
    return PageParameters{std::move(page).value(), pageOf(m_paths.configuration)};
}

Result<void> PhoneDriver::submit(const std::map<std::string, std::string>& values,
                                 const std::string& userAgent)
{
    const Result<PageParameters> parameters = pageFor(userAgent);
    if (!parameters.has_value())
        return emulator::fail(parameters.error());
    Result<FormSubmission> form = parameters->filled(values);
    if (!form.has_value())
        return emulator::fail(form.error());
    const Result<std::string> target = targetOf(m_paths.configuration, form->action);
    if (!target.has_value()) {
        return emulator::fail(target.error().kind,
                              fmt::format("{}: {}", pageOf(m_paths.configuration), target.error().detail));
    }
    const Result<WebReply> reply = ask({.method = "POST",
                                        .target = target.value(),
                                        .contentType = "application/x-www-form-urlencoded",
                                        .body = std::move(form->body),
                                        .userAgent = userAgent});
    return reply.has_value() ? Result<void>{} : emulator::fail(reply.error());
}

Result<PhoneIdentity> PhoneDriver::identity()
{
    const Result<HtmlPage> page = readPage(m_paths.info, rig());
    if (!page.has_value())
        return emulator::fail(page.error());
    return readIdentity(page->facts, pageOf(m_paths.info));
}

Result<PhoneExport> PhoneDriver::readExport(const std::string& path)
{
    Result<WebReply> reply = ask({.target = path});
    if (!reply.has_value())
        return emulator::fail(reply.error());
    Result<std::vector<XmlLeaf>> values = readXmlLeaves(reply->body);
    if (!values.has_value())
        return emulator::fail(values.error().kind,
                              fmt::format("{}: {}", pageOf(path), values.error().detail));
    return PhoneExport{std::move(reply->body), std::move(values).value()};
}

Result<PhoneExport> PhoneDriver::configuration()
{
    return readExport(m_paths.exported);
}

Result<PhoneExport> PhoneDriver::statusReport()
{
    return readExport(m_paths.status);
}

Result<PhoneClockCheck> PhoneDriver::clock()
{
    const auto now = [] { return std::chrono::floor<emulator::Duration>(std::chrono::system_clock::now()); };
    const emulator::WallTime before = now();
    const Result<WebReply> reply = m_client.send({.target = m_paths.status});
    const emulator::WallTime after = now();
    if (!reply.has_value())
        return emulator::fail(reply.error());
    if (const auto date = readHttpDate(reply->date))
        return PhoneClockCheck{*date, offsetOf(*date, before, after), "Date of its answers"};
    if (reply->status != okStatus)
        return emulator::fail(ErrorKind::NotFound, fmt::format("{} answers with {} and no Date",
                                                               pageOf(m_paths.status), reply->status));
    const Result<std::vector<XmlLeaf>> values = readXmlLeaves(reply->body);
    if (!values.has_value())
        return emulator::fail(values.error().kind,
                              fmt::format("{}: {}", pageOf(m_paths.status), values.error().detail));
    const auto shown =
        std::ranges::find_if(*values, [](const XmlLeaf& leaf) { return leaf.name == "Current_Time"; });
    if (shown == values->end())
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{} shows no Current_Time", pageOf(m_paths.status)));
    const auto reading = readCurrentTime(shown->value, after);
    if (!reading)
        return emulator::fail(
            ErrorKind::NotFound,
            fmt::format("{} shows the Current_Time '{}', expected one such as 11/27/2026 17:45:13",
                        pageOf(m_paths.status), emulator::oneLine(shown->value, maxQuotedBytes)));
    return PhoneClockCheck{*reading, offsetOf(*reading, before, after), "Current Time of its status"};
}

Result<std::string> PhoneDriver::execute(std::string_view xml)
{
    Result<WebReply> reply = ask({.method = "POST",
                                  .target = "/CGI/Execute",
                                  .contentType = "text/xml; charset=utf-8",
                                  .body = std::string{xml}});
    if (!reply.has_value())
        return emulator::fail(reply.error());
    return std::move(reply->body);
}

}  // namespace hwbridge
