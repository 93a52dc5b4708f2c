#include "ui/desktop/recorded_state.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace ui {
namespace {

using emulator::EventKind;
using emulator::FieldName;
using emulator::Observer;
using emulator::TimePoint;
using namespace std::chrono_literals;

class RecordedStateTest : public testing::Test {
protected:
    void see(emulator::Duration at, EventKind kind, FieldName field, std::string_view text,
             Observer by = Observer::Phone)
    {
        emulator::TraceEvent event;
        event.at = TimePoint{at};
        event.kind = kind;
        event.by = by;
        event.add(field, text);
        m_trace.add(event, 0);
    }
    RecordedState after(std::size_t count)
    {
        std::vector<std::uint32_t> events(count);
        std::iota(events.begin(), events.end(), 0u);
        return stateAfter(m_trace, events);
    }

    hwbridge::TraceStore m_trace;
};

TEST_F(RecordedStateTest, IsWhatThePhoneSaidLastBeforeThatInstant)
{
    see(0s, EventKind::PhoneState, FieldName::State, "idle");
    see(1s, EventKind::PhoneDisplay, FieldName::Text, "Applications");
    see(2s, EventKind::PhoneLed, FieldName::State, "slow blink");
    see(3s, EventKind::PhoneState, FieldName::State, "contacting");
    see(4s, EventKind::PhoneLed, FieldName::State, "off");
    EXPECT_EQ(after(0), RecordedState{});
    EXPECT_EQ(after(1), (RecordedState{TimePoint{0s}, "idle", emulator::MuteLed::Off, false, ""}));
    EXPECT_EQ(after(4).state, "contacting");
    EXPECT_EQ(after(4).led, emulator::MuteLed::SlowBlink);
    EXPECT_EQ(after(5),
              (RecordedState{TimePoint{4s}, "contacting", emulator::MuteLed::Off, false, "Applications"}));
}

TEST_F(RecordedStateTest, TheLedIsLitAsItsPatternIsAtThatInstant)
{
    see(10s, EventKind::PhoneLed, FieldName::State, "slow blink");
    for (int tenth = 0; tenth < 100; ++tenth)
        see(10s + tenth * 100ms, EventKind::SyslogMessage, FieldName::Text, "tick", Observer::Server);
    for (std::size_t tenth = 0; tenth < 100; ++tenth)
        EXPECT_EQ(after(tenth + 2).isLit, emulator::isLit(emulator::MuteLed::SlowBlink, TimePoint{10s},
                                                          TimePoint{10s + tenth * 100ms}));
}

TEST_F(RecordedStateTest, WhatOthersSayOfAPhoneIsNotItsState)
{
    see(0s, EventKind::PhoneState, FieldName::State, "idle");
    see(1s, EventKind::PhoneState, FieldName::State, "off", Observer::Rig);
    EXPECT_EQ(after(2).state, "idle");
}

TEST_F(RecordedStateTest, APhoneWithoutPowerShowsNothing)
{
    see(0s, EventKind::PhoneDisplay, FieldName::Text, "Applications");
    see(1s, EventKind::PhoneState, FieldName::State, "off");
    EXPECT_EQ(after(2).display, "");
}

}  // namespace
}  // namespace ui
