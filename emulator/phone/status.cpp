#include "emulator/phone/status.hpp"

#include "emulator/base/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {
namespace {

constexpr std::size_t keptOutcomes = 3;
constexpr std::size_t keptReboots = 5;

std::string longTime(WallTime wall)
{
    const CivilTime t = civilTime(wall);
    return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", t.month, t.day, t.year, t.hour, t.minute,
                       t.second);
}

std::string shortTime(WallTime wall)
{
    const CivilTime t = civilTime(wall);
    return fmt::format("[{:02}/{:02}/{:02} {:02}:{:02}:{:02}]", t.month, t.day, t.year % 100, t.hour,
                       t.minute, t.second);
}

// "22:39:05", "2 days and 01:00:00".
std::string elapsed(Duration duration)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    const auto days = seconds / 86400;
    const std::string time =
        fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    return days == 0 ? time : fmt::format("{} {} and {}", days, days == 1 ? "day" : "days", time);
}

std::string outcomeText(const Phone& phone, const ProvisioningOutcome& outcome)
{
    std::string text =
        fmt::format("{} {} on {}", outcome.firmware ? "Upgrade" : "Resync",
                    outcome.succeeded ? "succeeded" : "failed", longTime(phone.wallTime(outcome.at)));
    if (!outcome.succeeded && !outcome.reason.empty())
        text += ": " + outcome.reason;
    return text;
}

std::vector<ProvisioningOutcome> outcomesOf(const Phone& phone, bool firmware)
{
    std::vector<ProvisioningOutcome> outcomes = phone.outcomes();
    std::erase_if(outcomes, [&](const ProvisioningOutcome& outcome) { return outcome.firmware != firmware; });
    return outcomes;
}

// "Provisioning Status 1" to "3", newest first, empty where nothing happened yet.
void addOutcomes(StatusSection& section, const Phone& phone, std::string_view label, bool firmware)
{
    const std::vector<ProvisioningOutcome> outcomes = outcomesOf(phone, firmware);
    for (std::size_t i = 0; i < keptOutcomes; ++i) {
        section.fields.push_back({fmt::format("{} {}", label, i + 1),
                                  i < outcomes.size() ? outcomeText(phone, outcomes[i]) : std::string{}});
    }
}

void addParameter(StatusSection& section, const Phone& phone, std::string_view label, std::string_view name)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(name);
    const std::string_view value = id ? phone.parameters().value(*id) : std::string_view{};
    section.fields.push_back({std::string{label}, std::string{value}});
}

std::string upgradeStatus(const Phone& phone)
{
    if (phone.state() == PhoneState::Upgrading)
        return "Upgrading";
    const std::vector<ProvisioningOutcome> outcomes = outcomesOf(phone, true);
    return outcomes.empty() ? "None" : outcomeText(phone, outcomes.front());
}

StatusSection networkSection(const Phone& phone)
{
    StatusSection section{"IPv4 Information",
                          {{"IP Status", "OK"}}};  // somebody reads this through that address
    addParameter(section, phone, "Connection Type", "Connection_Type");
    section.fields.push_back({"Current IP", phone.address().text()});
    return section;
}

StatusSection rebootSection(const Phone& phone)
{
    const std::vector<std::pair<WallTime, RebootReason>> reboots = phone.reboots();
    StatusSection section{"Reboot History", {}};
    for (std::size_t i = 0; i < keptReboots; ++i) {
        std::string value;
        if (i < reboots.size())
            value = shortTime(reboots[i].first) + " " + std::string{name(reboots[i].second)};
        section.fields.push_back({fmt::format("Reboot Reason {}", i + 1), std::move(value)});
    }
    return section;
}

StatusSection provisioningSection(const Phone& phone)
{
    const std::vector<ProvisioningOutcome> outcomes = outcomesOf(phone, false);
    const bool failed = !outcomes.empty() && !outcomes.front().succeeded;
    StatusSection section{"Provisioning Status",
                          {{"Provisioning Profile", std::string{phone.lastProfileUrl()}}}};
    addOutcomes(section, phone, "Provisioning Status", false);
    section.fields.push_back(
        {"Provisioning Failure Reason", failed ? outcomes.front().reason : std::string{}});
    return section;
}

void appendSection(std::string& out, const StatusSection& section)
{
    const std::string tag = statusTag(section.title);
    out += "  <" + tag + ">\n";
    for (const StatusField& field : section.fields) {
        const std::string name = statusTag(field.label);
        out += "    <" + name + ">";
        appendXml(out, field.value);
        out += "</" + name + ">\n";
    }
    out += "  </" + tag + ">\n";
}

}  // namespace

std::vector<StatusSection> statusSections(const Phone& phone, TimePoint now)
{
    std::vector<StatusSection> sections;
    StatusSection& system = sections.emplace_back(StatusSection{"System Information", {}});
    addParameter(system, phone, "Host Name", "Host_Name");
    addParameter(system, phone, "Domain", "Domain");
    addParameter(system, phone, "Primary NTP Server", "Primary_NTP_Server");
    addParameter(system, phone, "Secondary NTP Server", "Secondary_NTP_Server");
    sections.push_back(networkSection(phone));
    sections.push_back(rebootSection(phone));
    sections.push_back({"Product Information",
                        {{"Product Name", phone.model().productName},
                         {"Software Version", phone.firmware().load},
                         {"MAC Address", phone.mac().plain()},
                         {"Serial Number", phone.serialNumber()},
                         {"Hardware Version", phone.model().hardwareVersion},
                         {"Client Certificate", "Not Installed"}}});
    sections.push_back({"Phone Status",
                        {{"Current Time", longTime(phone.wallTime(now)) + " UTC"},
                         {"Elapsed Time", elapsed(now - phone.poweredAt())},
                         {"Upgrade Status", upgradeStatus(phone)}}});
    for (int line = 1; line <= phone.model().lines; ++line)
        sections.push_back({fmt::format("Line {} Call Status", line),
                            {{"Call State", phone.lineBusy(line) ? "Connected" : "Idle"}}});
    sections.push_back(
        {"Custom CA Status", {{"Custom CA Provisioning Status", {}}, {"Custom CA Info", "Not Installed"}}});
    sections.push_back(provisioningSection(phone));
    return sections;
}

std::vector<StatusSection> downloadSections(const Phone& phone)
{
    std::vector<StatusSection> sections;
    addOutcomes(sections.emplace_back(StatusSection{"Firmware Upgrade Status", {}}), phone,
                "Firmware Upgrade Status", true);
    addOutcomes(sections.emplace_back(StatusSection{"Provisioning Status", {}}), phone, "Provisioning Status",
                false);
    sections.push_back({"MIC Cert Refresh Status", {{"MIC Cert Provisioning Status", "Never attempted"}}});
    return sections;
}

std::string statusXml(const Phone& phone, TimePoint now)
{
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<flat-status>\n";
    out.reserve(4096);
    for (const StatusSection& section : statusSections(phone, now))
        appendSection(out, section);
    for (const StatusSection& section : downloadSections(phone)) {
        if (section.title != "Provisioning Status")  // is among the sections of Info > Status
            appendSection(out, section);
    }
    return out + "</flat-status>\n";
}

std::string statusTag(std::string_view label)
{
    std::string tag{label};
    std::replace_if(
        tag.begin(), tag.end(),
        [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); },
        '_');
    return tag;
}

}  // namespace emulator
