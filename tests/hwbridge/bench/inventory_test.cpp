#include "hwbridge/bench/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> problemsOf(std::string_view text)
{
    return readInventory("lab/bench.yaml", text).problems;
}

// An inventory of one phone, `entry` being the rest of it.
std::vector<std::string> problemsOfPhone(const std::string& entry)
{
    return problemsOf("bench: lab\nphones:\n  alice:\n    model: CP-7841-3PCC\n    mac: 000e08000001\n" +
                      entry);
}

Inventory inventoryOf(std::string_view text)
{
    const InventoryReading reading = readInventory("lab/bench.yaml", text);
    EXPECT_THAT(reading.problems, IsEmpty());
    return reading.inventory.value_or(Inventory{});
}

TEST(InventoryTest, ReadsAPhoneWithEverythingInIt)
{
    const Inventory inventory = inventoryOf(R"(
bench: lab
heartbeat: 10s
longest_lease: 2h
phones:
  alice:
    model: CP-7841-3PCC
    firmware: sip78xx.11-3-1MPP-678
    mac: 00:0e:08:00:00:01
    address: 192.0.2.7
    web: { port: 8078, user: user, password: env:ALICE }
    capture: { interface: eth1, filter: [192.0.2.7, 00:0e:08:00:00:01] }
    power: { poe: { host: switch.example, group: 2, port: 7, version: 2c, community: file:/etc/community } }
    may: [upgrade, factory_reset]
    tags: [conference, room-7]
)");
    EXPECT_EQ(inventory.bench, "lab");
    EXPECT_EQ(inventory.heartbeat, 10s);
    EXPECT_EQ(inventory.longestLease, 2h);
    ASSERT_EQ(inventory.phones.size(), 1u);
    const BenchPhone& alice = inventory.phones.front();
    EXPECT_EQ(alice.name, "alice");
    EXPECT_EQ(alice.model, "CP-7841-3PCC");
    EXPECT_EQ(alice.firmware, "sip78xx.11-3-1MPP-678");
    EXPECT_EQ(alice.mac->colons(), "00:0e:08:00:00:01");
    EXPECT_EQ(alice.address->text(), "192.0.2.7");
    EXPECT_EQ(alice.web,
              (WebSettings{8078, "user", SecretReference{SecretReference::Kind::Environment, "ALICE"}}));
    ASSERT_TRUE(alice.capture);
    EXPECT_EQ(alice.capture->interface, "eth1");
    EXPECT_EQ(alice.capture->filter.size(), 2u);
    const SecretReference community{SecretReference::Kind::File, "/etc/community"};
    EXPECT_EQ(alice.power,
              (PowerSettings{PoeSettings{"switch.example", 2, 7, PoeSettings::Version2c{community}}}));
    EXPECT_TRUE(alice.mayUpgrade);
    EXPECT_TRUE(alice.mayFactoryReset);
    EXPECT_THAT(alice.tags, ElementsAre("conference", "room-7"));
}

TEST(InventoryTest, ForbidsAndLeavesOutWhatIsNotSaid)
{
    const Inventory inventory = inventoryOf("bench: lab\ncapture: { interface: eth1 }\nphones: { bob: { "
                                            "model: CP-7832-3PCC, address: 192.0.2.8 } }\n");
    const BenchPhone& bob = inventory.phones.front();
    EXPECT_FALSE(bob.mayUpgrade);
    EXPECT_FALSE(bob.mayFactoryReset);
    EXPECT_FALSE(bob.power);
    EXPECT_EQ(bob.web, WebSettings{});
    EXPECT_EQ(bob.capture->interface, "eth1");
    EXPECT_EQ(inventory.heartbeat, 15s);
}

