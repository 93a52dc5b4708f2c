#include "emulator/runtime/datagram_port.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using tests::LocalSocket;

struct Heard : DatagramPort::Listener {
    void datagramArrived(std::uint32_t, const Endpoint& from, std::string_view bytes) override
    {
        last = from;
        datagrams.emplace_back(bytes);
    }
    void datagramRefused(std::uint32_t, const Endpoint& by) override { refusals.push_back(by); }
    std::vector<std::string> datagrams;
    std::vector<Endpoint> refusals;
    Endpoint last;
};

class DatagramPortTest : public testing::Test {
protected:
    EventLoop m_loop;
    Heard m_heard;
    DatagramPort m_port{m_loop, m_heard, 1};
    LocalSocket m_server = LocalSocket::datagrams();
};

TEST_F(DatagramPortTest, SendsFromItsOwnAddressAndHearsWhoeverAnswers)
{
    ASSERT_TRUE(m_port.open(IpAddress{0x7f4e0009}).has_value());
    ASSERT_TRUE(m_port.send(m_server.local(), "read me").has_value());
    Endpoint from;
    EXPECT_EQ(m_server.receive(&from), "read me");
    EXPECT_EQ(from.address.text(), "127.78.0.9");
    EXPECT_EQ(from, m_port.local());
    const LocalSocket other = LocalSocket::datagrams();  // a TFTP server answers from a port of its own
    other.sendTo(from, "one");
    other.sendTo(from, "");
    EXPECT_TRUE(m_loop.runUntil([&] { return m_heard.datagrams.size() == 2; }, 10s));
    EXPECT_EQ(m_heard.datagrams, (std::vector<std::string>{"one", ""}));
    EXPECT_EQ(m_heard.last, other.local());
}

TEST_F(DatagramPortTest, AClosedPortIsHeardAsARefusalByIt)
{
    ASSERT_TRUE(m_port.open(IpAddress{0x7f4e0009}).has_value());
    const Endpoint gone = m_server.local();
    m_server.close();
    ASSERT_TRUE(m_port.send(gone, "read me").has_value());
    EXPECT_TRUE(m_loop.runUntil([&] { return !m_heard.refusals.empty(); }, 10s));
    EXPECT_EQ(m_heard.refusals, std::vector<Endpoint>{gone});
    const LocalSocket other = LocalSocket::datagrams();
    ASSERT_TRUE(m_port.send(other.local(), "next").has_value());
    EXPECT_EQ(other.receive(), "next");
}

TEST_F(DatagramPortTest, MayBeDestroyedByWhoHearsIt)
{
    struct Once : DatagramPort::Listener {
        void datagramArrived(std::uint32_t, const Endpoint&, std::string_view) override { port.reset(); }
        void datagramRefused(std::uint32_t, const Endpoint&) override { port.reset(); }
        std::unique_ptr<DatagramPort> port;
    } once;
    once.port = std::make_unique<DatagramPort>(m_loop, once, 1);
    ASSERT_TRUE(once.port->open(std::nullopt).has_value());
    const Endpoint at{IpAddress{0x7f000001}, once.port->local().port};
    m_server.sendTo(at, "one");
    m_server.sendTo(at, "two");
    EXPECT_TRUE(m_loop.runUntil([&] { return once.port == nullptr; }, 10s));
    m_loop.runUntil([] { return false; }, 5ms);
}

TEST_F(DatagramPortTest, AnAddressThatIsNotOursCannotBeBound)
{
    const Result<void> opened = m_port.open(IpAddress{0xc0000201});
    ASSERT_TRUE(opened.has_error());
    EXPECT_NE(opened.error().detail.find("192.0.2.1"), std::string::npos);
}

}  // namespace
}  // namespace emulator
