#include "emulator/runtime/fleet_layout.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

FleetGroup group(std::size_t count, std::uint32_t address, std::uint64_t mac)
{
    FleetGroup made;
    made.count = count;
    made.firstAddress = IpAddress{address};
    made.firstMac = MacAddress{}.plus(mac);
    return made;
}

Fleet threeGroups()
{
    Fleet fleet;
    fleet.groups = {group(7, 0x7f4e0105, 0x000e08000001), group(0, 0x7f000001, 0x000e08000001),
                    group(10, 0x7f4e0001, 0x000e09000000)};
    return fleet;
}

TEST(FleetLayoutTest, PhoneKHasTheKthAddressAndMacOfItsGroup)
{
    const FleetLayout layout = *FleetLayout::make(threeGroups(), 3);
    EXPECT_EQ(layout.size(), 17u);
    EXPECT_EQ(layout.address(PhoneIndex{6}).text(), "127.78.1.11");
    EXPECT_EQ(layout.mac(PhoneIndex{6}).plain(), "000e08000007");
    EXPECT_EQ(layout.address(PhoneIndex{7}).text(), "127.78.0.1");
    EXPECT_EQ(layout.mac(PhoneIndex{16}).plain(), "000e09000009");
    EXPECT_EQ(layout.group(PhoneIndex{6}), 0u);
    EXPECT_EQ(layout.group(PhoneIndex{7}), 2u);
}

TEST(FleetLayoutTest, EveryPhoneHasOnePlaceOnTheShardThatItsAddressIsSteeredTo)
{
    for (const unsigned shards : {1u, 2u, 3u, 4u, 16u}) {
        const FleetLayout layout = *FleetLayout::make(threeGroups(), shards);
        std::vector<std::vector<bool>> taken(shards);
        for (unsigned s = 0; s < shards; ++s)
            taken[s].resize(layout.count(s));
        for (std::uint32_t i = 0; i < layout.size(); ++i) {
            const PhoneIndex phone{i};
            const FleetLayout::Place place = layout.place(phone);
            ASSERT_EQ(place.shard, (layout.address(phone).value - layout.base().value) % shards);
            ASSERT_LT(place.local, layout.count(place.shard));
            ASSERT_FALSE(taken[place.shard][place.local]);
            taken[place.shard][place.local] = true;
            ASSERT_EQ(layout.phoneAt(place), phone);
            ASSERT_EQ(layout.find(layout.address(phone)), phone);
            ASSERT_EQ(layout.find(layout.mac(phone)), phone);
        }
    }
}

TEST(FleetLayoutTest, FindsNobodyBesideThePhones)
{
    const FleetLayout layout = *FleetLayout::make(threeGroups(), 2);
    EXPECT_FALSE(layout.find(IpAddress{0x7f4e010c}).has_value());
    EXPECT_FALSE(layout.find(IpAddress{0x7f000001}).has_value());
    EXPECT_FALSE(layout.find(MacAddress{}.plus(0x000e08000000)).has_value());
}

TEST(FleetLayoutTest, TakesAddressesOfTheDeviceThatPhonesAreOn)
{
    Fleet fleet;
    fleet.groups = {group(2, 0x0a624d02, 1)};
    EXPECT_EQ(FleetLayout::make(fleet, 1, "eth1")->address(PhoneIndex{1}), IpAddress{0x0a624d03});
    fleet.groups = {group(2, 0x7f4e0001, 1)};
    EXPECT_EQ(FleetLayout::make(fleet, 1, "eth1").error().kind, ErrorKind::Unsupported);
}

TEST(FleetLayoutTest, RefusesWhatCannotBe)
{
    const auto refused = [](std::vector<FleetGroup> groups) {
        Fleet fleet;
        fleet.groups = std::move(groups);
        const Result<FleetLayout> made = FleetLayout::make(fleet, 2);
        return made.has_error() ? made.error() : Error{ErrorKind::Corrupt, "it was taken"};
    };
    EXPECT_EQ(refused({}).kind, ErrorKind::Malformed);
    EXPECT_EQ(refused({group(1, 0x0a000001, 1)}).kind, ErrorKind::Unsupported);
    EXPECT_EQ(refused({group(3, 0x7ffffffd, 1)}).kind, ErrorKind::Malformed);
    EXPECT_NE(refused({group(5, 0x7f000001, 1), group(5, 0x7f000005, 100)}).detail.find("share addresses"),
              std::string::npos);
    EXPECT_NE(refused({group(5, 0x7f000001, 1), group(5, 0x7f000009, 5)}).detail.find("share MACs"),
              std::string::npos);
}

}  // namespace
}  // namespace emulator
