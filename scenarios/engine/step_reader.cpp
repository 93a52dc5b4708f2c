#include "scenarios/engine/step_reader.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/phone/firmware_load.hpp"
#include "emulator/phone/phone.hpp"
#include "scenarios/engine/macros.hpp"
#include "scenarios/engine/step_text.hpp"
#include "scenarios/engine/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace scenarios {

namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using fixtures::FaultKind;
using fixtures::ServerKind;

constexpr std::array phoneMacros{std::string_view{"phone.mac"},  std::string_view{"phone.ma"},
                                 std::string_view{"phone.mau"},  std::string_view{"phone.address"},
                                 std::string_view{"phone.name"}, std::string_view{"phone.model"}};

constexpr std::array ledWords{emulator::MuteLed::Off, emulator::MuteLed::SlowBlink,
                              emulator::MuteLed::FastBlink};

constexpr std::size_t maxPressed = 16;  // keys of one step; no menu is deeper

emulator::Result<std::string> readDisk(const std::filesystem::path& path)
{
    constexpr std::uintmax_t most = 64u << 20;
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error)
        return emulator::fail(emulator::ErrorKind::NotFound, error.message());
    if (size > most)
        return emulator::fail(emulator::ErrorKind::TooLarge, fmt::format("{} bytes", size));
    std::ifstream file{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (!file.good() && !file.eof())
        return emulator::fail(emulator::ErrorKind::NotFound, "it cannot be read");
    return bytes;
}

}  // namespace

StepReader::StepReader(NodeReader& nodes, const Scenario& scenario, const ReadOptions& options)
    : m_nodes{nodes},
      m_scenario{scenario},
      m_options{options},
      m_names{scenario.phoneNames()}
{
    auto all = std::make_shared<Phones>(m_names.size());
    for (std::size_t i = 0; i < all->size(); ++i)
        (*all)[i] = PhoneNumber{static_cast<std::uint32_t>(i)};
    m_all = std::move(all);
}

std::vector<Step> StepReader::steps(const YamlNode& list)
{
    std::vector<Step> all;
    if (list.kind != YamlNode::Kind::List) {
        m_nodes.problem(list, "a list of steps, each beginning with \"- \"");
        return all;
    }
    for (const YamlNode& node : list.items)
        if (auto one = step(node))
            all.push_back(*std::move(one));

    // A refusal of the phone's web server is no failure where an expectation looks at the answer.
    Step* asked = nullptr;
    for (Step& one : all) {
        if (std::holds_alternative<BrowseStep>(one.what) || std::holds_alternative<SubmitStep>(one.what) ||
            std::holds_alternative<PostStep>(one.what) || std::holds_alternative<NotifyStep>(one.what))
            asked = &one;
        else if (const auto* e = std::get_if<Expectation>(&one.what);
                 e && std::holds_alternative<AnswerSubject>(e->subject)) {
            if (asked == nullptr)
                m_nodes.problemWith(one.place, "an expectation about an answer",
                                    "a browse, submit, post or notify step before it");
            else
                asked->answerExpected = true;
        }
    }
    return all;
}

std::optional<Step> StepReader::step(const YamlNode& node)
{
    const std::vector<std::string_view> verbs = namesOf(WordKind::Step);
    if (!m_nodes.isMap(node, fmt::format("a step: {}", emulator::oneOf(verbs))))
        return std::nullopt;

    // The verb is the first key that is one: "put: x, server: y" is a put.
    const auto verbEntry = std::find_if(node.entries.begin(), node.entries.end(), [&](const YamlEntry& e) {
        return std::find(verbs.begin(), verbs.end(), e.key.text) != verbs.end();
    });
    if (verbEntry == node.entries.end()) {
        const YamlNode& at = node.entries.empty() ? node : node.entries.front().key;
        m_nodes.problemWith(
            at.place,
            node.entries.empty() ? "an empty step" : fmt::format("the key {}", NodeReader::found(at)),
            fmt::format("one of {}", emulator::oneOf(verbs)), emulator::nearestWord(at.text, verbs));
        return std::nullopt;
    }
    const std::string verb = verbEntry->key.text;
    const Word& word = *findWord(verb);
    std::vector<std::string_view> allowed{word.name};
    if (verb == "expect") {
        allowed.emplace_back("phones");
    } else {
        for (const auto keys : {word.keys, stepKeys()})
            for (const KeyWord& key : keys)
                allowed.push_back(key.name);
    }
    const std::size_t problems = m_nodes.problems().size();
    m_nodes.checkKeys(node, allowed);

    Step read;
    read.place = node.place;
    read.phones = {"all", m_all};
    const YamlNode* chosen = NodeReader::value(node, "phones");
    if (chosen == nullptr && verb == "expect" && verbEntry->value.kind == YamlNode::Kind::Map)
        chosen = NodeReader::value(verbEntry->value, "phones");
    if (chosen != nullptr) {
        auto selected = selection(*chosen);
        if (!selected)
            return std::nullopt;
        read.phones = *std::move(selected);
    }

    std::optional<StepWhat> what;
    if (verb == "power")
        what = power(node);
    else if (verb == "browse")
        what = browse(node);
    else if (verb == "post")
        what = post(node);
    else if (verb == "notify")
        what = notify(node);
    else if (verb == "submit")
        what = submit(node, read.phones);
    else if (verb == "call" || verb == "hang up")
        what = call(node, verb, read.phones);
    else if (verb == "press")
        what = press(node);
    else if (verb == "server")
        what = server(node);
    else if (verb == "put")
        what = put(node);
    else if (verb == "remove")
        what = remove(node);
    else if (verb == "wait")
        what = wait(node);
    else
        what = expect(verbEntry->value, read.phones);
    if (!what || m_nodes.problems().size() > problems)
        return std::nullopt;
    read.what = *std::move(what);
    read.text = stepText(read, m_scenario);
    return read;
}

