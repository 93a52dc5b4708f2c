#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/protocol/syslog_message.hpp"
#include "emulator/provisioning/rule_decision.hpp"

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
    std::optional<IpAddress> server;         // once it is known whom the phone asks
    bool announced = false;                  // the request message is out
    bool reboots = false;                    // what was applied needs a restart
    std::uint64_t attempt = 0;               // of Upgrade_Rule: which rule and URL; 0: anything else
    std::optional<FirmwareVersion> writing;  // the load that has come and goes into the other partition
    TimePoint writtenAt = TimePoint::max();
};

// What upgrades have left behind. Two partitions: the one that runs, and the one the next load is written to.
struct Phone::Firmware {
    std::optional<FirmwareVersion> running;  // none: the model's
    std::string inactive;                    // load name; empty: nothing usable
    std::uint64_t attempted = 0;             // which rule and URL Upgrade_Rule last led to; 0: none
    TimePoint retryAt = TimePoint::max();    // when that is tried again
    std::uint16_t failures = 0;              // of it in a row: how far Upgrade_Error_Retry_Delay has gone
};

// What may not be done yet; there only while something is.
struct Phone::Waiting {
    boost::container::static_vector<Event, 4> commands;  // at most one of each kind, in order of arrival
    TimePoint heldUntil = TimePoint::min();              // resyncs are held until then (Forced_Resync_Delay)
};

// The reports of a phone that has a Report_Rule.
struct Phone::Reporting {
    TimePoint at = TimePoint::max();          // when the next one is due
    bool periodic = false;                    // and whether that is by Periodic_Upload_To_Server
    bool changed = false;                     // somebody at the phone changed what no report has told yet
    std::vector<RuleDecision> rest;           // of the rules that are being carried out
    std::vector<ParameterSet::Kept> sending;  // what differs from the factory, as the running report has it
    std::vector<ParameterSet::Kept>
        reported;  // as the last one that arrived had it: what --delta counts from
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

    void perform(const Event& event);
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
    void noteReboot(RebootReason reason);
    void restart(RebootReason reason, Cause cause);
    // What the menus show, and what a softkey does (phone_keys.cpp).
    void press(const KeysPressed& e);
    void commandReboot(const RebootCommanded& e);
    void submit(const ParametersSubmitted& e);
    void factoryReset(const FactoryResetCommanded& e);

    // --- what has to wait for a call or for running work (phone_waiting.cpp) ---
    // Commanded work (resync, upgrade, reboot, report) begins only while no other work runs and no line is active,
    // else right after (WEB-RESYNC-IDLE, UPG-IDLE). Resyncs that the phone decides itself wait for the lines too, as
    // Forced_Resync_Delay says. A restart drops what waits.

    void callBegan(const CallBegan& e);
    void callEnded(const CallEnded& e);
    void endCalls();
    bool mayWork() const { return !m.m_running && m.linesIdle(); }
    // Keeps a command until mayWork(), or returns false: now is the time. One of each kind waits, a later one takes
    // the place of an earlier one (our choice).
    template <class Command>
    bool mustWait(const Command& e)
    {
        if (mayWork())
            return false;
        keep(e);
        return true;
    }
    // The same for what may cut running work short, but no call.
    template <class Command>
    bool mustWaitForLines(const Command& e)
    {
        if (m.linesIdle())
            return false;
        keep(e);
        return true;
    }
    void keep(Event command);
    // The phone is free: for what waits, then for the upgrade rule.
    void runWaiting();
    // When the resync that is due, or will be, may begin; max(): not as things are.
    TimePoint resyncMayBegin() const;
    Duration forcedResyncDelay() const;

    // --- when the next resync is due (phone_schedule.cpp) ---

    void wakeAtNextDeadline();
    void wake();
    // Which causes bring a resync after a restart, and when. Resync_On_Reset covers power-up, reset and upgrades;
    // Resync_After_Upgrade_Attempt upgrades too (either is enough: our choice, the guides leave their overlap open);
    // a submit resyncs at once (RSYNC-SUBMIT-REBOOT).
    void scheduleAfterBoot();
    // A pseudo-random time between 0 and Resync_Random_Delay steps of 20 s, of 1 s with newer firmware
    // (RSYNC-RANDOM-RANGE, GenerationOptions).
    Duration randomDelay();
    void scheduleResync(TimePoint at, Cause cause);
    // The next resync by the clock, if Resync_At says so; it replaces the periodic one (RSYNC-AT-OVERRIDES).
    bool scheduleTimed();
    // A wait of Resync_Periodic or Resync_Error_Retry_Delay; a periodic one of firmware 11.0 and a random delay
    // (GenerationOptions).
    void scheduleByList(ParamId list, std::size_t done, Cause cause, Duration least = {});
    void scheduleAfterSuccess();
    void scheduleAfterFailure();
    // A resync that the triggers hold back is asked about again when the next periodic or timed one would be due, also
    // before the first success (our choice: else a trigger on $PRVTMR could never come true).
    void scheduleAfterSuppression();

    // --- a resync: the rules one after another (phone_resync.cpp) ---

