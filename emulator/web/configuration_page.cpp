#include "emulator/web/configuration_page.hpp"

#include "emulator/phone/status.hpp"
#include "emulator/web/html.hpp"
#include "emulator/web/page_layout.hpp"

#include <algorithm>

namespace emulator {
namespace {

constexpr std::size_t bytesPerField = 420;

struct Section {
    std::string_view title;
    std::vector<ParamId> ids;
};

// The parameters of one tab by section, both in the order of the schema.
std::vector<Section> sectionsOf(const Phone& phone, WebView view, std::string_view tab)
{
    const std::span<const Parameter> parameters = phone.parameters().schema().all();
    std::vector<Section> sections;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto id = static_cast<ParamId>(i);
        if (parameters[i].tab != tab || !shows(phone, view, id))
            continue;
        auto section = std::find_if(sections.begin(), sections.end(),
                                    [&](const Section& one) { return one.title == parameters[i].section; });
        if (section == sections.end())
            section = sections.insert(section, Section{parameters[i].section, {}});
        section->ids.push_back(id);
    }
    return sections;
}

void appendAttribute(std::string& out, std::string_view name, std::string_view value)
{
    out += ' ';
    out += name;
    out += "=\"";
    appendEscaped(out, value);
    out += '"';
}

// The attributes that all kinds of fields share: id and name are those of the parameter.
void appendIdentity(std::string& out, const Parameter& parameter, bool writable)
{
    appendAttribute(out, "id", parameter.name);
    appendAttribute(out, "name", parameter.name);
    if (!writable)
        out += " disabled";
}

void appendOption(std::string& out, std::string_view value, bool selected)
{
    out += selected ? "<option selected" : "<option";
    if (value.empty())
        out += " value=\"\"";
    out += '>';
    appendEscaped(out, value.empty() ? std::string_view{"(none)"} : value);
    out += "</option>";
}

void appendSelect(std::string& out, const Parameter& parameter, std::string_view value, bool writable)
{
    static const std::vector<std::string> yesNo{"Yes", "No"};
    const std::vector<std::string>& choices = parameter.type == ParamType::Bool ? yesNo : parameter.allowed;
    out += "<select";
    appendIdentity(out, parameter, writable);
    out += '>';
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
        appendOption(out, value, true);  // kept unless somebody chooses another one
    for (const std::string& choice : choices)
        appendOption(out, choice, choice == value);
    out += "</select>";
}

void appendPassword(std::string& out, const Parameter& parameter, bool isSet, bool writable)
{
    out += "<input type=\"password\" autocomplete=\"new-password\"";
    appendIdentity(out, parameter, writable);
    out += isSet ? " placeholder=\"set; type to change\">" : " placeholder=\"not set\">";
    if (!isSet || !writable)
        return;
    out += "<small class=\"clear\"><input type=\"checkbox\" value=\"Yes\"";
    appendAttribute(out, "id", parameter.name + std::string{clearSuffix});
    appendAttribute(out, "name", parameter.name + std::string{clearSuffix});
    out += "><label";
    appendAttribute(out, "for", parameter.name + std::string{clearSuffix});
    out += ">clear</label></small>";
}

void appendInput(std::string& out, const Parameter& parameter, std::string_view value, bool writable)
{
    const bool number = parameter.type == ParamType::Int;
    out +=
        number ? "<input type=\"number\"" : "<input type=\"text\" spellcheck=\"false\" autocomplete=\"off\"";
    appendIdentity(out, parameter, writable);
    if (number) {
        appendAttribute(out, "min", std::to_string(parameter.min.value_or(0)));
        if (parameter.max)
            appendAttribute(out, "max", std::to_string(*parameter.max));
    }
    appendAttribute(out, "value", value);
    out += '>';
}

std::string_view originText(ValueSource source)
{
    switch (source) {
    case ValueSource::Set:
        return "set before the first power-on";
    case ValueSource::Profile:
        return "from a profile";
    case ValueSource::Page:
        return "changed on this page";
    case ValueSource::Keypad:
        return "changed at the phone's keys";
    case ValueSource::Rule:
        return "set by a profile rule";
    case ValueSource::Factory:
        break;
    }
    return {};
}

// Where a value came from that is not the factory's: "from tftp://192.168.1.200:69/basic.txt".
void appendOrigin(std::string& out, const ParameterSet& parameters, ParamId id)
{
    const ValueSource source = parameters.source(id);
    if (source == ValueSource::Factory)
        return;
    const std::string_view url = parameters.sourceUrl(id);
    out += "<small>";
    if (url.empty()) {
        out += originText(source);
    } else {
        out += "from ";
        appendEscaped(out, url);
    }
    out += "</small>";
}

bool isWide(const Parameter& parameter, std::string_view value)
{
    return parameter.type == ParamType::Rule || parameter.type == ParamType::Url ||
           parameter.type == ParamType::Expression || value.size() > 36;
}

void appendField(std::string& out, const Phone& phone, WebView view, ParamId id, const Submission* refused)
{
    const Parameter& parameter = phone.parameters().schema().at(id);
    const std::string* typed = refused != nullptr ? refused->typedFor(id) : nullptr;
    const std::string_view current = phone.parameters().value(id);
    const std::string_view value = typed != nullptr && !parameter.secret ? std::string_view{*typed} : current;
    const bool writable = mayChange(phone, view, id);
    const RefusedValue* reason = refused != nullptr ? refused->reasonFor(parameter.name) : nullptr;

    out += "<div class=\"field";
    out += isWide(parameter, current) ? " wide" : "";
    out += reason != nullptr ? " refused" : "";
    out += "\"><label";
    appendAttribute(out, "for", parameter.name);
    appendAttribute(out, "title", parameter.name);
    out += '>';
    appendEscaped(out, parameter.label);
    out += "</label>";
    if (parameter.secret)
        appendPassword(out, parameter, !current.empty(), writable);
    else if (parameter.type == ParamType::Bool ||
             (parameter.type == ParamType::Enum && !parameter.allowed.empty()))
        appendSelect(out, parameter, value, writable);
    else
        appendInput(out, parameter, value, writable);
    if (reason != nullptr) {
        out += "<small class=\"why\">";
        appendEscaped(out, reason->reason);
        out += "</small>";
    } else if (view.login == WebLogin::Admin) {
        appendOrigin(out, phone.parameters(), id);
    }
    out += "</div>\n";
}

void beginTab(std::string& out, std::string_view group, const WebTab& tab)
{
    out += "<section class=\"tab\" id=\"" + tab.id + "\"><h1><span>";
    out += group;
    out += " &gt;</span> ";
    appendEscaped(out, tab.title);
    out += "</h1>\n";
}

void appendVoiceTab(std::string& out, const Phone& phone, WebView view, const WebTab& tab,
                    const Submission* refused)
{
    beginTab(out, "Voice", tab);
    for (const Section& section : sectionsOf(phone, view, tab.schemaTab)) {
        out += "<fieldset><legend>";
        appendEscaped(out, section.title);
        out += "</legend>\n";
        for (const ParamId id : section.ids)
            appendField(out, phone, view, id, refused);
        out += "</fieldset>\n";
    }
    out += "</section>\n";
}

void appendStatusCards(std::string& out, const std::vector<StatusSection>& sections)
{
    out += "<div class=\"cards\">\n";
    for (const StatusSection& section : sections) {
        out += "<div class=\"card\"><h2>";
        appendEscaped(out, section.title);
        out += "</h2><table>";
        for (const StatusField& field : section.fields) {
            out += "<tr><th scope=\"row\">";
            appendEscaped(out, field.label);
            out += field.value.empty() ? "</th><td class=\"none\">" : "</th><td>";
            appendEscaped(out, field.value.empty() ? "\u2013" : std::string_view{field.value});
            out += "</td></tr>";
        }
        out += "</table></div>\n";
    }
    out += "</div>\n";
}

// A URL command as a form; the phone takes it as POST as well, so that a click needs no typing of addresses.
void appendOperation(std::string& out, std::string_view command, std::string_view label,
                     std::string_view button, std::string_view example)
{
    const std::string field = std::string{button} + "-url";
    out += "<form class=\"row\" method=\"post\" action=\"";
    out += command;
    out += "\"><label for=\"" + field + "\">";
    out += label;
    out +=
        "</label><input type=\"text\" name=\"url\" spellcheck=\"false\" id=\"" + field + "\" placeholder=\"";
    out += example;
    out += "\"><button type=\"submit\">";
    out += button;
    out += "</button></form>\n";
}

void appendDebugInfo(std::string& out)
{
    out += "<div class=\"card\"><h2>Control Logs</h2><p><a href=\"/admin/messages\">messages</a></p></div>\n"
           "<div class=\"card\"><h2>Configuration and Status Files</h2><p><a "
           "href=\"/admin/cfg.xml\">cfg.xml</a>, "
           "<a href=\"/admin/status.xml\">status.xml</a></p></div>\n"
           "<div class=\"card\"><h2>Operations</h2>\n";
    appendOperation(out, "/admin/resync", "Profile to fetch", "Resync", "empty: the stored profile rules");
    appendOperation(out, "/admin/upgrade", "Firmware to load", "Upgrade", "empty: the stored upgrade rule");
    out += "<form class=\"row\" method=\"post\" action=\"/admin/reboot\"><span>Reboot the phone</span>"
           "<button type=\"submit\">Reboot</button></form>\n"
           "<form class=\"row\" method=\"post\" action=\"/admin/restart\"><span>Restart it, without the "
           "boot</span>"
           "<button type=\"submit\">Restart</button></form></div>\n"
           "<div class=\"card\"><h2>Factory Reset</h2><p><a href=\"/admin/factory-reset\">Factory Reset</a> "
           "returns "
           "every parameter to its default.</p></div>\n";
}

void appendInfoTab(std::string& out, const Phone& phone, TimePoint now, const WebTab& tab)
{
    beginTab(out, "Info", tab);
    if (tab.id == "status")
        appendStatusCards(out, statusSections(phone, now));
    else if (tab.id == "download-status")
        appendStatusCards(out, downloadSections(phone));
    else
        appendDebugInfo(out);
    out += "</section>\n";
}

void appendRefusals(std::string& out, const Submission& submission)
{
    out += "<div class=\"note bad\" role=\"alert\"><p><b>Nothing was changed: ";
    out += std::to_string(submission.refused.size());
    out += submission.refused.size() == 1 ? " value was refused.</b></p><ul>"
                                          : " values were refused.</b></p><ul>";
    for (const RefusedValue& one : submission.refused) {
        out += "<li><a href=\"#";
        appendEscaped(out, one.name);
        out += "\">";
        appendEscaped(out, one.label);
        out += "</a>: ";
        appendEscaped(out, one.reason);
        out += "</li>";
    }
    out += "</ul></div>\n";
}

// The id of the tab that a parameter is on; Status when the view has no such tab.
std::string tabOf(const std::vector<WebTab>& tabs, std::string_view schemaTab)
{
    for (const WebTab& tab : tabs) {
        if (tab.schemaTab == schemaTab)
            return tab.id;
    }
    return "status";
}

std::string firstTab(const Phone& phone, const std::vector<WebTab>& tabs, const Submission* refused)
{
    if (refused != nullptr) {
        for (const RefusedValue& one : refused->refused) {
            if (const std::optional<ParamId> id = phone.parameters().schema().find(one.name))
                return tabOf(tabs, phone.parameters().schema().at(*id).tab);
        }
    }
    return "status";
}

void appendChange(std::string& out, const Parameter& parameter, std::string_view before,
                  std::string_view after)
{
    const auto shown = [&](std::string_view value) {
        return parameter.secret && !value.empty() ? std::string_view{"(hidden)"} : value;
    };
    out += "<tr><td>";
    appendEscaped(out, parameter.label);
    out += "</td><td>";
    appendEscaped(out, shown(before));
    out += "</td><td>";
    appendEscaped(out, shown(after));
    out += "</td></tr>";
}

}  // namespace

