#include "hwbridge/compare/text_normaliser.hpp"

#include <algorithm>
#include <bit>

namespace hwbridge {

namespace {

constexpr std::uint64_t bit(std::size_t rule)
{
    return std::uint64_t{1} << rule;
}

const TextPattern& endpointPattern()
{
    static const TextPattern pattern = *TextPattern::parse("{endpoint}");
    return pattern;
}

// The forms in which a MAC stands in texts.
std::vector<std::string> formsOf(const emulator::MacAddress& mac)
{
    std::vector<std::string> forms{mac.plain(), mac.upper(), mac.colons()};
    std::string text = mac.colons();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    forms.push_back(text);
    std::replace(text.begin(), text.end(), ':', '-');
    forms.push_back(text);
    text = mac.colons();
    std::replace(text.begin(), text.end(), ':', '-');
    forms.push_back(text);
    std::sort(forms.begin(), forms.end());
    forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
    return forms;
}

// How a MAC is spelled is the phone's own doing: $MA is not $MAU. Nothing for twelve lower-case digits.
std::string_view spellingOf(std::string_view mac)
{
    const bool upper = std::any_of(mac.begin(), mac.end(), [](char c) { return c >= 'A' && c <= 'F'; });
    switch (mac[2]) {
    case ':':
        return upper ? "<XX:XX>" : "<xx:xx>";
    case '-':
        return upper ? "<XX-XX>" : "<xx-xx>";
    default:
        return upper ? "<XX>" : "";
    }
}

// Whether the port is named is the phone's own doing: it has to be, unless it is HTTP's or HTTPS's own.
// Source: RFC 9110 sections 4.2 and 7.2. Nothing where it is as it should be.
std::string_view namingOf(std::string_view endpoint, std::uint16_t port)
{
    const bool mayBeLeftOut = port == 80 || port == 443;
    const std::size_t colon = endpoint.find(':');
    if (colon == std::string_view::npos)
        return mayBeLeftOut ? "" : "<port left out>";
    if (endpoint.substr(colon + 1) != std::to_string(port))
        return "<another port>";
    return mayBeLeftOut ? "<port that may be left out>" : "";
}

// Length of the name that a host begins with; 0 when that is an address.
std::size_t nameOf(std::string_view host)
{
    static const TextPattern pattern = *TextPattern::parse("{host}");
    return pattern.matchAt(host, 0).value_or(0);
}

// Length of the endpoint that begins there, if it has this address.
std::size_t endpointOf(emulator::IpAddress address, std::string_view text, std::size_t at)
{
    const auto length = endpointPattern().matchAt(text, at);
    if (!length)
        return 0;
    const auto end = emulator::Endpoint::parse(text.substr(at, *length), 0);
    return end.has_value() && end->address == address ? *length : 0;
}

}  // namespace

TextRuleIndex::TextRuleIndex(const Rules& rules) : m_rules{rules}
{
    for (std::size_t i = 0; i < rules.texts.size(); ++i) {
        const TextRule& rule = rules.texts[i];
        for (std::size_t kind = 0; kind < kindCount; ++kind)
            for (std::size_t field = 0; field < fieldCount; ++field)
                if (rule.kinds.test(kind) && rule.fields.test(field))
                    m_where[kind][field] |= bit(i);
        const bool ofPeer = rule.source == TextRule::Source::PeerAddress;
        if (ofPeer)
            m_ofPeer |= bit(i);
        else if (rule.source != TextRule::Source::Pattern)
            continue;
        const TextPattern& pattern = ofPeer ? endpointPattern() : rule.pattern;
        for (std::size_t byte = 0; byte < 256; ++byte)
            if (pattern.firstBytes().test(byte))
                m_patterns[byte] |= bit(i);
    }
}

void TextNormaliser::setPhone(const TracePhone* phone)
{
    m_first = m_index.patterns();
    m_literals.clear();
    m_address = {};
    if (phone == nullptr)
        return;
    const auto add = [&](std::size_t rule, std::string_view text, bool wholeWord) {
        m_first[static_cast<unsigned char>(text.front())] |= bit(rule);
        m_literals.emplace_back(rule, TextPattern::literal(text, wholeWord));
    };
    const std::vector<TextRule>& rules = m_index.rules().texts;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (rules[i].source == TextRule::Source::OwnMac && phone->mac)
            for (const std::string& form : formsOf(*phone->mac))
                add(i, form, false);
        if (rules[i].source == TextRule::Source::Learned && !phone->learned[i].empty())
            add(i, phone->learned[i], true);
        if (rules[i].source == TextRule::Source::OwnAddress && phone->address != emulator::IpAddress{}) {
            m_address = phone->address;
            const std::string text = phone->address.text();
            m_first[static_cast<unsigned char>(text.front())] |= bit(i);
        }
    }
}