std::optional<StepWhat> StepReader::power(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "power");
    using What = PowerStep::What;
    if (node.text == "on" || node.text == "true")
        return PowerStep{What::On};
    if (node.text == "off" || node.text == "false")
        return PowerStep{What::Off};
    if (node.text == "cycle")
        return PowerStep{What::Cycle};
    m_nodes.problem(node, "on, off or cycle", {"on", "off", "cycle"});
    return std::nullopt;
}

std::optional<StepWhat> StepReader::browse(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "browse");
    const auto path = m_nodes.text(node, "a path on the phone, such as /admin/resync");
    if (!path)
        return std::nullopt;
    if (path->front() != '/') {
        m_nodes.problem(node, "a path on the phone that begins with /");
        return std::nullopt;
    }
    checkMacros(*path, node, true);
    BrowseStep browse{*path, {}};
    if (const YamlNode* who = NodeReader::value(step, "login"))
        browse.login = login(*who);
    return browse;
}

std::string StepReader::textOf(const YamlNode& step, std::string_view key)
{
    const YamlNode* const node = NodeReader::value(step, key);
    if (node == nullptr)
        return {};
    std::string text = m_nodes.anyText(*node, "a text").value_or("");
    checkMacros(text, *node, true);
    return text;
}

std::optional<StepWhat> StepReader::post(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "post");
    const auto path = m_nodes.text(node, "a path on the phone, such as /CGI/Execute");
    if (!path)
        return std::nullopt;
    if (path->front() != '/') {
        m_nodes.problem(node, "a path on the phone that begins with /");
        return std::nullopt;
    }
    checkMacros(*path, node, true);
    if (NodeReader::value(step, "text") == nullptr)
        m_nodes.problemWith(step.place, "a post without \"text\"", "what is posted");
    PostStep post{*path, textOf(step, "text"), textOf(step, "type"), {}};
    if (post.type.empty())
        post.type = "text/xml";
    if (const YamlNode* who = NodeReader::value(step, "login"))
        post.login = login(*who);
    return post;
}

std::optional<StepWhat> StepReader::notify(const YamlNode& step)
{
    NotifyStep notify;
    const YamlNode& node = *NodeReader::value(step, "notify");
    if (!m_nodes.text(node, "an event, such as resync"))
        return std::nullopt;
    notify.plan.event = textOf(step, "notify");
    const YamlNode* const where = NodeReader::value(step, "server");
    const auto isProxy = [](const ServerPlan& one) { return one.kind == ServerKind::Sip; };
    const auto& servers = m_scenario.servers;
    const auto first = std::find_if(servers.begin(), servers.end(), isProxy);
    const ServerPlan* const proxy = where != nullptr         ? plan(*where)
                                    : first == servers.end() ? nullptr
                                                             : &*first;
    if (proxy == nullptr || !isProxy(*proxy)) {
        if (where == nullptr || proxy != nullptr)
            m_nodes.problemWith(where == nullptr ? step.place : where->place, "a notify without a sip server",
                                "\"sip: {}\" under servers:");
        return std::nullopt;
    }
    notify.server = proxy->name;
    if (const std::string profile = textOf(step, "profile"); !profile.empty())
        notify.plan.event += fmt::format(";profile=\"{}\"", profile);
    notify.plan.user = textOf(step, "to");
    notify.plan.body = textOf(step, "text");
    notify.plan.bodyType = textOf(step, "type");
    if (notify.plan.bodyType.empty())
        notify.plan.bodyType = "application/xml";
    if (const YamlNode* who = NodeReader::value(step, "login"))
        if (const auto given = login(*who))
            notify.plan.login = emulator::HttpCredentials{given->user, given->password};
    if (const YamlNode* lost = NodeReader::value(step, "loses"))
        notify.plan.lost = static_cast<unsigned>(m_nodes.number(*lost, 1, 100).value_or(0));
    if (const YamlNode* patience = NodeReader::value(step, "gives_up"))
        notify.plan.patience = m_nodes.duration(*patience).value_or(emulator::Duration{});
    return notify;
}

std::optional<StepWhat> StepReader::submit(const YamlNode& step, const Selection& phones)
{
    const YamlNode& node = *NodeReader::value(step, "submit");
    if (!m_nodes.isMap(node, "a map of parameters, {Name: value}"))
        return std::nullopt;
    SubmitStep submit;
    m_nodes.checkKeys(node, [&] {  // doubled ones only; the models know the names
        std::vector<std::string_view> names;
        for (const YamlEntry& e : node.entries)
            names.push_back(e.key.text);
        return names;
    }());
    for (const YamlEntry& e : node.entries) {
        const auto value = m_nodes.anyText(e.value, "the value of the parameter, as text");
        if (!value)
            continue;
        checkMacros(*value, e.value, true);
        checkParameter(e.key, phones, nullptr);  // whether the phone takes the value is for the phone to say
        submit.values.emplace_back(e.key.text, *value);
    }
    if (node.entries.empty())
        m_nodes.problemWith(node.place, "no parameter", "at least one, {Name: value}");
    return submit;
}

