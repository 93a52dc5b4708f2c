#include "ui/cli/loopback_capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ui {
namespace {

using testing::ElementsAre;

std::vector<std::string> prefixes(std::uint32_t first, std::size_t count)
{
    std::vector<std::string> texts;
    for (const hwbridge::PhoneAddress& prefix : prefixesOf({first}, count))
        texts.push_back(hwbridge::text(prefix));
    return texts;
}

TEST(PrefixesTest, OnePhoneIsItsAddress)
{
    EXPECT_THAT(prefixes(0x7f4e0001, 1), ElementsAre("127.78.0.1"));
}

TEST(PrefixesTest, NeighboursAreAsFewPrefixesAsItTakes)
{
    EXPECT_THAT(prefixes(0x7f4e0001, 10),
                ElementsAre("127.78.0.1", "127.78.0.2/31", "127.78.0.4/30", "127.78.0.8/31", "127.78.0.10"));
    EXPECT_THAT(prefixes(0x7f4e0100, 256), ElementsAre("127.78.1.0/24"));
}

TEST(PrefixesTest, TheyHoldEveryAddressAndNoOther)
{
    std::uint32_t next = 0x7f4e0003;
    for (const hwbridge::PhoneAddress& prefix : prefixesOf({next}, 100'000)) {
        const auto& range = std::get<hwbridge::AddressRange>(prefix);
        EXPECT_EQ(range.first.value, next);
        EXPECT_EQ(next & ((1u << (32 - range.bits)) - 1), 0u);
        next += 1u << (32 - range.bits);
    }
    EXPECT_EQ(next, 0x7f4e0003u + 100'000);
}

TEST(PrefixesTest, WhatWouldGoBeyondTheLastAddressEndsThere)
{
    EXPECT_THAT(prefixes(0xfffffffe, 100), ElementsAre("255.255.255.254/31"));
    EXPECT_THAT(prefixes(0, 0), ElementsAre());
}

}  // namespace
}  // namespace ui
