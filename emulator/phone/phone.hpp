#pragma once

#include "emulator/base/boxed.hpp"
#include "emulator/base/chance.hpp"
#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/base/shared_bytes.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/phone/led.hpp"
#include "emulator/phone/message_log.hpp"
#include "emulator/phone/model.hpp"
#include "emulator/profile/parameter_set.hpp"
#include "emulator/protocol/fetch.hpp"
#include "emulator/provisioning/resync_parameters.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {

enum class RequestId : std::uint32_t {};

// Why a phone restarted; the texts are those of Info > Status > Reboot History.
enum class RebootReason : std::uint8_t {
    None,
    Upgrade,
    Provisioning,
    SipTriggered,
    RemoteCustomization,
    UserTriggered
};
std::string_view name(RebootReason reason);

// What can happen to a phone.
struct PowerApplied {};
struct PowerRemoved {};
struct Woken {};  // the time asked for by WakeAt has come
struct FetchAddressed {
    RequestId request{};
    std::optional<IpAddress> server;  // nothing: a proxy knows
    const Url* url = nullptr;
};  // about to be asked
struct FetchFinished {
    RequestId request{};
    Result<SharedBytes> file;
    ContentCoding coding = ContentCoding::Identity;
};
enum class CommandedBy : std::uint8_t { Url, SipNotify, XmlObject, Keypad };
struct ResyncCommanded {
    std::string rule;
    IpAddress requester;
    CommandedBy by = CommandedBy::Url;
};  // empty rule: the stored Profile_Rules
struct UpgradeCommanded {
    std::string rule;
    IpAddress requester;
    CommandedBy by = CommandedBy::Url;
};
// Warm is what the guides call a restart: the software begins anew without the boot. Our choice of what shows it: a
// quarter of the boot time, "System restarted" in the log, no entry in Reboot History, and Elapsed Time goes on.
struct RebootCommanded {
    RebootReason reason = RebootReason::UserTriggered;
    bool warm = false;
};
struct ReportCommanded {};  // send what Report_Rule names
struct CallBegan {
    int line = 1;
};  // the line is busy from here on; what it signals comes later
struct CallEnded {
    int line = 1;
};
// Somebody walks through the phone's menus and presses a softkey; see menu.hpp.
struct KeysPressed {
    std::vector<std::string> path;  // what was chosen, one after another: menus, an item, a softkey
    std::string entered;            // what was typed into the item's field
};
struct ParametersSubmitted {
    std::vector<std::pair<ParamId, std::string>> changes;
};  // each passed checkedValue
struct FactoryResetCommanded {
    CommandedBy by = CommandedBy::Url;
};
using Event = std::variant<PowerApplied, PowerRemoved, Woken, FetchAddressed, FetchFinished, ResyncCommanded,
                           UpgradeCommanded, RebootCommanded, ReportCommanded, CallBegan, CallEnded,
                           KeysPressed, ParametersSubmitted, FactoryResetCommanded>;

// Where a phone stands, for views and the trace.
enum class PhoneState : std::uint8_t { Off, Booting, Waiting, Contacting, Upgrading, Idle, Onboarding };
inline constexpr std::size_t phoneStates = 7;
std::string_view name(PhoneState state);  // "off", "booting", "waiting", …

// What a phone asks of the world, in this order.
struct Remember {};  // keep memory(); the effects after it wait until that is safe (design decision D14)
struct FetchFile {
    RequestId request{};
    FetchRequest fetch;
};
struct CancelFetch {
    RequestId request{};
};
struct SendSyslog {
    std::string server;
    std::string datagram;
};  // server: host[:port], port 514 unless named
struct WakeAt {
    TimePoint at;
};  // replaces any earlier; TimePoint::max(): never
struct ShowLed {
    MuteLed led = MuteLed::Off;
};
struct ShowDisplay {
    std::string text;
    bool pressed = false;  // somebody pressed keys; else the phone shows it of its own accord
    bool refused = false;  // the keys led nowhere; `text` says where they ended
};
struct LineChanged {
    int line = 1;
    bool busy = false;
};
struct StateEntered {
    PhoneState state = PhoneState::Off;
};
struct ParametersChanged {
    std::vector<ParamId> ids;
};  // only when PhoneSurroundings::reportsChanges
using Effect = std::variant<Remember, FetchFile, CancelFetch, SendSyslog, WakeAt, ShowLed, ShowDisplay,
                            LineChanged, StateEntered, ParametersChanged>;
using Effects = boost::container::small_vector<Effect, 6>;

// What the phones of one shard and model have in common. Outlives them.
struct PhoneSurroundings {
    std::shared_ptr<const Model> model;
    ProfileCache* profiles = nullptr;  // of this shard
    ResyncParameters ids;              // where the provisioning parameters are in the model's schema
    WallTime start{};                  // wall time of TimePoint{}
    Seed seed{};
    // From power to an answering page. Our choice: real phones take about a minute, nobody wants to wait for it.
    Duration bootTime = std::chrono::milliseconds{500};
    // From the last byte of a firmware load to the reboot into it: the phone writes its other partition. Our choice.
    Duration writeTime = std::chrono::seconds{1};
    std::string provisioningServer;  // as DHCP option 66 gives it; empty: none known
    bool uniqueCertificate = false;  // has a client certificate of its own ($CCERT)
    bool reportsChanges = false;     // whether ParametersChanged is wanted
};

// One entry of Provisioning Status or Firmware Upgrade Status, newest first on the page.
struct ProvisioningOutcome {
    TimePoint at{};
    bool succeeded = false;
    bool firmware = false;
    std::string reason;  // of a failure: what $ERR showed
};

