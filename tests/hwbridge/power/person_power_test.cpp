#include "hwbridge/power/terminal_prompt.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;

// A terminal: what the person types goes in at one end, what is shown comes out at the other.
class Terminal {
public:
    Terminal()
    {
        EXPECT_EQ(::pipe(m_typed.data()), 0);
        EXPECT_EQ(::pipe(m_shown.data()), 0);
    }
    ~Terminal()
    {
        hangUp();
        for (const int end : {m_typed[0], m_shown[0], m_shown[1]})
            ::close(end);
    }
    TerminalPrompt prompt(std::chrono::milliseconds patience = 10s, std::function<bool()> stop = {}) const
    {
        return {m_typed[0], m_shown[1], patience, std::move(stop)};
    }
    void type(std::string_view text) const
    {
        EXPECT_EQ(::write(m_typed[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    void hangUp()
    {
        if (const int end = std::exchange(m_typed[1], -1); end >= 0)
            ::close(end);
    }
    std::string shown() const
    {
        std::array<char, 1000> bytes{};
        const ssize_t count = ::read(m_shown[0], bytes.data(), bytes.size());
        return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }

private:
    std::array<int, 2> m_typed{};
    std::array<int, 2> m_shown{};
};

TEST(PersonPowerTest, APersonIsAskedAndPressesEnter)
{
    const Terminal terminal;
    TerminalPrompt prompt = terminal.prompt();
    PersonPower power{prompt, "CP7832-1 (shelf 2)"};
    terminal.type("\n");
    EXPECT_TRUE(power.off().has_value());
    EXPECT_EQ(
        terminal.shown(),
        "Please unplug the power of CP7832-1 (shelf 2). Then press Enter; if it cannot be done, type why.\n");
    terminal.type(" \r\n");
    EXPECT_TRUE(power.on().has_value());
    EXPECT_EQ(terminal.shown().substr(0, 52), "Please plug the power of CP7832-1 (shelf 2) in. Then");
    EXPECT_EQ(power.probe().value(), PowerState::Unknown);
}

TEST(PersonPowerTest, WhatAPersonTypesIsTheReason)
{
    const Terminal terminal;
    TerminalPrompt prompt = terminal.prompt();
    terminal.type("the cupboard is locked\n");
    EXPECT_EQ(PersonPower(prompt, "CP7832-1").off().error().detail,
              "the person at the bench says: the cupboard is locked");
}

TEST(PersonPowerTest, WhereNobodyIsTheStepFails)
{
    Terminal terminal;
    TerminalPrompt impatient = terminal.prompt(0ms);
    EXPECT_EQ(PersonPower(impatient, "CP7832-1").on().error().detail,
              "nobody answered within 0 s: Please plug the power of CP7832-1 in.");
    EXPECT_EQ(PersonPower(impatient, "CP7832-1").on().error().kind, ErrorKind::TimedOut);
    terminal.hangUp();
    TerminalPrompt prompt = terminal.prompt();
    EXPECT_EQ(PersonPower(prompt, "CP7832-1").on().error().detail,
              "nobody can be asked: the input is closed");
}

TEST(PersonPowerTest, WhoeverWantsAnEndDoesNotWaitForAnAnswer)
{
    const Terminal terminal;
    int asked = 0;
    TerminalPrompt prompt = terminal.prompt(1h, [&] { return ++asked > 2; });
    EXPECT_EQ(PersonPower(prompt, "CP7832-1").on().error().detail,
              "an answer was not waited for: Please plug the power of CP7832-1 in.");
}

}  // namespace
}  // namespace hwbridge
