#include "hwbridge/decode/snmp_message.hpp"

#include "hwbridge/decode/ber_reader.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr ExchangeRule snmpRule{std::chrono::seconds{60}};

constexpr std::uint8_t octetString = 0x04;
constexpr std::uint8_t objectName = 0x06;
constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t ipAddress = 0x40;
constexpr std::uint8_t timeTicks = 0x43;

enum Pdu : std::uint8_t {
    Get = 0xa0,
    Response = 0xa2,
    TrapV1 = 0xa4,
    GetBulk = 0xa5,
    Trap = 0xa7,
    Report = 0xa8,
};

constexpr std::array<std::string_view, 9> pduNames{"get",  "get-next", "response", "set",   "trap-v1",
                                                   "bulk", "inform",   "trap",     "report"};

constexpr std::array<std::string_view, 19> errorNames{"",
                                                      "tooBig",
                                                      "noSuchName",
                                                      "badValue",
                                                      "readOnly",
                                                      "genErr",
                                                      "noAccess",
                                                      "wrongType",
                                                      "wrongLength",
                                                      "wrongEncoding",
                                                      "wrongValue",
                                                      "noCreation",
                                                      "inconsistentValue",
                                                      "resourceUnavailable",
                                                      "commitFailed",
                                                      "undoFailed",
                                                      "authorizationError",
                                                      "notWritable",
                                                      "inconsistentName"};

std::string_view versionName(std::int64_t version)
{
    switch (version) {
    case 0:
        return "1";
    case 1:
        return "2c";
    case 3:
        return "3";
    }
    return {};
}

// "1.3.6.1.2.1.1.1.0"; false when it ends inside a number or one is beyond 32 bits.
bool addObjectName(TextMaker& text, std::string_view name)
{
    std::uint64_t number = 0;
    bool first = true;
    bool inside = false;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        number = number << 7 | (byte & 0x7f);
        inside = byte >= 0x80;
        if (number > UINT32_MAX)
            return false;
        if (inside)
            continue;
        if (first) {
            const std::uint64_t top = std::min<std::uint64_t>(number / 40, 2);
            text.addNumber(top);
            text.add('.');
            text.addNumber(number - top * 40);
        } else {
            text.add('.');
            text.addNumber(number);
        }
        first = false;
        number = 0;
    }
    return !inside && !first;
}

// What a PDU says.
struct Content {
    std::uint8_t tag = 0;
    std::int64_t id = 0;
    std::int64_t error = 0;
    std::string_view bindings;
};

bool readTrapV1(BerReader& pdu, Content& content)
{
    const bool head = pdu.take(objectName) && pdu.take(ipAddress) && pdu.takeInteger() && pdu.takeInteger() &&
                      pdu.take(timeTicks);
    const auto bindings = head ? pdu.take(sequence) : std::nullopt;
    content.bindings = bindings.value_or(std::string_view{});
    return bindings.has_value();
}

bool readPdu(BerReader& message, Content& content)
{
    content.tag = message.tag();
    if (content.tag < Get || content.tag > Report)
        return false;
    const auto bytes = message.take(content.tag);
    if (!bytes)
        return false;
    BerReader pdu{*bytes};
    if (content.tag == TrapV1)
        return readTrapV1(pdu, content);
    const auto id = pdu.takeInteger();
    const auto error = id ? pdu.takeInteger() : std::nullopt;
    const auto index = error ? pdu.takeInteger() : std::nullopt;
    const auto bindings = index ? pdu.take(sequence) : std::nullopt;
    if (!bindings)
        return false;
    content.id = *id;
    content.error = content.tag == GetBulk ? 0 : *error;  // there it is the number of non-repeaters
    content.bindings = *bindings;
    return true;
}

bool addNames(TextMaker& text, std::string_view bindings)
{
    constexpr int shown = 8;
    BerReader list{bindings};
    for (int i = 0; !list.empty(); ++i) {
        const auto binding = list.take(sequence);
        if (!binding)
            return false;
        const auto name = BerReader{*binding}.take(objectName);
        if (!name)
            return false;
        if (i == shown)
            text.add(" …");
        if (i >= shown)
            continue;
        text.addSeparator(" ");
        if (!addObjectName(text, *name))
            return false;
    }
    return true;
}

bool isNotification(std::uint8_t tag)
{
    return tag == TrapV1 || tag == Trap;
}

bool isAnswer(std::uint8_t tag)
{
    return tag == Response || tag == Report;
}

}  // namespace

bool looksLikeSnmp(std::string_view payload)
{
    BerReader outer{payload};
    const auto inside = outer.take(sequence);
    if (!inside || !outer.empty())
        return false;
    BerReader message{*inside};
    const auto version = message.takeInteger();
    return version && !versionName(*version).empty() &&
           message.tag() == (*version == 3 ? sequence : octetString);
}

DecodeOutcome describeSnmp(Description out, std::string_view payload, ExchangeTable& exchanges)
{
    const auto inside = BerReader{payload}.take(sequence);
    if (!inside)
        return out.malformed("snmp: found {} bytes that are no whole sequence; expected a message",
                             payload.size());
    BerReader message{*inside};
    const auto version = message.takeInteger();
    if (!version || versionName(*version).empty())
        return out.malformed("snmp: found no version; expected 0, 1 or 3");

    out.event().kind = EventKind::SnmpMessage;
    out.add(FieldName::Version, versionName(*version));
    Content content;
    bool encrypted = false;
    if (*version == 3) {
        const auto head = message.take(sequence);
        const auto id = head ? BerReader{*head}.takeInteger() : std::nullopt;
        if (!id || !message.take(octetString))
            return out.malformed(
                "snmp: found a broken head of version 3; expected a message number and security");
        content.id = *id;
        if (message.tag() == octetString) {
            encrypted = true;
        } else {
            const auto scoped = message.take(sequence);
            message = BerReader{scoped.value_or(std::string_view{})};
            if (!message.take(octetString) || !message.take(octetString))
                return out.malformed("snmp: found a broken scoped PDU; expected an engine and a context");
        }
    } else if (!message.take(octetString)) {
        return out.malformed("snmp: found no community; expected one behind the version");
    }
    const std::int64_t messageId = content.id;
    if (!encrypted && !readPdu(message, content))
        return out.malformed("snmp: found a broken PDU; expected one of get to report");
    out.add(FieldName::Pdu, encrypted ? "encrypted" : pduNames[content.tag - std::size_t{Get}]);
    if (content.tag != TrapV1)
        out.add(FieldName::Id, content.id);
    if (content.error != 0) {
        if (content.error > 0 && content.error < static_cast<std::int64_t>(errorNames.size()))
            out.add(FieldName::Error, errorNames[static_cast<std::size_t>(content.error)]);
        else
            out.add(FieldName::Error, out.texts().format("error {}", content.error));
    }
    TextMaker names{out.texts()};
    if (!addNames(names, content.bindings))
        return out.malformed("snmp: found a broken variable binding; expected an object name and a value");
    out.addUnlessEmpty(FieldName::Oids, names.finish());

    if (isNotification(content.tag)) {
        out.join(exchanges.next());
        return DecodeOutcome::Described;
    }
    // Version 3 has a number of the whole message, which reports and encrypted answers repeat.
    ExchangeKey key{"snmp"};
    key.addEnds(out.event().from, out.event().to)
        .add(static_cast<std::uint64_t>(*version == 3 ? messageId : content.id));
    out.join(exchanges.seen(
        key, snmpRule, isAnswer(content.tag) ? ExchangeTable::Side::Answer : ExchangeTable::Side::Question,
        hashOf(payload), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
