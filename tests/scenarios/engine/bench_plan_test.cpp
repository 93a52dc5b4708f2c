#include "scenarios/engine/bench_plan.hpp"

#include "emulator/profile/gzip.hpp"
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
        Unplayable{"UpgradeByARule", one,
                   "  - submit: { Profile_Rule: '(Upgrade_Rule = \"http://a/b\";)! http://a/c' }\n",
                   "change the firmware"},
        Unplayable{"UpgradeByARuleInAUrl", one,
                   "  - browse: '/admin/resync?(%55pgrade_Rule=\"http://a/b\")!http://a/c'\n",
                   "change the firmware"},
        Unplayable{"Entities", one,
                   "  - put: a\n    server: http\n    text: '<!DOCTYPE a [<!ENTITY b \"x\">]><a>&b;</a>'\n",
                   "change the firmware"},
        Unplayable{"SecretInAFile", one,
                   "  - put: a\n    server: http\n    text: <admin_password>x</admin_password>\n",
                   "is secret"},
        Unplayable{"WebServer", one, "  - submit: { Enable_Web_Server: 'No' }\n",
                   "could not be reached to put it back"},
        Unplayable{"WebServerPort", "{ model: CP-7832-3PCC, set: { Web_Server_Port: '81' } }", "",
                   "could not be reached"},
        Unplayable{"WebProtocol", one, "  - submit: { Enable_Protocol: Https }\n", "could not be reached"},
        Unplayable{"WebAdminByAFile", one,
                   "  - put: a\n    server: http\n"
                   "    text: <enable_web_admin_access>No</enable_web_admin_access>\n",
                   "could not be reached"},
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

// A scenario whose server has a file from disk.
std::string whyNotServed(const std::string& bytes, const BenchOffer& offer = anOffer())
{
    ReadOptions options;
    options.readFile = [&](const std::string&) { return emulator::Result<std::string>{bytes}; };
    const ScenarioReading reading = readScenario(
        fmt::format("scenario: t\nphones: {}\nservers: {{ http: {{ files: {{ a: {{ from: a }} }} }} }}\n"
                    "steps:\n  - power: on\n",
                    one),
        "a.yaml", options);
    EXPECT_THAT(reading.problems, testing::IsEmpty());
    return reading.scenario ? whyNotOnBench(*reading.scenario, offer) : "it cannot be read";
}

TEST(BenchPlanTest, AFileFromDiskIsReadAsAPhoneReadsIt)
{
    const std::string upgrade = "<a><Upgrade_Rule>http://a/b</Upgrade_Rule></a>";
    EXPECT_EQ(whyNotServed("\xEF\xBB\xBF\n<a><GPP_A>x</GPP_A></a>\n"), "");
    EXPECT_EQ(whyNotServed(emulator::gzip("<a><GPP_A>x</GPP_A></a>")), "");
    EXPECT_THAT(whyNotServed(upgrade), HasSubstr("change the firmware"));
    EXPECT_THAT(whyNotServed(emulator::gzip(upgrade)), HasSubstr("change the firmware"));
    EXPECT_THAT(whyNotServed(emulator::gzip("<a><Admin_Password>x</Admin_Password></a>")),
                HasSubstr("is secret"));
}

TEST(BenchPlanTest, AFileThatNobodyCanReadNeedsThePermissionToUpgrade)
{
    const std::string wide = emulator::gzip(std::string{"<\0a\0>\0", 6});
    for (const std::string& hidden :
         {std::string{"Salted__12345678abcdefgh"}, std::string{"\x1F\x8B cut off"}, wide,
          emulator::gzip(emulator::gzip("<a/>")), std::string{}}) {
        EXPECT_THAT(whyNotServed(hidden), HasSubstr("the file a, which is no plain XML, may change"));
        BenchOffer offer = anOffer();
        offer.mayUpgrade = true;
        EXPECT_EQ(whyNotServed(hidden, offer), "");
    }
}

}  // namespace
}  // namespace scenarios
