#include "emulator/runtime/syslog_sender.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using tests::LocalSocket;

class SyslogSenderTest : public testing::Test {
protected:
    SyslogSenderTest() { EXPECT_TRUE(m_sender.open().has_value()); }

    EventLoop m_loop;
    std::unique_ptr<Resolver> m_resolver = *Resolver::open(m_loop, Endpoint{IpAddress{0x7f000001}, 9});
    SyslogSender m_sender{m_loop, m_resolver.get()};
    LocalSocket m_server = LocalSocket::datagrams();
};

TEST_F(SyslogSenderTest, EachDatagramComesFromItsPhone)
{
    m_sender.send(m_server.local().text(), IpAddress{0x7f4e0001}, std::nullopt, "one");
    m_sender.send(m_server.local().text(), IpAddress{0x7f4e0002}, std::nullopt, "two");
    EXPECT_FALSE(m_server.readable(0)) << "not batched";
    m_sender.flush();
    Endpoint first;
    Endpoint second;
    EXPECT_EQ(m_server.receive(&first), "one");
    EXPECT_EQ(m_server.receive(&second), "two");
    EXPECT_EQ(first.address.text(), "127.78.0.1");
    EXPECT_EQ(second.address.text(), "127.78.0.2");
    EXPECT_EQ(first.port, second.port);
}

TEST_F(SyslogSenderTest, ABatchOfSixteenLeavesByItself)
{
    for (int i = 0; i < 16; ++i)
        m_sender.send(m_server.local().text(), IpAddress{0x7f4e0001}, std::nullopt, std::to_string(i));
    for (int i = 0; i < 16; ++i)
        EXPECT_EQ(m_server.receive(), std::to_string(i));
}

TEST_F(SyslogSenderTest, OneThatCannotBeSentDoesNotHoldUpTheOthers)
{
    m_sender.send(m_server.local().text(), std::nullopt, std::nullopt, "before");
    m_sender.send(m_server.local().text(), IpAddress{0xc0000201}, std::nullopt,
                  "from an address that is not ours");
    m_sender.send(m_server.local().text(), std::nullopt, std::nullopt, std::string(100'000, 'x'));
    m_sender.send(m_server.local().text(), std::nullopt, std::nullopt, "after");
    m_sender.flush();
    EXPECT_EQ(m_server.receive(), "before");
    EXPECT_EQ(m_server.receive(), "after");
    EXPECT_EQ(m_sender.dropped(), 0u);
}

TEST_F(SyslogSenderTest, ANameIsResolvedFirstAndItsDatagramsWait)
{
    // "localhost" is answered without a name server.
    const std::string server = "localhost:" + std::to_string(m_server.local().port);
    m_sender.send(server, IpAddress{0x7f4e0003}, std::nullopt, "one");
    m_sender.send(server, IpAddress{0x7f4e0003}, std::nullopt, "two");
    EXPECT_TRUE(m_loop.runUntil([&] { return m_server.readable(0); }, 10s));
    Endpoint from;
    EXPECT_EQ(m_server.receive(&from), "one");
    EXPECT_EQ(m_server.receive(), "two");
    EXPECT_EQ(from.address.text(), "127.78.0.3");
}

TEST_F(SyslogSenderTest, NoServerMeansNoDatagram)
{
    m_sender.send("", std::nullopt, std::nullopt, "lost");
    m_sender.flush();
    EXPECT_FALSE(m_server.readable(0));
}

}  // namespace
}  // namespace emulator
