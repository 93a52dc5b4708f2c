#include "emulator/phone/firmware_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr const char* aName = "sip7832.11-3-2MPP0001-609";

TEST(FirmwareLoadTest, IsReadAsItWasMade)
{
    for (const std::size_t image : {std::size_t{0}, usualImageBytes, std::size_t{100'000}}) {
        const Result<FirmwareVersion> version = parseLoad(makeLoad(aName, "sip7832", image), "sip7832");
        ASSERT_TRUE(version.has_value()) << version.error().detail;
        EXPECT_EQ(version->load, aName);
    }
}

TEST(FirmwareLoadTest, IsTheSameEveryTimeAndAnotherForAnotherName)
{
    EXPECT_EQ(makeLoad(aName, "sip7832"), makeLoad(aName, "sip7832"));
    const std::string one = makeLoad(aName, "sip7832");
    const std::string other = makeLoad("sip7832.11-3-2MPP0001-610", "sip7832");
    EXPECT_NE(one.substr(one.size() - 100), other.substr(other.size() - 100));
}

TEST(FirmwareLoadTest, EveryTruncationAndEveryChangedByteIsRefused)
{
    const std::string load = makeLoad(aName, "sip7832", 300);
    for (std::size_t length = 0; length < load.size(); ++length)
        EXPECT_TRUE(parseLoad(std::string_view{load}.substr(0, length), "sip7832").has_error()) << length;
    for (std::size_t i = 0; i < load.size(); ++i) {
        std::string changed = load;
        changed[i] = static_cast<char>(changed[i] ^ 0x10);
        EXPECT_TRUE(parseLoad(changed, "sip7832").has_error()) << i;
    }
}

TEST(FirmwareLoadTest, HasALimit)
{
    const Result<FirmwareVersion> version = parseLoad(makeLoad(aName, "sip7832", maxLoadBytes), "sip7832");
    ASSERT_TRUE(version.has_error());
    EXPECT_EQ(version.error().kind, ErrorKind::TooLarge);
}

TEST(FirmwareLoadTest, LongNamesAreNotCarriedIntoMessages)
{
    const Result<FirmwareVersion> version =
        parseLoad(makeLoad("sip7832." + std::string(200, '1'), "sip7832"), "sip7832");
    ASSERT_TRUE(version.has_error());
    EXPECT_LT(version.error().detail.size(), 200u);
}

TEST(FirmwareLoadTest, NamesTellHardwareAndFilesTellNames)
{
    EXPECT_EQ(hardwareOf("sip8845_65.12-0-2MPP0001-116"), "sip8845_65");
    EXPECT_EQ(hardwareOf("7.4.9c"), "");
    EXPECT_EQ(loadNameOf("/image/sip7832.11-3-1MPP-678.loads"), "sip7832.11-3-1MPP-678");
    EXPECT_EQ(loadNameOf("/sip7832.11-3-1MPP-678.loads?phone=1"), "sip7832.11-3-1MPP-678");
    EXPECT_EQ(loadNameOf("/spa.bin"), "spa.bin");
}

}  // namespace
}  // namespace emulator
