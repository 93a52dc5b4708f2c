#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/phone_macros.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

// How much of a resync Debug_Level shows at the debug server: 0 nothing, 1 the rules, 2 also the files, 3 also every
// parameter. Firmware 11.3+ names severities instead; INFO counts as 2 and DEBUG as 3 (our choice).
int debugDetail(std::string_view level)
{
    if (level.size() == 1 && level[0] >= '0' && level[0] <= '3')
        return level[0] - '0';
    if (level == "DEBUG")
        return 3;
    return level == "INFO" ? 2 : 0;
}

constexpr std::size_t maxDebugParameters = 200;  // lines per profile at Debug_Level 3; our choice

}  // namespace

void PhoneLogic::note(ProvisioningOutcome outcome)
{
    auto& list = outcome.firmware ? m.m_history.ensure().upgrades : m.m_history.ensure().resyncs;
    if (list.size() == list.capacity())
        list.pop_back();
    list.insert(list.begin(), std::move(outcome));
}

void PhoneLogic::log(ParamId message, std::string_view error)
{
    const std::string_view form = value(message);
    if (form.empty())
        return;
    PhoneMacros macros{m, m_now};
    macros.url = m.m_running->url.path.empty() ? nullptr : &m.m_running->url;
    macros.serverIp = m.m_running->server;
    macros.error = error;
    send(SyslogSeverity::Notice, expandMacros(form, macros), true);
}

void PhoneLogic::logSystem(const std::string& text)
{
    send(SyslogSeverity::Notice, fmt::format("{} {} -- {}", m.model().productName, m.m_mac.colons(), text),
         true);
}

bool PhoneLogic::wantsDebug(int level) const
{
    return !value(m_ids.debugServer).empty() && debugDetail(value(m_ids.debugLevel)) >= level;
}

void PhoneLogic::debugProfile(const Profile& profile)
{
    if (!wantsDebug(3))
        return;
    for (std::size_t i = 0; i < std::min(profile.elements.size(), maxDebugParameters); ++i) {
        const Parameter& parameter = m.m_parameters.schema().at(profile.elements[i].id);
        debug(3, [&] { return fmt::format("pal data updated for property name: {}", parameter.label); });
    }
}

void PhoneLogic::send(SyslogSeverity severity, const std::string& text, bool toSyslogServer)
{
    if (toSyslogServer)
        m.m_messages.add(text);
    const std::string_view syslog = toSyslogServer ? value(m_ids.syslogServer) : std::string_view{};
    const std::string_view debugServer = value(m_ids.debugServer);
    if (syslog.empty() && debugServer.empty())
        return;
    const std::string identifier = identifierText();
    std::string datagram = encode(SyslogMessage{severity, m.wallTime(m_now), identifier, text});
    if (!debugServer.empty() && debugServer != syslog)
        m_out.push_back(
            SendSyslog{std::string{debugServer}, syslog.empty() ? std::move(datagram) : datagram});
    if (!syslog.empty())
        m_out.push_back(SendSyslog{std::string{syslog}, std::move(datagram)});
}

std::string PhoneLogic::identifierText() const
{
    const std::string_view choice = value(m_ids.syslogIdentifier);
    return choice.starts_with('$') ? expandMacros(choice, PhoneMacros{m, m_now}) : std::string{};
}

}  // namespace emulator
