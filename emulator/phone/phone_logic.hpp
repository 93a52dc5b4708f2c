#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/protocol/syslog_message.hpp"
#include "emulator/provisioning/rule_options.hpp"

namespace emulator {

// How many rules a resync goes through: Profile_Rule, _B, _C, _D.
inline constexpr std::size_t storedRules = 4;

// What the fetch in progress is for.
struct Phone::Running {
    Work work = Work::None;
    std::size_t rule = 0;   // which of the stored rules; their number: a commanded one
    std::string commanded;  // the URL of a command
    RuleOptions options;
    Url url;
    std::optional<IpAddress> server;  // once it is known whom the phone asks
    bool announced = false;           // the request message is out
};

// The steps that answer one event, at one time. One place branches (take), the helpers do the work; each file beside
// this one holds what belongs to one topic.
class PhoneLogic {
public:
    PhoneLogic(Phone& phone, TimePoint now) : m{phone}, m_now{now}, m_ids{phone.m_surroundings->ids} {}

    Effects take(const Event& event);

private:
    using Cause = Phone::Cause;
    using Work = Phone::Work;

    std::string_view value(ParamId id) const { return m.m_parameters.value(id); }
    bool isOn() const { return m.m_state != PhoneState::Off; }
    void enter(PhoneState state);
    void show(MuteLed led);

    // --- power, restarts and what a person submits (phone_boot.cpp) ---

    void applyPower();
    void removePower();
    void boot(Cause cause);
    void booted();
    void stopWork();
    void restart(RebootReason reason, Cause cause);
    void callBegan(const CallBegan& e);
    void callEnded(const CallEnded& e);
    void commandReboot(const RebootCommanded& e);
    void submit(const ParametersSubmitted& e);
    void factoryReset();

    // --- when the next resync is due (phone_schedule.cpp) ---

    void wakeAtNextDeadline();
    void wake();
    // Which causes bring a resync after a restart, and when. Resync_On_Reset covers power-up, reset and upgrades;
    // Resync_After_Upgrade_Attempt upgrades too (either is enough: our choice, the guides leave their overlap open);
    // a submit resyncs at once (RSYNC-SUBMIT-REBOOT).
    void scheduleAfterBoot();
    // A pseudo-random time between 0 and Resync_Random_Delay steps of 20 s (RSYNC-RANDOM-RANGE).
    Duration firstContactDelay();
    void scheduleResync(TimePoint at, Cause cause);
    // The next resync by the clock, if Resync_At says so; it replaces the periodic one (RSYNC-AT-OVERRIDES).
    bool scheduleTimed();
    void scheduleByList(ParamId list, std::size_t done, Cause cause);
    void scheduleAfterSuccess();
    void scheduleAfterFailure();

    // --- a resync: the rules one after another (phone_resync.cpp) ---

    void resyncDue();
    void command(const ResyncCommanded& e);
    void nextRule(std::size_t first);
    // Begins to fetch what a rule names. False when it names nothing: it is empty, or has no server while none is
    // known (our choice: then there is nobody to ask, and nothing to fail).
    bool startRule(std::string_view rule, std::string_view defaultServer);
    // A default server may carry its own port ("127.0.0.1:6900"); then it is put in front of the path.
    static Result<Url> parseUrl(const std::string& text, std::string_view defaultServer);
    void profileArrived(const std::string& bytes);
    void ruleSucceeded();
    void resyncSucceeded(bool fetchedSomething);

    // --- the fetch in progress, whatever it is for (phone_fetch.cpp) ---

    void begin();
    void addressed(const FetchAddressed& e);
    // The request message, once per file: a redirect or the next address is the same attempt. A rule that names no
    // URL has nothing to announce.
    void announce();
    void finished(const FetchFinished& e);
    // Any end of the work but a success. `error` decides LED, message and whether it counts as a failure at all.
    void failed(const Error& error);
    void endWork();
    void runQueued();

    // --- firmware (phone_upgrade.cpp) ---

    void command(const UpgradeCommanded& e);
    void loadArrived(const std::string& bytes);
    // The name says attempt: a failed one brings a resync too (our choice; the guides are ambiguous).
    void upgradeFailed();

    // --- what the phone says (phone_messages.cpp) ---

    void note(ProvisioningOutcome outcome);
    // Sends one of the configurable messages; a cleared one is not generated (SYSLOG-CLEARED).
    void log(ParamId message, std::string_view error);
    // Critical events beside the configurable messages (SYSLOG-CRITICAL-EVENTS); contents are our choice.
    void logSystem(const std::string& text);
    void debugProfile(const Profile& profile);
    // To Syslog_Server, and to Debug_Server a copy (SYSLOG-ALSO-DEBUG); details only to the debug server.
    void send(SyslogSeverity severity, const std::string& text, bool toSyslogServer);
    std::string identifierText() const;

    // Detail for the debug server alone; `text` is made only when somebody wants it.
    template <class Text>
    void debug(int level, const Text& text)
    {
        if (wantsDebug(level))
            send(SyslogSeverity::Debug, text(), false);
    }
    bool wantsDebug(int level) const;

    // One command may wait for the running work; a later one takes its place (our choice).
    template <class Command>
    bool mustWait(const Command& e)
    {
        if (m.m_running)
            m.m_queued.emplace(e);
        return static_cast<bool>(m.m_running);
    }

    Phone& m;
    TimePoint m_now;
    const ResyncParameters& m_ids;
    Effects m_out;
};

}  // namespace emulator
