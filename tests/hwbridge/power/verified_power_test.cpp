#include "hwbridge/power/verified_power.hpp"

#include "hwbridge/capture/packet_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;
using emulator::TimePoint;

const MacAddress phoneMac{{0, 0x0e, 8, 0, 0, 1}};
const PowerRules quick{.grace = 1ms, .quiet = 20ms, .back = 20ms};

Packet packetOf(const std::string& frame)
{
    return {.wireLength = static_cast<std::uint32_t>(frame.size()), .bytes = frame};
}

std::string frameFrom(const MacAddress& mac, std::uint16_t from = 5060, std::uint16_t to = 5060)
{
    return udpFrames({{mac, {IpAddress{0xC0000207}, from}}, {{{2}}, {IpAddress{0xC0000201}, to}}}, 1, "x")
        .front();
}

// A phone and its switch in one: speaks when it is asked and has power, and obeys or not.
class PhoneOnASwitch final : public PowerDriver {
public:
    std::string name() const override { return "the switch"; }
    Result<void> on() override { return turn(true); }
    Result<void> off() override { return turn(false); }
    Result<PowerState> probe() override { return powered ? PowerState::On : PowerState::Off; }

    void knock()
    {
        const std::string frame = frameFrom(phoneMac);
        if (powered)
            wire.packetSeen(packetOf(frame));
    }

    PhoneWire wire{phoneMac};
    bool powered = true;
    bool obeys = true;
    bool complains = false;
    bool boots = true;  // with DHCP; else it speaks when it is spoken to

private:
    Result<void> turn(bool wanted)
    {
        if (complains)
            return emulator::fail(emulator::ErrorKind::TimedOut, "the switch gives no answer");
        if (!obeys)
            return {};
        powered = wanted;
        if (powered && boots) {
            const std::string frame = frameFrom(phoneMac, 68, 67);
            wire.packetSeen(packetOf(frame));
        }
        return {};
    }
};

VerifiedPower power(PhoneOnASwitch& bench)
{
    return {"CP7832-1", bench, bench.wire, quick, [&] { bench.knock(); }};
}

std::string said(const Result<std::string>& result)
{
    return result.has_value() ? "confirmed: " + result.value() : result.error().detail;
}

TEST(PhoneWireTest, TellsThePhonesPacketsFromOthersAndDhcpFromTheRest)
{
    PhoneWire wire{phoneMac};
    for (const std::string& frame :
         {frameFrom({{2}}), frameFrom(phoneMac), frameFrom(phoneMac, 68, 67), std::string{"cut"}})
        wire.packetSeen(packetOf(frame));
    const std::vector<WireSign> signs = wire.await(TimePoint::max());
    ASSERT_EQ(signs.size(), 2u);
    EXPECT_EQ(signs[0].kind, WireSign::Kind::Packet);
    EXPECT_EQ(signs[1].kind, WireSign::Kind::Dhcp);
    EXPECT_TRUE(wire.heardSince(TimePoint{}));
    EXPECT_FALSE(wire.heardSince(wire.now() + 1h));
    EXPECT_TRUE(wire.await(wire.now()).empty());
}

TEST(PhoneWireTest, AFloodIsBounded)
{
    PhoneWire wire{phoneMac};
    const std::string frame = frameFrom(phoneMac);
    for (int i = 0; i < 20'000; ++i)
        wire.packetSeen(packetOf(frame));
    EXPECT_EQ(wire.await(TimePoint::max()).size(), 10'000u);
}

TEST(PhoneWireTest, KnowsWhichInterfacesHaveALink)
{
    EXPECT_EQ(carrierOf("lo"), true);
    EXPECT_FALSE(carrierOf("no-such-interface").has_value());
}

TEST(VerifiedPowerTest, BothHalvesOfACycleAreConfirmed)
{
    PhoneOnASwitch bench;
    EXPECT_EQ(said(power(bench).cycle(41ms)).substr(0, 48),
              "confirmed: off: silent for 0.04 s; on: DHCP afte");
    EXPECT_TRUE(bench.powered);
}

TEST(VerifiedPowerTest, APhoneWithAnAddressOfItsOwnIsKnockedAtUntilItSpeaks)
{
    PhoneOnASwitch bench;
    bench.powered = bench.boots = false;
    EXPECT_THAT(said(power(bench).on()), testing::StartsWith("confirmed: traffic after "));
}

TEST(VerifiedPowerTest, ASwitchThatDoesNotObeyFailsTheStep)
{
    PhoneOnASwitch bench;
    bench.obeys = false;
    EXPECT_EQ(
        said(power(bench).off()),
        "the switch says that CP7832-1 is off, but CP7832-1 sent 1 packet from 0.001 s to 0.021 s after it");
    bench.powered = false;
    EXPECT_EQ(said(power(bench).on()),
              "the switch says that CP7832-1 is on, but CP7832-1 sent nothing in the 0.02 s after it");
    EXPECT_FALSE(power(bench).cycle(0s).has_value());
}

TEST(VerifiedPowerTest, APhoneOfWhichNothingIsHeardCannotBeConfirmedOff)
{
    PhoneOnASwitch bench;
    EXPECT_EQ(said(VerifiedPower{"CP7832-1", bench, bench.wire, quick}.off()),
              "the switch says that CP7832-1 is off, but nothing was heard of CP7832-1 before either: its "
              "silence proves "
              "nothing; is the capture on its wire?");
}

TEST(VerifiedPowerTest, WhoeverWantsAnEndDoesNotWaitForTheWire)
{
    PhoneOnASwitch bench;
    bench.obeys = false;
    VerifiedPower patient{"CP7832-1",    bench, bench.wire,
                          {.grace = 1h}, {},    [&] { return bench.wire.now() > TimePoint{} + 5ms; }};
    EXPECT_EQ(said(patient.off()), "whether the power of CP7832-1 is off was not waited for");
}

TEST(VerifiedPowerTest, WhatTheDriverSaysIsTheReason)
{
    PhoneOnASwitch bench;
    bench.complains = true;
    EXPECT_EQ(said(power(bench).off()), "the switch gives no answer");
}

}  // namespace
}  // namespace hwbridge
