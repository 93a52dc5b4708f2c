#include "ui/desktop/fleet_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ui {
namespace {

using emulator::MuteLed;
using emulator::PhoneIndex;
using emulator::PhoneState;
using emulator::TimePoint;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

FleetRows aFleet(std::size_t phones)
{
    scenarios::control::ControlHello hello;
    hello.groups.push_back(
        {"CP-7832-3PCC", "", phones - 1, emulator::MacAddress{}.plus(0x10), {0x7f4e0001}, 1, 0, ""});
    hello.groups.push_back(
        {"CP-7841-3PCC", "", 1, emulator::MacAddress{}.plus(0x100), {0x7f4e0101}, 4, 4, ""});
    FleetRows rows;
    rows.begin(hello);
    rows.update();
    return rows;
}

emulator::PhoneSnapshot seen(std::uint32_t phone, PhoneState state, std::string result = {})
{
    emulator::PhoneSnapshot snapshot;
    snapshot.index = PhoneIndex{phone};
    snapshot.state = state;
    snapshot.lastResult = std::move(result);
    return snapshot;
}

std::vector<std::uint32_t> orderOf(const FleetRows& rows)
{
    return {rows.order().begin(), rows.order().end()};
}

TEST(FleetRowsTest, APhoneKnowsItsAddressAndModelByItsNumber)
{
    const FleetRows rows = aFleet(4);
    EXPECT_EQ(rows.text(2, Column::Address), "127.78.0.3");
    EXPECT_EQ(rows.text(3, Column::Address), "127.78.1.1");
    EXPECT_EQ(rows.text(3, Column::Mac), "00:00:00:00:01:00");
    EXPECT_EQ(rows.text(3, Column::Model), "CP-7841-3PCC");
    EXPECT_THAT(orderOf(rows), ElementsAre(0, 1, 2, 3));
}

TEST(FleetRowsTest, EveryWordOfAFilterHasToBeFound)
{
    FleetRows rows = aFleet(4);
    rows.take({seen(0, PhoneState::Idle, "resync failed: File not found"),
               seen(1, PhoneState::Idle, "resync succeeded"), seen(2, PhoneState::Booting),
               seen(3, PhoneState::Idle, "resync FAILED")});
    rows.setFilter("state:idle Failed");
    rows.update();
    EXPECT_THAT(orderOf(rows), ElementsAre(0, 3));
    rows.setFilter("model:7841");
    rows.update();
    EXPECT_THAT(orderOf(rows), ElementsAre(3));
    rows.setFilter("state:7841");
    rows.update();
    EXPECT_THAT(orderOf(rows), IsEmpty());
}

TEST(FleetRowsTest, AChangeThatAFilterHidesOrShowsIsNoticed)
{
    FleetRows rows = aFleet(12);
    rows.setFilter("state:idle");
    rows.update();
    rows.take({seen(5, PhoneState::Idle)});
    EXPECT_TRUE(rows.update());
    EXPECT_THAT(orderOf(rows), ElementsAre(5));
    rows.take({seen(5, PhoneState::Off)});
    EXPECT_TRUE(rows.update());
    EXPECT_THAT(orderOf(rows), IsEmpty());
    EXPECT_FALSE(rows.update());
}

TEST(FleetRowsTest, GroupsStandTogetherInTheOrderOfTheirStates)
{
    FleetRows rows = aFleet(4);
    rows.take({seen(1, PhoneState::Idle), seen(3, PhoneState::Idle)});
    rows.setGroup(Column::State);
    rows.update();
    EXPECT_THAT(orderOf(rows), ElementsAre(0, 2, 1, 3));
    ASSERT_THAT(rows.sections(), SizeIs(2));
    EXPECT_EQ(rows.sections()[0].title, "off");
    EXPECT_EQ(rows.sections()[1].title, "idle");
    EXPECT_EQ(rows.sections()[1].begin, 2u);
    EXPECT_EQ(rows.inState()[static_cast<std::size_t>(PhoneState::Idle)], 2u);
}

TEST(FleetRowsTest, AGroupThatComesOrGoesIsNoticedWhereTheOrderStays)
{
    FleetRows rows = aFleet(2);
    rows.setGroup(Column::State);
    rows.update();
    rows.take({seen(1, PhoneState::Idle)});
    EXPECT_TRUE(rows.update());
    EXPECT_THAT(rows.sections(), SizeIs(2));
    rows.take({seen(0, PhoneState::Idle)});
    EXPECT_TRUE(rows.update());
    EXPECT_THAT(rows.sections(), SizeIs(1));
    EXPECT_THAT(orderOf(rows), ElementsAre(0, 1));
}

// What is put in its place one by one stands as if all had been sorted anew, whatever changes.
TEST(FleetRowsTest, ChangesAreSortedInAsIfAllWereSortedAnew)
{
    constexpr std::uint32_t phones = 500;
    FleetRows rows = aFleet(phones);
    rows.setSort(Column::NextResync, true);
    rows.setGroup(Column::Led);
    rows.update();
    std::uint32_t chance = 1;
    for (int round = 0; round < 50; ++round) {
        std::vector<emulator::PhoneSnapshot> some;
        for (int i = 0; i < 40; ++i) {
            chance = chance * 1'664'525 + 1'013'904'223;
            emulator::PhoneSnapshot one = seen((chance >> 8) % phones, PhoneState::Idle);
            one.nextResync = TimePoint{std::chrono::seconds{chance >> 24}};
            one.led = static_cast<MuteLed>((chance >> 12) % 3);
            some.push_back(one);
        }
        rows.take(some);
        rows.update();
        FleetRows anew = rows;
        anew.setSort(Column::NextResync, true);
        anew.update();
        ASSERT_EQ(orderOf(rows), orderOf(anew)) << "round " << round;
        ASSERT_THAT(rows.order(), SizeIs(phones));
    }
}

}  // namespace
}  // namespace ui
