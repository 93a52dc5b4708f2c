#include "tests/hwbridge/decode/described.hpp"
#include "tests/hwbridge/decode/sample_messages.hpp"

#include "emulator/trace/ndjson.hpp"

#include <gmock/gmock.h>

namespace hwbridge {

using testing::HasSubstr;
using testing::Not;

namespace {

constexpr std::string_view manager = "192.168.1.9:40003";
constexpr std::string_view agent = "192.168.1.2:161";

std::string element(unsigned tag, const std::string& content)
{
    return Bytes{}.u8(tag).u8(static_cast<unsigned>(content.size())).text(content);
}

std::string binding(const std::string& name, const std::string& value)
{
    return element(0x30, element(6, name) + value);
}

const std::string sysDescr = Bytes{}.hex("2b06010201010100");
const std::string enterprise = Bytes{}.hex("2b060104018f65");  // 1.3.6.1.4.1.2021

std::string version2(unsigned pdu, const std::string& content)
{
    return element(0x30, Bytes{}.hex("02 01 01").string() + element(4, "hunter2") + element(pdu, content));
}

std::string json(const Described& seen)
{
    std::string line;
    appendNdjson(line, seen.event(), 0);
    return line;
}

}  // namespace

TEST(SnmpMessageTest, DescribesAQuestionAndItsAnswer)
{
    Wire wire;
    const Described asked = wire.udp(manager, agent, snmpGet("hunter2"));
    EXPECT_EQ(asked.kind(), EventKind::SnmpMessage);
    EXPECT_EQ(asked.text(FieldName::Version), "2c");
    EXPECT_EQ(asked.text(FieldName::Pdu), "get");
    EXPECT_EQ(asked.number(FieldName::Id), 0x4711);
    EXPECT_EQ(asked.text(FieldName::Oids), "1.3.6.1.2.1.1.5.0");
    const Described answered =
        wire.udp(agent, manager,
                 version2(0xa2, Bytes{}.hex("02 02 4711 02 01 00 02 01 00").string() +
                                    element(0x30, binding(sysDescr, element(4, "switch")) +
                                                      binding(enterprise, Bytes{}.hex("02 01 07")))));
    EXPECT_EQ(answered.text(FieldName::Pdu), "response");
    EXPECT_EQ(answered.text(FieldName::Oids), "1.3.6.1.2.1.1.1.0 1.3.6.1.4.1.2021");
    EXPECT_EQ(answered.exchange(), asked.exchange());
    EXPECT_EQ(wire.udp(manager, agent, snmpGet("hunter2")).repeat(), 1);
    EXPECT_NE(wire.udp(manager, agent, snmpGet("hunter2", 0x4712)).exchange(), asked.exchange());
}

TEST(SnmpMessageTest, NeverShowsACommunityOrAValue)
{
    const Described seen =
        Wire{}.udp(manager, agent,
                   version2(0xa3, Bytes{}.hex("02 01 01 02 01 00 02 01 00").string() +
                                      element(0x30, binding(sysDescr, element(4, "hunter3")))));
    EXPECT_EQ(seen.text(FieldName::Pdu), "set");
    EXPECT_THAT(json(seen), Not(HasSubstr("hunter")));
    const std::string broken = snmpGet("hunter2");
    for (std::size_t length = 0; length < broken.size(); ++length)
        EXPECT_THAT(json(Wire{}.udp(manager, agent, broken.substr(0, length))), Not(HasSubstr("hunter")));
}

TEST(SnmpMessageTest, NamesTheErrorOfAnAnswer)
{
    const auto error = [](const std::string& status) {
        return Wire{}
            .udp(agent, manager,
                 version2(0xa2, Bytes{}.hex("02 01 01").string() + element(2, status) +
                                    Bytes{}.hex("02 01 01 30 00").string()))
            .text(FieldName::Error);
    };
    EXPECT_EQ(error("\x02"), "noSuchName");
    EXPECT_EQ(error("\x12"), "inconsistentName");
    EXPECT_EQ(error("\x13"), "error 19");
    EXPECT_EQ(error("\xff"), "error -1");
}

TEST(SnmpMessageTest, DescribesTrapsOfEveryVersion)
{
    Wire wire;
    const std::string head1 = element(6, enterprise) + element(0x40, "\x0a\x01\x01\x01") +
                              Bytes{}.hex("02 01 06 02 01 01").string() + element(0x43, "\x05");
    const Described first = wire.udp(
        agent, "192.168.1.9:162",
        element(0x30, Bytes{}.hex("02 01 00").string() + element(4, "public") +
                          element(0xa4, head1 + element(0x30, binding(sysDescr, Bytes{}.hex("05 00"))))));
    EXPECT_EQ(first.text(FieldName::Version), "1");
    EXPECT_EQ(first.text(FieldName::Pdu), "trap-v1");
    EXPECT_FALSE(first.has(FieldName::Id));
    const Described second =
        wire.udp(agent, "192.168.1.9:162", version2(0xa7, Bytes{}.hex("02 01 01 02 01 00 02 01 00 30 00")));
    EXPECT_EQ(second.text(FieldName::Pdu), "trap");
    EXPECT_NE(second.exchange(), first.exchange());
}

TEST(SnmpMessageTest, DescribesVersion3PlainAndEncrypted)
{
    Wire wire;
    const std::string head = Bytes{}.hex("02 01 03").string() +
                             element(0x30, Bytes{}.hex("02 01 2a 02 02 05dc 04 01 04 02 01 03")) +
                             element(4, "hunter2");
    const std::string plain = element(
        0x30, head + element(0x30, element(4, "engine") + element(4, "") +
                                       element(0xa0, Bytes{}.hex("02 01 07 02 01 00 02 01 00 30 00"))));
    const Described seen = wire.udp(manager, agent, plain);
    EXPECT_EQ(seen.text(FieldName::Version), "3");
    EXPECT_EQ(seen.text(FieldName::Pdu), "get");
    EXPECT_EQ(seen.number(FieldName::Id), 7);
    const Described encrypted = wire.udp(agent, manager, element(0x30, head + element(4, "????????")));
    EXPECT_EQ(encrypted.text(FieldName::Pdu), "encrypted");
    EXPECT_EQ(encrypted.number(FieldName::Id), 0x2a);
    EXPECT_EQ(encrypted.exchange(), seen.exchange());
    EXPECT_THAT(json(seen) + json(encrypted), Not(HasSubstr("hunter")));
}

TEST(SnmpMessageTest, ShowsTheFirstEightNames)
{
    std::string bindings;
    for (int i = 0; i < 9; ++i)
        bindings += binding(std::string{"\x2b"} + static_cast<char>(i), Bytes{}.hex("05 00"));
    const Described seen = Wire{}.udp(
        manager, agent,
        version2(0xa5, Bytes{}.hex("02 01 01 02 01 05 02 01 0a").string() + element(0x30, bindings)));
    EXPECT_EQ(seen.text(FieldName::Pdu), "bulk");
    EXPECT_FALSE(seen.has(FieldName::Error));
    EXPECT_EQ(seen.text(FieldName::Oids), "1.3.0 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7 …");
}

TEST(SnmpMessageTest, RefusesNamesThatAreNone)
{
    const auto note = [](const std::string& name) {
        return Wire{}
            .udp(manager, agent,
                 version2(0xa0, Bytes{}.hex("02 01 01 02 01 00 02 01 00").string() +
                                    element(0x30, binding(name, Bytes{}.hex("05 00")))))
            .note();
    };
    const std::string broken = "snmp: found a broken variable binding; expected an object name and a value";
    EXPECT_EQ(note(""), broken);
    EXPECT_EQ(note(Bytes{}.hex("2b 81")), broken);
    EXPECT_EQ(note(Bytes{}.hex("2b 9f8f8f8f7f")), broken);  // beyond 32 bits
}

}  // namespace hwbridge