std::size_t TextNormaliser::matchAt(std::size_t rule, std::string_view text, std::size_t at,
                                    const emulator::Endpoint& to) const
{
    const TextRule& which = m_index.rules().texts[rule];
    if (which.atStart && at != 0)
        return 0;
    switch (which.source) {
    case TextRule::Source::Pattern:
        return which.pattern.matchAt(text, at).value_or(0);
    case TextRule::Source::OwnMac:
    case TextRule::Source::Learned:
        for (const auto& [owner, literal] : m_literals)
            if (owner == rule)
                if (const auto length = literal.matchAt(text, at))
                    return *length;
        return 0;
    case TextRule::Source::OwnAddress:
        return endpointOf(m_address, text, at);
    case TextRule::Source::PeerAddress:
        return to.port == 0 ? 0 : endpointOf(to.address, text, at);
    }
    return 0;
}

// Of a host that is a name the name stays: it is the phone's own doing. The port is looked at as that of an address is.
bool TextNormaliser::hostName(std::string_view text, const TextPlace& place, std::string& out,
                              std::vector<Replaced>* replaced) const
{
    const std::uint64_t rules = place.isHost ? m_index.ofPeer(place.kind, place.field) : 0;
    const std::size_t name = rules == 0 || text.empty() ? 0 : nameOf(text);
    if (name == 0 || (name < text.size() && text[name] != ':'))
        return false;
    out.append(text.substr(0, name));
    if (place.to.port != 0)
        out.append(namingOf(text, place.to.port));
    if (replaced != nullptr)
        replaced->push_back({static_cast<std::size_t>(std::countr_zero(rules)), name, text.size() - name});
    return true;
}

void TextNormaliser::normalise(std::string_view text, const TextPlace& place, std::string& out,
                               std::vector<Replaced>* replaced) const
{
    if (hostName(text, place, out, replaced))
        return;
    const std::uint64_t here = m_index.at(place.kind, place.field);
    std::size_t kept = 0;  // what has been written
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t candidates = m_first[static_cast<unsigned char>(text[at])] & here;
        std::size_t length = 0;
        std::size_t rule = 0;
        for (; candidates != 0 && length == 0; candidates &= candidates - 1) {
            rule = static_cast<std::size_t>(std::countr_zero(candidates));
            length = matchAt(rule, text, at, place.to);
        }
        if (length == 0) {
            ++at;
            continue;
        }
        out.append(text.substr(kept, at - kept));
        const TextRule& which = m_index.rules().texts[rule];
        out.append(which.token);
        if (which.source == TextRule::Source::OwnMac)
            out.append(spellingOf(text.substr(at, length)));
        if (which.keepsFirst)
            out.append(which.pattern.capture(text.substr(at, length)).value_or(""));
        if (which.source == TextRule::Source::PeerAddress)
            out.append(namingOf(text.substr(at, length), place.to.port));
        if (replaced != nullptr)
            replaced->push_back({rule, at, length});
        at += length;
        kept = at;
    }
    out.append(text.substr(kept));
}

}  // namespace hwbridge