std::string configurationPage(const Phone& phone, TimePoint now, WebView view, const Submission* refused)
{
    const std::vector<WebTab> tabs = voiceTabs(phone, view);
    const std::string shown = firstTab(phone, tabs, refused);
    std::string out = beginPage({phone, view, "Configuration Utility", shown},
                                phone.parameters().schema().size() * bytesPerField);
    if (refused != nullptr)
        appendRefusals(out, *refused);
    for (const WebTab& tab : infoTabs(view))
        appendInfoTab(out, phone, now, tab);
    // Without the browser's own checks: they would point at fields of tabs that are not shown. The query makes the
    // answer another document, so that links from it to a tab load the page instead of looking for the tab in it.
    out += "<form method=\"post\" action=\"";
    out += view.path();
    out += "?submit\" novalidate>\n";
    for (const WebTab& tab : tabs)
        appendVoiceTab(out, phone, view, tab, refused);
    out += "<div class=\"actions\"><button class=\"main\" type=\"submit\">Submit All Changes</button>"
           "<button type=\"reset\">Undo All Changes</button></div></form>\n";
    endPage(out);
    return out;
}

std::string submittedPage(const Phone& phone, WebView view, const Submission& submission)
{
    const ParameterSchema& schema = phone.parameters().schema();
    std::string body;
    std::string back = "status";
    if (submission.changes.empty()) {
        body += "<div class=\"note\">Nothing was changed: the phone has these values already.</div>\n";
    } else {
        back = tabOf(voiceTabs(phone, view), schema.at(submission.changes.front().first).tab);
        body += submission.reboots
                    ? "<div class=\"note warn\" role=\"status\">The changes are saved. The phone reboots and "
                      "resyncs "
                      "now.</div>\n"
                    : "<div class=\"note good\" role=\"status\">The changes are saved and in effect.</div>\n";
        body +=
            "<div class=\"card\"><table><thead><tr><th>Parameter</th><th>Was</th><th>Is now</th></tr></thead>"
            "<tbody>";
        for (const auto& [id, value] : submission.changes)
            appendChange(body, schema.at(id), phone.parameters().value(id), value);
        body += "</tbody></table></div>\n";
    }
    body += "<p><a class=\"button\" href=\"" + std::string{view.path()} + "#" + back +
            "\">Back to the page</a></p>\n";
    return noticePage(phone, view, "Submitted", body);
}

}  // namespace emulator
