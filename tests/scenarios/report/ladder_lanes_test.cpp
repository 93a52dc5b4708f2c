#include "scenarios/report/ladder_lanes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::TraceEvent;
using testing::ElementsAre;

const emulator::IpAddress phoneIs{0x0a000001};
const emulator::IpAddress serverAt{0x0a000002};

TraceEvent message(EventKind kind, emulator::Endpoint from, emulator::Endpoint to)
{
    TraceEvent event;
    event.kind = kind;
    event.from = from;
    event.to = to;
    return event;
}

TEST(LadderLanesTest, AsksForAnAddressOnThePhonesSideBeforeItHasOne)
{
    const LadderLanes lanes{"phone", phoneIs};
    EXPECT_TRUE(lanes.isToPeer(message(EventKind::DhcpDiscover, {{}, 68}, {{0xffffffff}, 67})));
    EXPECT_FALSE(lanes.isToPeer(message(EventKind::DhcpOffer, {serverAt, 67}, {{0xffffffff}, 68})));
}

TEST(LadderLanesTest, GivesAServerThatHasANameItsLane)
{
    LadderLanes lanes{"phone", phoneIs};
    lanes.addServer({serverAt, 69}, "tftp");
    EXPECT_EQ(lanes.laneOf(message(EventKind::TftpRead, {phoneIs, 40000}, {serverAt, 69}), {serverAt, 69}),
              1u);
    EXPECT_EQ(
        lanes.laneOf(message(EventKind::SyslogMessage, {phoneIs, 514}, {serverAt, 514}), {serverAt, 514}),
        2u);
    EXPECT_THAT(lanes.titles(), ElementsAre("phone", "tftp", "10.0.0.2:514"));
}

TEST(LadderLanesTest, TakesWhatIsNotBetweenTwoEndsForANote)
{
    EXPECT_FALSE(isMessage(message(EventKind::LldpMessage, {}, {})));
    EXPECT_TRUE(isMessage(message(EventKind::NtpMessage, {phoneIs, 123}, {serverAt, 123})));
    EXPECT_FALSE(isMessage(message(EventKind::PhoneState, {}, {})));
}

TEST(LadderLanesTest, NamesKindsThatHaveNoWordingWithoutTheirPacket)
{
    TraceEvent event = message(EventKind::NtpMessage, {phoneIs, 123}, {serverAt, 123});
    event.add(FieldName::Packet, 4);
    event.add(FieldName::Stratum, 2);
    EXPECT_EQ(messageLabel(event), "ntp.message stratum 2");
}

}  // namespace
}  // namespace scenarios
