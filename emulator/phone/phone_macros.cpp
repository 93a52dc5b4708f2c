#include "emulator/phone/phone_macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace emulator {

namespace {

void appendNumber(std::string& out, std::int64_t number)
{
    fmt::format_to(std::back_inserter(out), "{}", number);
}

std::int64_t secondsSince(TimePoint then, TimePoint now)
{
    return std::chrono::floor<std::chrono::seconds>(now - then).count();
}

enum class Macro : std::uint8_t { Pn, Psn, Ma, Mau, Mac, Sn, Swver, Hwver, Ip, Ccert, Prvtmr, Upgtmr };

struct NamedMacro {
    std::string_view name;
    Macro macro;
};
constexpr std::array<NamedMacro, 12> identityMacros{{{"PN", Macro::Pn},
                                                     {"MAC", Macro::Mac},
                                                     {"MA", Macro::Ma},
                                                     {"MAU", Macro::Mau},
                                                     {"PSN", Macro::Psn},
                                                     {"SN", Macro::Sn},
                                                     {"SWVER", Macro::Swver},
                                                     {"HWVER", Macro::Hwver},
                                                     {"IP", Macro::Ip},
                                                     {"CCERT", Macro::Ccert},
                                                     {"PRVTMR", Macro::Prvtmr},
                                                     {"UPGTMR", Macro::Upgtmr}}};

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

bool PhoneMacros::append(std::string_view name, std::string& out) const
{
    if (name.starts_with("GPP_"))
        name.remove_prefix(4);
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'P') {
        out += m_phone.parameters().value(
            m_phone.surroundings().ids.gpp[static_cast<std::size_t>(name[0] - 'A')]);
        return true;
    }
    const auto known = std::find_if(identityMacros.begin(), identityMacros.end(),
                                    [&](const NamedMacro& macro) { return macro.name == name; });
    if (known == identityMacros.end()) {
        if (withVersion && name == "VERSION") {
            fmt::format_to(std::back_inserter(out), "Cisco-{}/{}", m_phone.model().productName,
                           m_phone.firmware().dotted);
            return true;
        }
        return appendRequest(name, out);
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
    case Macro::Ccert:
        out += "Not Installed";
        break;
    case Macro::Prvtmr:
        appendNumber(out, secondsSince(std::max(m_phone.lastResync(), m_phone.poweredAt()), m_now));
        break;
    case Macro::Upgtmr:
        appendNumber(out, secondsSince(std::max(m_phone.lastUpgrade(), m_phone.poweredAt()), m_now));
        break;
    }
    return true;
}

}  // namespace emulator