// One phone, from power-up on. Owns no socket, thread, clock or random source: the same events at the same times
// give the same effects on every machine (design decision D1).
class Phone {
public:
    // `initial`: parameters set before the first power-on.
    Phone(const PhoneSurroundings& surroundings, const MacAddress& mac, IpAddress address,
          AppliedState initial = nullptr);

    // Feeds one event and returns all that the phone wants done, in order.
    // An answer to a request that is no longer pending changes nothing.
    [[nodiscard]] Effects handle(TimePoint now, const Event& event);

    // What survives a power cut, as bytes of our own form; restore() takes it back before the first power-on.
    std::string memory() const;
    Result<void> restore(std::string_view memory);

    // For pages, views and tests.
    const MacAddress& mac() const { return m_mac; }
    IpAddress address() const { return m_address; }
    std::string serialNumber() const;  // 12 alphanumerics made from the MAC (MODEL-SERIAL)
    const Model& model() const { return *m_surroundings->model; }
    const PhoneSurroundings& surroundings() const { return *m_surroundings; }
    const FirmwareVersion& firmware() const;  // the one that runs, after upgrades
    const ParameterSet& parameters() const { return m_parameters; }
    PhoneState state() const { return m_state; }
    bool linesIdle() const { return m_busyLines == 0; }
    bool lineBusy(int line) const { return (m_busyLines >> (line - 1) & 1) != 0; }  // from 1
    bool answersWeb() const { return m_state != PhoneState::Off && m_state != PhoneState::Booting; }
    bool awaitsActivationCode() const { return m_awaitsCode; }  // a profile rule was gds://
    MuteLed muteLed() const { return m_led; }
    TimePoint ledSince() const { return m_ledSince; }
    TimePoint poweredAt() const { return m_poweredAt; }
    TimePoint nextResync() const;                          // max(): none is due
    TimePoint lastResync() const { return m_lastResync; }  // last attempt; min(): none
    TimePoint lastUpgrade() const { return m_lastUpgrade; }
    int resyncStatus() const;                     // $PRVST: why it resyncs, or would
    std::string_view lastUpgradeFailure() const;  // $UPGERR; empty: it succeeded, or there was none
    std::string_view inactiveLoad() const;        // in the partition that does not run; empty: nothing usable
    std::string_view lastProfileUrl() const { return m_lastProfileUrl; }
    const MessageLog& messages() const { return m_messages; }
    std::vector<ProvisioningOutcome> outcomes() const;               // newest first, at most 3 of each kind
    std::vector<std::pair<WallTime, RebootReason>> reboots() const;  // newest first, at most 5
    WallTime wallTime(TimePoint at) const { return emulator::wallTime(m_surroundings->start, at); }
    std::string userAgent() const;  // HTTP_User_Agent_Name expanded (HTTP-UA-FORMAT)

private:
    friend class PhoneLogic;  // phone.cpp: one place branches, helpers do the work

    // Restarted: a warm one; a resync after it is caused as one after power-up. Applied: a profile asked for it.
    enum class Cause : std::uint8_t {
        PowerUp,
        Restarted,
        Submitted,
        Applied,
        Upgraded,
        Periodic,
        Retry,
        Commanded
    };
    enum class Work : std::uint8_t { None, Resync, Upgrade, Report };
    struct Running;    // what the fetch in progress is for
    struct Reporting;  // what Report_Rule has to send, and when
    struct Waiting;    // what may not be done yet
    struct Firmware;   // what upgrades have left behind
    struct History {
        boost::container::static_vector<ProvisioningOutcome, 3> resyncs;   // newest first
        boost::container::static_vector<ProvisioningOutcome, 3> upgrades;  // newest first
        boost::container::static_vector<std::pair<WallTime, RebootReason>, 5> reboots;
    };

    const PhoneSurroundings* m_surroundings;
    ParameterSet m_parameters;
    Boxed<Running> m_running;
    Boxed<History> m_history;
    Boxed<Waiting> m_waiting;  // what has to wait for running work or a call to end
    Boxed<Reporting> m_report;
    Boxed<Firmware> m_firmware;  // none: the model's firmware, and nothing was attempted
    std::string m_lastProfileUrl;
    MessageLog m_messages;
    Chance m_chance;
    TimePoint m_poweredAt{};
    TimePoint m_bootedAt = TimePoint::max();  // when booting ends
    TimePoint m_resyncAt = TimePoint::max();  // when the next resync begins
    TimePoint m_wakeAt = TimePoint::max();    // what the world was told last
    TimePoint m_ledSince{};
    TimePoint m_lastResync = TimePoint::min();  // $PRVTMR; min(): never
    TimePoint m_lastUpgrade = TimePoint::min();
    MacAddress m_mac;
    IpAddress m_address;
    RequestId m_request{};
    std::uint16_t m_failures = 0;   // in a row: how far Resync_Error_Retry_Delay has gone
    std::uint16_t m_successes = 0;  // in a row: how far Resync_Periodic has gone
    std::uint16_t m_busyLines = 0;  // bit n: line n + 1 has a call
    PhoneState m_state = PhoneState::Off;
    MuteLed m_led = MuteLed::Off;
    bool m_awaitsCode = false;
    Cause m_bootCause = Cause::PowerUp;
    Cause m_resyncCause = Cause::PowerUp;

public:
    ~Phone();
    Phone(Phone&&) noexcept;
    Phone& operator=(Phone&&) noexcept;
    Phone(const Phone& other);
    Phone& operator=(const Phone& other);
};

}  // namespace emulator