std::optional<StepWhat> StepReader::call(const YamlNode& step, std::string_view verb, Selection& phones)
{
    const YamlNode& node = *NodeReader::value(step, verb);
    YamlNode digits = node;
    if (const std::size_t slash = node.text.rfind('/'); slash != std::string::npos) {
        YamlNode who = node;
        who.text.resize(slash);
        digits.text.erase(0, slash + 1);
        if (const YamlEntry* also = NodeReader::entry(step, "phones")) {
            m_nodes.problemWith(also->key.place, "\"phones\" beside a phone's name", "one or the other");
            return std::nullopt;
        }
        auto selected = selection(who);
        if (!selected)
            return std::nullopt;
        phones = *std::move(selected);
    }
    int lines = INT_MAX;
    std::string_view model;
    for (const PhoneNumber phone : *phones.phones) {
        const PhoneGroup& group = m_scenario.groups[m_names[static_cast<std::size_t>(phone)].group];
        if (group.model->lines < lines) {
            lines = group.model->lines;
            model = group.model->productName;
        }
    }
    int line = 0;
    const char* const last = digits.text.data() + digits.text.size();
    const auto [end, error] = std::from_chars(digits.text.data(), last, line);
    if (error != std::errc{} || end != last || line < 1 || line > lines) {
        m_nodes.problem(node, lines == 1 ? fmt::format("line 1, the only one of the {}", model)
                                         : fmt::format("a line from 1 to {} of the {}", lines, model));
        return std::nullopt;
    }
    return CallStep{line, verb == "call"};
}

std::optional<StepWhat> StepReader::press(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "press");
    const auto text = m_nodes.text(node, "menus and keys, such as Applications > Device administration");
    if (!text)
        return std::nullopt;
    PressStep press;
    constexpr std::string_view between = " > ";
    std::string_view rest = *text;
    while (true) {
        const std::size_t end = std::min(rest.find(between), rest.size());
        press.path.emplace_back(rest.substr(0, end));
        if (press.path.back().empty() || press.path.size() > maxPressed) {
            m_nodes.problem(node, fmt::format("at most {} keys, with \" > \" between them", maxPressed));
            return std::nullopt;
        }
        if (end == rest.size())
            break;
        rest.remove_prefix(end + between.size());
    }
    if (const YamlNode* entered = NodeReader::value(step, "enter")) {
        press.entered = m_nodes.text(*entered, "what is typed into the field").value_or("");
        checkMacros(press.entered, *entered, true);
    }
    return press;
}

const ServerPlan* StepReader::plan(const YamlNode& node)
{
    std::vector<std::string_view> names;
    for (const ServerPlan& one : m_scenario.servers)
        names.push_back(one.name);
    const ServerPlan* const found =
        node.kind == YamlNode::Kind::Scalar ? m_scenario.server(node.text) : nullptr;
    if (found == nullptr)
        m_nodes.problem(node,
                        names.empty() ? "a server, but the scenario has no servers: block"
                                      : fmt::format("a server of this scenario: {}", emulator::oneOf(names)),
                        names);
    return found;
}

