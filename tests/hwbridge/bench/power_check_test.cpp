#include "hwbridge/bench/power_check.hpp"

#include "tests/hwbridge/drive/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::ErrorKind;
using testing::HasSubstr;
using testing::StartsWith;
using tests::ScriptedServer;

SecretReference missing()
{
    return {SecretReference::Kind::File, "/nowhere/secret"};
}

TEST(PowerCheckTest, APdudaemonAnswersWhateverItSays)
{
    const ScriptedServer pdudaemon{
        {ScriptedServer::says(ScriptedServer::page("what is this?", "", "404 Not Found"))}};
    const auto state = askPower(PduSettings{pdudaemon.url(), "pdu1", 3});
    ASSERT_TRUE(state && state->has_value());
    EXPECT_EQ(**state, PowerState::Unknown);
    ASSERT_EQ(pdudaemon.requests().size(), 1u);
    EXPECT_THAT(pdudaemon.requests().front(), StartsWith("GET / "));
}

TEST(PowerCheckTest, ACommandsProbeSaysTheState)
{
    const CommandSettings on{{"/bin/true"}, {"/bin/true"}, {"/bin/true"}};
    EXPECT_EQ(**askPower(on), PowerState::On);
    const CommandSettings off{{"/bin/true"}, {"/bin/true"}, {"/bin/false"}};
    EXPECT_EQ(**askPower(off), PowerState::Off);
}

TEST(PowerCheckTest, SaysWhichProgramCannotBeRun)
{
    for (const std::string path : {"/nowhere/relay", "/proc/version", "/proc"}) {
        const auto state = askPower(CommandSettings{{"/bin/true"}, {path}});
        ASSERT_TRUE(state && state->has_error());
        EXPECT_THAT(state->error().detail, HasSubstr("found " + path + ", expected a program"));
    }
}

TEST(PowerCheckTest, CommandsWithoutAProbeAndPeopleAreNotAsked)
{
    EXPECT_FALSE(askPower(CommandSettings{{"/bin/false"}, {"/bin/false"}}));
    EXPECT_FALSE(askPower(PersonSettings{}));
}

TEST(PowerCheckTest, SaysWhichSecretOfTheSwitchIsMissing)
{
    const auto plain = askPower(PoeSettings{"127.0.0.1:9", 1, 3, PoeSettings::Version2c{missing()}});
    ASSERT_TRUE(plain && plain->has_error());
    EXPECT_THAT(plain->error().detail, StartsWith("the switch's community: /nowhere/secret: "));

    PoeSettings::Version3 secured;
    secured.user = "rig";
    secured.authenticationPassword = missing();
    secured.privacyPassword = missing();
    const auto locked = askPower(PoeSettings{"127.0.0.1:9", 1, 3, secured});
    ASSERT_TRUE(locked && locked->has_error());
    EXPECT_THAT(locked->error().detail,
                StartsWith("the switch's authentication_password: /nowhere/secret: "));
}

}  // namespace
}  // namespace hwbridge
