#include "emulator/phone/phone.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/phone/firmware_load.hpp"
#include "emulator/phone/phone_macros.hpp"
#include "emulator/protocol/syslog_message.hpp"
#include "emulator/provisioning/delay_list.hpp"
#include "emulator/provisioning/profile_rule.hpp"
#include "emulator/provisioning/resync_at.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace emulator {

using namespace std::chrono_literals;

std::string_view name(RebootReason reason)
{
    switch (reason) {
    case RebootReason::None:
        return "None";
    case RebootReason::Upgrade:
        return "Upgrade";
    case RebootReason::Provisioning:
        return "Provisioning";
    case RebootReason::SipTriggered:
        return "SIP Triggered";
    case RebootReason::RemoteCustomization:
        return "RC";
    case RebootReason::UserTriggered:
        return "User Triggered";
    }
    return "";
}

std::string_view name(PhoneState state)
{
    switch (state) {
    case PhoneState::Off:
        return "off";
    case PhoneState::Booting:
        return "booting";
    case PhoneState::Waiting:
        return "waiting";
    case PhoneState::Contacting:
        return "contacting";
    case PhoneState::Upgrading:
        return "upgrading";
    case PhoneState::Idle:
        return "idle";
    }
    return "";
}

// What the fetch in progress is for.
struct Phone::Running {
    Work work = Work::None;
    std::size_t rule = 0;   // which of the stored rules; their number: a commanded one
    std::string commanded;  // the URL of a command
    Url url;
    std::optional<IpAddress> server;  // once it is known whom the phone asks
    bool announced = false;           // the request message is out
};

namespace {

constexpr std::size_t storedRules = 4;

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

std::uint32_t readNumber(std::string_view text, std::uint32_t otherwise)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

constexpr std::size_t maxDebugParameters = 200;  // lines per profile at Debug_Level 3; our choice

// What $ERR and the page say of a failed resync.
std::string failureText(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::NotFound:
        return "File not found";
    case ErrorKind::Corrupt:
        return "Corrupt file";
    case ErrorKind::Unresolvable:
        return "Server name not resolved";
    case ErrorKind::Unreachable:
        return "Server not reachable";
    case ErrorKind::TimedOut:
        return "Server does not answer";
    case ErrorKind::TooLarge:
        return "File too large";
    case ErrorKind::Refused:
    case ErrorKind::Malformed:
    case ErrorKind::Unsupported:
        break;
    }
    return error.detail;
}

}  // namespace

// The steps that answer one event, at one time.
class PhoneLogic {
public:
    PhoneLogic(Phone& phone, TimePoint now) : m{phone}, m_now{now}, m_ids{phone.m_surroundings->ids} {}

    Effects take(const Event& event)
    {
        std::visit(Overloaded{
                       [&](const PowerApplied&) { applyPower(); },
                       [&](const PowerRemoved&) { removePower(); },
                       [&](const Woken&) { wake(); },
                       [&](const FetchAddressed& e) { addressed(e); },
                       [&](const FetchFinished& e) { finished(e); },
                       [&](const ResyncCommanded& e) { command(e); },
                       [&](const UpgradeCommanded& e) { command(e); },
                       [&](const RebootCommanded& e) { commandReboot(e); },
                       [&](const ParametersSubmitted& e) { submit(e); },
                       [&](const FactoryResetCommanded&) { factoryReset(); },
                   },
                   event);
        wakeAtNextDeadline();
        return std::move(m_out);
    }

private:
    using Cause = Phone::Cause;
    using Work = Phone::Work;

    std::string_view value(ParamId id) const { return m.m_parameters.value(id); }
    bool isOn() const { return m.m_state != PhoneState::Off; }

    void enter(PhoneState state)
    {
        if (m.m_state == state)
            return;
        m.m_state = state;
        m_out.push_back(StateEntered{state});
    }

    void show(MuteLed led)
    {
        if (!m.model().muteLedPatterns || m.m_led == led)
            return;
        m.m_led = led;
        m.m_ledSince = m_now;
        m_out.push_back(ShowLed{led});
    }

    void wakeAtNextDeadline()
    {
        const TimePoint next =
            isOn() ? std::min(m.m_bootedAt, m.m_running ? TimePoint::max() : m.m_resyncAt) : TimePoint::max();
        if (next == m.m_wakeAt)
            return;
        m.m_wakeAt = next;
        m_out.push_back(WakeAt{next});
    }

    // --- power and boot ---