std::optional<StepWhat> StepReader::server(const YamlNode& step)
{
    const ServerPlan* const where = plan(*NodeReader::value(step, "server"));
    if (where == nullptr)
        return std::nullopt;
    if (where->kind == ServerKind::Sip) {
        m_nodes.problem(*NodeReader::value(step, "server"),
                        "a tftp, http or syslog server; a sip server has no faults, see \"loses\" of notify");
        return std::nullopt;
    }
    ServerStep read{where->name, {}};
    fixtures::Fault& fault = read.fault;

    constexpr std::array actions{std::string_view{"answers"},   std::string_view{"fails"},
                                 std::string_view{"delays"},    std::string_view{"corrupts"},
                                 std::string_view{"truncates"}, std::string_view{"drips"},
                                 std::string_view{"resets"},    std::string_view{"omits"},
                                 std::string_view{"redirects"}, std::string_view{"goes"}};
    const YamlEntry* action = nullptr;
    for (const std::string_view one : actions) {
        const YamlEntry* const e = NodeReader::entry(step, one);
        if (e != nullptr && action != nullptr) {
            m_nodes.problemWith(e->key.place, fmt::format("both \"{}\" and \"{}\"", action->key.text, one),
                                "one of them");
            return std::nullopt;
        }
        action = e != nullptr ? e : action;
    }
    if (action == nullptr) {
        m_nodes.problemWith(step.place, "a server step that does nothing",
                            fmt::format("one of {}", emulator::oneOf({actions.begin(), actions.end()})));
        return std::nullopt;
    }
    const std::string& verb = action->key.text;
    const YamlNode& value = action->value;
    const bool http = where->kind == ServerKind::Http;
    const auto word = [&](std::string_view only) {
        if (value.text == only)
            return true;
        m_nodes.problem(value, fmt::format("\"{}\"", only), {only});
        return false;
    };
    const auto duration = [&](FaultKind kind) {
        fault.kind = kind;
        const auto time = m_nodes.duration(value);
        fault.delay = time.value_or(emulator::Duration{});
        return time.has_value();
    };
    bool good = true;
    if (verb == "answers") {
        good = word("normally");
    } else if (verb == "fails") {
        fault.kind = FaultKind::Status;
        if (value.text == "not found")
            fault.status = http ? 404 : 1;
        else if (const auto status = http ? m_nodes.number(value, 100, 599) : m_nodes.number(value, 0, 8))
            fault.status = static_cast<int>(*status);
        else
            good = false;
    } else if (verb == "delays") {
        good = duration(FaultKind::Delay);
    } else if (verb == "drips") {
        good = duration(FaultKind::Drip);
    } else if (verb == "corrupts") {
        fault.kind = FaultKind::Corrupt;
        good = word("files");
    } else if (verb == "resets") {
        fault.kind = FaultKind::Reset;
        good = word("connections");
    } else if (verb == "omits") {
        fault.kind = FaultKind::NoLength;
        good = word("length");
        if (!http)
            m_nodes.problemWith(action->key.place,
                                fmt::format("\"omits\" at a {} server", fixtures::name(where->kind)),
                                "it at an http server");
    } else if (verb == "truncates") {
        fault.kind = FaultKind::Truncate;
        const auto bytes = m_nodes.number(value, 0, 1u << 30);
        fault.bytes = static_cast<std::size_t>(bytes.value_or(0));
        good = bytes.has_value();
    } else if (verb == "redirects") {
        fault.kind = FaultKind::Status;
        fault.status = 302;
        const auto url = m_nodes.text(value, "a URL");
        fault.location = url.value_or("");
        good = url.has_value();
        checkMacros(fault.location, value, false);
        if (!http)
            m_nodes.problemWith(action->key.place,
                                fmt::format("a redirect at a {} server", fixtures::name(where->kind)),
                                "one at an http server");
    } else {
        constexpr std::array ways{std::string_view{"silent"}, std::string_view{"down"},
                                  std::string_view{"back"}};
        if (value.text == "silent")
            fault.kind = FaultKind::Silent;
        else if (value.text == "down")
            fault.kind = FaultKind::Down;
        else if (value.text != "back")
            m_nodes.problem(value, emulator::oneOf({ways.begin(), ways.end()}), {ways.begin(), ways.end()});
    }
    if (!good)
        return std::nullopt;
    if (const YamlEntry* status = NodeReader::entry(step, "status")) {
        if (verb != "redirects")
            m_nodes.problemWith(status->key.place, "\"status\"",
                                "it beside redirects only; write \"fails: 404\"");
        else if (const auto number = m_nodes.number(status->value, 300, 308))
            fault.status = static_cast<int>(*number);
    }
    for (const std::string_view key : {"times", "file"}) {
        const YamlEntry* const e = NodeReader::entry(step, key);
        if (e != nullptr && (fault.kind == FaultKind::Down || fault.kind == FaultKind::None))
            m_nodes.problemWith(e->key.place, fmt::format("\"{}\" beside \"{}: {}\"", key, verb, value.text),
                                "it beside a fault of single requests");
    }
    if (const YamlNode* times = NodeReader::value(step, "times"))
        fault.times = static_cast<std::uint32_t>(m_nodes.number(*times, 1, 1'000'000).value_or(0));
    if (const YamlNode* file = NodeReader::value(step, "file")) {
        fault.path = m_nodes.text(*file, "the path of a file").value_or("");
        checkMacros(fault.path, *file, false);
    }
    return read;
}

std::optional<PlannedFile> StepReader::file(std::string path, const YamlNode& node,
                                            const ReadOptions& options, bool phones)
{
    if (node.kind == YamlNode::Kind::Scalar || node.kind == YamlNode::Kind::Null) {
        checkMacros(node.text, node, phones);
        return PlannedFile{std::move(path), node.text, true};
    }
    if (!m_nodes.isMap(node, "the text of the file, {from: FILE} or {load: NAME}"))
        return std::nullopt;
    if (const YamlNode* load = NodeReader::value(node, "load"))
        return firmware(std::move(path), node, *load);
    m_nodes.checkKeys(node, {"from", "text", "wrap", "load"});
    std::vector<FileWrap> wraps;
    if (const YamlNode* wrap = NodeReader::value(node, "wrap"))
        wraps = readWraps(*wrap, m_nodes);
    if (const YamlNode* text = NodeReader::value(node, "text")) {
        checkMacros(text->text, *text, phones);
        return PlannedFile{std::move(path), text->text, true, std::move(wraps)};
    }
    const YamlNode* from = NodeReader::value(node, "from");
    if (from == nullptr) {
        m_nodes.problemWith(node.place, "a file without content", "its text, {from: FILE} or {load: NAME}");
        return std::nullopt;
    }
    const auto name = m_nodes.text(*from, "the path of a file, relative to the scenario");
    if (!name)
        return std::nullopt;
    auto bytes = options.readFile ? options.readFile(*name)
                                  : readDisk(std::filesystem::path{m_nodes.file()}.parent_path() / *name);
    if (bytes.has_error()) {
        m_nodes.problemWith(from->place, fmt::format("\"{}\" ({})", *name, bytes.error().detail),
                            "a file that can be read, relative to the scenario");
        return std::nullopt;
    }
    return PlannedFile{std::move(path), *std::move(bytes), false, std::move(wraps)};
}

std::optional<PlannedFile> StepReader::firmware(std::string path, const YamlNode& node, const YamlNode& load)
{
    m_nodes.checkKeys(node, {"load", "hardware"});
    const auto name = m_nodes.text(load, "the name of a load, such as sip7832.11-3-2MPP0001-609");
    if (!name)
        return std::nullopt;
    const YamlNode* named = NodeReader::value(node, "hardware");
    const std::string hardware = named != nullptr ? m_nodes.text(*named, "which models take it").value_or("")
                                                  : std::string{emulator::hardwareOf(*name)};
    if (hardware.empty()) {
        m_nodes.problemWith(load.place, fmt::format("load \"{}\", whose name tells no hardware", *name),
                            "hardware: beside it, or a name such as sip7832.11-3-2MPP0001-609");
        return std::nullopt;
    }
    return PlannedFile{std::move(path), emulator::makeLoad(*name, hardware), false, {}};
}

