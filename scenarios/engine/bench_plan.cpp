#include "scenarios/engine/bench_plan.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/overloaded.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/profile.hpp"
#include "fixtures/servers/served_path.hpp"
#include "scenarios/engine/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace scenarios {

namespace {

bool benchCan(Capability capability)
{
    return capability == Capability::Power || capability == Capability::Browse ||
           capability == Capability::ServerFaults || capability == Capability::Trace ||
           capability == Capability::Wire;
}

// As phones read names of parameters and events: without regard to case.
bool isWithin(std::string_view text, std::string_view word)
{
    return !std::ranges::search(text, word, {}, emulator::lowerAscii, emulator::lowerAscii).empty();
}

bool beginsWith(std::string_view text, std::string_view word)
{
    return emulator::equalsAnyCase(text.substr(0, word.size()), word);
}

// What decides whether a phone's pages are there, and where.
constexpr std::array<std::string_view, 4> pageDoors{"Enable_Web_Server", "Web_Server_Port", "Enable_Protocol",
                                                    "Enable_Web_Admin_Access"};

// A file's XML as a phone sees it, unpacked; nothing: encrypted, in another encoding, or none, so that what it does is
// not to be seen.
std::optional<std::string> visibleXml(std::string_view file)
{
    std::string text{file};
    if (emulator::isGzip(file)) {
        emulator::Result<std::string> plain = emulator::gunzip(file, emulator::maxProfileBytes);
        if (plain.has_error())
            return std::nullopt;
        text = *std::move(plain);
    }
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    constexpr std::string_view space = " \t\r\n";
    const std::size_t from = text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
    const std::size_t first = text.find_first_not_of(space, from);
    const bool binary = std::ranges::any_of(text, [&](char c) {
        return static_cast<unsigned char>(c) < ' ' && space.find(c) == std::string_view::npos;
    });
    if (first == std::string::npos || text[first] != '<' || binary)
        return std::nullopt;
    return text;
}

class BenchPlan {
public:
    BenchPlan(const Scenario& scenario, const BenchOffer& offer)
        : m_scenario{scenario},
          m_offer{offer},
          m_group{scenario.groups.front()}
    {}

    std::string whyNot()
    {
        if (std::string why = scenarios::whyNot(m_scenario, m_offer.target, benchCan); !why.empty())
            return why;
        if (const std::size_t phones = m_scenario.phoneNames().size(); phones != 1)
            return fmt::format("the scenario has {} phones, and {} is one", phones, m_offer.target);
        if (m_group.model->productName != m_offer.model)
            return fmt::format("the scenario is for a {}, and {} is a {}", m_group.model->productName,
                               m_offer.name, m_offer.model);
        for (const std::string& why : {firmware(), place(), values()})
            if (!why.empty())
                return why;
        for (const auto* steps : {&m_scenario.steps, &m_scenario.finally})
            for (const Step& one : *steps)
                if (std::string why = step(one); !why.empty())
                    return why;
        return observation();
    }

private:
    // A scenario of which nothing can be seen shows nothing, whatever the phone does.
    std::string observation() const
    {
        bool any = false;
        for (const auto* steps : {&m_scenario.steps, &m_scenario.finally})
            for (const Step& one : *steps)
                if (const auto* const expectation = std::get_if<Expectation>(&one.what)) {
                    any = true;
                    if (isObserved(expectation->subject))
                        return {};
                }
        return any ? fmt::format("{} can observe nothing that the scenario expects", m_offer.target)
                   : std::string{};
    }

    static bool isObserved(const Subject& subject)
    {
        if (const auto* const events = std::get_if<EventSubject>(&subject))
            return events->bySaid ? events->by != emulator::Observer::Phone
                                  : !emulator::name(events->kinds.front()).starts_with("phone.");
        return !std::holds_alternative<LedSubject>(subject) && !std::holds_alternative<StateSubject>(subject);
    }

    std::string firmware() const
    {
        if (!m_group.firmwareSaid)
            return {};
        const auto here = emulator::FirmwareVersion::parse(m_offer.firmware, m_group.model->loadPrefix);
        if (here.has_value() && here->dotted == m_group.model->firmware.dotted)
            return {};
        return fmt::format(
            "the scenario is for firmware {}, and {} runs {}", m_group.model->firmware.dotted, m_offer.name,
            m_offer.firmware.empty() ? "one that the inventory does not name" : m_offer.firmware);
    }

    // What surrounds the phone.
    std::string place() const
    {
        if (m_scenario.usesRigNames)
            return fmt::format("{} has no server names", m_offer.target);
        if (m_group.uniqueCertificate)
            return fmt::format("nobody chooses the client certificate of {}", m_offer.name);
        if (!m_group.provisioningServer.empty())
            return fmt::format("{} gets its provisioning server from the DHCP of its network", m_offer.name);
        if (!m_offer.capture)
            return fmt::format("{} has no capture: in the inventory", m_offer.name);
        if (!m_offer.servers && !m_scenario.servers.empty())
            return fmt::format("{} has no servers: in the inventory, where the rig's own would listen",
                               m_offer.name);
        return {};
    }