    void applyPower()
    {
        if (isOn())
            return;
        boot(Cause::PowerUp);
    }

    void removePower()
    {
        if (!isOn())
            return;
        stopWork();
        m.m_bootedAt = m.m_resyncAt = TimePoint::max();
        show(MuteLed::Off);
        enter(PhoneState::Off);
    }

    void boot(Cause cause)
    {
        stopWork();
        m.m_poweredAt = m_now;
        m.m_bootCause = cause;
        m.m_bootedAt = m_now + m.m_surroundings->bootTime;
        m.m_resyncAt = TimePoint::max();
        m.m_failures = m.m_successes = 0;
        show(MuteLed::Off);
        enter(PhoneState::Booting);
    }

    void stopWork()
    {
        if (m.m_running)
            m_out.push_back(CancelFetch{m.m_request});
        m.m_running.reset();
        m.m_queued.reset();
    }

    void restart(RebootReason reason, Cause cause)
    {
        Phone::History& history = m.m_history.ensure();
        if (history.reboots.size() == history.reboots.capacity())
            history.reboots.pop_back();
        history.reboots.insert(history.reboots.begin(), {m.wallTime(m_now), reason});
        m_out.push_back(Remember{});
        boot(cause);
    }

    void wake()
    {
        if (m_now >= m.m_bootedAt)
            booted();
        else if (m_now >= m.m_resyncAt && !m.m_running)
            resyncDue();
        else
            m.m_wakeAt = TimePoint::max();  // too early: ask again
    }

    void booted()
    {
        m.m_bootedAt = TimePoint::max();
        enter(PhoneState::Idle);
        if (m.model().firmware.generation() != Generation::Mpp11_0)
            logSystem(
                fmt::format("System started: ip@{}, firmware {}", m.m_address.text(), m.firmware().load));
        scheduleAfterBoot();
    }

    // Which causes bring a resync after a restart, and when. Resync_On_Reset covers power-up, reset and upgrades;
    // Resync_After_Upgrade_Attempt upgrades too (either is enough: our choice, the guides leave their overlap open);
    // a submit resyncs at once (RSYNC-SUBMIT-REBOOT).
    void scheduleAfterBoot()
    {
        const bool onReset = m.m_parameters.isYes(m_ids.resyncOnReset);
        const Cause cause = m.m_bootCause;
        const bool upgraded =
            cause == Cause::Upgraded && m.m_parameters.isYes(m_ids.resyncAfterUpgradeAttempt);
        if (cause == Cause::Submitted)
            scheduleResync(m_now, cause);
        else if (onReset || upgraded)
            scheduleResync(m_now + firstContactDelay(), cause);
        else
            scheduleTimed();
    }

    // A pseudo-random time between 0 and Resync_Random_Delay steps of 20 s (RSYNC-RANDOM-RANGE).
    Duration firstContactDelay()
    {
        const std::uint64_t steps = readNumber(value(m_ids.resyncRandomDelay), 0);
        const Duration most = 20s * static_cast<std::int64_t>(steps);
        return Duration{
            static_cast<Duration::rep>(m.m_chance.upTo(static_cast<std::uint64_t>(most.count())))};
    }

    // --- when to resync ---

    void scheduleResync(TimePoint at, Cause cause)
    {
        m.m_resyncAt = at;
        m.m_resyncCause = cause;
        if (at > m_now && (cause == Cause::PowerUp || cause == Cause::Upgraded))
            enter(PhoneState::Waiting);
        if (at <= m_now && !m.m_running)
            resyncDue();
    }

    // The next resync by the clock, if Resync_At says so; it replaces the periodic one (RSYNC-AT-OVERRIDES).
    bool scheduleTimed()
    {
        const std::uint32_t window = readNumber(value(m_ids.resyncAtRandomDelay), 600);
        const std::optional<WallTime> at =
            nextResyncAt(m.wallTime(m_now), value(m_ids.resyncAt), window, m.m_chance);
        if (!at)
            return false;
        scheduleResync(m_now + (*at - m.wallTime(m_now)), Cause::Periodic);
        return true;
    }

    void scheduleByList(ParamId list, std::size_t done, Cause cause)
    {
        m.m_resyncAt = TimePoint::max();
        const Result<DelayList> delays = DelayList::parse(value(list));
        if (!delays.has_value())
            return;
        if (const std::optional<Duration> wait = delays->wait(done, m.m_chance))
            scheduleResync(m_now + *wait, cause);
    }