std::optional<StepWhat> StepReader::put(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "put");
    const auto path = m_nodes.text(node, "the path of a file on the server");
    if (path)
        checkMacros(*path, node, true);
    const YamlNode* where = NodeReader::value(step, "server");
    if (where == nullptr)
        m_nodes.problemWith(step.place, "a put without \"server\"", "the name of a server");
    const ServerPlan* const server = where == nullptr ? nullptr : plan(*where);
    YamlNode content{YamlNode::Kind::Map, step.place, {}, false, {}, {}};
    std::size_t contents = 0;
    for (const YamlEntry& entry : step.entries) {
        const bool fills = entry.key.text == "text" || entry.key.text == "from" || entry.key.text == "load";
        contents += fills ? 1u : 0u;
        if (fills || entry.key.text == "hardware" || entry.key.text == "wrap")
            content.entries.push_back(entry);
    }
    if (contents != 1) {
        m_nodes.problemWith(step.place, contents == 0 ? "a put without content" : "a put with two contents",
                            "one of text, from and load");
        return std::nullopt;
    }
    if (!path || server == nullptr)
        return std::nullopt;
    auto planned = file(*path, content, m_options, true);
    if (!planned)
        return std::nullopt;
    return PutStep{server->name, *std::move(planned)};
}

std::optional<StepWhat> StepReader::remove(const YamlNode& step)
{
    const YamlNode& node = *NodeReader::value(step, "remove");
    const auto path = m_nodes.text(node, "the path of a file on the server");
    if (path)
        checkMacros(*path, node, true);
    const YamlNode* where = NodeReader::value(step, "server");
    if (where == nullptr) {
        m_nodes.problemWith(step.place, "a remove without \"server\"", "the name of a server");
        return std::nullopt;
    }
    const ServerPlan* const server = plan(*where);
    if (!path || server == nullptr)
        return std::nullopt;
    return RemoveStep{server->name, *path};
}

std::optional<StepWhat> StepReader::wait(const YamlNode& step)
{
    const auto time = m_nodes.duration(*NodeReader::value(step, "wait"));
    if (!time)
        return std::nullopt;
    return WaitStep{*time};
}

// ---- expectations -------------------------------------------------------------------------------------------------

std::optional<StepWhat> StepReader::expect(const YamlNode& map, const Selection& phones)
{
    const std::vector<std::string_view> subjects = namesOf(WordKind::Topic);
    if (!m_nodes.isMap(map, fmt::format("a map with one of {}", emulator::oneOf(subjects))))
        return std::nullopt;
    const YamlEntry* about = nullptr;
    for (const YamlEntry& e : map.entries) {
        if (std::find(subjects.begin(), subjects.end(), e.key.text) == subjects.end())
            continue;
        if (about != nullptr) {
            m_nodes.problemWith(e.key.place,
                                fmt::format("both \"{}\" and \"{}\"", about->key.text, e.key.text),
                                "one subject; a second one is a second expect");
            return std::nullopt;
        }
        about = &e;
    }
    if (about == nullptr) {
        const YamlNode& at = map.entries.empty() ? map : map.entries.front().key;
        m_nodes.problemWith(
            at.place,
            map.entries.empty() ? "an empty expectation" : fmt::format("the key {}", NodeReader::found(at)),
            fmt::format("one of {}", emulator::oneOf(subjects)), emulator::nearestWord(at.text, subjects));
        return std::nullopt;
    }
    std::vector<std::string_view> allowed{about->key.text};
    for (const auto keys : {findWord(about->key.text)->keys, expectationKeys()})
        for (const KeyWord& key : keys)
            allowed.push_back(key.name);
    m_nodes.checkKeys(map, allowed);
    auto read = subject(about->key.text, map, phones);
    if (!read)
        return std::nullopt;
    Expectation expectation;
    expectation.subject = *std::move(read);
    limits(map, expectation);
    return expectation;
}

