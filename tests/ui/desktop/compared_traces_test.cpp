#include "ui/desktop/compared_traces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ui {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using emulator::TraceEvent;
using Side = ComparedTraces::Side;

// What one phone did.
class ATrace {
public:
    ATrace& asks(std::string_view target)
    {
        TraceEvent event = begin(EventKind::HttpRequest);
        event.from = {{0x0a000001}, 40000};
        event.to = {{0x0a000002}, 80};
        event.exchange = {3, 0, ++m_exchanges};
        event.add(FieldName::Method, "GET");
        event.add(FieldName::Target, target);
        m_file->store.seen(event);
        return *this;
    }
    ATrace& isIdle()
    {
        TraceEvent event = begin(EventKind::PhoneState);
        event.add(FieldName::State, "idle");
        m_file->store.seen(event);
        return *this;
    }
    std::shared_ptr<const OpenedTrace> opened() const { return std::make_shared<const OpenedTrace>(m_file); }

private:
    TraceEvent begin(EventKind kind)
    {
        TraceEvent event;
        event.at = emulator::TimePoint{(m_at += 1s)};
        event.kind = kind;
        event.by = Observer::Phone;
        event.phone = *emulator::MacAddress::parse("00:0e:08:00:00:01");
        return event;
    }

    std::shared_ptr<hwbridge::TraceFile> m_file = std::make_shared<hwbridge::TraceFile>();
    emulator::Duration m_at{};
    std::uint32_t m_exchanges = 0;
};

std::shared_ptr<const ComparedTraces> compared(const ATrace& a, const ATrace& b)
{
    auto result = ComparedTraces::compare(a.opened(), b.opened());
    return result.has_value() ? *result : nullptr;
}

TEST(ComparedTracesTest, KnowsWhereOnTheOtherSideSomethingIsMissing)
{
    const auto both = compared(ATrace{}.asks("/one").asks("/two").isIdle(), ATrace{}.asks("/one").isIdle());
    ASSERT_NE(both, nullptr);
    ASSERT_FALSE(both->comparison().findings.empty());
    EXPECT_EQ(both->placeOf({0, 0}, Side::A).event, 1u);
    EXPECT_EQ(both->placeOf({0, 0}, Side::B).event, std::nullopt);
    EXPECT_EQ(both->placeOf({0, 0}, Side::B).near, 0u);  // behind /one
}

TEST(ComparedTracesTest, FindsTheDifferenceOfAnEvent)
{
    const auto both = compared(ATrace{}.asks("/one"), ATrace{}.asks("/one?x"));
    ASSERT_NE(both, nullptr);
    ASSERT_FALSE(both->comparison().findings.empty());
    const ComparedTraces::Pair pair = both->firstPair();
    EXPECT_EQ(pair.by, Observer::Phone);
    EXPECT_EQ(both->phoneOf(pair, Side::A), 0u);
    EXPECT_TRUE(both->spotsByEvent(pair, Side::A).contains(0));
    EXPECT_TRUE(both->spotsByEvent(pair, Side::B).contains(0));
    EXPECT_TRUE(both->spotsByEvent({pair.phone, Observer::Wire}, Side::A).empty());
}

TEST(ComparedTracesTest, HasNoPhoneOnASideThatHasNone)
{
    const auto both = compared(ATrace{}.asks("/one"), ATrace{});
    ASSERT_NE(both, nullptr);
    EXPECT_EQ(both->phoneOf({0, Observer::Phone}, Side::B), std::nullopt);
    EXPECT_EQ(both->phoneOf({7, Observer::Phone}, Side::A), std::nullopt);
}

TEST(OpenedTraceTest, PutsThePhonesOwnEventsInTheOrderOfTheTrace)
{
    const auto trace = ATrace{}.isIdle().asks("/one").isIdle().opened();
    ASSERT_EQ(trace->phones().size(), 1u);
    EXPECT_THAT(trace->events(0), testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(trace->observers(0), testing::ElementsAre(Observer::Phone));
    EXPECT_EQ(trace->subject(0).address.text(), "10.0.0.1");
}

}  // namespace
}  // namespace ui
