#include "emulator/phone/firmware_load.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

PhoneRun aPhoneWithAHistory()
{
    PhoneRun::Options options;
    options.set = {{"Resync_Random_Delay", "0"}, {"Profile_Rule", "http://192.168.1.200/basic.txt"}};
    PhoneRun run{options};
    run.serve(
        "<flat-profile><GPP_A>a\"b&lt;c\xc3\xa9</GPP_A><User_Password>s3cret</User_Password></flat-profile>");
    run.powerOn();
    run.pass(5s);
    run.submit({{"GPP_B", "page : 5:x\nline"}});
    run.serve(makeLoad("sip7832.11-3-2MPP0001-609", "sip7832"));
    run.feed(UpgradeCommanded{"http://192.168.1.200/x.loads", IpAddress{}});
    run.pass(2s);
    return run;
}

TEST(PhoneMemoryTest, RestoresValuesSourcesFirmwareAndReboots)
{
    const PhoneRun before = aPhoneWithAHistory();
    const std::string memory = before.phone->memory();
    PhoneRun after{{}};
    ASSERT_TRUE(after.phone->restore(memory).has_value());
    EXPECT_EQ(after.value("GPP_A"), "a\"b<c\xc3\xa9");
    EXPECT_EQ(after.value("GPP_B"), before.value("GPP_B"));
    EXPECT_EQ(after.value("User_Password"), "s3cret");
    EXPECT_EQ(after.phone->parameters().source(after.id("GPP_A")), ValueSource::Profile);
    EXPECT_EQ(after.phone->parameters().source(after.id("GPP_B")), ValueSource::Page);
    EXPECT_EQ(after.phone->firmware().load, "sip7832.11-3-2MPP0001-609");
    EXPECT_EQ(after.phone->inactiveLoad(), "sip7832.11-3-1MPP-678");
    EXPECT_EQ(after.phone->reboots(), before.phone->reboots());
    EXPECT_EQ(after.phone->memory(), memory);
}

TEST(PhoneMemoryTest, EveryTruncationAndEveryChangedByteIsRefusedOrHarmless)
{
    const std::string memory = aPhoneWithAHistory().phone->memory();
    for (std::size_t length = 0; length < memory.size(); ++length) {
        PhoneRun run{{}};
        (void)run.phone->restore(std::string_view{memory}.substr(0, length));
    }
    for (std::size_t i = 0; i < memory.size(); ++i) {
        std::string changed = memory;
        changed[i] = static_cast<char>(changed[i] ^ 0x15);
        PhoneRun run{{}};
        (void)run.phone->restore(changed);
    }
    PhoneRun run{{}};
    EXPECT_FALSE(run.phone->restore("").has_value());
    EXPECT_FALSE(run.phone->restore("phonerig 1\nP 99999999999:x").has_value());
}

TEST(PhoneMemoryTest, RemembersBeforeItSaysSo)
{
    PhoneRun::Options options;
    options.set = {{"Resync_On_Reset", "No"}, {"Syslog_Server", "192.168.1.210"}};
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    run.powerOn();
    run.pass(1s);
    run.order.clear();
    run.resync("http://192.168.1.200/basic.txt");
    run.pass(1s);
    EXPECT_THAT(run.order, ::testing::ElementsAre("fetch", "syslog", "remember", "syslog"));
    run.order.clear();
    run.resync("http://192.168.1.200/basic.txt");
    run.pass(1s);
    EXPECT_THAT(run.order, ::testing::ElementsAre("fetch", "syslog", "syslog"))
        << "nothing changed, nothing to keep";
}

}  // namespace
}  // namespace emulator