    // What the phone decides itself is subject to Provision_Enable and the triggers; a resync URL and a NOTIFY go
    // past the triggers, an XML object and the keypad do not (RSYNC-TRIGGER-*: "only" those two are named).
    void resyncDue();
    void beginStoredRules();
    // Whether Resync_Trigger_1 and _2 let a resync pass: both blank, or as GenerationOptions::triggers says. One that
    // is blank restricts nothing, but where any is enough it does not let pass what the other holds back (our choice).
    bool triggersAllow();
    void command(const ResyncCommanded& e);
    // What the phone does while nothing runs.
    void rest();
    // The rule gds:// ends a resync and lets the phone ask for its activation code, until the next resync. The rules
    // after it and the periodic resync wait with it, for a phone without a code has no settings to keep (our choice).
    // What happens once a code is entered no guide tells.
    // Source: "Cisco IP Phone MPP Administration Guide, Provisioning Methods", activation code onboarding; RULE-GDS.
    void awaitCode(bool awaits);
    void nextRule(std::size_t first);
    // Carries out what a rule says and begins to fetch what it names. False when there is nothing to fetch: the rule is
    // empty, no condition holds, or it has no server while none is known (our choice: then there is nobody to ask,
    // and nothing to fail).
    bool startRule(std::string_view rule, std::string_view defaultServer);
    // What the phone's debug trace wants to know of it is said.
    Result<std::optional<RuleDecision>> decideRule(std::string_view rule, RuleKind kind);
    // Whether this server may be asked, and in this way.
    Result<void> mayAsk(const Url& url, const RuleOptions& options) const;
    // The assignments of a rule: what a parameter refuses, or no parameter is called, is left out (our choice).
    void assign(const std::vector<RuleAssignment>& assignments);
    // A default server may carry its own port ("127.0.0.1:6900"); then it is put in front of the path.
    static Result<Url> parseUrl(const std::string& text, std::string_view defaultServer);
    void profileArrived(const std::string& bytes, ContentCoding coding);
    // Whether a profile changed what the phone reads at its start only (RSYNC-REBOOT-APPLY). Rules are read at each
    // resync: a profile that brings another one needs no restart (our choice).
    bool needsRestart(const std::vector<ParamId>& changed) const;
    void ruleSucceeded();
    void resyncSucceeded(bool fetchedSomething);

    // --- the fetch in progress, whatever it is for (phone_fetch.cpp) ---

    void begin();
    // What a request by HTTP carries beside its URL (phone_http.cpp).
    void askByHttp(FetchRequest& fetch);
    std::optional<HttpCredentials> profileAccount() const;
    void goByProxy(FetchRequest& fetch) const;
    void addressed(const FetchAddressed& e);
    // The request message, once per file: a redirect or the next address is the same attempt. A rule that names no
    // URL has nothing to announce.
    void announce();
    void finished(const FetchFinished& e);
    // What $ERR and the page say. What is wrong with a load is named.
    static std::string failureText(const Error& error, bool upgrade);
    // Any end of the work but a success. `error` decides LED, message and whether it counts as a failure at all.
    void failed(const Error& error);
    void endWork();

    // --- firmware (phone_upgrade.cpp) ---

    void command(const UpgradeCommanded& e);
    // Begins what Upgrade_Rule asks for, unless that was attempted before or cannot be done now.
    void followUpgradeRule();
    struct Upgrade {
        Url url;
        std::vector<RuleAssignment> assignments;
    };
    // Nothing: there is nothing to upgrade to.
    Result<std::optional<Upgrade>> decideUpgrade(std::string_view rule, std::string_view defaultServer);
    // `attempt`: of Upgrade_Rule, which rule and URL; 0: of a command.
    void beginUpgrade(Result<std::optional<Upgrade>> upgrade, std::uint64_t attempt);
    Result<void> checkRevision(const FirmwareVersion& version) const;  // Refused below Downgrade_Rev_Limit
    void activateInactive();
    void loadArrived(const std::string& bytes);
    void written();
    void runOtherLoad(FirmwareVersion version);
    void upgradeSucceeded();
    // The name says attempt: a failed one brings a resync too (our choice; the guides are ambiguous).
    void upgradeFailed(std::uint64_t attempt);
    void forgetFailedUpgrade();  // a restart begins anew
    TimePoint upgradeRetryAt() const;
    void upgradeRetryDue();

    // --- reports (phone_report.cpp) ---
    // Report_Rule is one rule or two; they are sent one after another to their servers, by HTTP_Report_Method. One that
    // fails is not repeated. Report_To_Server says when: after a restart ("On Request"), some time after the first
    // change by somebody at the phone, or periodically; on command always. Changes by profiles and rules are no local
    // ones, a delta without changes is an empty profile, the base of --delta does not survive a power cut, and the
    // messages are our choices.
    // Source: "Cisco IP Phone MPP Administration Guide, Third-Party Call Control Setup", phone reports.

    void command(const ReportCommanded& e);
    void scheduleReportAfterBoot();
    void scheduleReportAfterChange(bool settings);  // settings: of the reports themselves
    void scheduleReportAfterResync();
    void scheduleNextPeriodicReport();
    TimePoint reportMayBegin() const;
    void reportDue();
    void sendNextReport();
    // Shape: the status page's XML, or the configuration export with passwords, keys and rule arguments left out;
    //        with --key as `openssl enc -aes-256-cbc -md md5` makes it; without one, but with an
    //        IKM_HTTP_Encrypt_Content, aes128gcm of RFC 8188 in records of 4096 bytes without a key id (our choice).
    void addReport(FetchRequest& fetch, const RuleOptions& options);
    std::string reportText(const RuleOptions& options);
    void reportEnded(const Error* error);

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

    Phone& m;
    TimePoint m_now;
    const ResyncParameters& m_ids;
    Effects m_out;
};

}  // namespace emulator
