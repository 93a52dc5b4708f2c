#include "emulator/phone/menu.hpp"

#include "tests/emulator/phone/phone_run.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

PhoneRun aPhoneInHand(std::map<std::string, std::string> set = {})
{
    set.try_emplace("Resync_On_Reset", "No");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.provisioningServer = "192.168.1.200";
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    run.powerOn();
    run.pass(1s);
    return run;
}

std::string displayOf(const PhoneRun& run, const std::vector<std::string>& path)
{
    const auto place = followMenu(*run.phone, path);
    return place.has_value() ? place->display : "(no such item)";
}

TEST(MenuTest, ShowsTheProfileRuleWhileTheUserMayResync)
{
    COVERS("RSYNC-USER-YES", "RSYNC-USER-NO");
    PhoneRun run = aPhoneInHand();
    EXPECT_THAT(displayOf(run, {"Applications", "Device administration"}), HasSubstr("\nProfile rule"));
    run.submit({{"User_Configurable_Resync", "No"}});
    EXPECT_THAT(displayOf(run, {"Applications", "Device administration"}), Not(HasSubstr("Profile rule")));
    EXPECT_EQ(displayOf(run, {"Applications", "Device administration", "Profile rule"}), "(no such item)");
}

TEST(MenuTest, ShowsTheProfileAccountUnlessItIsDisabled)
{
    COVERS("RSYNC-AUTH-DISABLED");
    PhoneRun run = aPhoneInHand();
    EXPECT_THAT(displayOf(run, {"Applications", "Device administration"}),
                HasSubstr("\nProfile account setup"));
    run.submit({{"Profile_Authentication_Type", "Disabled"}});
    EXPECT_THAT(displayOf(run, {"Applications", "Device administration"}), Not(HasSubstr("account")));
}

TEST(MenuTest, ItemsAreFoundInAnyCaseAndNothingElseIs)
{
    PhoneRun run = aPhoneInHand();
    EXPECT_EQ(displayOf(run, {}), "CP-7832-3PCC\nApplications");
    EXPECT_EQ(displayOf(run, {"APPLICATIONS"}), "Applications\nDevice administration");
    EXPECT_EQ(displayOf(run, {"Device administration"}), "(no such item)");
    EXPECT_EQ(displayOf(run, {"Applications", "Applications"}), "(no such item)");
}

TEST(MenuTest, TheSoftkeyResyncsWithWhatWasTyped)
{
    COVERS("RSYNC-USER-YES");
    PhoneRun run = aPhoneInHand();
    run.feed(KeysPressed{{"Applications", "Device administration", "Profile rule", "Resync"},
                         "http://192.168.1.201/typed.txt"});
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "http://192.168.1.201:80/typed.txt");
    EXPECT_EQ(run.value("GPP_A"), "12345678");
    EXPECT_EQ(run.value("Profile_Rule"), "/$PSN.xml") << "what was typed is not stored";
}

TEST(MenuTest, ATypedRuleWithoutServerGoesToTheOneThatTheNetworkNames)
{
    PhoneRun run = aPhoneInHand();
    run.feed(KeysPressed{{"Applications", "Device administration", "Profile rule", "Resync"}, "/typed.txt"});
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "tftp://192.168.1.200:69/typed.txt");
}

TEST(MenuTest, LookingAroundChangesNothing)
{
    PhoneRun run = aPhoneInHand();
    run.feed(KeysPressed{{"Applications", "Device administration", "Profile rule"}, "/typed.txt"});
    run.feed(KeysPressed{{"Applications", "Games"}, {}});
    run.pass(1s);
    EXPECT_THAT(run.fetches, IsEmpty());
}

}  // namespace
}  // namespace emulator
