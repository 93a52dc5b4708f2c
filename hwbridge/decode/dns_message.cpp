#include "hwbridge/decode/dns_message.hpp"

#include "hwbridge/decode/byte_reader.hpp"
#include "hwbridge/decode/dns_name.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr ExchangeRule dnsRule{std::chrono::seconds{30}};

enum DnsType : std::uint16_t {
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
    Opt = 41,
    Any = 255,
};

std::string_view typeName(std::uint16_t type)
{
    switch (type) {
    case A:
        return "A";
    case Ns:
        return "NS";
    case Cname:
        return "CNAME";
    case Soa:
        return "SOA";
    case Ptr:
        return "PTR";
    case Mx:
        return "MX";
    case Txt:
        return "TXT";
    case Aaaa:
        return "AAAA";
    case Srv:
        return "SRV";
    case Naptr:
        return "NAPTR";
    case Opt:
        return "OPT";
    case Any:
        return "ANY";
    }
    return {};
}

void addType(TextMaker& text, std::uint16_t type)
{
    if (const std::string_view name = typeName(type); !name.empty()) {
        text.add(name);
        return;
    }
    text.add("TYPE");  // RFC 3597
    text.addNumber(type);
}

constexpr std::array<std::string_view, 11> responseCodes{"",        "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                         "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                         "NXRRSET", "NOTAUTH", "NOTZONE"};

struct Record {
    std::size_t nameAt = 0;
    std::uint16_t type = 0;
    std::uint32_t ttl = 0;
    std::size_t dataAt = 0;
    std::string_view data;
};

// Reads on, one thing after the other, in a whole message: names point anywhere in it.
class DnsReader {
public:
    explicit DnsReader(std::string_view message) : m_message{message} {}

    std::size_t at() const { return m_at; }
    std::string_view message() const { return m_message; }

    bool skipName() { return readDnsName(m_message, m_at, nullptr); }
    bool number(std::uint16_t& value)
    {
        if (m_message.size() - m_at < 2)
            return false;
        value = ByteReader{m_message.substr(m_at)}.u16();
        m_at += 2;
        return true;
    }
    bool record(Record& record)
    {
        record.nameAt = m_at;
        if (!skipName())
            return false;
        constexpr std::size_t fixed = 10;
        ByteReader reader{m_message.substr(m_at)};
        record.type = reader.u16();
        reader.take(2);
        record.ttl = reader.u32();
        record.data = reader.take(reader.u16());
        if (reader.failed())
            return false;
        record.dataAt = m_at + fixed;
        m_at = record.dataAt + record.data.size();
        return true;
    }

private:
    std::string_view m_message;
    std::size_t m_at = 0;
};

// A name that ends inside the data of its record; false when it does not, or is followed by too much or too little.
bool addNameOf(TextMaker& text, std::string_view message, std::size_t at, const Record& record)
{
    const std::size_t end = record.dataAt + record.data.size();
    return at < end && readDnsName(message, at, &text) && at == end;
}

void addQuoted(TextMaker& text, std::string_view string)
{
    text.add('"');
    for (const char c : string) {
        if (c == '"' || c == '\\')
            text.add('\\');
        text.add(c);
    }
    text.add('"');
}

// Strings, each with its length before it; `count` of them, or as many as there are for 0.
bool addStrings(TextMaker& text, ByteReader& reader, std::size_t count)
{
    for (std::size_t i = 0; count == 0 ? !reader.empty() : i < count; ++i) {
        const std::string_view string = reader.take(reader.u8());
        if (reader.failed())
            return false;
        if (i > 0)
            text.add(' ');
        addQuoted(text, string);
    }
    return true;
}

bool addNumbers(TextMaker& text, ByteReader& reader, int count)
{
    for (int i = 0; i < count; ++i) {
        text.addNumber(reader.u16());
        text.add(' ');
    }
    return !reader.failed();
}

bool addSoa(TextMaker& text, std::string_view message, const Record& record)
{
    std::size_t at = record.dataAt;
    const std::size_t end = at + record.data.size();
    if (!readDnsName(message, at, &text))
        return false;
    text.add(' ');
    if (at >= end || !readDnsName(message, at, &text) || at > end || end - at != 20)
        return false;
    ByteReader reader{message.substr(at, 20)};
    while (!reader.empty()) {
        text.add(' ');
        text.addNumber(reader.u32());
    }
    return true;
}

// The data of a record as a zone file has it; false when it is not what its type wants.
bool addData(TextMaker& text, std::string_view message, const Record& record)
{
    ByteReader reader{record.data};
    const auto nameAtRest = [&] {
        return addNameOf(text, message, record.dataAt + record.data.size() - reader.left(), record);
    };
    switch (record.type) {
    case A:
        if (record.data.size() != 4)
            return false;
        text.addIpv4(reader.u32());
        return true;
    case Aaaa:
        if (record.data.size() != 16)
            return false;
        text.addIpv6(record.data);
        return true;
    case Ns:
    case Cname:
    case Ptr:
        return nameAtRest();
    case Mx:
        return addNumbers(text, reader, 1) && nameAtRest();
    case Srv:
        return addNumbers(text, reader, 3) && nameAtRest();
    case Naptr:
        if (!addNumbers(text, reader, 2) || !addStrings(text, reader, 3))
            return false;
        text.add(' ');
        return nameAtRest();
    case Txt:
        return addStrings(text, reader, 0);
    case Soa:
        return addSoa(text, message, record);
    }
    text.addHex(record.data);
    return true;
}

