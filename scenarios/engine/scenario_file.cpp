#include "scenarios/engine/scenario_file.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/runtime/whole_input.hpp"
#include "fixtures/models/model_data.hpp"
#include "scenarios/engine/planned_file_reader.hpp"
#include "scenarios/engine/step_reader.hpp"
#include "scenarios/engine/vocabulary.hpp"
#include "scenarios/engine/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace scenarios {

namespace {

using emulator::ErrorKind;
using fixtures::ServerKind;

constexpr std::array capabilities{Capability::Power, Capability::Browse,       Capability::Calls,
                                  Capability::Keys,  Capability::ServerFaults, Capability::Trace,
                                  Capability::Led,   Capability::VirtualTime,  Capability::ServerNames,
                                  Capability::Wire};

bool isName(std::string_view text)
{
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

class ScenarioReader {
public:
    ScenarioReader(std::string file, const ReadOptions& options) : m_nodes{file}, m_options{options}
    {
        m_scenario.file = std::move(file);
        m_scenario.start = *emulator::parseWallTime("2026-01-01T00:00:00Z");
    }

    ScenarioReading read(std::string_view text)
    {
        m_scenario.usesRigNames = text.find(".rig.test") != std::string_view::npos;
        const auto root = parseYaml(text, "a scenario");
        if (root.has_error()) {
            m_nodes.problems().push_back(fmt::format("{}:{}", m_nodes.file(), root.error().detail));
        } else if (m_nodes.isMap(*root, "a scenario: a map with scenario, phones and steps")) {
            top(*root);
        }
        ScenarioReading reading;
        reading.problems = std::move(m_nodes.problems());
        if (reading.problems.size() > maxScenarioProblems)
            reading.problems.resize(maxScenarioProblems);
        if (reading.problems.empty())
            reading.scenario = std::move(m_scenario);
        return reading;
    }

private:
    void top(const YamlNode& root)
    {
        m_nodes.checkKeys(root, namesOf(findWord("scenario")->keys));
        const auto block = [&](std::string_view key) { return NodeReader::value(root, key); };
        for (const std::string_view key : {"scenario", "phones", "steps"})
            if (block(key) == nullptr)
                m_nodes.problemWith(root.place, fmt::format("no \"{}\"", key), "scenario, phones and steps");
        if (const YamlNode* node = block("scenario"))
            m_scenario.title = m_nodes.text(*node, "the title of the scenario").value_or("");
        if (const YamlNode* node = block("covers"))
            m_scenario.covers = m_nodes.texts(*node, "the id of a requirement");
        if (const YamlNode* node = block("tags"))
            m_scenario.tags = m_nodes.texts(*node, "a tag");
        if (const YamlNode* node = block("start")) {
            if (const auto start = emulator::parseWallTime(node->text))
                m_scenario.start = *start;
            else
                m_nodes.problem(*node, "a time such as 2026-01-01T00:00:00Z");
        }
        if (const YamlNode* node = block("seed"))
            m_scenario.seed = m_nodes.number(*node, 0, UINT64_MAX);
        if (const YamlNode* node = block("boot_time"))
            m_scenario.bootTime = m_nodes.duration(*node).value_or(m_scenario.bootTime);
        if (const YamlNode* node = block("needs"))
            needs(*node);
        if (const YamlNode* node = block("servers"); node != nullptr && node->kind != YamlNode::Kind::Null)
            serverNames(*node);
        const std::size_t before = m_nodes.problems().size();
        if (const YamlNode* node = block("phones"))
            phones(*node);
        if (m_nodes.problems().size() > before || m_scenario.groups.empty())
            return;  // steps speak of phones: nothing sensible can be said about them
        StepContext context{m_nodes, m_scenario, m_options};
        if (const YamlNode* node = block("servers"); node != nullptr && node->kind != YamlNode::Kind::Null)
            serverFiles(*node, context);
        if (const YamlNode* node = block("login"))
            m_scenario.login = context.login(*node);
        if (const YamlNode* node = block("phones"))
            presets(*node, context);
        if (const YamlNode* node = block("steps")) {
            m_scenario.steps = readSteps(context, *node);
            if (node->kind == YamlNode::Kind::List && node->items.empty())
                m_nodes.problem(*node, "at least one step");
        }
        if (const YamlNode* node = block("finally"))
            m_scenario.finally = readSteps(context, *node);
        derivedNeeds();
    }

    void needs(const YamlNode& node)
    {
        std::vector<std::string_view> names;
        for (const Capability one : capabilities)
            names.push_back(name(one));
        const auto add = [&](const YamlNode& item) {
            const auto found = std::find(names.begin(), names.end(), item.text);
            if (found == names.end())
                m_nodes.problem(item, emulator::oneOf(names), names);
            else
                need(capabilities[static_cast<std::size_t>(found - names.begin())]);
        };
        if (node.kind == YamlNode::Kind::List)
            std::for_each(node.items.begin(), node.items.end(), add);
        else
            add(node);
    }

    void need(Capability capability)
    {
        auto& all = m_scenario.needs;
        if (std::find(all.begin(), all.end(), capability) == all.end())
            all.push_back(capability);
    }

    void derivedNeeds()
    {
        for (const auto* steps : {&m_scenario.steps, &m_scenario.finally}) {
            for (const Step& step : *steps) {
                if (std::holds_alternative<PowerStep>(step.what))
                    need(Capability::Power);
                else if (std::holds_alternative<BrowseStep>(step.what) ||
                         std::holds_alternative<SubmitStep>(step.what))
                    need(Capability::Browse);
                else if (std::holds_alternative<CallStep>(step.what))
                    need(Capability::Calls);
                else if (std::holds_alternative<PressStep>(step.what))
                    need(Capability::Keys);
                else if (std::holds_alternative<ServerStep>(step.what))
                    need(Capability::ServerFaults);
            }
        }
        for (const ServerPlan& server : m_scenario.servers)
            if (!server.names.empty()) {
                need(Capability::ServerNames);
                m_scenario.usesRigNames = true;
            }
    }

    // ---- phones

    static std::vector<const YamlNode*> groupNodes(const YamlNode& node)
    {
        std::vector<const YamlNode*> nodes;
        if (node.kind == YamlNode::Kind::List)
            for (const YamlNode& item : node.items)
                nodes.push_back(&item);
        else
            nodes.push_back(&node);
        return nodes;
    }

    void phones(const YamlNode& node)
    {
        const auto nodes = groupNodes(node);
        if (nodes.empty())
            m_nodes.problem(node, "at least one phone, {model: CP-7832-3PCC}");
        std::size_t all = 0;
        for (const YamlNode* one : nodes) {
            if (auto read = group(*one, nodes.size() > 1)) {
                all += read->count;
                m_scenario.groups.push_back(*std::move(read));
            }
        }
        if (all > maxScenarioPhones)
            m_nodes.problemWith(node.place, fmt::format("{} phones", all),
                                fmt::format("at most {}", maxScenarioPhones));
    }

    std::optional<PhoneGroup> group(const YamlNode& node, bool several)
    {
        if (!m_nodes.isMap(node, "phones as a map, {model: CP-7832-3PCC, count: 1}"))
            return std::nullopt;
        m_nodes.checkKeys(node, namesOf(findWord("phones")->keys));
        PhoneGroup group;
        group.place = node.place;
        if (const YamlNode* value = NodeReader::value(node, "name")) {
            group.name = m_nodes.text(*value, "a name").value_or("phone");
            const bool taken = std::any_of(m_scenario.groups.begin(), m_scenario.groups.end(),
                                           [&](const PhoneGroup& g) { return g.name == group.name; });
            if (!isName(group.name) || group.name == "all" || taken)
                m_nodes.problem(*value, taken ? "a name that no other group has"
                                              : "a name of letters, digits, - and _");
        } else if (several) {
            m_nodes.problemWith(node.place, "a group without a name", "a name for each of several groups");
        }
        if (const YamlNode* value = NodeReader::value(node, "count"))
            group.count = m_nodes.number(*value, 1, maxScenarioPhones).value_or(1);
        if (const YamlNode* value = NodeReader::value(node, "unique_certificate"))
            group.uniqueCertificate = m_nodes.flag(*value).value_or(false);
        if (const YamlNode* value = NodeReader::value(node, "mac")) {
            if (const auto mac = emulator::MacAddress::parse(value->text); mac.has_value())
                group.firstMac = *mac;
            else
                m_nodes.problem(*value, "a MAC address such as 00:0e:08:00:00:01");
        }
        const YamlNode* model = NodeReader::value(node, "model");
        if (model == nullptr) {
            m_nodes.problemWith(node.place, "phones without a model", "one, such as model: CP-7832-3PCC");
            return std::nullopt;
        }
        const YamlNode* firmware = NodeReader::value(node, "firmware");
        const std::vector<std::string> names = fixtures::modelNames();
        auto loaded = fixtures::loadModel(model->text);
        if (loaded.has_error()) {
            const std::vector<std::string_view> words{names.begin(), names.end()};
            m_nodes.problem(*model, fmt::format("a model: {}", emulator::oneOf(words)), words);
            return std::nullopt;
        }
        group.firmwareSaid = firmware != nullptr;
        if (firmware != nullptr) {
            loaded = fixtures::loadModel(model->text, firmware->text);
            if (loaded.has_error()) {
                m_nodes.problem(*firmware, "a version such as 11.3.1, or a load name");
                return std::nullopt;
            }
        }
        group.model = *loaded;
        return group;
    }

    // Values before power-on; they may name servers.
    void presets(const YamlNode& node, StepContext& context)
    {
        const auto nodes = groupNodes(node);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            PhoneGroup& group = m_scenario.groups[i];
            if (const YamlNode* from = NodeReader::value(*nodes[i], "provisioning_server")) {
                group.provisioningServer = m_nodes.text(*from, "HOST or HOST:PORT").value_or("");
                context.checkMacros(group.provisioningServer, *from, false);
            }
            const YamlNode* set = NodeReader::value(*nodes[i], "set");
            if (set == nullptr || !m_nodes.isMap(*set, "a map of parameters, {Name: value}"))
                continue;
            for (const YamlEntry& e : set->entries) {
                const auto value = m_nodes.anyText(e.value, "the value of the parameter, as text");
                if (!value)
                    continue;
                context.checkMacros(*value, e.value, false);
                checkParameterOf(m_nodes, *group.model, e.key, &e.value);
                group.set.emplace_back(e.key.text, *value);
            }
        }
    }

    // ---- servers

    void serverNames(const YamlNode& node)
    {
        if (!m_nodes.isMap(node, "servers as a map, {tftp: {files: ...}}"))
            return;
        for (const YamlEntry& e : node.entries) {
            ServerPlan plan;
            plan.name = e.key.text;
            plan.place = e.key.place;
            if (!isName(plan.name) || plan.name == "phone" || m_scenario.server(plan.name) != nullptr)
                m_nodes.problem(e.key, "a server's name, each once, of letters, digits, - and _");
            const YamlNode* kind = nullptr;
            if (e.value.kind != YamlNode::Kind::Null) {
                if (!m_nodes.isMap(e.value, "a server as a map, {} when there is nothing to say"))
                    continue;
                m_nodes.checkKeys(e.value, namesOf(findWord("servers")->keys));
                kind = NodeReader::value(e.value, "kind");
            }
            const YamlNode& said = kind == nullptr ? e.key : *kind;
            bool known = false;
            for (const ServerKind one :
                 {ServerKind::Tftp, ServerKind::Http, ServerKind::Syslog, ServerKind::Sip}) {
                if (said.text == fixtures::name(one)) {
                    plan.kind = one;
                    known = true;
                }
            }
            if (!known)
                m_nodes.problem(said,
                                kind == nullptr ? "tftp, http, syslog or sip, or another name with a kind:"
                                                : "tftp, http, syslog or sip",
                                {"tftp", "http", "syslog", "sip"});
            m_scenario.servers.push_back(std::move(plan));
        }
    }

    void serverFiles(const YamlNode& node, StepContext& context)
    {
        for (const YamlEntry& e : node.entries) {
            const auto at = std::find_if(m_scenario.servers.begin(), m_scenario.servers.end(),
                                         [&](const ServerPlan& s) { return s.name == e.key.text; });
            if (at == m_scenario.servers.end() || e.value.kind != YamlNode::Kind::Map)
                continue;
            if (const YamlEntry* point = NodeReader::entry(e.value, "point")) {
                at->point = m_nodes.flag(point->value).value_or(true);
                if (at->kind != ServerKind::Syslog)
                    m_nodes.problemWith(point->key.place, "\"point\"", "it at a syslog server");
            }
            if (const YamlNode* names = NodeReader::value(e.value, "names"))
                at->names = m_nodes.texts(*names, "a host name");
            if (const YamlNode* port = NodeReader::value(e.value, "port"))
                at->port = static_cast<std::uint16_t>(m_nodes.number(*port, 1, 65535).value_or(0));
            httpOptions(e.value, *at);
            const YamlEntry* files = NodeReader::entry(e.value, "files");
            if (files == nullptr)
                continue;
            if (at->kind == ServerKind::Syslog || at->kind == ServerKind::Sip)
                m_nodes.problemWith(files->key.place,
                                    fmt::format("files on a {} server", fixtures::name(at->kind)),
                                    "them on a tftp or http server");
            if (!m_nodes.isMap(files->value, "a map of files, {basic.txt: \"...\"}"))
                continue;
            for (const YamlEntry& file : files->value.entries)
                if (auto planned = readPlannedFile(context, file.key.text, file.value, false))
                    at->files.push_back(*std::move(planned));
        }
    }

    void httpOptions(const YamlNode& node, ServerPlan& plan)
    {
        if (plan.kind != ServerKind::Http)
            for (const std::string_view key : {"auth", "dynamic", "uploads", "coding", "proxy"})
                if (const YamlEntry* entry = NodeReader::entry(node, key))
                    m_nodes.problemWith(entry->key.place,
                                        fmt::format("\"{}\" at a {} server", key, fixtures::name(plan.kind)),
                                        "it at an http server");
        if (const YamlNode* auth = NodeReader::value(node, "auth"))
            plan.http.auth = readAuth(*auth);
        if (const YamlNode* paths = NodeReader::value(node, "dynamic"))
            plan.http.dynamic = m_nodes.texts(*paths, "the path of a file, or its beginning and *");
        if (const YamlNode* paths = NodeReader::value(node, "uploads"))
            plan.http.uploads = m_nodes.texts(*paths, "a path, or its beginning and *");
        if (const YamlNode* proxy = NodeReader::value(node, "proxy"))
            plan.proxy = m_nodes.flag(*proxy).value_or(false);
        if (const YamlNode* coding = NodeReader::value(node, "coding");
            coding && m_nodes.isMap(*coding, "a map of codings, {/basic.txt: gzip}"))
            for (const YamlEntry& e : coding->entries)
                if (const auto name = m_nodes.text(e.value, "gzip, deflate or aes128gcm"))
                    plan.http.codings.emplace_back(e.key.text, *name);
    }

    std::optional<fixtures::HttpAuth> readAuth(const YamlNode& node)
    {
        if (!m_nodes.isMap(node, "{scheme: basic, user: NAME, password: TEXT}"))
            return std::nullopt;
        m_nodes.checkKeys(node, {"scheme", "algorithm", "user", "password", "as"});
        fixtures::HttpAuth auth;
        const auto word = [&](std::string_view key,
                              const std::vector<std::string_view>& words) -> std::size_t {
            const YamlNode* value = NodeReader::value(node, key);
            if (value == nullptr)
                return 0;
            const auto at = std::find(words.begin(), words.end(), value->text);
            if (at == words.end())
                m_nodes.problem(*value, emulator::oneOf(words), words);
            return at == words.end() ? 0 : static_cast<std::size_t>(at - words.begin());
        };
        auth.scheme = static_cast<emulator::AuthScheme>(word("scheme", {"basic", "digest"}));
        auth.algorithm = static_cast<emulator::DigestAlgorithm>(
            word("algorithm", {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"}));
        auth.asProxy = word("as", {"server", "proxy"}) == 1;
        if (const YamlNode* user = NodeReader::value(node, "user"))
            auth.account.user = m_nodes.text(*user, "a user name").value_or("");
        if (const YamlNode* password = NodeReader::value(node, "password"))
            auth.account.password = m_nodes.anyText(*password, "a password").value_or("");
        if (auth.account.user.empty())
            m_nodes.problemWith(node.place, "no user",
                                "whom the server lets in, {user: NAME, password: TEXT}");
        return auth;
    }

    NodeReader m_nodes;
    const ReadOptions& m_options;
    Scenario m_scenario;
};

// Whether another number of phones leaves the meaning of a scenario as it is.
bool mayResize(const Scenario& scenario)
{
    if (scenario.groups.size() != 1 || scenario.groups.front().count != 1)
        return false;
    for (const auto* steps : {&scenario.steps, &scenario.finally})
        for (const Step& step : *steps) {
            const auto* e = std::get_if<Expectation>(&step.what);
            if (step.phones.text != "all" || (e != nullptr && e->who != Expectation::Who::Each))
                return false;
        }
    return true;
}

void resize(Scenario& scenario, std::size_t count)
{
    scenario.groups.front().count = count;
    auto all = std::make_shared<std::vector<PhoneNumber>>(count);
    for (std::size_t i = 0; i < count; ++i)
        (*all)[i] = PhoneNumber{static_cast<std::uint32_t>(i)};
    const std::shared_ptr<const std::vector<PhoneNumber>> shared = std::move(all);
    for (auto* steps : {&scenario.steps, &scenario.finally})
        for (Step& step : *steps)
            step.phones.phones = shared;
}

}  // namespace

ScenarioReading readScenario(std::string_view text, const std::string& file, const ReadOptions& options)
{
    ScenarioReading reading = ScenarioReader{file, options}.read(text);
    if (reading.scenario && options.phones && mayResize(*reading.scenario))
        resize(*reading.scenario, std::clamp<std::size_t>(*options.phones, 1, maxScenarioPhones));
    return reading;
}

ScenarioReading loadScenario(const std::filesystem::path& path, const ReadOptions& options)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    ScenarioReading reading;
    if (error) {
        reading.problems.push_back(
            fmt::format("{}: found no file that can be read ({}), expected a scenario file", path.string(),
                        error.message()));
        return reading;
    }
    if (size > YamlLimits{}.bytes) {
        reading.problems.push_back(fmt::format("{}:1:1: found {} bytes, expected at most {}", path.string(),
                                               size, YamlLimits{}.bytes));
        return reading;
    }
    const auto text = emulator::readWholeInput(path, YamlLimits{}.bytes);
    if (text.has_error()) {
        reading.problems.push_back(
            fmt::format("{}: found a file that cannot be read ({}), expected a scenario file", path.string(),
                        text.error().detail));
        return reading;
    }
    return readScenario(*text, path.string(), options);
}

emulator::Result<std::vector<std::filesystem::path>> scenarioFiles(
    const std::vector<std::filesystem::path>& paths)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        std::error_code error;
        if (!fs::exists(path, error))
            return emulator::fail(ErrorKind::NotFound,
                                  fmt::format("{}: found nothing there, expected a scenario file "
                                              "or a folder of them",
                                              path.string()));
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        std::vector<fs::path> below;
        fs::recursive_directory_iterator walk{path, fs::directory_options::skip_permission_denied, error};
        for (; !error && walk != fs::recursive_directory_iterator{}; walk.increment(error))
            if (walk->path().extension() == ".yaml" && walk->is_regular_file(error))
                below.push_back(walk->path());
        if (error)
            return emulator::fail(ErrorKind::NotFound, fmt::format("{}: {}", path.string(), error.message()));
        if (below.empty())
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("{}: found no *.yaml below it, expected scenario "
                                              "files",
                                              path.string()));
        std::sort(below.begin(), below.end());
        files.insert(files.end(), below.begin(), below.end());
    }
    return files;
}

}  // namespace scenarios
