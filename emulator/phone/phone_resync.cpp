#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/menu.hpp"
#include "emulator/phone/phone_macros.hpp"
#include "emulator/provisioning/rule_decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace emulator {

void PhoneLogic::resyncDue()
{
    m.m_resyncAt = TimePoint::max();
    if (!m.m_parameters.isYes(m_ids.provisionEnable)) {
        rest();
        followUpgradeRule();  // upgrades are enabled on their own (UPG-ENABLE)
        return;
    }
    if (!triggersAllow()) {
        rest();
        scheduleAfterSuppression();
        return;
    }
    beginStoredRules();
}

void PhoneLogic::rest()
{
    enter(m.m_awaitsCode ? PhoneState::Onboarding : PhoneState::Idle);
}

void PhoneLogic::awaitCode(bool awaits)
{
    if (m.m_awaitsCode == awaits)
        return;
    m.m_awaitsCode = awaits;
    m_out.push_back(ShowDisplay{followMenu(m, {})->display});
}

void PhoneLogic::beginStoredRules()
{
    awaitCode(false);
    m.m_resyncAt = TimePoint::max();
    m.m_running.emplace();
    m.m_running->work = Work::Resync;
    m.m_lastResync = m_now;
    nextRule(0);
}

bool PhoneLogic::triggersAllow()
{
    const std::array<std::string_view, 2> triggers{value(m_ids.resyncTriggers[0]),
                                                   value(m_ids.resyncTriggers[1])};
    if (triggers[0].empty() && triggers[1].empty())
        return true;
    RuleNotes notes;
    std::array<std::optional<bool>, 2> says;
    for (std::size_t i = 0; i < triggers.size(); ++i)
        says[i] = decideTrigger(triggers[i], PhoneMacros{m, m_now}, wantsDebug(1) ? &notes : nullptr);
    const bool restricted = says[0].has_value() || says[1].has_value();
    const bool any = m.model().options.triggers == GenerationOptions::Triggers::Any;
    const bool allows = !restricted || (any ? says[0].value_or(false) || says[1].value_or(false)
                                            : says[0].value_or(true) && says[1].value_or(true));
    for (const std::string& text : notes)
        debug(1, [&] { return text; });
    if (!allows)
        debug(1, [&] { return std::string{"QPE:RESYNC held back: no resync trigger is true"}; });
    return allows;
}

