#include "scenarios/control/control_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios::control {
namespace {

using emulator::ErrorKind;
using emulator::PhoneIndex;
using emulator::TimePoint;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using namespace std::chrono_literals;

std::string refusalOf(std::string_view line)
{
    const auto read = readCommand(line);
    return read.has_error() ? read.error().detail : "(taken)";
}

TEST(ControlMessageTest, ACommandForManyPhonesIsReadAsItWasPrinted)
{
    const std::string line = R"({"id":7,"do":"submit","phones":[[0,3],[9,9]],"parameters":[["GPP_A","1"]]})";
    const auto command = readCommand(line);
    ASSERT_TRUE(command.has_value()) << command.error().detail;
    EXPECT_EQ(command->id, 7u);
    const auto& order = std::get<ActOnPhones>(command->order);
    EXPECT_EQ(order.action, PhoneAction::Submit);
    EXPECT_THAT(order.phones, ElementsAre(Pair(0, 3), Pair(9, 9)));
    EXPECT_THAT(order.parameters, ElementsAre(Pair("GPP_A", "1")));
    EXPECT_EQ(print(*command), line);
}

TEST(ControlMessageTest, RangesThatOverlapOrRunBackwardsAreRefused)
{
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"reboot","phones":[[0,3],[3,4]]})"), HasSubstr("\"phones\""));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"reboot","phones":[[4,3]]})"), HasSubstr("rising order"));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"reboot","phones":[]})"), HasSubstr("\"phones\""));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"reboot","phones":[[0,1000000]]})"), HasSubstr("\"phones\""));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"reboot"})"), HasSubstr("\"phones\""));
}

TEST(ControlMessageTest, WhatIsNoCommandIsRefusedInOneSentence)
{
    EXPECT_THAT(refusalOf("up"), HasSubstr("no JSON"));
    EXPECT_THAT(refusalOf(R"({"do":"changes"})"), HasSubstr("\"id\""));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"fly"})"), HasSubstr("found \"fly\", expected changes"));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"changes","phone":1})"), HasSubstr("found the key \"phone\""));
    EXPECT_EQ(idIn(R"({"id":12,"do":"fly"})"), 12u);
    EXPECT_EQ(idIn("up"), std::nullopt);
}

TEST(ControlMessageTest, AChangeCarriesWhatAViewShows)
{
    emulator::PhoneSnapshot phone;
    phone.index = PhoneIndex{3};
    phone.state = emulator::PhoneState::Contacting;
    phone.led = emulator::MuteLed::SlowBlink;
    phone.ledSince = TimePoint{1500ms};
    phone.nextResync = TimePoint{3600s};
    phone.firmware = "sip7832.11-3-1MPP-678";
    phone.lastResult = "resync failed: File \"not\" found";
    const ControlAnswer answer{4, {}, Changes{TimePoint{2s}, {}, {phone}}};
    const auto read = readAnswer(print(answer));
    ASSERT_TRUE(read.has_value()) << read.error().detail;
    EXPECT_EQ(read->id, 4u);
    EXPECT_EQ(std::get<Changes>(read->what).now, TimePoint{2s});
    EXPECT_THAT(std::get<Changes>(read->what).phones, ElementsAre(phone));
}

TEST(ControlMessageTest, OrdersForVirtualTimeAreReadAsTheyWerePrinted)
{
    for (const std::string line :
         {R"({"id":1,"do":"clock"})", R"({"id":1,"do":"pause"})", R"({"id":1,"do":"step"})",
          R"({"id":1,"do":"speed"})", R"({"id":1,"do":"speed","factor":60})",
          R"({"id":1,"do":"events","after":7})"}) {
        const auto command = readCommand(line);
        ASSERT_TRUE(command.has_value()) << line << ": " << command.error().detail;
        EXPECT_EQ(print(*command), line);
    }
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"speed","factor":86401})"), HasSubstr("\"factor\""));
    EXPECT_THAT(refusalOf(R"({"id":1,"do":"step","count":2})"), HasSubstr("found the key \"count\""));
}

TEST(ControlMessageTest, TheClockOfARunIsReadAsItWasPrinted)
{
    for (const RunClock& clock : {RunClock{}, RunClock{TimePoint{1500ms}, 17, true, 60, false},
                                  RunClock{TimePoint{24h}, 99, false, std::nullopt, true}}) {
        const auto read = readAnswer(print(ControlAnswer{4, {}, clock}));
        ASSERT_TRUE(read.has_value()) << read.error().detail;
        EXPECT_EQ(std::get<RunClock>(read->what), clock);
    }
}

TEST(ControlMessageTest, AnotherVersionIsRefusedByItsNumber)
{
    ControlHello hello;
    hello.program = "phonerig 9";
    hello.version = controlVersion + 1;
    const auto read = readHello(print(hello));
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().kind, ErrorKind::Unsupported);
    EXPECT_THAT(read.error().detail, HasSubstr("found version 2"));
    hello.version = controlVersion;
    hello.scenario = "A phone \"boots\"";
    EXPECT_EQ(*readHello(print(hello)), hello);
}

}  // namespace
}  // namespace scenarios::control
