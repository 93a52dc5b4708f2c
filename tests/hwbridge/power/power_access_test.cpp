#include "hwbridge/power/pdudaemon_power.hpp"
#include "hwbridge/power/poe_power.hpp"
#include "tests/hwbridge/drive/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using testing::HasSubstr;
using testing::StartsWith;
using tests::ScriptedServer;
using Version = SnmpAccess::Version;

std::string why(const Result<void>& result)
{
    return result.has_value() ? "done" : result.error().detail;
}

SnmpAccess v3(std::string authentication, std::string encryption, std::string password)
{
    return {.address = "127.0.0.1:9",
            .version = Version::V3,
            .user = "rig",
            .authentication = std::move(authentication),
            .authenticationPassword = password,
            .encryption = std::move(encryption),
            .encryptionPassword = "long enough"};
}

TEST(PoePowerTest, AnAccessThatCannotBeIsRefusedBeforeAnythingIsSent)
{
    EXPECT_EQ(why(PoePower({.address = "192.0.2.1"}, 1, 3).on()),
              "PoE port 1.3: SNMP access to 192.0.2.1: no community is named, which version 2c needs");
    EXPECT_THAT(why(PoePower(v3("SHA-1", "AES", "long enough"), 1, 3).on()),
                HasSubstr("authentication 'SHA-1', expected MD5, SHA, SHA-256 or SHA-512"));
    EXPECT_THAT(why(PoePower(v3("SHA", "DES", "long enough"), 1, 3).on()),
                HasSubstr("encryption 'DES', expected AES"));
    EXPECT_THAT(why(PoePower(v3("SHA", "AES", "short"), 1, 3).on()), HasSubstr("shorter than 8 letters"));
}

TEST(PoePowerTest, ASwitchThatIsNotThereIsSaidNotToAnswer)
{
    const tests::LocalSocket silent = tests::LocalSocket::datagrams();
    PoePower power{
        {.address = silent.local().text(), .community = "private", .timeout = 50ms, .retries = 0}, 1, 3};
    const Result<void> result = power.off();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::TimedOut);
    EXPECT_EQ(result.error().detail,
              "PoE port 1.3: the switch at " + silent.local().text() +
                  " gives no answer to SNMP; it is not there, or does not know this community");
    EXPECT_EQ(power.name(), "port 1.3 of the switch at " + silent.local().text());
}

TEST(PdudaemonPowerTest, AsksAsItsReadmeShows)
{
    const auto accept = ScriptedServer::says(ScriptedServer::page("OK - accepted request\n"));
    const ScriptedServer daemon{{accept, accept}};
    PdudaemonPower power{{.device = "pdudaemon", .url = daemon.url()}, "rack a&b", "07"};
    EXPECT_EQ(why(power.on()), "done");
    EXPECT_EQ(why(power.off()), "done");
    ASSERT_EQ(daemon.requests().size(), 2u);
    EXPECT_THAT(daemon.requests()[0],
                StartsWith("GET /power/control/on?hostname=rack%20a%26b&port=07&delay=0 HTTP/1.1\r\n"));
    EXPECT_THAT(daemon.requests()[1], StartsWith("GET /power/control/off?"));
}

TEST(PdudaemonPowerTest, WhatItDoesNotTakeIsOneSentence)
{
    const ScriptedServer daemon{
        {ScriptedServer::says(ScriptedServer::page("Invalid request\n", {}, "500 Server Error"))}};
    PdudaemonPower power{{.device = "pdudaemon", .url = daemon.url()}, "pdu1", "7"};
    EXPECT_EQ(why(power.on()),
              "socket 7 of pdu1, by pdudaemon: the daemon does not take 'on': 500 Invalid request ");
    EXPECT_EQ(power.probe().value(), PowerState::Unknown);
}

}  // namespace
}  // namespace hwbridge
