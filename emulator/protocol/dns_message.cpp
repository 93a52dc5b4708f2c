#include "emulator/protocol/dns_message.hpp"

namespace emulator {

namespace {

constexpr std::size_t headerBytes = 12;
constexpr std::size_t longestLabel = 63;  // RFC 1035 section 2.3.4
constexpr std::size_t longestName = 253;

unsigned word(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8 |
           static_cast<unsigned char>(bytes[at + 1]);
}

void append16(std::string& out, unsigned value)
{
    out += static_cast<char>(value >> 8 & 255);
    out += static_cast<char>(value & 255);
}

void append32(std::string& out, std::uint32_t value)
{
    append16(out, value >> 16);
    append16(out, value & 0xffff);
}

}  // namespace

std::string dnsQuery(std::uint16_t id, std::string_view name)
{
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.empty() || name.size() > longestName)
        return {};
    std::string query;
    append16(query, id);
    append16(query, 0x0100);  // recursion desired
    append16(query, 1);
    append16(query, 0);
    append32(query, 0);
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        if (label.empty() || label.size() > longestLabel)
            return {};
        query += static_cast<char>(label.size());
        query += label;
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    query += '\0';
    append16(query, 1);  // A
    append16(query, 1);  // IN
    return query;
}

std::string answerDns(std::string_view query, const DnsNames& names)
{
    if (query.size() < headerBytes || query.size() > longestDnsDatagram || (word(query, 2) & 0x8000) != 0 ||
        word(query, 4) != 1)
        return {};
    std::string name;
    std::size_t at = headerBytes;
    while (true) {
        if (at >= query.size())
            return {};
        const std::size_t length = static_cast<unsigned char>(query[at++]);
        if (length == 0)
            break;
        if (length > longestLabel || at + length > query.size())
            return {};
        name += name.empty() ? "" : ".";
        for (const char c : query.substr(at, length))
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        at += length;
    }
    if (at + 4 > query.size())
        return {};
    const unsigned type = word(query, at);
    at += 4;
    const auto known = names.find(name);
    const bool addresses = known != names.end() && type == 1;

    std::string answer{query.substr(0, 2)};
    // An authoritative answer; recursion is said to be there, so that no stub resolver looks further.
    append16(answer, 0x8480u | (word(query, 2) & 0x0100u) | (known == names.end() ? 3u : 0u));
    append16(answer, 1);
    append16(answer, addresses ? static_cast<unsigned>(known->second.size()) : 0);
    append32(answer, 0);
    answer.append(query.substr(headerBytes, at - headerBytes));
    if (addresses) {
        for (const IpAddress& address : known->second) {
            append16(answer, 0xc00c);  // the name of the question
            append16(answer, 1);
            append16(answer, 1);
            append32(answer, 60);
            append16(answer, 4);
            append32(answer, address.value);
        }
    }
    return answer;
}

}  // namespace emulator