    void scheduleAfterSuccess()
    {
        m.m_failures = 0;
        if (!scheduleTimed())
            scheduleByList(m_ids.resyncPeriodic, m.m_successes, Cause::Periodic);
        if (m.m_successes < UINT16_MAX)
            ++m.m_successes;
    }

    void scheduleAfterFailure()
    {
        m.m_successes = 0;
        scheduleByList(m_ids.resyncErrorRetryDelay, m.m_failures, Cause::Retry);
        if (m.m_failures < UINT16_MAX)
            ++m.m_failures;
    }

    void resyncDue()
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

    // --- a resync: the rules one after another (RULE-SEQUENCE) ---

    void nextRule(std::size_t first)
    {
        for (std::size_t rule = first; rule < storedRules; ++rule) {
            m.m_running->rule = rule;
            if (startRule(value(m_ids.profileRules[rule]), m.m_surroundings->provisioningServer))
                return;
        }
        resyncSucceeded(first > 0);
    }

    // Begins to fetch what a rule names. False when it names nothing: it is empty, or has no server while none is
    // known (our choice: then there is nobody to ask, and nothing to fail).
    bool startRule(std::string_view rule, std::string_view defaultServer)
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

    // A default server may carry its own port ("127.0.0.1:6900"); then it is put in front of the path.
    static Result<Url> parseUrl(const std::string& text, std::string_view defaultServer)
    {
        if (text.starts_with('/') && defaultServer.find(':') != std::string_view::npos)
            return Url::parse(std::string{defaultServer} + text);
        return Url::parse(text, defaultServer);
    }

    void begin()
    {
        const bool upgrade = m.m_running->work == Work::Upgrade;
        enter(upgrade ? PhoneState::Upgrading : PhoneState::Contacting);
        if (!upgrade)
            show(MuteLed::SlowBlink);
        m.m_request = RequestId{static_cast<std::uint32_t>(m.m_request) + 1};
        const bool http = m.m_running->url.scheme != Scheme::Tftp;
        m_out.push_back(FetchFile{m.m_request,
                                  {m.m_running->url, http ? m.userAgent() : std::string{}, maxProfileBytes}});
    }

    void addressed(const FetchAddressed& e)
    {
        if (!m.m_running || e.request != m.m_request)
            return;
        Phone::Running& running = *m.m_running;
        running.server = e.server;
        if (e.url != nullptr)
            running.url = *e.url;
        announce();
    }

    // The request message, once per file: a redirect or the next address is the same attempt. A rule that names no
    // URL has nothing to announce.
    void announce()
    {
        if (m.m_running->announced || m.m_running->url.path.empty())
            return;
        m.m_running->announced = true;
        log(m.m_running->work == Work::Upgrade ? m_ids.logUpgradeRequestMsg : m_ids.logRequestMsg, {});
    }

    void finished(const FetchFinished& e)
    {
        if (!m.m_running || e.request != m.m_request)
            return;
        if (!e.file.has_value()) {
            failed(e.file.error());
            return;
        }
        debug(2, [&] { return fmt::format("file of {} bytes", (*e.file)->size()); });
        if (m.m_running->work == Work::Upgrade)
            loadArrived(**e.file);
        else
            profileArrived(**e.file);
    }

    void profileArrived(const std::string& bytes)
    {
        const Result<std::shared_ptr<const Profile>> profile = m.m_surroundings->profiles->parse(bytes);
        if (!profile.has_value()) {
            failed(profile.error());
            return;
        }
        const std::string url = m.m_running->url.text();
        const AppliedState before = m.m_parameters.state();
        const std::size_t ownBefore = m.m_parameters.ownCount();
        std::vector<ParamId> changed = m.m_parameters.apply(*profile, url, *m.m_surroundings->profiles,
                                                            m.m_surroundings->reportsChanges);
        if (m.m_parameters.state() != before || m.m_parameters.ownCount() != ownBefore)
            m_out.push_back(Remember{});
        debugProfile(**profile);
        if (!changed.empty())
            m_out.push_back(ParametersChanged{std::move(changed)});
        if (m.m_lastProfileUrl != url)
            m.m_lastProfileUrl = url;
        ruleSucceeded();
    }

    void ruleSucceeded()
    {
        log(m_ids.logSuccessMsg, {});
        note({m_now, true, false, {}});
        if (m.m_running->rule < storedRules)
            nextRule(m.m_running->rule + 1);
        else
            resyncSucceeded(true);
    }