struct DnsHeader {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::array<std::uint16_t, 4> counts{};  // questions, answers, authorities, others

    bool isResponse() const { return (flags & 0x8000) != 0; }
};

void addFlags(Description& out, std::uint16_t flags)
{
    struct Flag {
        std::uint16_t bit;
        std::string_view name;
    };
    constexpr std::array names{Flag{0x0400, "aa"}, Flag{0x0200, "tc"}, Flag{0x0100, "rd"},
                               Flag{0x0080, "ra"}, Flag{0x0020, "ad"}, Flag{0x0010, "cd"}};
    TextMaker text{out.texts()};
    if (const unsigned opcode = flags >> 11 & 15; opcode != 0) {
        text.add("opcode=");
        text.addNumber(opcode);
    }
    for (const Flag& flag : names)
        if ((flags & flag.bit) != 0) {
            text.addSeparator(" ");
            text.add(flag.name);
        }
    out.addUnlessEmpty(FieldName::Flags, text.finish());
}

void addError(Description& out, std::uint16_t flags)
{
    const unsigned code = flags & 15;
    if (code == 0)
        return;
    if (code < responseCodes.size())
        out.add(FieldName::Error, responseCodes[code]);
    else
        out.add(FieldName::Error, out.texts().format("RCODE{}", code));
}

// Addresses alone, as the phones' own dns.response has them. The records were found to be whole.
void addAddresses(Description& out, DnsReader reader, unsigned count)
{
    TextMaker text{out.texts()};
    for (unsigned i = 0; i < count; ++i) {
        Record record;
        if (!reader.record(record))
            break;
        if (record.type != A && record.type != Aaaa)
            continue;
        text.addSeparator(" ");
        addData(text, reader.message(), record);
    }
    out.addUnlessEmpty(FieldName::Addresses, text.finish());
}

// False: a record is broken; `number` says which.
bool addAnswers(Description& out, DnsReader& reader, unsigned count, unsigned& number)
{
    TextMaker text{out.texts()};
    std::uint32_t shortest = UINT32_MAX;
    for (number = 1; number <= count; ++number) {
        Record record;
        if (!reader.record(record))
            return false;
        text.addSeparator("; ");
        std::size_t nameAt = record.nameAt;
        readDnsName(reader.message(), nameAt, &text);
        text.add(' ');
        addType(text, record.type);
        text.add(' ');
        if (!addData(text, reader.message(), record))
            return false;
        shortest = std::min(shortest, record.ttl);
    }
    if (count > 0) {
        out.add(FieldName::Answers, text.finish());
        out.add(FieldName::Ttl, std::int64_t{shortest});
    }
    return true;
}

// False: a question is broken.
bool addQuestions(Description& out, DnsReader& reader, unsigned count)
{
    for (unsigned i = 0; i < count; ++i) {
        std::size_t nameAt = reader.at();
        std::uint16_t type = 0;
        std::uint16_t classNumber = 0;
        if (!reader.skipName() || !reader.number(type) || !reader.number(classNumber))
            return false;
        if (i > 0)
            continue;
        TextMaker name{out.texts()};
        readDnsName(reader.message(), nameAt, &name);
        out.add(FieldName::Name, name.finish());
        TextMaker text{out.texts()};
        addType(text, type);
        out.add(FieldName::Qtype, text.finish());
    }
    return true;
}

}  // namespace

ExchangeKey dnsKey(const Endpoint& a, const Endpoint& b, std::uint16_t id)
{
    ExchangeKey key{"dns"};
    key.addEnds(a, b).add(std::uint64_t{id});
    return key;
}

DecodeOutcome describeDns(Description out, std::string_view message, ExchangeTable& exchanges)
{
    constexpr std::size_t headerBytes = 12;
    DnsReader reader{message};
    DnsHeader header;
    if (message.size() < headerBytes)
        return out.malformed("dns: found {} bytes; expected at least {}", message.size(), headerBytes);
    reader.number(header.id);
    reader.number(header.flags);
    for (std::uint16_t& count : header.counts)
        reader.number(count);

    out.event().kind = header.isResponse() ? EventKind::DnsResponse : EventKind::DnsQuery;
    const auto [questions, answers, authorities, others] = header.counts;
    if (!addQuestions(out, reader, questions))
        return out.malformed("dns: found a broken question; expected {}", questions);
    out.add(FieldName::Id, std::int64_t{header.id});
    addFlags(out, header.flags);
    if (header.isResponse()) {
        addError(out, header.flags);
        addAddresses(out, reader, answers);
        unsigned number = 0;
        if (!addAnswers(out, reader, answers, number))
            return out.malformed("dns: found answer {} of {} broken", number, answers);
    }
    const unsigned rest = unsigned{authorities} + others + (header.isResponse() ? 0u : answers);
    for (unsigned i = 0; i < rest; ++i)
        if (Record record; !reader.record(record))
            return out.malformed("dns: found record {} behind the answers broken; expected {}", i + 1, rest);

    out.join(exchanges.seen(dnsKey(out.event().from, out.event().to, header.id), dnsRule,
                            header.isResponse() ? ExchangeTable::Side::Answer : ExchangeTable::Side::Question,
                            hashOf(message), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