void StepReader::limits(const YamlNode& map, Expectation& e)
{
    const auto entry = [&](std::string_view key) { return NodeReader::entry(map, key); };
    const auto refuse = [&](std::string_view key, std::string_view expected) {
        if (const YamlEntry* at = entry(key))
            m_nodes.problemWith(at->key.place, fmt::format("\"{}\"", key), expected);
    };
    const bool events = std::holds_alternative<EventSubject>(e.subject);
    const bool answer = std::holds_alternative<AnswerSubject>(e.subject);
    const auto* const led = std::get_if<LedSubject>(&e.subject);
    const bool moment = led != nullptr && led->lit.has_value();
    if (moment)
        for (const std::string_view key : {"within", "never", "then"})
            refuse(key, "none beside is: it is about this very moment");
    if (!events)
        for (const std::string_view key : {"after", "times", "at_least", "at_most"})
            refuse(key, "it beside syslog, request, lookup or event only");
    if (answer)
        for (const std::string_view key : {"within", "never", "then"})
            refuse(key, "none beside status and page: the answer is there already");

    if (const YamlEntry* at = entry("within"))
        e.within = m_nodes.duration(at->value).value_or(e.within);
    if (const YamlEntry* at = entry("after"))
        e.after = m_nodes.duration(at->value).value_or(e.after);
    if (const YamlEntry* at = entry("never"))
        e.never = m_nodes.flag(at->value).value_or(false);
    if (const YamlEntry* at = entry("then"))
        e.then = m_nodes.flag(at->value).value_or(false);
    constexpr std::uint64_t most = 1'000'000;
    if (const YamlEntry* at = entry("at_least"))
        e.atLeast = m_nodes.number(at->value, 1, most);
    if (const YamlEntry* at = entry("at_most"))
        e.atMost = m_nodes.number(at->value, 1, most);
    if (const YamlEntry* at = entry("times")) {
        if (e.atLeast || e.atMost)
            m_nodes.problemWith(at->key.place, "\"times\" beside \"at_least\" or \"at_most\"",
                                "one or the other");
        e.atLeast = e.atMost = m_nodes.number(at->value, 1, most);
    }
    if (e.never && (e.atLeast || e.atMost))
        m_nodes.problemWith(map.place, "\"never\" with a number of times", "one or the other");
    if (e.never && entry("within") == nullptr && !answer)
        m_nodes.problemWith(map.place, "\"never\" without \"within\"", "for how long, e.g. within: 3s");
    if (e.after > e.within)
        m_nodes.problemWith(map.place,
                            fmt::format("after {}, which is later than within {}", printDuration(e.after),
                                        printDuration(e.within)),
                            "after to be earlier than within");
    if (e.atLeast && e.atMost && *e.atLeast > *e.atMost)
        m_nodes.problemWith(map.place, "at_least above at_most", "at_least to be at most at_most");
    if (const YamlEntry* at = entry("any"); at != nullptr && m_nodes.flag(at->value).value_or(false))
        e.who = Expectation::Who::Any;
    if (const YamlEntry* at = entry("count")) {
        if (e.who == Expectation::Who::Any)
            m_nodes.problemWith(at->key.place, "both \"any\" and \"count\"", "one of them");
        if (const auto count = m_nodes.number(at->value, 0, maxScenarioPhones)) {
            e.who = Expectation::Who::Count;
            e.count = *count;
        }
    }
}

std::optional<Subject> StepReader::subject(std::string_view word, const YamlNode& map,
                                           const Selection& phones)
{
    if (word == "syslog")
        return syslog(map);
    if (word == "request")
        return request(map);
    if (word == "lookup")
        return lookup(map);
    if (word == "event")
        return event(map);
    if (word == "param")
        return param(map, phones);
    if (word == "led")
        return led(map);
    if (word == "state")
        return state(map);
    if (word == "status")
        return status(map);
    return page(map);
}

void StepReader::observer(const YamlNode& map, EventSubject& subject)
{
    const YamlNode* by = NodeReader::value(map, "by");
    if (by == nullptr)
        return;
    for (const Observer one : {Observer::Server, Observer::Phone, Observer::Wire}) {
        if (by->text == name(one)) {
            subject.by = one;
            return;
        }
    }
    m_nodes.problem(*by, "server, phone or wire", {"server", "phone", "wire"});
}

void StepReader::fieldTest(const YamlNode& map, std::string_view key, FieldName field, bool path,
                           EventSubject& subject)
{
    const YamlNode* node = NodeReader::value(map, key);
    if (node == nullptr)
        return;
    if (const auto pattern = m_nodes.text(*node, "a pattern, where * is anything")) {
        checkMacros(*pattern, *node, true);
        subject.tests.push_back({field, *pattern, path});
    }
}

std::optional<Subject> StepReader::syslog(const YamlNode& map)
{
    EventSubject subject{{EventKind::SyslogMessage}, Observer::Server, {}, {}};
    fieldTest(map, "syslog", FieldName::Text, false, subject);
    if (const YamlNode* at = NodeReader::value(map, "server"))
        if (const ServerPlan* where = plan(*at)) {
            subject.server = where->name;
            if (where->kind != ServerKind::Syslog)
                m_nodes.problem(*at, "a syslog server");
        }
    observer(map, subject);
    const bool listens = std::any_of(m_scenario.servers.begin(), m_scenario.servers.end(),
                                     [](const ServerPlan& s) { return s.kind == ServerKind::Syslog; });
    if (!listens && subject.by == Observer::Server)
        m_nodes.problemWith(map.place, "a syslog expectation without a syslog server",
                            "\"syslog: {}\" under servers:");
    return subject;
}

std::optional<Subject> StepReader::request(const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "request");
    const ServerPlan* const where = plan(node);
    if (where == nullptr)
        return std::nullopt;
    EventSubject subject{{}, Observer::Server, where->name, {}};
    const bool http = where->kind == ServerKind::Http;
    if (where->kind == ServerKind::Syslog || where->kind == ServerKind::Sip) {
        m_nodes.problem(node, "a tftp or http server");
        return std::nullopt;
    }
    subject.kinds = {http ? EventKind::HttpRequest : EventKind::TftpRead};
    if (!http)
        for (const std::string_view key : {"target", "method", "user_agent", "host", "body"})
            if (const YamlEntry* e = NodeReader::entry(map, key))
                m_nodes.problemWith(e->key.place, fmt::format("\"{}\" at a tftp server", key),
                                    "it at an http server");
    fieldTest(map, "file", http ? FieldName::Target : FieldName::File, true, subject);
    fieldTest(map, "target", FieldName::Target, false, subject);
    fieldTest(map, "method", FieldName::Method, false, subject);
    fieldTest(map, "user_agent", FieldName::UserAgent, false, subject);
    fieldTest(map, "host", FieldName::Host, false, subject);
    fieldTest(map, "body", FieldName::Body, false, subject);
    observer(map, subject);
    return subject;
}

