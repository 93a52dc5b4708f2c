#include "scenarios/control/control_service.hpp"

#include "fixtures/models/model_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios::control {
namespace {

using emulator::PhoneState;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

// A fleet on real sockets, looked at by windows that are lines. Power is off at first: nothing happens by itself.
class ControlServiceTest : public testing::Test {
protected:
    void open(std::size_t phones)
    {
        emulator::FleetGroup group;
        group.model = *fixtures::loadModel("CP-7841-3PCC");
        group.count = phones;
        group.firstAddress =
            emulator::IpAddress{0x7f4d0301};  // 127.77.3.1, away from whoever else runs phones here
        group.set.emplace_back(*group.model->schema->find("Resync_On_Reset"), "No");
        group.set.emplace_back(*group.model->schema->find("GPP_SA"), "hush");
        emulator::Fleet fleet;
        fleet.groups = {group};
        fleet.bootTime = 1ms;
        emulator::NetOptions options;
        options.webPort = 0;
        auto opened = emulator::NetFleet::open(fleet, options, m_trace);
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        m_fleet = std::move(*opened);
        m_service.emplace(ControlSubject{m_fleet.get(),
                                         {group},
                                         &m_history,
                                         helloOf(*m_fleet, {group}, "t", "", {"tftp://127.0.0.1:69"}),
                                         [this](const std::string& url, bool answers) {
                                             m_set = {url, answers};
                                         }});
        m_window = m_service->join();
    }

    // The result of a command that is answered at once.
    ControlAnswer ask(ControlCommand command)
    {
        command.id = ++m_id;
        const std::optional<std::string> line = m_service->lineCame(m_window, print(command));
        EXPECT_TRUE(line) << "no result";
        auto answer = readAnswer(line.value_or("{}"));
        EXPECT_TRUE(answer.has_value()) << answer.error().detail;
        EXPECT_EQ(answer->id, m_id);
        return std::move(*answer);
    }
    template <class Order>
    ControlAnswer ask(Order order)
    {
        return ask(ControlCommand{0, std::move(order)});
    }
    ControlAnswer act(PhoneAction action, PhoneRanges phones)
    {
        ActOnPhones order;
        order.action = action;
        order.phones = std::move(phones);
        return ask(order);
    }

    // Asks for changes and turns until they are told.
    Changes nextChanges()
    {
        std::optional<std::string> line =
            m_service->lineCame(m_window, print(ControlCommand{++m_id, AwaitChanges{}}));
        while (!line)
            m_service->turn([&](ControlService::ClientId, std::string told) { line = std::move(told); });
        return std::get<Changes>(readAnswer(*line)->what);
    }

    // Follows the changes until each of `phones` is in that state.
    void follow(PhoneState state, std::size_t phones)
    {
        const auto end = std::chrono::steady_clock::now() + 20s;
        std::map<emulator::PhoneIndex, PhoneState> seen;
        while (std::chrono::steady_clock::now() < end) {
            for (const emulator::PhoneSnapshot& phone : nextChanges().phones)
                seen[phone.index] = phone.state;
            const auto there =
                std::count_if(seen.begin(), seen.end(), [&](const auto& one) { return one.second == state; });
            if (static_cast<std::size_t>(there) == phones)
                return;
        }
        FAIL() << "not every phone came to be " << name(state);
    }

