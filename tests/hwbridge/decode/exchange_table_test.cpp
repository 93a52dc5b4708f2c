#include "hwbridge/decode/exchange_table.hpp"

#include <gmock/gmock.h>

#include <set>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::TimePoint;

namespace {

constexpr ExchangeRule rule{10s, false};
constexpr auto question = ExchangeTable::Side::Question;
constexpr auto answer = ExchangeTable::Side::Answer;

ExchangeKey keyOf(std::uint64_t number)
{
    ExchangeKey key{"test"};
    key.add(number);
    return key;
}

}  // namespace

TEST(ExchangeTableTest, CountsEachMessageOfAnExchange)
{
    ExchangeTable table;
    const TimePoint now{};
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 11, now).repeat, 0u);
    EXPECT_EQ(table.seen(keyOf(1), rule, answer, 22, now).repeat, 0u);
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 11, now).repeat, 1u);
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 11, now).repeat, 2u);
    EXPECT_EQ(table.seen(keyOf(1), rule, answer, 22, now).repeat, 1u);
    EXPECT_EQ(table.seen(keyOf(2), rule, question, 11, now).repeat, 0u);
}

TEST(ExchangeTableTest, EndsAnExchangeThatWasQuietOrAnswered)
{
    ExchangeTable table;
    const auto first = table.seen(keyOf(1), rule, question, 11, TimePoint{0s});
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 11, TimePoint{10s}).number, first.number);
    EXPECT_NE(table.seen(keyOf(1), rule, question, 11, TimePoint{21s}).number, first.number);

    const ExchangeRule once{10s, true};
    const auto asked = table.seen(keyOf(2), once, question, 11, TimePoint{0s});
    EXPECT_EQ(table.seen(keyOf(2), once, question, 11, TimePoint{1s}).number, asked.number);
    EXPECT_EQ(table.seen(keyOf(2), once, answer, 22, TimePoint{1s}).number, asked.number);
    EXPECT_EQ(table.seen(keyOf(2), once, answer, 22, TimePoint{1s}).number, asked.number);
    EXPECT_NE(table.seen(keyOf(2), once, question, 11, TimePoint{2s}).number, asked.number);
}

TEST(ExchangeTableTest, FindsAnExchangeByItsEndsInEitherOrder)
{
    ExchangeTable table;
    const Endpoint a{{0x0a000001}, 40000};
    const Endpoint b{{0x0a000002}, 53};
    const auto key = [](const Endpoint& from, const Endpoint& to) {
        ExchangeKey made{"test"};
        made.addEnds(from, to);
        return made;
    };
    const auto number = table.seen(key(a, b), rule, question, 1, {}).number;
    EXPECT_EQ(table.find(key(b, a), {}), number);
    EXPECT_EQ(table.find(key(a, a), {}), std::nullopt);
}

TEST(ExchangeTableTest, ForgetsTheQuietOnesWhenThereAreTooMany)
{
    ExchangeTable table;
    std::set<std::uint32_t> numbers;
    constexpr unsigned count = 200000;
    for (unsigned i = 0; i < count; ++i)
        numbers.insert(
            table.seen(keyOf(i), rule, question, 1, TimePoint{std::chrono::microseconds{i}}).number);
    EXPECT_EQ(numbers.size(), count);
    EXPECT_TRUE(table.find(keyOf(count - 1), TimePoint{1s}));
    EXPECT_FALSE(table.find(keyOf(0), TimePoint{1s}));
    unsigned known = 0;
    for (unsigned i = 0; i < count; ++i)
        known += table.find(keyOf(i), TimePoint{1s}) ? 1 : 0;
    EXPECT_LE(known, 32768u);
    EXPECT_GE(known, 30000u);
}

TEST(ExchangeTableTest, GivesUpCountingTheNinthMessageOfAnExchange)
{
    ExchangeTable table;
    for (std::uint64_t message = 1; message <= 20; ++message)
        EXPECT_EQ(table.seen(keyOf(1), rule, question, message, {}).repeat, 0u);
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 8, {}).repeat, 1u);
    EXPECT_EQ(table.seen(keyOf(1), rule, question, 9, {}).repeat, 0u);
}

}  // namespace hwbridge