    void resyncSucceeded(bool fetchedSomething)
    {
        endWork();
        show(MuteLed::Off);
        if (fetchedSomething)
            scheduleAfterSuccess();
        runQueued();
    }

    // Any end of the work but a success. `error` decides LED, message and whether it counts as a failure at all.
    void failed(const Error& error)
    {
        const bool upgrade = m.m_running->work == Work::Upgrade;
        const bool counts =
            upgrade || error.kind != ErrorKind::NotFound || m.m_parameters.isYes(m_ids.resyncFailsOnFnf);
        announce();  // also when no address was found: two messages come in any case (SYSLOG-TWO-MSGS)
        if (!counts) {
            ruleSucceeded();
            return;
        }
        const std::string reason = failureText(error);
        log(upgrade ? m_ids.logUpgradeFailureMsg : m_ids.logFailureMsg, reason);
        note({m_now, false, upgrade, reason});
        endWork();
        if (upgrade) {
            upgradeFailed();
        } else {
            const bool wrongFile = error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Corrupt;
            show(wrongFile ? MuteLed::FastBlink : MuteLed::SlowBlink);
            scheduleAfterFailure();
        }
        runQueued();
    }

    void endWork()
    {
        m.m_running.reset();
        enter(PhoneState::Idle);
    }

    void runQueued()
    {
        if (!m.m_queued || m.m_running)
            return;
        const Event queued = std::move(*m.m_queued);
        m.m_queued.reset();
        if (const auto* resync = std::get_if<ResyncCommanded>(&queued))
            command(*resync);
        else if (const auto* upgrade = std::get_if<UpgradeCommanded>(&queued))
            command(*upgrade);
    }

    // --- commands ---

    // One command may wait for the running work; a later one takes its place (our choice).
    template <class Command>
    bool mustWait(const Command& e)
    {
        if (m.m_running)
            m.m_queued.emplace(e);
        return static_cast<bool>(m.m_running);
    }

