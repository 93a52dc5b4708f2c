#include "emulator/phone/firmware_version.hpp"

#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

struct VersionRow {
    const char* text;
    const char* load;
    const char* dotted;
    Generation generation;
};

class FirmwareVersionTest : public testing::TestWithParam<VersionRow> {};

TEST_P(FirmwareVersionTest, IsReadAndReported)
{
    COVERS("MODEL-FW-STRING");
    const VersionRow& row = GetParam();
    const Result<FirmwareVersion> version = FirmwareVersion::parse(row.text, "sip7832");
    ASSERT_TRUE(version.has_value()) << version.error().detail;
    EXPECT_EQ(version->load, row.load);
    EXPECT_EQ(version->dotted, row.dotted);
    EXPECT_EQ(version->generation(), row.generation);
}

INSTANTIATE_TEST_SUITE_P(
    Printed, FirmwareVersionTest,
    testing::Values(
        VersionRow{"11.0.1", "sip7832.11-0-1MPP-1", "11.0.1", Generation::Mpp11_0},
        VersionRow{"11.3.1", "sip7832.11-3-1MPP-1", "11.3.1", Generation::Mpp11_3},
        VersionRow{"11.2(1)", "sip7832.11-2-1MPP-1", "11.2.1", Generation::Mpp11_0},
        VersionRow{"11-2-3MSR1", "sip7832.11-2-3MSR1-1", "11.2.3", Generation::Mpp11_0},
        VersionRow{"sip88xx.11-2-3MSR1-1.loads", "sip88xx.11-2-3MSR1-1", "11.2.3", Generation::Mpp11_0},
        VersionRow{"sip78xx.14-1-1MN-366.loads", "sip78xx.14-1-1MN-366", "14.1.1", Generation::Mpp11_3},
        VersionRow{"sip7832.11-3-1MPP-678", "sip7832.11-3-1MPP-678", "11.3.1", Generation::Mpp11_3},
        VersionRow{"sip78xx.11-3-2MPP0001-609", "sip78xx.11-3-2MPP0001-609", "11.3.2", Generation::Mpp11_3},
        VersionRow{"sip8845_65.12-0-2MPP0001-20230510-156252b771",
                   "sip8845_65.12-0-2MPP0001-20230510-156252b771", "12.0.2", Generation::Mpp11_3},
        VersionRow{"10.4.1", "sip7832.10-4-1MPP-1", "10.4.1", Generation::Mpp11_0}));

TEST(FirmwareVersionTest, TheSpaFamilyHasNoLoadPrefix)
{
    for (const auto& [text, dotted] : {std::pair{"7.4.8", "7.4.8"},
                                       {"7.4.9c", "7.4.9"},
                                       {"1.0.31(b)", "1.0.31"},
                                       {"2.0.3(0412s)", "2.0.3"}}) {
        const Result<FirmwareVersion> version = FirmwareVersion::parse(text, "spa50x");
        ASSERT_TRUE(version.has_value()) << version.error().detail;
        EXPECT_EQ(version->load, text);
        EXPECT_EQ(version->dotted, dotted);
        EXPECT_EQ(version->generation(), Generation::Spa);
    }
    for (const char* text : {"", "7.4", "7.4.8-1", "spa", "7.4.8(", "7.4.8\n", "sip7832.11-3-1MPP-678"})
        EXPECT_TRUE(FirmwareVersion::parse(text, "spa50x").has_error()) << text;
}

TEST(FirmwareVersionTest, RefusesTextsWithoutThreeNumbers)
{
    for (const char* text : {"", "newest", "11", "11.3", "11.3.", "11.3.1.", "11.3.1 ", "-1.3.1", "11.3(1",
                             "sip78xx.", "sip78xx.11-3", ".11-3-1MPP-678", "sip 78xx.11-3-1MPP-678",
                             "sip78xx.11-3-1MPP\n", "99999999999.1.1"}) {
        const Result<FirmwareVersion> version = FirmwareVersion::parse(text, "sip7832");
        ASSERT_TRUE(version.has_error()) << text;
        EXPECT_EQ(version.error().kind, ErrorKind::Malformed);
        EXPECT_NE(version.error().detail.find("expected 11.3.1 or a load such as sip7832."),
                  std::string::npos);
    }
    EXPECT_TRUE(FirmwareVersion::parse("sip78xx.11-3-1MPP-" + std::string(200, '1'), "sip7832").has_error());
}

}  // namespace
}  // namespace emulator
