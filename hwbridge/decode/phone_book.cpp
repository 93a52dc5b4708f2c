#include "hwbridge/decode/phone_book.hpp"

#include <algorithm>
#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr std::array<std::string_view, 5> phoneAgents{"Cisco-CP-", "Cisco/SPA", "Linksys/SPA", "Cisco/WIP",
                                                      "Cisco/CP-"};

// Prefixes that the guides' examples show.
constexpr std::array<std::uint32_t, 4> phonePrefixes{0x000e08, 0x00562b, 0xc4b9cd, 0xc4c603};

constexpr std::uint8_t mostChanges = 3;  // a phone may get another address; a router has many

bool isModelName(std::string_view word)
{
    return word.starts_with("CP-") || word.starts_with("SPA") || word.starts_with("WIP3");
}

constexpr std::string_view macCharacters = "0123456789abcdefABCDEF:";

// A MAC at the start, with or without colons. (Parsing what is none would word an error first.)
std::optional<MacAddress> macAtStart(std::string_view text)
{
    const std::size_t length = std::min(text.find_first_not_of(macCharacters), text.size());
    if (length != 12 && length != 17)
        return std::nullopt;
    const Result<MacAddress> mac = MacAddress::parse(text.substr(0, length));
    return mac.has_value() ? std::optional{*mac} : std::nullopt;
}

bool hasPhonePrefix(const MacAddress& mac)
{
    const auto prefix = static_cast<std::uint32_t>(mac.number() >> 24);
    return std::find(phonePrefixes.begin(), phonePrefixes.end(), prefix) != phonePrefixes.end();
}

// Serial numbers look like MACs in capital letters without colons: 88012BA01234 (guides, "$SN"). $MA is in small letters,
// $MAU is taken for a MAC where it has the prefix of these phones (our choice).
bool isSerialNumber(std::string_view text, const MacAddress& mac)
{
    return text.find(':') == std::string_view::npos &&
           text.find_first_of("ABCDEF") != std::string_view::npos && !hasPhonePrefix(mac);
}

// The first MAC in a text.
std::optional<MacAddress> macIn(std::string_view text)
{
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_of(macCharacters), text.size()));
        const std::string_view word = text.substr(0, text.find_first_not_of(macCharacters));
        if (const auto mac = macAtStart(word); mac && !isSerialNumber(word, *mac))
            return mac;
        text.remove_prefix(std::min(text.find_first_not_of(macCharacters), text.size()));
    }
    return std::nullopt;
}

bool inRange(const AddressRange& range, IpAddress address)
{
    return range.bits == 0 || ((range.first.value ^ address.value) >> (32 - range.bits)) == 0;
}

}  // namespace

PhoneSign phoneUserAgent(std::string_view agent)
{
    const bool phone = std::any_of(phoneAgents.begin(), phoneAgents.end(),
                                   [&](std::string_view start) { return agent.starts_with(start); });
    if (!phone)
        return {};
    const std::size_t open = agent.find_first_of("(_");  // the second form is that of onboarded phones
    return {true, open == std::string_view::npos ? std::nullopt : macIn(agent.substr(open, 40))};
}

// "CP-78xx-3PCC 00:0e:08:ab:cd:ef -- Requesting resync …", behind a time stamp and perhaps an identifier.
PhoneSign phoneSyslog(std::string_view text)
{
    constexpr std::size_t looked = 96;
    text = text.substr(0, looked);
    for (const std::string_view start : {"CP-", "SPA"}) {
        const std::size_t at = text.find(start);
        if (at == std::string_view::npos || (at > 0 && text[at - 1] != ' '))
            continue;
        const std::size_t space = text.find(' ', at);
        if (space == std::string_view::npos)
            continue;
        if (const auto mac = macAtStart(text.substr(space + 1)))
            return {true, mac};
    }
    return {};
}

