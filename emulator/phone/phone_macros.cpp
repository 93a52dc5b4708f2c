#include "emulator/phone/phone_macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace emulator {

namespace {

void appendNumber(std::string& out, std::int64_t number)
{
    fmt::format_to(std::back_inserter(out), "{}", number);
}

enum class Macro : std::uint8_t {
    Pn,
    Psn,
    Ma,
    Mau,
    Mac,
    Sn,
    Swver,
    Hwver,
    Ip,
    ExtIp,
    Ccert,
    Prvst,
    Upgst,
    Upgerr,
    Prvtmr,
    Upgtmr,
    Regtmr,
    Empty,
    OrigType,
    AuthStatus,
    IsCust
};

struct NamedMacro {
    std::string_view name;
    Macro macro;
};
// Those of every resync first.
constexpr NamedMacro identityMacros[] = {
    {"PN", Macro::Pn},         {"MAC", Macro::Mac},           {"MA", Macro::Ma},
    {"MAU", Macro::Mau},       {"PSN", Macro::Psn},           {"SN", Macro::Sn},
    {"SWVER", Macro::Swver},   {"HWVER", Macro::Hwver},       {"IP", Macro::Ip},
    {"EXTIP", Macro::ExtIp},   {"CCERT", Macro::Ccert},       {"PRVST", Macro::Prvst},
    {"UPGST", Macro::Upgst},   {"UPGERR", Macro::Upgerr},     {"PRVTMR", Macro::Prvtmr},
    {"UPGTMR", Macro::Upgtmr}, {"REGTMR1", Macro::Regtmr},    {"REGTMR2", Macro::Regtmr},
    {"UPGCOND", Macro::Empty}, {"EMS", Macro::Empty},         {"MUID", Macro::Empty},
    {"MPWD", Macro::Empty},    {"ORIGTYPE", Macro::OrigType}, {"AUTHSTATUS", Macro::AuthStatus},
    {"ISCUST", Macro::IsCust}};

}  // namespace

bool PhoneMacros::appendRequest(std::string_view name, std::string& out) const
{
    if (name == "ERR") {
        out += error;
        return true;
    }
    if (url == nullptr)
        return false;
    if (name == "SCHEME" || name == "METH")
        out += emulator::name(url->scheme);
    else if (name == "SERVIP" && serverIp)
        out += serverIp->text();
    else if (name == "SERVIP" || name == "SERV")
        out += url->host;
    else if (name == "PORT")
        appendNumber(out, url->port);
    else if (name == "PATH")
        out += url->path;
    else
        return false;
    return true;
}

bool PhoneMacros::appendUserId(std::string_view name, std::string& out) const
{
    if (!name.starts_with("UID"))
        return false;
    const ParameterSet& parameters = m_phone.parameters();
    const std::optional<ParamId> id = parameters.schema().find(fmt::format("User_ID_{}_", name.substr(3)));
    if (id)
        out += parameters.value(*id);
    return id.has_value();
}

void PhoneMacros::appendSecondsSince(TimePoint then, std::string& out) const
{
    appendNumber(
        out, std::chrono::floor<std::chrono::seconds>(m_now - std::max(then, m_phone.poweredAt())).count());
}

bool PhoneMacros::appendSecret(std::string_view name, std::string& out) const
{
    if (name.starts_with("GPP_"))
        name.remove_prefix(4);
    if (name.size() != 2 || name[0] != 'S' || name[1] < 'A' || name[1] > 'D')
        return false;
    out += m_phone.parameters().value(
        m_phone.surroundings().ids.gppSecrets[static_cast<std::size_t>(name[1] - 'A')]);
    return true;
}

bool PhoneMacros::append(std::string_view name, std::string& out) const
{
    if (name.starts_with("GPP_"))
        name.remove_prefix(4);
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'P') {
        out += m_phone.parameters().value(
            m_phone.surroundings().ids.gpp[static_cast<std::size_t>(name[0] - 'A')]);
        return true;
    }
    const auto known = std::find_if(std::begin(identityMacros), std::end(identityMacros),
                                    [&](const NamedMacro& macro) { return macro.name == name; });
    if (known == std::end(identityMacros)) {
        if (withVersion && name == "VERSION") {
            fmt::format_to(std::back_inserter(out), "Cisco-{}/{}", m_phone.model().productName,
                           m_phone.firmware().dotted);
            return true;
        }
        return appendRequest(name, out) || appendUserId(name, out);
    }
    switch (known->macro) {
    case Macro::Pn:
        out += m_phone.model().productName;
        break;
    case Macro::Psn:
        out += m_phone.model().seriesName;
        break;
    case Macro::Ma:
        out += m_phone.mac().plain();
        break;
    case Macro::Mau:
        out += m_phone.mac().upper();
        break;
    case Macro::Mac:
        out += m_phone.mac().colons();
        break;
    case Macro::Sn:
        out += m_phone.serialNumber();
        break;
    case Macro::Swver:
        out += m_phone.firmware().load;
        break;
    case Macro::Hwver:
        out += m_phone.model().hardwareVersion;
        break;
    case Macro::Ip:
        out += m_phone.address().text();
        break;
    case Macro::ExtIp: {
        const std::string_view configured = m_phone.parameters().value(m_phone.surroundings().ids.extIp);
        out += configured.empty() ? m_phone.address().text() : std::string{configured};
        break;
    }
    case Macro::Ccert:
        out += m_phone.surroundings().uniqueCertificate ? "Installed" : "Not Installed";
        break;
    case Macro::Prvst:
        appendNumber(out, m_phone.resyncStatus());
        break;
    case Macro::Upgst:
        out += m_phone.lastUpgradeFailure().empty() ? '1' : '2';
        break;
    case Macro::Upgerr:
        out += m_phone.lastUpgradeFailure();
        break;
    case Macro::Prvtmr:
        appendSecondsSince(m_phone.lastResync(), out);
        break;
    case Macro::Upgtmr:
        appendSecondsSince(m_phone.lastUpgrade(), out);
        break;
    case Macro::Regtmr:
        appendSecondsSince(TimePoint::min(), out);
        break;
    case Macro::Empty:
        break;
    case Macro::OrigType:
        out += "orig_mpp";
        break;
    case Macro::AuthStatus:
        out += "none";
        break;
    case Macro::IsCust:
        out += '0';
        break;
    }
    return true;
}

}  // namespace emulator
