#include "scenarios/engine/twin_phone.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

TEST(TwinPhoneTest, ItsAddressesAreAsLongAsTheRealOnesAndDiffer)
{
    for (const char* const real :
         {"192.0.2.7", "10.98.77.2", "10.98.77.20", "192.168.1.20", "192.168.100.200"}) {
        const emulator::IpAddress address = emulator::IpAddress::parse(real).value();
        for (const std::uint32_t digit : {1u, 2u}) {
            const emulator::IpAddress own = loopbackAsLongAs(address, digit);
            EXPECT_TRUE(own.isLoopback()) << own.text();
            EXPECT_EQ(own.text().size(), address.text().size()) << own.text();
        }
        EXPECT_NE(loopbackAsLongAs(address, 1), loopbackAsLongAs(address, 2));
    }
    EXPECT_EQ(loopbackAsLongAs({0x0a000001}, 2).text(), "127.2.2.2");  // none is as short as 10.0.0.1
}

}  // namespace
}  // namespace scenarios