bool phoneVendorClass(std::string_view vendor)
{
    constexpr std::string_view maker = "Cisco ";
    constexpr std::string_view old = "LINKSYS ";
    if (vendor.starts_with(maker))
        vendor.remove_prefix(maker.size());
    else if (vendor.starts_with("CISCO ") || vendor.starts_with(old))
        return true;
    return isModelName(vendor) || vendor.starts_with("Systems, Inc. IP Phone");
}

PhoneBook::Link* PhoneBook::linkOf(const WireEnd& end)
{
    if (!end.mac)
        return nullptr;
    const std::uint64_t key = end.mac->number();
    auto found = m_links.find(key);
    if (found == m_links.end()) {
        if (m_links.size() >= mostLinks)
            return nullptr;
        found = m_links.emplace(key, Link{}).first;
        found->second.phone = hasPhonePrefix(*end.mac);
    }
    Link& link = found->second;
    const std::uint32_t address = end.endpoint.address.value;
    if (address != 0 && address != link.address) {
        if (link.address != 0 && link.changes <= mostChanges)
            ++link.changes;
        link.address = address;
    }
    return &link;
}

void PhoneBook::shows(const WireEnd& from, std::optional<MacAddress> mac)
{
    const std::uint32_t address = from.endpoint.address.value;
    if (const auto known = m_learned.find(address); mac && known != m_learned.end() && known->second == *mac)
        return;
    Link* link = linkOf(from);
    if (link != nullptr && (!mac || *mac == *from.mac))
        link->phone = true;
    if (mac && address != 0 && m_learned.size() < mostAddresses)
        m_learned[address] = *mac;
}

void PhoneBook::learn(const TraceEvent& event, const WireEnd& from)
{
    PhoneSign sign;
    switch (event.kind) {
    case EventKind::HttpRequest:
    case EventKind::SipRequest:
    case EventKind::SipResponse:
        sign = phoneUserAgent(event.text(FieldName::UserAgent));
        break;
    case EventKind::SyslogMessage:
        sign = phoneSyslog(event.text(FieldName::Text));
        break;
    case EventKind::DhcpDiscover:
    case EventKind::DhcpRequest:
    case EventKind::DhcpInform:
        sign.isPhone = phoneVendorClass(event.text(FieldName::VendorClass));
        sign.mac = macAtStart(event.text(FieldName::ClientMac));
        break;
    default:
        return;
    }
    if (sign.isPhone)
        shows(from, sign.mac);
}

std::optional<MacAddress> PhoneBook::byAddress(IpAddress address)
{
    if (m_names != nullptr && m_names->size() > 0) {
        if (m_names->size() != m_namesSeen || m_addresses.size() >= mostAddresses)
            m_addresses.clear();
        m_namesSeen = m_names->size();
        const auto known = m_addresses.find(address.value);
        const auto named = known != m_addresses.end()
                               ? known->second
                               : m_addresses.emplace(address.value, m_names->phone(address)).first->second;
        if (named)
            return named;
    }
    const auto learned = m_learned.find(address.value);
    return learned != m_learned.end() ? std::optional{learned->second} : std::nullopt;
}

std::optional<MacAddress> PhoneBook::named(const WireEnd& end)
{
    for (const PhoneAddress& one : m_named) {
        if (const auto* mac = std::get_if<MacAddress>(&one)) {
            if (end.mac == *mac || byAddress(end.endpoint.address) == *mac)
                return *mac;
        } else if (inRange(std::get<AddressRange>(one), end.endpoint.address)) {
            const auto known = byAddress(end.endpoint.address);
            return known ? known : end.mac;
        }
    }
    return std::nullopt;
}

std::optional<MacAddress> PhoneBook::phoneAt(const WireEnd& end)
{
    if (!m_named.empty())
        return named(end);
    if (const auto known = byAddress(end.endpoint.address))
        return known;
    const Link* link = linkOf(end);
    return link != nullptr && link->phone && link->changes <= mostChanges ? end.mac : std::nullopt;
}

std::optional<MacAddress> PhoneBook::phoneOf(const WireEnd& from, const WireEnd& to)
{
    if (const auto phone = phoneAt(from))
        return phone;
    return phoneAt(to);
}

}  // namespace hwbridge