    void command(const ResyncCommanded& e)
    {
        if (!m.answersWeb() || !m.m_parameters.isYes(m_ids.provisionEnable) || mustWait(e))
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

    void command(const UpgradeCommanded& e)
    {
        if (!m.answersWeb() || !m.m_parameters.isYes(m_ids.upgradeEnable) || mustWait(e))
            return;
        m.m_lastUpgrade = m_now;
        m.m_running.emplace();
        m.m_running->work = Work::Upgrade;
        m.m_running->rule = storedRules;
        const std::string_view rule = e.rule.empty() ? value(m_ids.upgradeRule) : std::string_view{e.rule};
        if (!startRule(rule, e.requester.text()))
            endWork();
    }

    void loadArrived(const std::string& bytes)
    {
        const Result<FirmwareVersion> version = parseLoad(bytes, m.model().loadPrefix);
        if (!version.has_value()) {
            failed(version.error());
            return;
        }
        log(m_ids.logUpgradeSuccessMsg, {});
        note({m_now, true, true, {}});
        m.m_firmware = std::make_shared<const FirmwareVersion>(*version);
        endWork();
        restart(RebootReason::Upgrade, Cause::Upgraded);
    }

    // The name says attempt: a failed one brings a resync too (our choice; the guides are ambiguous).
    void upgradeFailed()
    {
        if (m.m_parameters.isYes(m_ids.resyncAfterUpgradeAttempt))
            scheduleResync(m_now, Cause::Upgraded);
    }

    void commandReboot(const RebootCommanded& e)
    {
        if (isOn())
            restart(e.reason, Cause::PowerUp);
    }

    void submit(const ParametersSubmitted& e)
    {
        if (!isOn())
            return;
        bool reboots = false;
        std::vector<ParamId> changed;
        for (const auto& [id, text] : e.changes) {
            if (value(id) == text)
                continue;
            reboots = reboots || m.m_parameters.schema().at(id).reboots;
            m.m_parameters.change(id, text, ValueSource::Page);
            changed.push_back(id);
        }
        if (changed.empty())
            return;
        m_out.push_back(Remember{});
        const bool rescheduled = contains(changed, m_ids.resyncPeriodic) ||
                                 contains(changed, m_ids.resyncAt) ||
                                 contains(changed, m_ids.resyncAtRandomDelay);
        if (m.m_surroundings->reportsChanges)
            m_out.push_back(ParametersChanged{std::move(changed)});
        if (reboots)
            restart(RebootReason::Provisioning, Cause::Submitted);
        else if (rescheduled && m.m_successes > 0 && !m.m_running)
            scheduleAfterSuccess();
    }

    static bool contains(const std::vector<ParamId>& ids, ParamId id)
    {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    }

    void factoryReset()
    {
        if (!isOn())
            return;
        m.m_parameters.reset();
        m.m_lastProfileUrl.clear();
        m.m_history.reset();
        m_out.push_back(Remember{});
        boot(Cause::PowerUp);
    }

    // --- what the phone says ---

    void note(ProvisioningOutcome outcome)
    {
        auto& list = outcome.firmware ? m.m_history.ensure().upgrades : m.m_history.ensure().resyncs;
        if (list.size() == list.capacity())
            list.pop_back();
        list.insert(list.begin(), std::move(outcome));
    }

    // Sends one of the configurable messages; a cleared one is not generated (SYSLOG-CLEARED).
    void log(ParamId message, std::string_view error)
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

    // Critical events beside the configurable messages (SYSLOG-CRITICAL-EVENTS); contents are our choice.
    void logSystem(const std::string& text)
    {
        send(SyslogSeverity::Notice,
             fmt::format("{} {} -- {}", m.model().productName, m.m_mac.colons(), text), true);
    }

    // Detail for the debug server alone; `text` is made only when somebody wants it.
    template <class Text>
    void debug(int level, const Text& text)
    {
        if (!value(m_ids.debugServer).empty() && debugDetail(value(m_ids.debugLevel)) >= level)
            send(SyslogSeverity::Debug, text(), false);
    }

    void debugProfile(const Profile& profile)
    {
        if (value(m_ids.debugServer).empty())
            return;
        for (std::size_t i = 0; i < std::min(profile.elements.size(), maxDebugParameters); ++i) {
            const Parameter& parameter = m.m_parameters.schema().at(profile.elements[i].id);
            debug(3, [&] { return fmt::format("pal data updated for property name: {}", parameter.label); });
        }
    }

    // To Syslog_Server, and to Debug_Server a copy (SYSLOG-ALSO-DEBUG); details only to the debug server.
    void send(SyslogSeverity severity, const std::string& text, bool toSyslogServer)
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

    std::string identifierText() const
    {
        const std::string_view choice = value(m_ids.syslogIdentifier);
        return choice.starts_with('$') ? expandMacros(choice, PhoneMacros{m, m_now}) : std::string{};
    }

    Phone& m;
    TimePoint m_now;
    const ResyncParameters& m_ids;
    Effects m_out;
};

Phone::Phone(const PhoneSurroundings& surroundings, const MacAddress& mac, IpAddress address,
             AppliedState initial)
    : m_surroundings{&surroundings},
      m_parameters{*surroundings.model->schema, std::move(initial)},
      m_chance{surroundings.seed, mac},
      m_mac{mac},
      m_address{address}
{}

Phone::~Phone() = default;
Phone::Phone(Phone&&) noexcept = default;
Phone& Phone::operator=(Phone&&) noexcept = default;
Phone::Phone(const Phone&) = default;
Phone& Phone::operator=(const Phone&) = default;

Effects Phone::handle(TimePoint now, const Event& event)
{
    return PhoneLogic{*this, now}.take(event);
}

std::string Phone::serialNumber() const
{
    // 12 alphanumerics like 88012BA01234: a fixed year and plant, then the lower MAC half (our choice).
    return fmt::format("88012B{}", m_mac.upper().substr(6));
}

const FirmwareVersion& Phone::firmware() const
{
    return m_firmware ? *m_firmware : m_surroundings->model->firmware;
}

TimePoint Phone::nextResync() const
{
    return m_resyncAt;
}

std::vector<ProvisioningOutcome> Phone::outcomes() const
{
    std::vector<ProvisioningOutcome> all;
    if (m_history) {
        all.assign(m_history->resyncs.begin(), m_history->resyncs.end());
        all.insert(all.end(), m_history->upgrades.begin(), m_history->upgrades.end());
    }
    return all;
}

std::vector<std::pair<WallTime, RebootReason>> Phone::reboots() const
{
    if (!m_history)
        return {};
    return {m_history->reboots.begin(), m_history->reboots.end()};
}

std::string Phone::userAgent() const
{
    PhoneMacros macros{*this, TimePoint{}};
    macros.withVersion = true;
    return expandMacros(m_parameters.value(m_surroundings->ids.httpUserAgentName), macros);
}

}  // namespace emulator
