#include "ui/desktop/ladder_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ui {
namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::EventKind;
using emulator::ExchangeId;
using emulator::FieldName;
using emulator::MuteLed;
using emulator::Observer;
using emulator::TimePoint;
using emulator::TraceEvent;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = LadderRows::Kind;

const Endpoint phone{{0x7f4e0001}, 40000};
const Endpoint tftp{{0x7f000001}, 69};

// A trace that is written while its ladder is looked at.
class LadderRowsTest : public testing::Test {
protected:
    LadderRowsTest() { m_rows.begin(m_store, {"phone1", phone.address, {{tftp, "tftp"}}}); }

    std::uint32_t add(TraceEvent event)
    {
        m_store->add(event, 0);
        const auto number = static_cast<std::uint32_t>(m_store->events().size() - 1);
        m_rows.add(number);
        return number;
    }
    static TraceEvent event(EventKind kind, emulator::Duration at, FieldName field, std::string_view text)
    {
        TraceEvent made;
        made.kind = kind;
        made.at = TimePoint{at};
        made.by = Observer::Phone;
        made.add(field, text);
        return made;
    }
    std::uint32_t sent(std::string_view file, emulator::Duration at, Endpoint to = tftp,
                       std::uint32_t exchange = 1)
    {
        TraceEvent made = event(EventKind::TftpRead, at, FieldName::File, file);
        made.from = phone;
        made.to = to;
        made.exchange = {3, 0, exchange};
        return add(made);
    }
    std::uint32_t led(MuteLed led, emulator::Duration at)
    {
        return add(event(EventKind::PhoneLed, at, FieldName::State, name(led)));
    }
    std::vector<std::string> texts() const
    {
        std::vector<std::string> all;
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            all.push_back(m_rows.row(row).kind == Kind::Pause ? "…" : m_rows.text(row));
        return all;
    }

    std::shared_ptr<hwbridge::TraceStore> m_store = std::make_shared<hwbridge::TraceStore>();
    LadderRows m_rows;
};

TEST_F(LadderRowsTest, KeepsATransferOnTheLaneItBeganOn)
{
    sent("basic.txt", 0s);
    TraceEvent data = event(EventKind::TftpData, 1ms, FieldName::Note, "");
    data.from = {tftp.address, 50123};
    data.to = phone;
    data.exchange = {3, 0, 1};
    add(data);
    EXPECT_THAT(m_rows.lanes(), ElementsAre("phone1", "tftp"));
    EXPECT_EQ(m_rows.row(1).lane, 1u);
    EXPECT_FALSE(m_rows.row(1).toPeer);
}

TEST_F(LadderRowsTest, ShowsAMessageOnceAsItsObserverSawIt)
{
    sent("basic.txt", 0s);
    TraceEvent seen = event(EventKind::TftpRead, 0s, FieldName::File, "basic.txt");
    seen.by = Observer::Server;
    seen.from = phone;
    seen.to = tftp;
    add(seen);
    EXPECT_THAT(texts(), ElementsAre("read basic.txt"));
}

TEST_F(LadderRowsTest, SaysHowLongNothingHappened)
{
    sent("a", 0s);
    sent("b", 100ms);
    sent("c", 12s + 100ms);
    EXPECT_THAT(texts(), ElementsAre("read a", "read b", "…", "read c"));
    EXPECT_EQ(m_rows.pause(2), 12s);
}

TEST_F(LadderRowsTest, ShowsTheBlinkingOfAPauseSecondBySecond)
{
    led(MuteLed::SlowBlink, 0s);
    sent("a", 2s);
    ASSERT_THAT(texts(), ElementsAre("LED slow blink", "…", "…", "read a"));
    EXPECT_EQ(m_rows.span(1), std::pair(TimePoint{0s}, TimePoint{1s}));
    EXPECT_TRUE(m_rows.isLit(1, TimePoint{500ms}));
    EXPECT_FALSE(m_rows.isLit(2, TimePoint{1500ms}));
}

TEST_F(LadderRowsTest, ShowsBeginningAndEndOfALongBlinking)
{
    led(MuteLed::FastBlink, 0s);
    led(MuteLed::Off, 100s);
    ASSERT_EQ(m_rows.size(), 2 + LadderRows::mostPauseRows);
    EXPECT_EQ(m_rows.span(LadderRows::mostPauseRows), std::pair(TimePoint{99s}, TimePoint{100s}));
    EXPECT_EQ(m_rows.led(1), MuteLed::FastBlink);
    EXPECT_EQ(m_rows.led(5), MuteLed::Off);
}

TEST_F(LadderRowsTest, KnowsTheLedAlsoWhereTheFilterHidesItsChange)
{
    m_rows.setFilter("read", false);
    sent("a", 0s);
    led(MuteLed::SlowBlink, 100ms);
    sent("b", 120ms);
    EXPECT_THAT(texts(), ElementsAre("read a", "read b"));
    EXPECT_EQ(m_rows.led(0), MuteLed::Off);
    EXPECT_EQ(m_rows.led(1), MuteLed::SlowBlink);
}

TEST_F(LadderRowsTest, FindsEveryWordAndNoneOfThoseWithAMinus)
{
    m_rows.setFilter("TFTP.read -basic", false);
    sent("basic.txt", 0s);
    sent("other.txt", 1ms);
    add(event(EventKind::PhoneState, 2ms, FieldName::State, "idle"));
    EXPECT_THAT(texts(), ElementsAre("read other.txt"));
}

TEST_F(LadderRowsTest, FindsARowByItsEventOrTheNextThatIsShown)
{
    m_rows.setFilter("-b.txt", false);
    const auto a = sent("a.txt", 0s);
    const auto b = sent("b.txt", 1ms);
    const auto c = sent("c.txt", 10s);
    EXPECT_EQ(m_rows.rowOf(a), 0u);
    EXPECT_EQ(m_rows.rowOf(b), m_rows.rowOf(c));
    EXPECT_EQ(m_rows.rowOf(c), 2u);  // behind the pause
    EXPECT_EQ(m_rows.rowOf(c + 1), std::nullopt);
}

TEST_F(LadderRowsTest, HasFewLanesHoweverManyEndsThereAre)
{
    for (std::uint32_t i = 0; i < 500; ++i)
        sent("a", 0s, {{0xcb007100 + i}, 69}, i + 1);
    EXPECT_LE(m_rows.lanes().size(), 3 + LadderRows::mostLanes);
}

TEST_F(LadderRowsTest, IsExportedWithoutItsPauses)
{
    sent("a", 0s);
    led(MuteLed::SlowBlink, 10s);
    const scenarios::Ladder ladder = m_rows.ladder();
    ASSERT_EQ(ladder.rows.size(), 2u);
    EXPECT_EQ(ladder.rows[0].text, "read a");
    EXPECT_TRUE(ladder.rows[0].toPeer);
    EXPECT_EQ(ladder.rows[1].led, MuteLed::SlowBlink);
}

TEST_F(LadderRowsTest, TellsEverythingAboutAnEvent)
{
    const std::string detail = detailOf(*m_store, sent("basic.txt", 1500ms));
    EXPECT_THAT(detail, HasSubstr("tftp.read"));
    EXPECT_THAT(detail, HasSubstr("at 1.500000 s, seen by phone"));
    EXPECT_THAT(detail, HasSubstr("127.78.0.1:40000 \xe2\x86\x92 127.0.0.1:69"));
    EXPECT_THAT(detail, HasSubstr("file: basic.txt"));
}

}  // namespace
}  // namespace ui