void PhoneLogic::command(const ResyncCommanded& e)
{
    const bool enabled =
        !m.model().options.provisionEnableGatesCommands || m.m_parameters.isYes(m_ids.provisionEnable);
    if (!m.answersWeb() || !enabled || mustWait(e))
        return;
    const Cause scheduled = std::exchange(m.m_resyncCause, Cause::Commanded);
    const bool passes = e.by == CommandedBy::Url || e.by == CommandedBy::SipNotify;
    if (!passes && !triggersAllow()) {
        m.m_resyncCause = scheduled;
        return;
    }
    if (e.rule.empty()) {
        beginStoredRules();
        return;
    }
    awaitCode(false);
    m.m_lastResync = m_now;
    m.m_resyncAt = TimePoint::max();
    m.m_running.emplace();
    m.m_running->work = Work::Resync;
    m.m_running->rule = storedRules;
    // Nobody is behind a rule that was typed at the phone: its server is the one that stored rules have.
    const bool typed = e.by == CommandedBy::Keypad;
    if (!startRule(e.rule, typed ? m.m_surroundings->provisioningServer : e.requester.text()))
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

Result<std::optional<RuleDecision>> PhoneLogic::decideRule(std::string_view rule, RuleKind kind)
{
    RuleNotes notes;
    Result<std::optional<RuleDecision>> decision =
        decide(rule, kind, PhoneMacros{m, m_now}, wantsDebug(1) ? &notes : nullptr);
    for (const std::string& text : notes)
        debug(1, [&] { return text; });
    return decision;
}

bool PhoneLogic::startRule(std::string_view rule, std::string_view defaultServer)
{
    Result<std::optional<RuleDecision>> decision = decideRule(rule, RuleKind::Profile);
    if (decision.has_value() && !decision->has_value())
        return false;
    Phone::Running& running = *m.m_running;
    running.server.reset();
    running.announced = false;
    running.url = {};
    if (!decision.has_value()) {
        failed(decision.error());
        return true;
    }
    if ((*decision)->onboards && !m.model().options.activationCodes) {
        failed(fail(ErrorKind::Unsupported, "gds://: this firmware knows no activation codes"));
        return true;
    }
    assign((*decision)->assignments);
    if ((*decision)->onboards) {
        awaitCode(true);
        resyncSucceeded(false);
        return true;
    }
    if ((*decision)->url.empty())
        return false;
    const std::string text = askableUrl((*decision)->url);
    if (defaultServer.empty() && text.starts_with('/'))
        return false;
    Result<Url> url = parseUrl(text, defaultServer);
    const Result<void> allowed =
        url.has_value() ? mayAsk(*url, (*decision)->options) : Result<void>{fail(url.error())};
    if (!allowed.has_value()) {
        failed(allowed.error());
        return true;
    }
    running.url = std::move(*url);
    running.options = std::move((*decision)->options);
    debug(1, [&] { return fmt::format("QPE:RESYNC profile=[{}]", withoutSecrets(rule)); });
    begin();
    return true;
}

Result<void> PhoneLogic::mayAsk(const Url& url, const RuleOptions& options) const
{
    return emulator::mayAsk(url, options, value(m_ids.restrictedAccessDomains));
}

void PhoneLogic::assign(const std::vector<RuleAssignment>& assignments)
{
    const ParameterSchema& schema = m.m_parameters.schema();
    std::vector<ParamId> changed;
    for (const RuleAssignment& one : assignments) {
        const std::optional<ParamId> id = assignedParameter(one.name, schema);
        const Result<std::string> checked =
            id ? checkedValue(schema.at(*id), one.value)
               : Result<std::string>{fail(ErrorKind::Malformed, "no such parameter")};
        if (!checked.has_value()) {
            debug(1, [&] { return fmt::format("assignment to {} not carried out", one.name); });
            continue;
        }
        if (value(*id) == *checked)
            continue;
        m.m_parameters.change(*id, *checked, ValueSource::Rule);
        changed.push_back(*id);
    }
    if (changed.empty())
        return;
    m_out.push_back(Remember{});
    if (m.m_surroundings->reportsChanges)
        m_out.push_back(ParametersChanged{std::move(changed)});
}

Result<Url> PhoneLogic::parseUrl(const std::string& text, std::string_view defaultServer)
{
    if (text.starts_with('/') && defaultServer.find(':') != std::string_view::npos)
        return Url::parse(std::string{defaultServer} + text);
    return Url::parse(text, defaultServer);
}

void PhoneLogic::profileArrived(const std::string& bytes, ContentCoding coding)
{
    const RuleOptions& options = m.m_running->options;
    ProfileReading reading;
    reading.key = options.key;
    if (coding == ContentCoding::Aes128Gcm)
        reading.ikm = value(m_ids.ikmHttpEncryptContent);
    std::string aliases;
    if (options.alias) {
        // As for every register that an option names, macros are expanded when it is used.
        const auto place = static_cast<std::size_t>(*options.alias - 'A');
        aliases = expandMacros(value(m_ids.gpp.at(place)), PhoneMacros{m, m_now});
        reading.aliases = aliases;
    }
    const Result<std::shared_ptr<const Profile>> profile = m.m_surroundings->profiles->parse(bytes, reading);
    if (!profile.has_value()) {
        debug(1, [&] { return profile.error().detail; });
        failed(profile.error());
        return;
    }
    const std::string url = m.m_running->url.text();
    const AppliedState before = m.m_parameters.state();
    const std::size_t ownBefore = m.m_parameters.ownCount();
    std::vector<ParamId> changed = m.m_parameters.apply(*profile, url, *m.m_surroundings->profiles, true);
    if (m.m_parameters.state() != before || m.m_parameters.ownCount() != ownBefore)
        m_out.push_back(Remember{});
    debugProfile(**profile);
    m.m_running->reboots = m.m_running->reboots || needsRestart(changed);
    if (m.m_surroundings->reportsChanges && !changed.empty())
        m_out.push_back(ParametersChanged{std::move(changed)});
    if (m.m_lastProfileUrl != url)
        m.m_lastProfileUrl = url;
    ruleSucceeded();
}

bool PhoneLogic::needsRestart(const std::vector<ParamId>& changed) const
{
    const auto isRule = [&](ParamId id) {
        return std::find(m_ids.profileRules.begin(), m_ids.profileRules.end(), id) !=
               m_ids.profileRules.end();
    };
    return m.model().options.profileReboots && std::any_of(changed.begin(), changed.end(), [&](ParamId id) {
               return m.m_parameters.schema().at(id).reboots && !isRule(id);
           });
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
    const bool reboots = m.m_running->reboots;
    endWork();
    show(MuteLed::Off);
    if (fetchedSomething)
        scheduleAfterSuccess();
    scheduleReportAfterResync();
    if (reboots)  // after what was commanded meanwhile
        keep(RebootCommanded{RebootReason::Provisioning});
    runWaiting();
}

}  // namespace emulator
