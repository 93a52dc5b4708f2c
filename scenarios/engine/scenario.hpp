#pragma once

#include "emulator/base/mac_address.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/phone/led.hpp"
#include "emulator/phone/model.hpp"
#include "emulator/trace/trace_event.hpp"
#include "fixtures/servers/fault.hpp"
#include "fixtures/servers/notify_session.hpp"
#include "fixtures/servers/servers.hpp"
#include "scenarios/engine/file_wrap.hpp"
#include "scenarios/engine/stage.hpp"
#include "scenarios/engine/yaml.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace scenarios {

// A scenario as its file says it. Values only: texts may still hold macros ("${tftp}"), which the stage fills in.

struct Login {
    std::string user;
    std::string password;
};

struct PhoneGroup {
    std::string name = "phone";
    std::shared_ptr<const emulator::Model> model;
    bool firmwareSaid = false;  // in the file; else the model's own
    std::size_t count = 1;
    std::optional<emulator::MacAddress> firstMac;
    std::vector<std::pair<std::string, std::string>> set;  // Name=Value before power-on
    std::string provisioningServer;                        // as DHCP option 66 would give it
    bool uniqueCertificate = false;                        // has a client certificate of its own ($CCERT)
    Place place;
};

// A file on a server.
struct PlannedFile {
    std::string path;
    std::string bytes;
    bool macros = true;  // false: taken from a file on disk, as it is
    std::vector<FileWrap> wraps{};
};

struct ServerPlan {
    std::string name;
    fixtures::ServerKind kind{};
    std::vector<PlannedFile> files;
    std::vector<std::string> names;  // what DNS knows it as
    bool point = true;               // of syslog: whether the phones log to it
    std::uint16_t port = 0;          // 0: a free one on `net`, the protocol's own on `sim`
    fixtures::HttpOptions http;      // of http, but for whom a proxy reaches
    bool proxy = false;              // of http: passes on to the scenario's other http servers
    Place place;
};

// Which phones a step is about, in the order of Stage::phones().
struct Selection {
    std::string text = "all";
    std::shared_ptr<const std::vector<PhoneNumber>> phones;
};

struct PowerStep {
    enum class What { On, Off, Cycle };
    What what = What::On;
};
struct BrowseStep {
    std::string path;
    std::optional<Login> login;
};
struct PostStep {
    std::string path;
    std::string body;
    std::string type;
    std::optional<Login> login;
};
struct NotifyStep {
    std::string server;
    fixtures::NotifyPlan plan;  // texts may hold macros
};
struct SubmitStep {
    std::vector<std::pair<std::string, std::string>> values;
};
struct CallStep {
    int line = 1;
    bool begins = true;  // false: hang up
};
struct PressStep {
    std::vector<std::string> path;
    std::string entered;
};
struct ServerStep {
    std::string server;
    fixtures::Fault fault;
};
struct PutStep {
    std::string server;
    PlannedFile file;
};
struct RemoveStep {
    std::string server;
    std::string path;
};
struct WaitStep {
    emulator::Duration time{};
};

// A field of an event and the pattern it has to match. `path`: compared as a path, with or without its first '/',
// without the query.
struct FieldTest {
    emulator::FieldName field{};
    std::string pattern;
    bool path = false;
};
// Events that come by.
struct EventSubject {
    std::vector<emulator::EventKind> kinds;
    emulator::Observer by = emulator::Observer::Server;
    std::string server;  // only events at this rig server; empty: at any
    std::vector<FieldTest> tests;
    bool bySaid = false;  // in the file; else the stage may know better
};
// The value of a parameter on the phone's page.
struct ParamSubject {
    std::string name;
    std::string value;
    bool pattern = false;
};
// What the mute LED shows now, or (`showed`) began to show since the last action.
struct LedSubject {
    std::optional<emulator::MuteLed> shows;
    std::optional<emulator::MuteLed> showed;
    std::vector<emulator::Duration> beats;  // on, off, on, … of one period
    std::optional<bool> lit;                // at this very moment
};
struct StateSubject {
    std::string state;
};
// What the phone said to the last browse, submit, post or notify.
struct AnswerSubject {
    std::optional<int> status;  // 0: no answer at all
    std::string page;           // pattern
};
using Subject = std::variant<EventSubject, ParamSubject, LedSubject, StateSubject, AnswerSubject>;

struct Expectation {
    enum class Who { Each, Any, Count };
    Subject subject;
    emulator::Duration within = std::chrono::seconds{5};
    emulator::Duration after{};
    bool never = false;
    bool then = false;
    std::optional<std::size_t> atLeast;  // how often, per phone; empty: once or more
    std::optional<std::size_t> atMost;
    Who who = Who::Each;
    std::size_t count = 0;  // of Count: exactly so many phones
};

using StepWhat = std::variant<PowerStep, BrowseStep, PostStep, NotifyStep, SubmitStep, CallStep, PressStep,
                              ServerStep, PutStep, RemoveStep, WaitStep, Expectation>;
struct Step {
    StepWhat what;
    Selection phones;
    Place place;
    std::string text;  // as reports show it; secrets are left out
    bool answerExpected =
        false;  // an expectation looks at the web answer: a refusal is not this step's failure
};

struct Scenario {
    std::string file;  // as given
    std::string title;
    std::vector<std::string> covers;
    std::vector<std::string> tags;
    std::vector<PhoneGroup> groups;
    std::vector<ServerPlan> servers;
    emulator::WallTime start{};
    std::optional<std::uint64_t> seed;
    emulator::Duration bootTime = std::chrono::milliseconds{500};
    std::vector<Capability> needs;  // named in the file, and those its steps need
    std::optional<Login> login;
    bool usesRigNames = false;  // names of the rig's own servers: the run needs a name server that knows them
    std::vector<Step> steps;
    std::vector<Step> finally;

    // Name and group of the phones, as Stage::phones() has to list them.
    struct PhoneName {
        std::string name;
        std::size_t group = 0;
    };
    std::vector<PhoneName> phoneNames() const;
    const ServerPlan* server(std::string_view name) const;
};

std::string_view name(Capability capability);        // "power", "virtual time"
std::string printDuration(emulator::Duration time);  // "2 s", "250 ms", "1 h 30 min"

}  // namespace scenarios
