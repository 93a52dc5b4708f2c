#include "hwbridge/bench/page_restorer.hpp"

#include "hwbridge/bench/phone_access.hpp"
#include "hwbridge/drive/phone_driver.hpp"
#include "tests/hwbridge/drive/running_phone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using testing::HasSubstr;

using Saved = std::vector<SavedParameter>;

class PageRestorerTest : public testing::Test {
protected:
    static BenchPhone entryOf(const tests::RunningPhone& phone)
    {
        const emulator::Endpoint at =
            emulator::Endpoint::parse(phone.url().substr(7, phone.url().size() - 8), 80).value();
        BenchPhone entry;
        entry.name = "alice";
        entry.model = "CP-7832-3PCC";
        entry.address = at.address;
        entry.web.port = at.port;
        return entry;
    }

    Result<void> restore(const BenchPhone& phone, const Saved& parameters, emulator::Duration limit = 25s)
    {
        std::promise<Result<void>> outcome;
        m_restorer.restore(phone, parameters, limit,
                           [&](const Result<void>& result) { outcome.set_value(result); });
        return outcome.get_future().get();
    }

    static PhoneDriver driverOf(const BenchPhone& phone)
    {
        return PhoneDriver::open(webAccessOf(phone, 20s).value()).value();
    }
    static std::string shown(const BenchPhone& phone, std::string_view parameter)
    {
        return driverOf(phone).page()->find(parameter)->value;
    }

    PageRestorer m_restorer;
};

TEST_F(PageRestorerTest, PutsParametersBackHoweverOften)
{
    const tests::RunningPhone phone{{{"GPP_A", "before"}}};
    const BenchPhone entry = entryOf(phone);
    ASSERT_TRUE(driverOf(entry).submit({{"GPP_A", "after"}, {"Resync_On_Reset", "Yes"}}).has_value());
    ASSERT_EQ(shown(entry, "GPP_A"), "after");
    const Saved saved{{"GPP_A", "before"}, {"Resync_On_Reset", "No"}};
    for (int time = 0; time < 2; ++time) {
        const Result<void> outcome = restore(entry, saved);
        ASSERT_TRUE(outcome.has_value()) << outcome.error().detail;
        EXPECT_EQ(shown(entry, "GPP_A"), "before");
        EXPECT_EQ(shown(entry, "Resync_On_Reset"), "No");
    }
}

TEST_F(PageRestorerTest, LeavesAnotherPhoneAtThatAddressAlone)
{
    const tests::RunningPhone phone{{{"GPP_A", "its own"}}};
    BenchPhone entry = entryOf(phone);
    entry.model = "CP-7841-3PCC";
    const Result<void> outcome = restore(entry, {{"GPP_A", "before"}});
    ASSERT_TRUE(outcome.has_error());
    EXPECT_THAT(outcome.error().detail,
                HasSubstr("the inventory says that the model of alice is CP-7841-3PCC"));
    EXPECT_EQ(shown(entry, "GPP_A"), "its own");
}

TEST_F(PageRestorerTest, SaysWhichParameterThePageDoesNotHave)
{
    const tests::RunningPhone phone;
    const Result<void> outcome = restore(entryOf(phone), {{"GPP_Aa", "before"}});
    ASSERT_TRUE(outcome.has_error());
    EXPECT_THAT(outcome.error().detail, HasSubstr("the nearest name is 'GPP_A'"));
}

TEST_F(PageRestorerTest, GivesAPhoneThatIsNotThereUpWithinItsLimit)
{
    BenchPhone entry;
    {
        const tests::RunningPhone phone;
        entry = entryOf(phone);
    }
    entry.power = PersonSettings{};
    const Result<void> outcome = restore(entry, {{"GPP_A", "before"}}, 2s);
    ASSERT_TRUE(outcome.has_error());
    EXPECT_EQ(outcome.error().kind, ErrorKind::Unreachable) << outcome.error().detail;
    EXPECT_THAT(outcome.error().detail, HasSubstr("alice"));
    EXPECT_THAT(outcome.error().detail, HasSubstr("only a person can plug it in again"));
}

TEST(PhoneAccessTest, FindsAnAddressByMacAmongTheNeighbours)
{
    constexpr std::string_view table =
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "192.0.2.7        0x1         0x2         00:0e:08:00:00:07     *        eth1\n"
        "192.0.2.8        0x1         0x2         00:0e:08:00:00:08     *        eth1\n";
    const auto mac = [](std::string_view text) { return emulator::MacAddress::parse(text).value(); };
    EXPECT_EQ(neighbour(table, mac("000e08000008"))->text(), "192.0.2.8");
    EXPECT_FALSE(neighbour(table, mac("000e08000009")));
    EXPECT_FALSE(neighbour("", mac("000e08000008")));
}

TEST(PhoneAccessTest, FindsAnAddressByMacAmongTheLeasesOfDnsmasq)
{
    constexpr std::string_view leases = "1767229200 00:0e:08:00:00:07 192.0.2.7 SEP000E08000007 *\n"
                                        "duid 00:01:00:01\n"
                                        "1767229300 00:0e:08:00:00:08 192.0.2.9 * 01:00:0e:08:00:00:08\n";
    const auto mac = [](std::string_view text) { return emulator::MacAddress::parse(text).value(); };
    EXPECT_EQ(leased(leases, mac("000e08000008"))->text(), "192.0.2.9");
    EXPECT_FALSE(leased(leases, mac("000e08000009")));
}

TEST(PhoneAccessTest, SaysThatLeasesCannotBeRead)
{
    BenchPhone phone;
    phone.name = "alice";
    phone.mac = emulator::MacAddress::parse("000e08ffff07").value();
    phone.leases = "/nowhere/leases";
    const Result<emulator::IpAddress> address = addressOf(phone, {});
    ASSERT_TRUE(address.has_error());
    EXPECT_THAT(address.error().detail, HasSubstr("; leases: /nowhere/leases cannot be read"));
}

TEST(PhoneAccessTest, ReachesPagesByHttpsWithTheCertificatesThatTheInventoryBelieves)
{
    BenchPhone phone;
    phone.name = "alice";
    phone.mac = emulator::MacAddress::parse("000e08000007").value();
    phone.address = emulator::IpAddress{0xc0000207};
    EXPECT_EQ(webAccessOf(phone, 1s)->url, "http://192.0.2.7:80/");
    phone.web.https = true;
    phone.web.port = 8443;
    phone.web.certificates.authorities = "lab/maker.pem";
    const Result<WebAccess> access = webAccessOf(phone, 1s);
    EXPECT_EQ(access->url, "https://192.0.2.7:8443/");
    EXPECT_EQ(access->certificates.authorities, "lab/maker.pem");
    EXPECT_EQ(access->certificates.mac, "000e08000007");
}

TEST(PhoneAccessTest, SaysWhichSecretIsMissing)
{
    BenchPhone phone;
    phone.name = "alice";
    phone.address = emulator::IpAddress{0xc0000201};
    phone.web.password = SecretReference{SecretReference::Kind::File, "/nowhere/secret"};
    const Result<WebAccess> access = webAccessOf(phone, 1s);
    ASSERT_TRUE(access.has_error());
    EXPECT_THAT(access.error().detail, HasSubstr("the password of alice: /nowhere/secret: "));
}

}  // namespace
}  // namespace hwbridge
