#include "scenarios/engine/bench_plan.hpp"

#include "scenarios/engine/scenario_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using testing::HasSubstr;

BenchOffer anOffer()
{
    return {.target = "bench:alice",
            .name = "alice",
            .model = "CP-7832-3PCC",
            .firmware = "11.3.1",
            .power = true,
            .capture = true,
            .servers = true};
}

std::string whyNotPlayed(std::string_view phones, std::string_view steps, const BenchOffer& offer = anOffer(),
                         std::string_view servers = "{ http: {}, syslog: {}, sip: {} }")
{
    const ScenarioReading reading =
        readScenario(fmt::format("scenario: t\nphones: {}\nservers: {}\nsteps:\n  - power: on\n{}", phones,
                                 servers, steps),
                     "a.yaml");
    EXPECT_THAT(reading.problems, testing::IsEmpty());
    return reading.scenario ? whyNotOnBench(*reading.scenario, offer) : "it cannot be read";
}

constexpr std::string_view one = "{ model: CP-7832-3PCC }";

TEST(BenchPlanTest, WhatABenchCanDoIsPlayed)
{
    EXPECT_EQ(whyNotPlayed("{ model: CP-7832-3PCC, firmware: 11.3.1, set: { GPP_A: x } }",
                           "  - power: cycle\n  - browse: /admin/resync\n  - submit: { GPP_B: y }\n"
                           "  - notify: resync\n  - server: http\n    fails: 404\n  - wait: 1s\n"
                           "  - expect: { led: mute, shows: off }\n  - expect: { param: GPP_A, is: x }\n"),
              "");
}

struct Unplayable {
    std::string_view name;
    std::string_view phones;
    std::string_view steps;
    std::string_view why;
};
void PrintTo(const Unplayable& row, std::ostream* out)
{
    *out << row.name;
}

class BenchPlanRefusesTest : public testing::TestWithParam<Unplayable> {};

TEST_P(BenchPlanRefusesTest, SaysWhy)
{
    EXPECT_THAT(whyNotPlayed(GetParam().phones, GetParam().steps), HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Scenarios, BenchPlanRefusesTest,
    testing::Values(
        Unplayable{"SeveralPhones", "{ model: CP-7832-3PCC, count: 2 }", "", "has 2 phones"},
        Unplayable{"AnotherModel", "{ model: CP-7841-3PCC }", "", "is for a CP-7841-3PCC"},
        Unplayable{"AnotherFirmware", "{ model: CP-7832-3PCC, firmware: 11.0.1 }", "",
                   "is for firmware 11.0.1"},
        Unplayable{"NothingToSee", one,
                   "  - expect: { led: mute, shows: off }\n  - expect: { state: idle }\n",
                   "can observe nothing"},
        Unplayable{"Keys", one, "  - press: Applications\n", "no keys"},
        Unplayable{"Calls", one, "  - call: 1\n", "no calls"},
        Unplayable{"ServerNames", one, "  - browse: /admin/resync?http://http.rig.test/a\n",
                   "no server names"},
        Unplayable{"ProvisioningServer", "{ model: CP-7832-3PCC, provisioning_server: '${http}' }", "",
                   "DHCP"},
        Unplayable{"ClientCertificate", "{ model: CP-7832-3PCC, unique_certificate: true }", "",
                   "certificate"},
        Unplayable{"SecretSet", "{ model: CP-7832-3PCC, set: { Admin_Password: x } }", "", "is secret"},
        Unplayable{"SecretSubmitted", one, "  - submit: { Admin_Password: x }\n", "is secret"},
        Unplayable{"Hidden", "{ model: CP-7832-3PCC, set: { GPP_SA: x } }", "", "GPP_SA"},
        Unplayable{"UpgradeUrl", one, "  - browse: /admin/upgrade?http://a/b\n", "change the firmware"},
        Unplayable{"UpgradeRule", one, "  - submit: { Upgrade_Rule: 'http://a/b' }\n", "change the firmware"},
        Unplayable{"UpgradeFile", one,
                   "  - put: a\n    server: http\n    text: <Upgrade_Rule>x</Upgrade_Rule>\n",
                   "change the firmware"},
        Unplayable{"UpgradeNotify", one, "  - notify: upgrade\n", "change the firmware"},
        Unplayable{"UpgradeNotifyInCapitals", one, "  - notify: UPGRADE\n", "change the firmware"},
        Unplayable{"UpgradePost", one, "  - post: /admin/upgrade\n    text: http://a/b\n",
                   "change the firmware"},
        Unplayable{"UpgradeFileInSmallLetters", one,
                   "  - put: a\n    server: http\n    text: <upgrade_rule>x</upgrade_rule>\n",
                   "change the firmware"},
        Unplayable{"SecretInAFile", one,
                   "  - put: a\n    server: http\n    text: <admin_password>x</admin_password>\n",
                   "is secret"},
        Unplayable{"FactoryReset", one, "  - notify: factory-reset\n", "factory reset"},
        Unplayable{"FactoryResetInCapitals", one, "  - notify: Factory-Reset\n", "factory reset"},
        Unplayable{"FactoryResetPost", one, "  - post: /admin/factory-reset\n    text: x\n",
                   "factory reset"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(BenchPlanTest, WhatTheInventoryLacksOrAllowsDecides)
{
    BenchOffer offer = anOffer();
    offer.power = false;
    EXPECT_EQ(whyNotPlayed(one, "", offer), "");
    EXPECT_THAT(whyNotPlayed(one, "  - power: off\n", offer), HasSubstr("alice has no power:"));
    offer = anOffer();
    offer.servers = false;
    EXPECT_THAT(whyNotPlayed(one, "", offer), HasSubstr("alice has no servers:"));
    EXPECT_EQ(whyNotPlayed(one, "", offer, "{}"), "");
    offer = anOffer();
    offer.capture = false;
    EXPECT_THAT(whyNotPlayed(one, "", offer), HasSubstr("alice has no capture:"));
    offer = anOffer();
    offer.mayUpgrade = offer.mayFactoryReset = true;
    EXPECT_EQ(whyNotPlayed(one, "  - notify: upgrade\n  - notify: factory-reset\n", offer), "");
}

}  // namespace
}  // namespace scenarios
