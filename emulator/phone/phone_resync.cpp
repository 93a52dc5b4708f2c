#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/phone_macros.hpp"
#include "emulator/provisioning/profile_rule.hpp"

#include <fmt/format.h>

namespace emulator {

void PhoneLogic::resyncDue()
{
    m.m_resyncAt = TimePoint::max();
    if (!m.m_parameters.isYes(m_ids.provisionEnable)) {
        enter(PhoneState::Idle);
        return;
    }
    m.m_running.emplace();
    m.m_running->work = Work::Resync;
    m.m_lastResync = m_now;
    nextRule(0);
}

void PhoneLogic::command(const ResyncCommanded& e)
{
    const bool enabled =
        !m.model().options.provisionEnableGatesCommands || m.m_parameters.isYes(m_ids.provisionEnable);
    if (!m.answersWeb() || !enabled || mustWait(e))
        return;
    if (e.rule.empty()) {
        resyncDue();
        return;
    }
    m.m_lastResync = m_now;
    m.m_resyncAt = TimePoint::max();
    m.m_running.emplace();
    m.m_running->work = Work::Resync;
    m.m_running->rule = storedRules;
    if (!startRule(e.rule, e.requester.text()))
        resyncSucceeded(false);
}

void PhoneLogic::nextRule(std::size_t first)
{
    for (std::size_t rule = first; rule < storedRules; ++rule) {
        m.m_running->rule = rule;
        if (startRule(value(m_ids.profileRules[rule]), m.m_surroundings->provisioningServer))
            return;
    }
    resyncSucceeded(first > 0);
}

bool PhoneLogic::startRule(std::string_view rule, std::string_view defaultServer)
{
    const PhoneMacros macros{m, m_now};
    const std::string expanded = expandMacros(rule, macros);
    const Result<std::optional<std::string>> text = ruleUrl(expanded);
    if (text.has_value() && !text->has_value())
        return false;
    Phone::Running& running = *m.m_running;
    running.server.reset();
    running.announced = false;
    if (!text.has_value()) {
        failed(text.error());
        return true;
    }
    // A bare file name ("$PN.cfg", the default rule of 11.0) lies in the server's root.
    const bool bareName = (*text)->find('/') == std::string::npos;
    const std::string target = bareName ? "/" + **text : **text;
    if (defaultServer.empty() && target.starts_with('/'))
        return false;
    Result<Url> url = parseUrl(target, defaultServer);
    if (!url.has_value()) {
        failed(url.error());
        return true;
    }
    running.url = std::move(*url);
    debug(1, [&] { return fmt::format("QPE:RESYNC profile=[{}]", rule); });
    begin();
    return true;
}

Result<Url> PhoneLogic::parseUrl(const std::string& text, std::string_view defaultServer)
{
    if (text.starts_with('/') && defaultServer.find(':') != std::string_view::npos)
        return Url::parse(std::string{defaultServer} + text);
    return Url::parse(text, defaultServer);
}

void PhoneLogic::profileArrived(const std::string& bytes)
{
    const Result<std::shared_ptr<const Profile>> profile = m.m_surroundings->profiles->parse(bytes);
    if (!profile.has_value()) {
        failed(profile.error());
        return;
    }
    const std::string url = m.m_running->url.text();
    const AppliedState before = m.m_parameters.state();
    const std::size_t ownBefore = m.m_parameters.ownCount();
    std::vector<ParamId> changed =
        m.m_parameters.apply(*profile, url, *m.m_surroundings->profiles, m.m_surroundings->reportsChanges);
    if (m.m_parameters.state() != before || m.m_parameters.ownCount() != ownBefore)
        m_out.push_back(Remember{});
    debugProfile(**profile);
    if (!changed.empty())
        m_out.push_back(ParametersChanged{std::move(changed)});
    if (m.m_lastProfileUrl != url)
        m.m_lastProfileUrl = url;
    ruleSucceeded();
}

void PhoneLogic::ruleSucceeded()
{
    log(m_ids.logSuccessMsg, {});
    note({m_now, true, false, {}});
    if (m.m_running->rule < storedRules)
        nextRule(m.m_running->rule + 1);
    else
        resyncSucceeded(true);
}

void PhoneLogic::resyncSucceeded(bool fetchedSomething)
{
    endWork();
    show(MuteLed::Off);
    if (fetchedSomething)
        scheduleAfterSuccess();
    runWaiting();
}

}  // namespace emulator
