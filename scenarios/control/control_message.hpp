#pragma once

#include "emulator/base/result.hpp"
#include "emulator/runtime/phone_snapshot.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace scenarios::control {

// What a window and an engine say to each other (design decision D13): one JSON object per line, over a Unix socket.
// docs/desktop.md has it in words. Both ends are strict: other members are another version.
inline constexpr std::uint64_t controlVersion = 1;
inline constexpr std::size_t longestCommandLine = 2u << 20;  // window to engine
inline constexpr std::size_t longestAnswerLine = 7u << 20;   // engine to window
inline constexpr std::size_t phonesPerAnswer = 4096;
inline constexpr std::size_t mostRanges = 100'000;
inline constexpr std::size_t longestShownValue = 2048;  // of a parameter: longer ones are shown cut

// Phones of one model, as the window has to know them. Phone k of the group has MAC first+k and address first+k.
struct ControlGroup {
    std::string model;
    std::string description;
    std::size_t count = 1;
    emulator::MacAddress firstMac;
    emulator::IpAddress firstAddress;
    std::uint64_t lines = 1;
    std::uint64_t lineKeys = 0;
    std::string display;  // pixels, "384x106"
    bool operator==(const ControlGroup&) const = default;
};

// The engine's first line.
struct ControlHello {
    std::uint64_t version = controlVersion;
    std::string program;  // "phonerig 0.1.0"
    std::string start;    // wall time of t = 0, as printWallTime
    std::uint16_t webPort = 0;
    std::vector<std::string> servers;  // URLs of the rig's own: "tftp://127.0.0.1:40001"
    std::vector<ControlGroup> groups;
    std::string scenario;  // the title of what it runs in virtual time; empty: it is a fleet on real sockets
    bool operator==(const ControlHello&) const = default;
};

// --- window to engine ---

// Phones by their numbers, as ranges [first, last] that do not overlap.
using PhoneRanges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

struct AwaitChanges {};  // answered when there are some, at most 30 times a second, at least once
struct ReadParameters {
    std::uint32_t phone = 0;
};
struct ReadDetails {
    std::uint32_t phone = 0;
};
struct ReadEvents {
    std::optional<std::uint32_t> phone;  // empty: of all, and those that are about none
    std::uint64_t after = 0;             // the number of the last event that is known already
};
struct PressKeys {
    std::uint32_t phone = 0;
    std::vector<std::string> path;  // from the phone's first display on, as emulator::KeysPressed
    std::string entered;
};
enum class PhoneAction : std::uint8_t {
    PowerOn,
    PowerOff,
    Resync,
    Upgrade,
    Reboot,
    FactoryReset,
    Submit,
    OffHook,
    OnHook
};
struct ActOnPhones {
    PhoneAction action{};
    PhoneRanges phones;
    std::string rule;                                             // of resync and upgrade; may be empty
    std::vector<std::pair<std::string, std::string>> parameters;  // of submit
    std::uint64_t line = 1;                                       // of offHook and onHook
};
struct SetServer {
    std::string url;       // as in the hello
    bool answers = false;  // false: nobody listens
};
// Of a run in virtual time.
struct AwaitClock {};  // answered when it says something else, at most 30 times a second, at least once
struct PauseTime {};   // answered when nothing happens any more
struct StepTime {};    // lets one more moment pass; answered as PauseTime
struct PassTime {
    std::optional<std::uint64_t> factor;  // so many times as fast as real time; empty: as fast as it goes
};
struct ControlCommand {
    std::uint64_t id = 0;
    std::variant<AwaitChanges, ReadParameters, ReadDetails, ReadEvents, PressKeys, ActOnPhones, SetServer,
                 AwaitClock, PauseTime, StepTime, PassTime>
        order;
};

// --- engine to window ---

struct Done {
    std::uint64_t phones = 0;  // that the action was handed to
};
struct Changes {
    emulator::TimePoint now{};
    std::vector<std::string> stopped;  // servers, by their URLs
    std::vector<emulator::PhoneSnapshot>
        phones;  // only what the wire carries: no MAC, address or last message
};
struct ShownParameter {
    std::string name;
    std::string tab;
    std::string value;     // empty when secret
    std::string source;    // "factory", "profile", …
    std::string url;       // of the profile that set it
    bool changed = false;  // differs from the factory default
    bool secret = false;
    bool operator==(const ShownParameter&) const = default;
};
struct Parameters {
    std::vector<ShownParameter> list;
};
struct ShownSchedule {
    std::string what;
    std::optional<emulator::TimePoint> at;  // empty: not due
    std::string why;
    bool operator==(const ShownSchedule&) const = default;
};
struct ShownDisplay {
    std::string title;
    std::vector<std::string> items;
    std::vector<std::string> softKeys;
    bool takesText = false;
    bool refused = false;  // the keys led nowhere; what is shown is the phone's first display
    bool operator==(const ShownDisplay&) const = default;
};
struct Details {
    std::vector<std::pair<std::string, std::string>> status;  // label and value
    std::vector<ShownSchedule> schedules;
    std::vector<std::uint64_t> busyLines;
    ShownDisplay display;
};
struct Events {
    std::vector<std::string> lines;  // of trace.md
    std::uint64_t last = 0;          // the number of the last one, for the next question
};
// Of a run in virtual time; the result of all that changes how it passes.
struct RunClock {
    emulator::TimePoint now{};
    std::uint64_t last = 0;  // the number of the last event
    bool paused = false;
    std::optional<std::uint64_t> factor;  // as PassTime
    bool over = false;                    // the scenario has ended
    bool operator==(const RunClock&) const = default;
};
struct ControlAnswer {
    std::optional<std::uint64_t> id;  // empty: the line was no command
    std::string error;                // empty: it was done
    std::variant<Done, Changes, Parameters, Details, Events, ShownDisplay, RunClock> what;
};

std::string print(const ControlHello& hello);
std::string print(const ControlCommand& command);
std::string print(const ControlAnswer& answer);

// Errors: Malformed, naming the member; Unsupported for another version.
emulator::Result<ControlHello> readHello(std::string_view line);
emulator::Result<ControlCommand> readCommand(std::string_view line);
emulator::Result<ControlAnswer> readAnswer(std::string_view line);

// The id in a line that is no good command, so that its error finds who asked.
std::optional<std::uint64_t> idIn(std::string_view line);

std::string_view name(PhoneAction action);  // "power_on", …

}  // namespace scenarios::control
