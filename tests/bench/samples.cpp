#include "tests/bench/samples.hpp"

#include "emulator/runtime/virtual_run.hpp"
#include "fixtures/models/model_data.hpp"

#include <algorithm>
#include <cassert>

namespace bench {

using namespace emulator;

namespace {

// Answers every GET with one file, and keeps the last request's bytes.
class OneFile : public HttpService {
public:
    HttpAnswer respond(TimePoint, const HttpRequest& request, const Endpoint&, ClientMemory&) const override
    {
        last = encode(request);
        HttpAnswer answer;
        answer.response.body = body;
        return answer;
    }
    SharedBytes body = shareBytes("<flat-profile></flat-profile>");
    mutable std::string last;
};

class Sizes : public DatagramService {
public:
    std::unique_ptr<DatagramSession> arrived(TimePoint, std::string_view datagram, const Endpoint&,
                                             ClientMemory&, SessionOutput&) const override
    {
        seen.push_back(datagram.size());
        return nullptr;
    }
    mutable std::vector<std::size_t> seen;
};

bool steers(const Parameter& parameter)
{
    return parameter.tab == "Voice > Provisioning" || parameter.name.starts_with("Debug_") ||
           parameter.name.starts_with("Syslog_") || parameter.name.starts_with("Proxy_") ||
           parameter.name == "Restricted_Access_Domains" || parameter.reboots;
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string sampleProfile(const ParameterSchema& schema, std::size_t elements, std::size_t bytes)
{
    constexpr std::string_view frame = "<flat-profile>\n</flat-profile>\n";
    struct Element {
        const Parameter* parameter;
        std::string value;
    };
    std::vector<Element> chosen;
    std::size_t size = frame.size();
    const auto sizeOf = [](const Element& e) { return 2 * e.parameter->name.size() + e.value.size() + 6; };
    for (const Parameter& parameter : schema.all()) {
        if (steers(parameter) || (elements != 0 && chosen.size() == elements))
            continue;
        Element next{&parameter, escaped(parameter.factory)};
        if (elements == 0 && size + sizeOf(next) > bytes)
            break;
        size += sizeOf(next);
        chosen.push_back(std::move(next));
    }
    // Free texts take what is missing, a few characters each time round; not those whose change reboots a phone.
    for (bool grew = true; grew && size < bytes;) {
        grew = false;
        for (Element& element : chosen) {
            if (element.parameter->type != ParamType::String || element.parameter->max ||
                element.parameter->reboots || size >= bytes)
                continue;
            element.value += "abcd"[element.value.size() % 4];
            ++size;
            grew = true;
        }
    }
    std::string out = "<flat-profile>\n";
    for (const Element& element : chosen) {
        const std::string& name = element.parameter->name;
        out += "<" + name + ">" + element.value + "</" + name + ">\n";
    }
    return out + "</flat-profile>\n";
}

Fleet aFleet(std::size_t phones, std::string_view model, const Settings& set)
{
    FleetGroup group;
    group.model = *fixtures::loadModel(model);
    group.count = phones;
    for (const auto& [name, value] : set) {
        const std::optional<ParamId> id = group.model->schema->find(name);
        assert(id);
        group.set.emplace_back(*id, *checkedValue(group.model->schema->at(*id), value));
    }
    Fleet fleet;
    fleet.groups.push_back(std::move(group));
    fleet.seed = Seed{1};
    return fleet;
}

Settings resyncSettings(const Endpoint& server, const Endpoint* syslog)
{
    Settings set{{"Profile_Rule", "http://" + server.text() + "/profile.xml"}};
    if (syslog != nullptr) {
        set.emplace_back("Debug_Server", syslog->text());
        set.emplace_back("Debug_Level", "1");
    }
    return set;
}

ResyncSample sampleResync(const Settings& set, const Endpoint& server, const Endpoint& syslog)
{
    const OneFile file;
    const Sizes sizes;
    Fleet fleet = aFleet(1, "CP-7832-3PCC", set);
    VirtualRun run{std::move(fleet), {}, 1, noSink()};
    run.addHttp("http", server, file);
    run.addDatagram("syslog", syslog, sizes);
    run.post(PhoneIndex{0}, PowerApplied{});
    run.runUntil(TimePoint{std::chrono::minutes{5}});
    // The start's own line comes first; a resync's are the others.
    ResyncSample sample{file.last, sizes.seen};
    if (sample.datagrams.size() > 3)
        sample.datagrams.erase(sample.datagrams.begin(), sample.datagrams.end() - 3);
    return sample;
}

}  // namespace bench
