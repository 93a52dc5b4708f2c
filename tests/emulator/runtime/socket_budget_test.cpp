#include "emulator/runtime/socket_budget.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class SocketBudgetTest : public testing::Test {
protected:
    std::function<bool()> opens(std::string name)
    {
        return [this, name] {
            order.push_back(name);
            return true;
        };
    }
    void turnUntil(std::size_t happened)
    {
        ASSERT_TRUE(loop.runUntil([&] { return order.size() >= happened; }, 10s));
    }

    EventLoop loop;
    std::vector<std::string> order;
    SocketBudget budget{loop, 2, [this] { order.emplace_back("lines leave"); }};
};

TEST_F(SocketBudgetTest, WhatWasSaidInATurnLeavesOnceAndBeforeAnyFetchOfThatTurn)
{
    budget.take(opens("first"));
    budget.take(opens("second"));
    EXPECT_THAT(order, ElementsAre());
    turnUntil(3);
    EXPECT_THAT(order, ElementsAre("lines leave", "first", "second"));
    EXPECT_EQ(budget.waited(), 0u);
}

TEST_F(SocketBudgetTest, WhoFindsNoDescriptorLeftWaitsUntilOneComesBack)
{
    for (const char* name : {"first", "second", "third"})
        budget.take(opens(name));
    turnUntil(3);
    EXPECT_EQ(budget.used(), 2u);
    EXPECT_EQ(budget.waited(), 1u);
    budget.give();
    turnUntil(5);
    EXPECT_THAT(order, ElementsAre("lines leave", "first", "second", "lines leave", "third"));
}

}  // namespace
}  // namespace emulator
