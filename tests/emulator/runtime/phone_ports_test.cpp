#include "emulator/runtime/phone_ports.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using tests::LocalSocket;

FleetLayout layoutOf(std::size_t phones, unsigned shards)
{
    Fleet fleet;
    FleetGroup group;
    group.count = phones;
    group.firstAddress = IpAddress{0x7f4e0303};
    fleet.groups.push_back(group);
    return *FleetLayout::make(fleet, shards);
}

// Non-blocking listeners: what was sent to them may be on its way for a moment.
bool comesIn(int listener)
{
    pollfd wait{listener, POLLIN, 0};
    return ::poll(&wait, 1, LocalSocket::patience) == 1;
}

TEST(PhonePortsTest, EveryConnectionArrivesAtTheShardOfItsPhone)
{
    const FleetLayout layout = layoutOf(60, 3);
    const Result<PhonePorts> ports = openPhonePorts(layout, PortKind::Pages, 0, 1000);
    ASSERT_TRUE(ports.has_value()) << ports.error().detail;
    ASSERT_NE(ports->port, 0);
    ASSERT_EQ(ports->listeners.size(), 3u);
    EXPECT_TRUE(ports->steered);
    EXPECT_EQ(ports->notice, "");
    for (std::uint32_t i = 0; i < layout.size(); ++i) {
        const Endpoint phone{layout.address(PhoneIndex{i}), ports->port};
        const LocalSocket browser = LocalSocket::connected(phone);
        ASSERT_TRUE(browser.isOpen());
        const unsigned shard = layout.place(PhoneIndex{i}).shard;
        ASSERT_EQ(ports->listeners[shard].size(), 1u);
        EXPECT_TRUE(comesIn(ports->listeners[shard].front())) << phone.text() << " went to another shard";
        const LocalSocket accepted{::accept(ports->listeners[shard].front(), nullptr, nullptr)};
        ASSERT_TRUE(accepted.isOpen());
        EXPECT_EQ(accepted.local(), phone);
    }
}

TEST(PhonePortsTest, EveryDatagramArrivesAtTheShardOfItsPhone)
{
    const FleetLayout layout = layoutOf(60, 3);
    const Result<PhonePorts> ports = openPhonePorts(layout, PortKind::Sip, 0, 1000);
    ASSERT_TRUE(ports.has_value()) << ports.error().detail;
    ASSERT_EQ(ports->listeners.size(), 3u);
    const LocalSocket sender = LocalSocket::datagrams();
    for (std::uint32_t i = 0; i < layout.size(); ++i) {
        sender.sendTo({layout.address(PhoneIndex{i}), ports->port}, "x");
        const unsigned shard = layout.place(PhoneIndex{i}).shard;
        ASSERT_EQ(ports->listeners[shard].size(), 1u);
        EXPECT_TRUE(comesIn(ports->listeners[shard].front())) << i << " went to another shard";
        char byte = 0;
        EXPECT_EQ(::recv(ports->listeners[shard].front(), &byte, 1, 0), 1);
    }
}

TEST(PhonePortsTest, ListensOnTheLoopbackDeviceOnly)
{
    for (const PortKind kind : {PortKind::Pages, PortKind::Sip}) {
        const Result<PhonePorts> ports = openPhonePorts(layoutOf(1, 1), kind, 0, 1000);
        ASSERT_TRUE(ports.has_value());
        char device[16]{};
        socklen_t size = sizeof device;
        ASSERT_EQ(::getsockopt(ports->listeners[0][0], SOL_SOCKET, SO_BINDTODEVICE, device, &size), 0);
        EXPECT_STREQ(device, "lo");
    }
}

TEST(PhonePortsTest, AnotherSocketForDatagramsOnOneAddressLeavesOneSocketPerPhone)
{
    const FleetLayout layout = layoutOf(10, 2);
    const LocalSocket other = LocalSocket::datagrams("127.99.0.1");
    const Result<PhonePorts> ports = openPhonePorts(layout, PortKind::Sip, other.local().port, 1000);
    ASSERT_TRUE(ports.has_value()) << ports.error().detail;
    EXPECT_EQ(ports->listeners[0].size() + ports->listeners[1].size(), 10u);
    EXPECT_NE(ports->notice.find("UDP port"), std::string::npos) << ports->notice;
    EXPECT_NE(ports->notice.find("pid " + std::to_string(::getpid())), std::string::npos) << ports->notice;
}

TEST(PhonePortsTest, AnotherListenerOnOneAddressLeavesOneSocketPerPhone)
{
    const FleetLayout layout = layoutOf(10, 2);
    const LocalSocket other = LocalSocket::listening("127.99.0.1");
    const Result<PhonePorts> ports = openPhonePorts(layout, PortKind::Pages, other.local().port, 1000);
    ASSERT_TRUE(ports.has_value()) << ports.error().detail;
    EXPECT_EQ(ports->port, other.local().port);
    EXPECT_EQ(ports->listeners[0].size(), 5u);
    EXPECT_EQ(ports->listeners[1].size(), 5u);
    EXPECT_NE(ports->notice.find("pid " + std::to_string(::getpid())), std::string::npos) << ports->notice;
    EXPECT_NE(ports->notice.find(other.local().text()), std::string::npos) << ports->notice;
    EXPECT_TRUE(LocalSocket::connected({layout.address(PhoneIndex{9}), ports->port}).isOpen());
}

TEST(PhonePortsTest, AListenerOnAPhonesOwnAddressIsNamedInTheError)
{
    const LocalSocket other = LocalSocket::listening("127.78.3.5");
    const Result<PhonePorts> ports =
        openPhonePorts(layoutOf(10, 2), PortKind::Pages, other.local().port, 1000);
    ASSERT_TRUE(ports.has_error());
    EXPECT_EQ(ports.error().kind, ErrorKind::Unreachable);
    EXPECT_NE(ports.error().detail.find("pid " + std::to_string(::getpid())), std::string::npos);
    EXPECT_NE(ports.error().detail.find("one socket per phone was tried"), std::string::npos);
}

TEST(PhonePortsTest, AFleetBeyondTheDescriptorLimitSaysSo)
{
    const LocalSocket other = LocalSocket::listening("127.99.0.1");
    const Result<PhonePorts> ports = openPhonePorts(layoutOf(10, 2), PortKind::Pages, other.local().port, 9);
    ASSERT_TRUE(ports.has_error());
    EXPECT_NE(ports.error().detail.find("file descriptors"), std::string::npos) << ports.error().detail;
}

TEST(PhonePortsTest, TwoFleetsNeverShareAPortByAccident)
{
    for (const PortKind kind : {PortKind::Pages, PortKind::Sip}) {
        const Result<PhonePorts> first = openPhonePorts(layoutOf(10, 2), kind, 0, 1000);
        ASSERT_TRUE(first.has_value());
        const Result<PhonePorts> second = openPhonePorts(layoutOf(10, 2), kind, first->port, 1000);
        ASSERT_TRUE(second.has_error());
        EXPECT_NE(second.error().detail.find("is taken"), std::string::npos);
    }
}

}  // namespace
}  // namespace emulator
