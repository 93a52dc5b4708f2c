#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "emulator/protocol/http_message.hpp"
#include "emulator/trace/trace_event.hpp"
#include "fixtures/servers/fault.hpp"
#include "fixtures/servers/notify_session.hpp"
#include "fixtures/servers/servers.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {
class NetFleet;
}

namespace scenarios {

// A phone as a scenario knows it; never its object (design decision D12).
struct StagePhone {
    std::string name;  // "phone3", or the name given in the file
    std::string group;
    std::string model;  // "CP-7832-3PCC"
    emulator::MacAddress mac;
    emulator::IpAddress address;
};
enum class PhoneNumber : std::uint32_t {};  // index into Stage::phones()

// What a person at the bench does, one phone at a time, and what servers do.
struct PowerOn {};
struct PowerOff {};
// A browser on the phone's pages; result: its response.
struct Browse {
    emulator::HttpRequest request;
};
// A person fills these values into the configuration page and submits it; result: the phone's answer. Only where the
// stage reads pages as they are rendered (Stage::readsForms()).
struct Submit {
    std::vector<std::pair<std::string, std::string>> values;
};
// Takes the handset up and talks, or hangs up: the line is busy or idle from here on.
struct TakeCall {
    int line = 1;
};
struct HangUp {
    int line = 1;
};
// Walks through the phone's menus and presses a softkey.
struct PressKeys {
    std::vector<std::string> path;
    std::string entered;
};
struct ServerScript {
    std::string server;
    fixtures::Fault fault;
};
struct PutFile {
    std::string server;
    std::string path;
    std::string bytes;
};
struct RemoveFile {
    std::string server;
    std::string path;
};
// A proxy that sends the phone a NOTIFY; result: the phone's answer as status and reason.
struct Notify {
    std::string server;
    fixtures::NotifyPlan plan;  // but for what the stage knows: proxy, phone, callId
};
using Action = std::variant<PowerOn, PowerOff, Browse, Submit, TakeCall, HangUp, PressKeys, ServerScript,
                            PutFile, RemoveFile, Notify>;

enum class ActionId : std::uint64_t {};

// Every action has exactly one result.
struct ActionResult {
    ActionId id{};
    emulator::TimePoint at{};
    emulator::Result<emulator::HttpResponse> response;  // of Browse and Notify; an empty 200 for the others
};

enum class Capability : std::uint8_t {
    Power,
    Browse,
    Calls,
    Keys,
    ServerFaults,
    Trace,
    Led,
    VirtualTime,
    ServerNames,
    Wire
};

// Thrown by Stage::waitUntil() to end a run before its time, as when the user interrupts it or a bench loses its lease: the
// run is invalid because of `why`.
struct RunStopped {
    std::string why;
};

// Where a scenario plays: the only door between a scenario and phones.
class Stage {
public:
    virtual ~Stage() = default;
    virtual std::string_view target() const = 0;  // "sim", "net", "bench:alice"
    virtual bool can(Capability capability) const = 0;
    // Whose events there are: what phones see of themselves, what servers and the wire see of them.
    virtual bool observes(emulator::Observer by) const
    {
        return by != emulator::Observer::Wire || can(Capability::Wire);
    }
    // Whose events of this kind count for an expectation that does not say it; `otherwise`: as a rule.
    virtual emulator::Observer usualObserver(emulator::EventKind, emulator::Observer otherwise) const
    {
        return otherwise;
    }
    // Whether forms are submitted as the phone renders them, or by the names of their fields.
    virtual bool readsForms() const { return false; }
    // How long an action may take before the rig gives up on it. Our choice: far beyond any answer of a phone. A NOTIFY
    // may take twice its 32 s, as it is sent anew with its login.
    virtual emulator::Duration actionLimit() const { return std::chrono::seconds{70}; }
    virtual const std::vector<StagePhone>& phones() const = 0;
    virtual emulator::Endpoint server(std::string_view name) const = 0;  // where `${name}` points
    virtual emulator::TimePoint now() const = 0;
    virtual emulator::WallTime wallStart() const = 0;  // wall time of TimePoint{}

    virtual ActionId start(PhoneNumber phone, Action action) = 0;  // for servers the phone does not matter

    // Lets time pass until `deadline`, handing events to `sink` and results to `done` as they come; ends early when
    // `stop` is true. `stop` is asked after every event or result, and at least every `look` of time. May throw RunStopped.
    virtual void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                           const std::function<void(const ActionResult&)>& done,
                           const std::function<bool()>& stop) = 0;

    // Once, after the last step: hands over what is still on its way from where it was seen.
    virtual void settle(emulator::TraceSink& sink) = 0;

    // What has to be said once, e.g. a fall-back that the target took.
    virtual std::vector<std::string> notices() { return {}; }
    // What the rig itself got wrong so far: empty, or why a verdict cannot be trusted (design decision D8).
    virtual std::vector<std::string> troubles() = 0;
    // For a live view only; null where there is none.
    virtual const emulator::NetFleet* liveFleet() const { return nullptr; }
    // How late the rig was at most since the last call.
    virtual emulator::Duration worstLag() = 0;
};

}  // namespace scenarios