TEST(InventoryTest, ReadsHowPagesAreReachedByHttps)
{
    const std::string pin(64, 'a');
    const Inventory inventory =
        inventoryOf("bench: lab\nphones:\n"
                    "  a: { model: M, address: 192.0.2.1, web: { protocol: https }, sip_port: 5061 }\n"
                    "  b: { model: M, address: 192.0.2.2, web: { protocol: https, port: 8443, certificate: "
                    "\"sha256:" +
                    pin +
                    "\" } }\n"
                    "  c: { model: M, address: 192.0.2.3, web: { certificate: \"file:maker.pem\" } }\n"
                    "  d: { model: M, address: 192.0.2.4, web: { certificate: any } }\n");
    const auto web = [&](std::size_t phone) { return inventory.phones[phone].web; };
    using Kind = CertificatePolicy::Kind;
    EXPECT_TRUE(web(0).https);
    EXPECT_EQ(web(0).port, 443);
    EXPECT_EQ(web(0).certificates, CertificatePolicy{});
    EXPECT_EQ(inventory.phones[0].sipPort, 5061);
    EXPECT_EQ(web(1).port, 8443);
    EXPECT_EQ(web(1).certificates, (CertificatePolicy{.kind = Kind::Pinned, .fingerprint = pin}));
    EXPECT_FALSE(web(2).https);
    EXPECT_EQ(web(2).certificates, CertificatePolicy{.authorities = "lab/maker.pem"});
    EXPECT_EQ(web(3).certificates, CertificatePolicy{.kind = Kind::Any});
    EXPECT_EQ(inventory.phones[3].sipPort, 5060);
}

struct PowerCase {
    const char* name;
    const char* text;
    PowerSettings settings;
};
class InventoryPowerTest : public testing::TestWithParam<PowerCase> {};

TEST_P(InventoryPowerTest, ReadsEveryDriver)
{
    const Inventory inventory = inventoryOf(
        std::string{"bench: lab\nphones:\n  a:\n    model: M\n    address: 192.0.2.1\n    power: "} +
        GetParam().text + "\n");
    ASSERT_EQ(inventory.phones.size(), 1u);
    EXPECT_EQ(inventory.phones.front().power, GetParam().settings);
}

const SecretReference aKey{SecretReference::Kind::Environment, "KEY"};
const SecretReference anotherKey{SecretReference::Kind::File, "lab/keys/other"};

INSTANTIATE_TEST_SUITE_P(
    Drivers, InventoryPowerTest,
    testing::Values(
        PowerCase{"Person", "person", PersonSettings{}},
        PowerCase{"Pdu", "{ pdudaemon: { url: \"http://pdu:16421\", host: pdu1, port: 3 } }",
                  PduSettings{"http://pdu:16421", "pdu1", 3}},
        PowerCase{"Command", "{ command: { on: [/bin/relay, 3, close], off: /bin/off } }",
                  CommandSettings{{"/bin/relay", "3", "close"}, {"/bin/off"}}},
        PowerCase{"CommandWithAProbe", "{ command: { on: /bin/on, off: /bin/off, probe: [/bin/is, on] } }",
                  CommandSettings{{"/bin/on"}, {"/bin/off"}, {"/bin/is", "on"}}},
        PowerCase{"Version3",
                  "{ poe: { host: switch, port: 1, version: 3, user: rig, authentication: sha256, "
                  "authentication_password: env:KEY, privacy_password: file:keys/other } }",
                  PoeSettings{
                      "switch", 1, 1,
                      PoeSettings::Version3{"rig", PoeSettings::Authentication::Sha256, aKey, anotherKey}}}),
    [](const auto& one) { return one.param.name; });

