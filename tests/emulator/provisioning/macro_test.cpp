#include "emulator/provisioning/macro.hpp"

#include "emulator/base/chance.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

class TwoNames : public MacroSource {
public:
    bool append(std::string_view name, std::string& out) const override
    {
        if (name == "A")
            out += "ABCDEF";
        else if (name == "MA")
            out += "000e08012345";
        else
            return false;
        return true;
    }
};

TEST(MacroTest, TextWithoutMacrosStaysAsItIs)
{
    EXPECT_EQ(expandMacros("tftp://192.168.1.200/basic.txt", TwoNames{}), "tftp://192.168.1.200/basic.txt");
}

TEST(MacroTest, BrokenParenthesesStayAsWritten)
{
    for (const char* text :
         {"$(", "$()", "$(A", "$(A:", "$(A:)", "$(A:x)", "$(A:1:)", "$(A:-1)", "$(A:1:2:3)", "$(NO)"})
        EXPECT_EQ(expandMacros(text, TwoNames{}), text);
}

TEST(MacroTest, SubstringsAreClipped)
{
    EXPECT_EQ(expandMacros("$(A:4:99)|$(A:6)|$(A:0:0)|$(A:99999999999999999999)", TwoNames{}),
              "EF|||$(A:99999999999999999999)");
}

TEST(MacroTest, NoTextCrashesIt)
{
    const std::string alphabet = "$(A:2)MA$ x_";
    for (std::uint64_t round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::uint64_t i = 0; i < round % 24; ++i)
            text += alphabet[mixBits(round * 64 + i) % alphabet.size()];
        EXPECT_LE(expandMacros(text, TwoNames{}).size(), text.size() * 12);
    }
}

}  // namespace
}  // namespace emulator
