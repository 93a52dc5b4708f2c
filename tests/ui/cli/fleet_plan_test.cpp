#include "ui/cli/fleet_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ui {
namespace {

using ::testing::HasSubstr;

std::string refusalOf(const FleetWish& wish)
{
    const auto group = planFleet(wish);
    return group.has_value() ? "accepted" : group.error().detail;
}

TEST(FleetPlanTest, CountsAddressesAndMacsUpWithCarry)
{
    FleetWish wish;
    wish.phones = 1'000'000;
    wish.first = "127.78.0.1";
    wish.mac = "00:0e:08:ff:ff:ff";
    const auto group = planFleet(wish);
    ASSERT_TRUE(group.has_value()) << group.error().detail;

    EXPECT_EQ(phoneAt(*group, {0x7f4e0001})->colons(), "00:0e:08:ff:ff:ff");
    EXPECT_EQ(phoneAt(*group, {0x7f4e0002})->colons(), "00:0e:09:00:00:00");
    EXPECT_EQ(phoneAt(*group, {0x7f4e0001 + 999'999})->colons(), "00:0e:09:0f:42:3e");
    EXPECT_FALSE(phoneAt(*group, {0x7f4e0001 + 1'000'000}).has_value());
    EXPECT_FALSE(phoneAt(*group, {0x7f4e0000}).has_value());
    EXPECT_FALSE(phoneAt(*group, {0x7f000001}).has_value());
}

TEST(FleetPlanTest, TakesTheLastAddressThatFits)
{
    FleetWish wish;
    wish.phones = 2;
    wish.first = "127.255.255.253";
    EXPECT_EQ(refusalOf(wish), "accepted");
    wish.phones = 3;
    EXPECT_THAT(refusalOf(wish), HasSubstr("begin at 127.255.255.252 or before"));
}

TEST(FleetPlanTest, RefusesAddressesThatAreNoPhones)
{
    for (const char* first :
         {"10.0.0.1", "127.0.0.0", "128.0.0.1", "127.0.0", "127.0.0.01", "localhost", ""}) {
        FleetWish wish;
        wish.first = first;
        EXPECT_THAT(refusalOf(wish), HasSubstr("--first")) << first;
    }
}

TEST(FleetPlanTest, RefusesMacsBeyondTheLastOne)
{
    FleetWish wish;
    wish.phones = 256;
    wish.mac = "fe:ff:ff:ff:ff:01";
    EXPECT_EQ(refusalOf(wish), "accepted");
    wish.mac = "ff:ff:ff:ff:ff:01";
    EXPECT_THAT(refusalOf(wish), HasSubstr("--mac"));
}

TEST(FleetPlanTest, KeepsSettingsInThePhonesOwnForm)
{
    FleetWish wish;
    wish.set = {"Resync_On_Reset=no", "gpp_a=x=y", "GPP_B="};
    const auto group = planFleet(wish);
    ASSERT_TRUE(group.has_value()) << group.error().detail;
    ASSERT_EQ(group->set.size(), 3u);
    EXPECT_EQ(group->set[0].second, "No");
    EXPECT_EQ(group->model->schema->at(group->set[1].first).name, "GPP_A");
    EXPECT_EQ(group->set[1].second, "x=y");
    EXPECT_EQ(group->set[2].second, "");
}

TEST(FleetPlanTest, NamesTheNearestParameterAndTheAllowedValues)
{
    FleetWish wish;
    wish.set = {"Resync_On_Rest=No"};
    EXPECT_THAT(refusalOf(wish), HasSubstr("did you mean Resync_On_Reset?"));
    wish.set = {"Resync_On_Reset=perhaps"};
    EXPECT_THAT(refusalOf(wish), HasSubstr("expected Yes or No"));
    wish.set = {"GPP_A=1", "gpp_a=2"};
    EXPECT_THAT(refusalOf(wish), HasSubstr("GPP_A is set twice"));
    wish.set = {"=1"};
    EXPECT_THAT(refusalOf(wish), HasSubstr("Name=Value"));
}

TEST(FleetPlanTest, ARigsOwnSettingYieldsToTheUsers)
{
    FleetWish wish;
    wish.set = {"Syslog_Server=10.1.1.1"};
    auto group = planFleet(wish);
    ASSERT_TRUE(group.has_value());
    EXPECT_TRUE(setUnlessNamed(*group, "Syslog_Server", "127.0.0.1:5514"));
    ASSERT_EQ(group->set.size(), 1u);
    EXPECT_EQ(group->set[0].second, "10.1.1.1");
    EXPECT_TRUE(setUnlessNamed(*group, "GPP_P", "mine"));
    EXPECT_EQ(group->set.size(), 2u);
    EXPECT_FALSE(setUnlessNamed(*group, "No_Such_Parameter", "x"));
}

}  // namespace
}  // namespace ui