    emulator::TraceQueue m_trace{{}};
    EventHistory m_history;
    std::unique_ptr<emulator::NetFleet> m_fleet;
    std::optional<ControlService> m_service;
    ControlService::ClientId m_window{};
    std::uint64_t m_id = 0;
    std::pair<std::string, bool> m_set;  // the server that was set last
};

TEST_F(ControlServiceTest, AWindowFirstLearnsOfEveryPhoneThenOnlyWhatChanged)
{
    open(5000);
    EXPECT_THAT(nextChanges().phones, SizeIs(phonesPerAnswer));
    EXPECT_THAT(nextChanges().phones, SizeIs(5000 - phonesPerAnswer));
    EXPECT_THAT(nextChanges().phones, IsEmpty()) << "a quiet second";
    act(PhoneAction::PowerOn, {{7, 7}});
    const std::vector<emulator::PhoneSnapshot> changed = nextChanges().phones;
    ASSERT_THAT(changed, SizeIs(1));
    EXPECT_EQ(changed.front().index, emulator::PhoneIndex{7});
}

TEST_F(ControlServiceTest, ActionsReachThePhonesTheyNameAndNoOther)
{
    open(6);
    nextChanges();
    const ControlAnswer answer = act(PhoneAction::PowerOn, {{1, 2}, {5, 5}});
    EXPECT_EQ(std::get<Done>(answer.what).phones, 3u);
    follow(PhoneState::Idle, 3);
    EXPECT_EQ(m_fleet->answering(), 3u);
    act(PhoneAction::PowerOff, {{0, 5}});
    follow(PhoneState::Off, 6);
    EXPECT_EQ(m_fleet->answering(), 0u);
}

TEST_F(ControlServiceTest, ASubmittedParameterIsShownWithItsSource)
{
    open(2);
    act(PhoneAction::PowerOn, {{0, 1}});
    follow(PhoneState::Idle, 2);
    ActOnPhones order{PhoneAction::Submit, {{1, 1}}, {}, {{"gpp_a", "12345678"}}, 1};
    EXPECT_EQ(ask(order).error, "");
    const auto shown = std::get<Parameters>(ask(ReadParameters{1}).what);
    EXPECT_THAT(
        shown.list,
        Contains(AllOf(Field(&ShownParameter::name, "GPP_A"), Field(&ShownParameter::value, "12345678"),
                       Field(&ShownParameter::source, "page"), Field(&ShownParameter::changed, true))));
    const auto other = std::get<Parameters>(ask(ReadParameters{0}).what);
    EXPECT_THAT(other.list,
                Contains(AllOf(Field(&ShownParameter::name, "GPP_A"), Field(&ShownParameter::value, ""),
                               Field(&ShownParameter::source, "factory"))));
}

TEST_F(ControlServiceTest, SecretsStayInTheEngine)
{
    open(1);
    const auto shown = std::get<Parameters>(ask(ReadParameters{0}).what);
    EXPECT_THAT(shown.list,
                Contains(AllOf(Field(&ShownParameter::name, "GPP_SA"), Field(&ShownParameter::value, ""),
                               Field(&ShownParameter::secret, true), Field(&ShownParameter::changed, true))));
}

TEST_F(ControlServiceTest, ARuleWithAKeyStaysInTheEngine)
{
    open(1);
    act(PhoneAction::PowerOn, {{0, 0}});
    follow(PhoneState::Idle, 1);
    const ActOnPhones order{
        PhoneAction::Submit, {{0, 0}}, {}, {{"Profile_Rule", "[--key s3cret] http://10.0.0.1/a"}}, 1};
    EXPECT_EQ(ask(order).error, "");
    const auto shown = std::get<Parameters>(ask(ReadParameters{0}).what);
    EXPECT_THAT(shown.list,
                Contains(AllOf(Field(&ShownParameter::name, "Profile_Rule"),
                               Field(&ShownParameter::value, ""), Field(&ShownParameter::secret, true))));
}

TEST_F(ControlServiceTest, AValueThatThePhoneRefusesChangesNoPhone)
{
    open(2);
    ActOnPhones order{PhoneAction::Submit, {{0, 1}}, {}, {{"GPP_A", "1"}, {"Resync_Periodc", "x"}}, 1};
    EXPECT_THAT(ask(order).error, HasSubstr("did you mean Resync_Periodic?"));
    const auto shown = std::get<Parameters>(ask(ReadParameters{0}).what);
    EXPECT_THAT(shown.list,
                Contains(AllOf(Field(&ShownParameter::name, "GPP_A"), Field(&ShownParameter::value, ""))));
}

TEST_F(ControlServiceTest, KeysWalkThroughTheMenusOfThePhone)
{
    open(1);
    act(PhoneAction::PowerOn, {{0, 0}});
    follow(PhoneState::Idle, 1);
    const auto home = std::get<Details>(ask(ReadDetails{0}).what).display;
    EXPECT_EQ(home.title, "CP-7841-3PCC");
    EXPECT_THAT(home.items, ElementsAre("Applications"));
    const auto rule = std::get<ShownDisplay>(
        ask(PressKeys{0, {"Applications", "Device administration", "Profile rule"}, {}}).what);
    EXPECT_EQ(rule.title, "Profile rule");
    EXPECT_THAT(rule.softKeys, ElementsAre("Resync"));
    EXPECT_TRUE(rule.takesText);
    EXPECT_TRUE(std::get<ShownDisplay>(ask(PressKeys{0, {"Games"}, {}}).what).refused);
}

TEST_F(ControlServiceTest, OffHookMakesTheNamedLineBusy)
{
    open(1);
    act(PhoneAction::PowerOn, {{0, 0}});
    follow(PhoneState::Idle, 1);
    ActOnPhones order{PhoneAction::OffHook, {{0, 0}}, {}, {}, 2};
    ask(order);
    EXPECT_THAT(std::get<Details>(ask(ReadDetails{0}).what).busyLines, ElementsAre(2u));
    order.line = 5;
    EXPECT_THAT(ask(order).error, HasSubstr("4 lines"));
}

TEST_F(ControlServiceTest, RealTimeIsNotHeldBack)
{
    open(1);
    EXPECT_THAT(ask(PauseTime{}).error, HasSubstr("this engine lives in real time"));
}

TEST_F(ControlServiceTest, APhoneThatIsNotThereIsAnError)
{
    open(2);
    EXPECT_THAT(ask(ReadDetails{2}).error, HasSubstr("there is no phone 2"));
    EXPECT_THAT(act(PhoneAction::Reboot, {{0, 2}}).error, HasSubstr("there is no phone 2"));
}

TEST_F(ControlServiceTest, WhichServersAreStoppedIsToldToEveryWindow)
{
    open(1);
    nextChanges();
    EXPECT_EQ(ask(SetServer{"tftp://127.0.0.1:69", false}).error, "");
    EXPECT_EQ(m_set, (std::pair{std::string{"tftp://127.0.0.1:69"}, false}));
    EXPECT_THAT(nextChanges().stopped, ElementsAre("tftp://127.0.0.1:69"));
    ask(SetServer{"tftp://127.0.0.1:69", true});
    EXPECT_TRUE(m_set.second);
    EXPECT_THAT(nextChanges().stopped, IsEmpty());
    EXPECT_THAT(ask(SetServer{"tftp://127.0.0.1:70", false}).error,
                HasSubstr("expected tftp://127.0.0.1:69"));
}

TEST(EventHistoryTest, KeepsTheEventsOfAPhoneInTheirOrderAndForgetsTheOldest)
{
    EventHistory history;
    emulator::TraceEvent event;
    event.kind = emulator::EventKind::SyslogMessage;
    const std::string text(3000, 'x');
    event.add(emulator::FieldName::Text, text);
    constexpr std::size_t seen = 30'000;  // about 90 MB
    for (std::size_t i = 0; i < seen; ++i) {
        event.phone = emulator::MacAddress{}.plus(i % 2000);
        event.at = emulator::TimePoint{emulator::Duration{i}};
        history.seen(event);
    }
    const Events kept = history.of(emulator::MacAddress{}.plus(1), 0);
    EXPECT_GT(kept.lines.size(), 5u);
    EXPECT_LT(kept.lines.size(), 15u);
    EXPECT_EQ(kept.last, 28'002u);
    EXPECT_TRUE(std::is_sorted(kept.lines.begin(), kept.lines.end()));
    EXPECT_THAT(history.of(emulator::MacAddress{}.plus(1), 26'002).lines, SizeIs(1));
    EXPECT_THAT(history.of(emulator::MacAddress{}.plus(1), kept.last).lines, IsEmpty());
}

}  // namespace
}  // namespace scenarios::control