TEST(InventoryTest, NamesPlaceAndNearestWord)
{
    EXPECT_THAT(problemsOfPhone("    modle: x\n"),
                ElementsAre(AllOf(HasSubstr("lab/bench.yaml:6:5: found the key \"modle\""),
                                  HasSubstr("did you mean \"model\"?"))));
    EXPECT_THAT(
        problemsOfPhone("    may: [upgrad]\n"),
        ElementsAre("lab/bench.yaml:6:11: found \"upgrad\", expected upgrade or factory_reset; did you "
                    "mean \"upgrade\"?"));
    EXPECT_THAT(problemsOfPhone("    power: { pdudemon: {} }\n"),
                ElementsAre(HasSubstr("did you mean \"pdudaemon\"?")));
    EXPECT_THAT(problemsOfPhone("    power: persn\n"), ElementsAre(HasSubstr("did you mean \"person\"?")));
    EXPECT_THAT(problemsOfPhone("    address: 192.0.2\n"), ElementsAre(HasSubstr("6:14: found \"192.0.2\"")));
    EXPECT_THAT(problemsOfPhone("    tags: [no spaces]\n"), ElementsAre(HasSubstr("found \"no spaces\"")));
    EXPECT_THAT(problemsOfPhone("    web: { port: 0 }\n"),
                ElementsAre(HasSubstr("expected a number from 1 to 65535")));
    EXPECT_THAT(problemsOfPhone("    web: { protocol: htps }\n"),
                ElementsAre(HasSubstr("expected http or https; did you mean \"https\"?")));
    EXPECT_THAT(
        problemsOfPhone("    web: { certificate: phone.pem }\n"),
        ElementsAre(HasSubstr("found \"phone.pem\", expected sha256: with the 64 digits of the certificate's "
                              "fingerprint, file:PATH of a PEM file, or any")));
    EXPECT_THAT(problemsOfPhone("    sip_port: 0\n"), ElementsAre(HasSubstr("a number from 1 to 65535")));
    EXPECT_THAT(problemsOfPhone("    capture: { filter: \"host 192.0.2.1\" }\n"),
                ElementsAre(HasSubstr("found no interface"), HasSubstr("found \"host 192.0.2.1\"")));
    EXPECT_THAT(problemsOf("bench: lab\nphones: {}\n"), ElementsAre(HasSubstr("found 0 phones")));
    EXPECT_THAT(problemsOf("phones: { a: { model: M } }\n"),
                ElementsAre(HasSubstr("1:1: found no bench"), HasSubstr("mac: or address:")));
    EXPECT_THAT(problemsOf("bench: lab\nheartbeat: 50ms\nphones: { a: { model: M, mac: 000e08000001 } }\n"),
                ElementsAre(HasSubstr("expected a duration from 1s to 10m")));
    EXPECT_THAT(problemsOfPhone("    firmware: \"\\e[2J\"\n"), ElementsAre(HasSubstr("control characters")));
    EXPECT_THAT(problemsOfPhone("    firmware: \"\\e[2J\"\n"), ElementsAre(HasSubstr("control characters")));
    EXPECT_THAT(problemsOf("- lab\n"), ElementsAre(HasSubstr("found a list")));
    EXPECT_THAT(problemsOf("bench: [\n"), ElementsAre(HasSubstr("lab/bench.yaml:")));
}

TEST(InventoryTest, RefusesOnePhoneUnderTwoNames)
{
    EXPECT_THAT(
        problemsOfPhone("  bob: { model: M, mac: 00:0E:08:00:00:01 }\n"),
        ElementsAre(HasSubstr("6:25: found \"00:0E:08:00:00:01\", which alice has, expected each MAC once")));
    EXPECT_THAT(problemsOfPhone("  alice: { model: M, mac: 000e08000002 }\n"),
                ElementsAre(HasSubstr("which alice has, expected each name once")));
}

TEST(InventoryTest, RefusesASecretThatIsWrittenOutWithoutShowingIt)
{
    EXPECT_THAT(
        problemsOfPhone("    web: { password: hunter2 }\n"),
        ElementsAre(AllOf(HasSubstr("6:22: found a secret written out, expected env:NAME or file:PATH"),
                          Not(HasSubstr("hunter2")))));
    EXPECT_THAT(problemsOfPhone("    power: { poe: { host: s, port: 1, version: 2c, community: public } }\n"),
                ElementsAre(AllOf(HasSubstr("found a secret written out"), Not(HasSubstr("public")))));
    EXPECT_THAT(problemsOfPhone("    power: { poe: { host: s, port: 1, version: 3, user: u, "
                                "privacy_password: env:A } }\n"),
                ElementsAre(HasSubstr(
                    "found no authentication_password, expected authentication_password: env:NAME or "
                    "file:PATH")));
}

TEST(InventoryTest, StopsAtAThousandPhonesAndTwentyProblems)
{
    std::string text = "bench: lab\nphones:\n";
    for (int i = 0; i < 1001; ++i)
        text += "  p" + std::to_string(i) + ": {}\n";
    const std::vector<std::string> problems = problemsOf(text);
    EXPECT_EQ(problems.size(), 20u);
    EXPECT_THAT(problems.front(), HasSubstr("found 1001 phones, expected from 1 to 1000"));
}

}  // namespace
}  // namespace hwbridge