    std::string values() const
    {
        for (const auto& [name, value] : m_group.set)
            if (std::string why = parameter(name, value); !why.empty())
                return why;
        for (const ServerPlan& server : m_scenario.servers)
            for (const PlannedFile& file : server.files)
                if (std::string why = planned(file); !why.empty())
                    return why;
        return {};
    }

    // What the scenario itself has written is to be seen, whatever wraps it later.
    std::string planned(const PlannedFile& file) const
    {
        if (file.macros)
            return text(file.bytes);
        const std::optional<std::string> xml = visibleXml(file.bytes);
        return xml ? text(*xml) : upgrade(fmt::format("the file {}, which is no plain XML,", file.path));
    }

    std::string parameter(const std::string& name, const std::string& value) const
    {
        const auto id = m_group.model->schema->find(name);
        if (id && m_group.model->schema->at(*id).secret)
            return fmt::format("{} is secret: what it was could not be put back", name);
        if (id && m_group.model->schema->at(*id).hidden)
            return fmt::format("no page shows {}", name);
        if (std::string why = pageDoor(name); !why.empty())
            return why;
        if (name == "Upgrade_Rule")
            return value.empty() ? std::string{} : upgrade(name);
        return text(value);  // a rule may assign parameters
    }

    std::string upgrade(std::string_view what) const
    {
        return m_offer.mayUpgrade
                   ? std::string{}
                   : fmt::format("{} may change the firmware, and the inventory does not allow "
                                 "that for {}",
                                 what, m_offer.name);
    }

    std::string pageDoor(std::string_view text) const
    {
        for (const std::string_view name : pageDoors)
            if (isWithin(text, name))
                return fmt::format(
                    "{} may change where the pages of {} are: its pages could not be reached to put "
                    "it back",
                    name, m_offer.name);
        return {};
    }

    // Of a file, a rule or a request that a phone acts upon.
    std::string text(std::string_view text) const
    {
        if (std::string why = pageDoor(text); !why.empty())
            return why;
        if (isWithin(text, "Upgrade_Rule"))
            if (std::string why = upgrade("a text with Upgrade_Rule"); !why.empty())
                return why;
        if (isWithin(text, "<!ENTITY"))
            if (std::string why = upgrade("a text with entities, which may spell Upgrade_Rule,");
                !why.empty())
                return why;
        for (const emulator::Parameter& one : m_group.model->schema->all())
            if (one.secret && isWithin(text, "<" + one.name))
                return parameter(one.name, {});
        return {};
    }

    std::string path(std::string_view written) const
    {
        const std::string path = fixtures::percentDecoded(written);
        if (beginsWith(path, "/admin/upgrade"))
            return upgrade("/admin/upgrade");
        return beginsWith(path, "/admin/factory-reset") ? factoryReset() : text(path);
    }

    std::string factoryReset() const
    {
        return m_offer.mayFactoryReset
                   ? std::string{}
                   : fmt::format("the inventory does not allow a factory reset of {}", m_offer.name);
    }

    std::string step(const Step& step) const
    {
        return std::visit(emulator::Overloaded{
                              [&](const PowerStep& power) {
                                  return power.what == PowerStep::What::On || m_offer.power
                                             ? std::string{}
                                             : fmt::format(
                                                   "{} has no power: in the inventory that could be switched",
                                                   m_offer.name);
                              },
                              [&](const BrowseStep& browse) { return path(browse.path); },
                              [&](const SubmitStep& submit) {
                                  for (const auto& [name, value] : submit.values)
                                      if (std::string why = parameter(name, value); !why.empty())
                                          return why;
                                  return std::string{};
                              },
                              [&](const NotifyStep& notify) {
                                  std::string why = event(notify.plan.event);
                                  return why.empty() ? text(notify.plan.body) : why;
                              },
                              [&](const PostStep& post) {
                                  std::string why = path(post.path);
                                  return why.empty() ? text(post.body) : why;
                              },
                              [&](const PutStep& put) { return planned(put.file); },
                              [](const auto&) { return std::string{}; },
                          },
                          step.what);
    }

    std::string event(std::string_view event) const
    {
        if (beginsWith(event, "factory-reset"))
            return factoryReset();
        return beginsWith(event, "upgrade") ? upgrade("a NOTIFY of the event upgrade") : std::string{};
    }

    const Scenario& m_scenario;
    const BenchOffer& m_offer;
    const PhoneGroup& m_group;
};

}  // namespace

std::string whyNotOnBench(const Scenario& scenario, const BenchOffer& offer)
{
    return BenchPlan{scenario, offer}.whyNot();
}

}  // namespace scenarios