std::optional<Subject> StepReader::lookup(const YamlNode& map)
{
    EventSubject subject{{EventKind::DnsQuery}, Observer::Phone, {}, {}};
    fieldTest(map, "lookup", FieldName::Name, false, subject);
    observer(map, subject);
    return subject;
}

std::optional<Subject> StepReader::event(const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "event");
    const auto kind = emulator::eventKind(node.text);
    if (!kind) {
        std::vector<std::string_view> kinds;
        for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(EventKind::Count); ++i)
            kinds.push_back(name(static_cast<EventKind>(i)));
        m_nodes.problem(node, "a kind of event such as tftp.error or http.response", kinds);
        return std::nullopt;
    }
    const bool ofPhone = name(*kind).starts_with("phone.");
    EventSubject subject{{*kind}, ofPhone ? Observer::Phone : Observer::Server, {}, {}};
    if (const YamlNode* where = NodeReader::value(map, "where");
        where && m_nodes.isMap(*where, "a map {FIELD: GLOB}")) {
        std::vector<std::string_view> fields;
        for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(FieldName::Count); ++i)
            fields.push_back(name(static_cast<FieldName>(i)));
        for (const YamlEntry& e : where->entries) {
            const auto at = std::find(fields.begin(), fields.end(), e.key.text);
            if (at == fields.end())
                m_nodes.problem(e.key, "a field of an event, as in NDJSON", fields);
            else
                fieldTest(*where, e.key.text, static_cast<FieldName>(at - fields.begin()), false, subject);
        }
    }
    if (const YamlNode* at = NodeReader::value(map, "server"))
        if (const ServerPlan* where = plan(*at))
            subject.server = where->name;
    observer(map, subject);
    return subject;
}

std::optional<Subject> StepReader::param(const YamlNode& map, const Selection& phones)
{
    const YamlNode& node = *NodeReader::value(map, "param");
    const YamlNode* is = NodeReader::value(map, "is");
    const YamlNode* matches = NodeReader::value(map, "matches");
    if ((is == nullptr) == (matches == nullptr)) {
        m_nodes.problemWith(node.place,
                            is == nullptr ? "a param without a value" : "both \"is\" and \"matches\"",
                            "one of is and matches");
        return std::nullopt;
    }
    const YamlNode& value = is == nullptr ? *matches : *is;
    const auto text = m_nodes.anyText(value, "the value of the parameter, as text");
    if (!text)
        return std::nullopt;
    checkMacros(*text, value, true);
    checkParameter(node, phones, nullptr);
    return ParamSubject{node.text, *text, is == nullptr};
}

std::optional<Subject> StepReader::led(const YamlNode& map)
{
    const YamlNode& which = *NodeReader::value(map, "led");
    if (which.text != "mute")
        m_nodes.problem(which, "mute, the one LED that shows provisioning", {"mute"});
    const auto pattern = [&](const YamlNode& node) -> std::optional<emulator::MuteLed> {
        std::vector<std::string_view> names;
        for (const emulator::MuteLed one : ledWords) {
            if (node.text == name(one))
                return one;
            names.push_back(name(one));
        }
        m_nodes.problem(node, emulator::oneOf(names), names);
        return std::nullopt;
    };
    LedSubject subject;
    int given = 0;
    if (const YamlNode* node = NodeReader::value(map, "shows"); node && ++given)
        subject.shows = pattern(*node);
    if (const YamlNode* node = NodeReader::value(map, "showed"); node && ++given)
        subject.showed = pattern(*node);
    if (const YamlNode* node = NodeReader::value(map, "is"); node && ++given) {
        if (node->text != "lit" && node->text != "dark")
            m_nodes.problem(*node, "lit or dark", {"lit", "dark"});
        subject.lit = node->text == "lit";
    }
    if (const YamlNode* node = NodeReader::value(map, "blinks"); node && ++given) {
        if (node->kind != YamlNode::Kind::List || node->items.size() < 2 || node->items.size() % 2 != 0 ||
            node->items.size() > 16)
            m_nodes.problem(*node, "a list of durations: on, off, on, off");
        else
            for (const YamlNode& item : node->items)
                subject.beats.push_back(m_nodes.duration(item).value_or(emulator::Duration{}));
    }
    if (given != 1) {
        m_nodes.problemWith(which.place, given == 0 ? "an LED without a pattern" : "more than one pattern",
                            "one of shows, showed, blinks and is");
        return std::nullopt;
    }
    return subject;
}

std::optional<Subject> StepReader::state(const YamlNode& map)
{
    using emulator::PhoneState;
    const YamlNode& node = *NodeReader::value(map, "state");
    std::vector<std::string_view> names;
    for (const PhoneState one : {PhoneState::Off, PhoneState::Booting, PhoneState::Waiting,
                                 PhoneState::Contacting, PhoneState::Upgrading, PhoneState::Idle})
        names.push_back(emulator::name(one));
    if (std::find(names.begin(), names.end(), node.text) == names.end()) {
        m_nodes.problem(node, emulator::oneOf(names), names);
        return std::nullopt;
    }
    return StateSubject{node.text};
}

std::optional<Subject> StepReader::status(const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "status");
    if (node.text == "none")
        return AnswerSubject{0, {}};
    if (const auto status = m_nodes.number(node, 100, 599))
        return AnswerSubject{static_cast<int>(*status), {}};
    return std::nullopt;
}

