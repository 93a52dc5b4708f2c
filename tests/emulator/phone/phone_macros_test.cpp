#include "emulator/phone/phone_macros.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct MacroRow {
    const char* text;
    const char* expanded;
    const char* id;  // empty: no requirement of its own
};

class MacroTest : public ::testing::TestWithParam<MacroRow> {};

TEST_P(MacroTest, IsExpanded)
{
    if (*GetParam().id != '\0')
        COVERS(GetParam().id);
    PhoneRun::Options options;
    options.mac = "00:0e:08:ab:cd:ef";
    options.set = {{"GPP_A", "ABCDEF"}, {"GPP_B", "Dj6Lmp23Q"}, {"GPP_P", "123"}, {"GPP_SA", "key"}};
    for (char c = 'C'; c <= 'O'; ++c)
        options.set[std::string{"GPP_"} + c] = std::string(1, static_cast<char>(c - 'A' + 'a'));
    PhoneRun run{options};
    PhoneMacros macros{*run.phone, TimePoint{}};
    EXPECT_EQ(expandMacros(GetParam().text, macros), GetParam().expanded);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, MacroTest,
    ::testing::Values(
        MacroRow{"$PN.cfg", "CP-7832-3PCC.cfg", "MACRO-PN"},
        MacroRow{"/$PSN.xml", "/7832-3PCC.xml", "MACRO-PSN"}, MacroRow{"$MA", "000e08abcdef", "MACRO-MA"},
        MacroRow{"$MAU", "000E08ABCDEF", "MACRO-MAU"}, MacroRow{"$MAC", "00:0e:08:ab:cd:ef", "MACRO-MAC"},
        MacroRow{"$SN", "88012BABCDEF", "MACRO-SN"}, MacroRow{"$A-$P", "ABCDEF-123", "MACRO-A-P"},
        MacroRow{"$C$D$E$F$G$H$I$J$K$L$M$N$O", "cdefghijklmno", "MACRO-A-P"},
        MacroRow{"$GPP_A.cfg", "ABCDEF.cfg", "MACRO-GPP-LONG"},
        MacroRow{"$GPP_F/$GPP_P", "f/123", "MACRO-GPP-LONG"}, MacroRow{"/x/$SA", "/x/$SA", ""},
        MacroRow{"$(A:2)", "CDEF", ""}, MacroRow{"$(A:2:3)", "CDE", ""}, MacroRow{"$(A:99)", "", ""},
        MacroRow{"$(MAU:8:2)", "CD", ""}, MacroRow{"$$MAU", "$MAU", ""},
        MacroRow{"$STRANGE$MAU.cfg", "$STRANGE000E08ABCDEF.cfg", ""}, MacroRow{"$A$P", "ABCDEF123", ""},
        MacroRow{"$(MA", "$(MA", ""}, MacroRow{"$", "$", ""}, MacroRow{"", "", ""},
        MacroRow{"$A_1", "ABCDEF_1", ""},
        MacroRow{"tftp://prov.telco.com/cisco/$B/$MA.cfg",
                 "tftp://prov.telco.com/cisco/Dj6Lmp23Q/000e08abcdef.cfg", "RULE-MACRO-ANYWHERE"}));

TEST(PhoneMacrosTest, AMacroIsExpandedOnceAndNeverAgain)
{
    PhoneRun::Options options;
    options.set = {{"GPP_A", "$B"}, {"GPP_B", "x"}};
    PhoneRun run{options};
    EXPECT_EQ(expandMacros("$A", PhoneMacros{*run.phone, TimePoint{}}), "$B");
}

TEST(PhoneMacrosTest, TheUserAgentNamesMakerProductFirmwareAndMac)
{
    COVERS("HTTP-UA-FORMAT", "MODEL-FW-STRING");
    PhoneRun::Options options;
    options.mac = "00562b043615";
    options.firmware = "11.0.1";
    PhoneRun run{options};
    EXPECT_EQ(run.phone->userAgent(), "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)");
}

TEST(PhoneMacrosTest, TheSerialNumberIsTwelveAlphanumericsOfTheGuidesForm)
{
    COVERS("MODEL-SERIAL", "MODEL-BARCODE", "MODEL-MAC-LABEL");
    PhoneRun::Options options;
    options.mac = "000e08aabbcc";
    PhoneRun run{options};
    EXPECT_EQ(run.phone->serialNumber(), "88012BAABBCC");
    EXPECT_EQ(run.phone->mac().plain(), "000e08aabbcc");
    const PhoneMacros macros{*run.phone, TimePoint{}};
    EXPECT_EQ(expandMacros("$SN $MA", macros), "88012BAABBCC 000e08aabbcc");
}

}  // namespace
}  // namespace emulator