std::optional<Subject> StepReader::page(const YamlNode& map)
{
    const YamlNode& node = *NodeReader::value(map, "page");
    const auto pattern = m_nodes.text(node, "a pattern, where * is anything");
    if (!pattern)
        return std::nullopt;
    checkMacros(*pattern, node, true);
    return AnswerSubject{std::nullopt, *pattern};
}

// ---- what steps share ---------------------------------------------------------------------------------------------

std::optional<Login> StepReader::login(const YamlNode& node)
{
    if (!m_nodes.isMap(node, "{user: NAME, password: TEXT}"))
        return std::nullopt;
    m_nodes.checkKeys(node, {"user", "password"});
    Login login{"admin", ""};
    if (const YamlNode* user = NodeReader::value(node, "user"))
        login.user = m_nodes.text(*user, "a user name").value_or("");
    if (const YamlNode* password = NodeReader::value(node, "password"))
        login.password = m_nodes.anyText(*password, "a password").value_or("");
    return login;
}

std::optional<Selection> StepReader::selection(const YamlNode& node)
{
    Phones chosen;
    std::string text;
    const auto take = [&](const YamlNode& one) {
        if (!select(one, chosen))
            return false;
        text += (text.empty() ? "" : ", ") + one.text;
        return true;
    };
    if (node.kind == YamlNode::Kind::List) {
        for (const YamlNode& one : node.items)
            if (!take(one))
                return std::nullopt;
    } else if (!take(node)) {
        return std::nullopt;
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    if (chosen.empty()) {
        m_nodes.problem(node, "at least one phone");
        return std::nullopt;
    }
    return Selection{std::move(text), std::make_shared<const Phones>(std::move(chosen))};
}

bool StepReader::select(const YamlNode& node, Phones& chosen)
{
    if (node.kind == YamlNode::Kind::Scalar && node.text == "all") {
        chosen.insert(chosen.end(), m_all->begin(), m_all->end());
        return true;
    }
    const bool digits = !node.text.empty() && std::all_of(node.text.begin(), node.text.end(),
                                                          [](char c) { return c >= '0' && c <= '9'; });
    if (digits && !node.quoted) {
        const auto index = m_nodes.number(node, 1, m_names.size());
        if (index)
            chosen.push_back(PhoneNumber{static_cast<std::uint32_t>(*index - 1)});
        return index.has_value();
    }
    bool found = false;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const PhoneGroup& group = m_scenario.groups[m_names[i].group];
        if (node.text == m_names[i].name || node.text == group.name ||
            node.text == group.model->productName) {
            chosen.push_back(PhoneNumber{static_cast<std::uint32_t>(i)});
            found = true;
        }
    }
    if (!found) {
        std::vector<std::string_view> known{"all"};
        for (const PhoneGroup& group : m_scenario.groups) {
            known.push_back(group.name);
            known.push_back(group.model->productName);
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(m_names.size(), 1000); ++i)
            known.push_back(m_names[i].name);
        m_nodes.problem(node, "the name, group, number or model of a phone of this scenario", known);
    }
    return found;
}

void StepReader::checkMacros(const std::string& text, const YamlNode& at, bool phones)
{
    std::vector<std::string> known;
    for (const ServerPlan& server : m_scenario.servers)
        for (const std::string_view part : {"", ".host", ".port"})
            known.push_back(server.name + std::string{part});
    if (phones)
        known.insert(known.end(), phoneMacros.begin(), phoneMacros.end());
    std::string wrong;
    const auto filled = fillMacros(text, [&](std::string_view name) -> std::optional<std::string> {
        if (std::find(known.begin(), known.end(), name) != known.end())
            return std::string{"192.0.2.1"};
        wrong = name;
        return std::nullopt;
    });
    if (filled.has_value())
        return;
    const std::vector<std::string_view> words{known.begin(), known.end()};
    m_nodes.problemWith(at.place, filled.error().detail.substr(6),
                        wrong.empty()   ? "\"}\" after the name"
                        : words.empty() ? std::string{"no macro: the scenario has no servers"}
                                        : fmt::format("one of {}", emulator::oneOf(words)),
                        emulator::nearestWord(wrong, words));
}

void StepReader::checkParameter(const YamlNode& name, const Selection& phones, const YamlNode* value)
{
    std::vector<std::size_t> groups;
    for (const PhoneNumber phone : *phones.phones) {
        const std::size_t group = m_names[static_cast<std::size_t>(phone)].group;
        if (std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    }
    const std::size_t before = m_nodes.problems().size();
    for (const std::size_t group : groups)
        if (m_nodes.problems().size() == before)
            checkParameterOf(m_nodes, *m_scenario.groups[group].model, name, value);
}

void checkParameterOf(NodeReader& nodes, const emulator::Model& model, const YamlNode& name,
                      const YamlNode* value)
{
    const auto id = model.schema->find(name.text);
    if (!id) {
        nodes.problemWith(name.place, NodeReader::found(name),
                          fmt::format("a parameter of the {}", model.productName),
                          model.schema->nearestName(name.text));
        return;
    }
    if (value == nullptr)
        return;
    const auto sample = fillMacros(value->text, [](std::string_view macro) -> std::optional<std::string> {
        return macro.ends_with(".port") ? "6900" : "192.0.2.1";
    });
    if (!sample.has_value())
        return;  // checkMacros has said so
    if (const auto checked = emulator::checkedValue(model.schema->at(*id), *sample); checked.has_error())
        nodes.problemWith(
            value->place,
            fmt::format("{} for {} ({})", NodeReader::found(*value), name.text, checked.error().detail),
            "a value that the phone takes");
}

}  // namespace scenarios
