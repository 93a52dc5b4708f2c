#include "emulator/runtime/net_fleet.hpp"

#include "fixtures/models/model_data.hpp"
#include "tests/emulator/runtime/local_sockets.hpp"
#include "tests/support/covers.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using tests::LocalSocket;
namespace fs = std::filesystem;

// Waits in the only clock that real sockets have, a millisecond at a time, until something is so.
template <class Condition>
bool comesTrue(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        ::poll(nullptr, 0, 1);
    }
    return true;
}

Fleet aFleet(std::size_t phones, std::vector<std::pair<std::string, std::string>> set = {})
{
    set.emplace_back("Resync_On_Reset", "No");
    Fleet fleet;
    FleetGroup group;
    group.model = *fixtures::loadModel("CP-7832-3PCC");
    group.count = phones;
    group.firstAddress = IpAddress{0x7f4e0501};
    for (auto& [name, value] : set)
        group.set.emplace_back(*group.model->schema->find(name), value);
    fleet.groups.push_back(std::move(group));
    fleet.bootTime = 10ms;
    return fleet;
}

class NetFleetTest : public testing::Test {
protected:
    NetFleetTest()
    {
        std::string name = fs::temp_directory_path() / "fleet-XXXXXX";
        m_folder = ::mkdtemp(name.data());
    }
    ~NetFleetTest() override
    {
        m_fleet.reset();
        fs::remove_all(m_folder);
    }

    void open(Fleet fleet, NetOptions options = {})
    {
        options.webPort = 0;
        options.powerOnAtStart = true;
        options.countsResyncs = true;
        const std::size_t count = fleet.size();
        Result<std::unique_ptr<NetFleet>> opened = NetFleet::open(std::move(fleet), options, m_trace);
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        m_fleet = std::move(*opened);
        ASSERT_TRUE(comesTrue([&] { return m_fleet->answering() == count; }));
    }

    Endpoint phone(std::uint32_t index) const { return {IpAddress{0x7f4e0501 + index}, m_fleet->webPort()}; }
    static std::string ask(const Endpoint& at, const std::string& target, const std::string& more = {})
    {
        const LocalSocket browser = LocalSocket::connected(at);
        if (!browser.isOpen())
            return {};
        browser.send("GET " + target + " HTTP/1.1\r\nHost: " + at.text() + "\r\n" + more +
                     "Connection: close\r\n\r\n");
        return browser.readAll();
    }
    std::string ask(std::uint32_t index, const std::string& target) const
    {
        return ask(phone(index), target);
    }
    PhoneSnapshot look(std::uint32_t index) const { return m_fleet->snapshot(PhoneIndex{index}, 1).at(0); }

    TraceQueue m_trace{{}};
    fs::path m_folder;
    std::unique_ptr<NetFleet> m_fleet;
};

TEST_F(NetFleetTest, EachPhoneAnswersOnItsOwnAddressWithItsOwnMac)
{
    NetOptions options;
    options.threads = 3;
    open(aFleet(50), options);
    for (std::uint32_t i = 0; i < 50; ++i) {
        const std::string page = ask(i, "/admin/cfg.xml");
        EXPECT_EQ(page.substr(0, 15), "HTTP/1.1 200 OK") << page;
        const PhoneSnapshot seen = look(i);
        EXPECT_EQ(seen.address, phone(i).address);
        EXPECT_EQ(seen.mac, (MacAddress{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}}.plus(i)));
        EXPECT_EQ(m_fleet->macAt(seen.address), seen.mac);
        const std::string home = ask(i, "/");
        EXPECT_TRUE(home.find(seen.mac.plain()) != std::string::npos ||
                    home.find(seen.mac.upper()) != std::string::npos ||
                    home.find(seen.mac.colons()) != std::string::npos)
            << home;
    }
    EXPECT_TRUE(m_fleet->notices().empty());
    EXPECT_EQ(m_fleet->counters().inState[static_cast<std::size_t>(PhoneState::Idle)], 50u);
}

TEST_F(NetFleetTest, NamesThePhonesThatSomethingHappenedTo)
{
    NetOptions options;
    options.threads = 3;
    open(aFleet(20), options);
    EXPECT_TRUE(m_fleet->touched().empty()) << "the watch begins";
    m_fleet->post(PhoneIndex{7}, PowerRemoved{});
    m_fleet->post(PhoneIndex{7}, PowerApplied{});
    m_fleet->look(PhoneIndex{7}, [](const Phone& phone) { EXPECT_NE(phone.state(), PhoneState::Off); });
    const std::vector<PhoneIndex> touched = m_fleet->touched();
    EXPECT_EQ(touched, std::vector{PhoneIndex{7}});
    const std::vector<PhoneSnapshot> seen = m_fleet->snapshot(touched);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen.front().index, PhoneIndex{7});
    EXPECT_EQ(seen.front().firmware, "sip7832.11-3-1MPP-678");
    EXPECT_EQ(seen.front().nextResync, TimePoint::max());
}

std::string sipOptions(int number)
{
    return "OPTIONS sip:phone SIP/2.0\r\nVia: SIP/2.0/UDP rig;branch=z9hG4bK" + std::to_string(number) +
           ";rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: " + std::to_string(number) +
           "\r\nCSeq: 1 OPTIONS\r\n\r\n";
}

TEST_F(NetFleetTest, EachPhoneAnswersSipFromItsOwnAddress)
{
    NetOptions options;
    options.threads = 3;
    open(aFleet(20), options);
    const LocalSocket proxy = LocalSocket::datagrams();
    for (std::uint32_t i = 0; i < 20; ++i) {
        const Endpoint at{phone(i).address, m_fleet->sipPort()};
        proxy.sendTo(at, sipOptions(static_cast<int>(i)));
        Endpoint from;
        const std::string answer = proxy.receive(&from);
        EXPECT_EQ(answer.substr(0, 14), "SIP/2.0 200 OK") << answer;
        EXPECT_NE(answer.find("\r\nCall-ID: " + std::to_string(i) + "\r\n"), std::string::npos) << answer;
        EXPECT_EQ(from, at);
    }
}

TEST_F(NetFleetTest, APhoneWithoutPowerDoesNotAnswerSip)
{
    open(aFleet(2));
    m_fleet->post(PhoneIndex{0}, PowerRemoved{});
    ASSERT_TRUE(comesTrue([&] { return m_fleet->answering() == 1; }));
    const LocalSocket proxy = LocalSocket::datagrams();
    proxy.sendTo({phone(0).address, m_fleet->sipPort()}, sipOptions(1));
    proxy.sendTo({phone(5).address, m_fleet->sipPort()}, sipOptions(2));
    proxy.sendTo({phone(1).address, m_fleet->sipPort()}, sipOptions(3));
    EXPECT_NE(proxy.receive().find("\r\nCall-ID: 3\r\n"), std::string::npos);
    EXPECT_FALSE(proxy.readable(0));
}

TEST_F(NetFleetTest, AnAddressWithoutALivePhoneIsReset)
{
    NetOptions options;
    options.threads = 2;
    open(aFleet(5), options);
    EXPECT_TRUE(LocalSocket::connected(phone(5)).wasReset());
    EXPECT_TRUE(LocalSocket::connected({IpAddress{0x7f000001}, m_fleet->webPort()}).wasReset());
    m_fleet->post(PhoneIndex{2}, PowerRemoved{});
    ASSERT_TRUE(comesTrue([&] { return m_fleet->answering() == 4; }));
    EXPECT_TRUE(LocalSocket::connected(phone(2)).wasReset());
    EXPECT_NE(ask(1, "/"), "");
    m_fleet->post(PhoneIndex{2}, PowerApplied{});
    ASSERT_TRUE(comesTrue([&] { return m_fleet->answering() == 5; }));
    EXPECT_NE(ask(2, "/"), "");
}

TEST_F(NetFleetTest, PowerCutsOpenConnections)
{
    open(aFleet(2));
    const LocalSocket browser = LocalSocket::connected(phone(1));
    browser.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_NE(browser.readUntil("</html>"), "");
    m_fleet->post(PhoneIndex{1}, PowerRemoved{});
    EXPECT_TRUE(browser.wasReset());
}

TEST_F(NetFleetTest, AConnectionStaysOpenForTheNextRequest)
{
    open(aFleet(1));
    const LocalSocket browser = LocalSocket::connected(phone(0));
    for (int i = 0; i < 3; ++i) {
        browser.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(browser.readUntil("</html>").substr(0, 15), "HTTP/1.1 200 OK");
    }
    browser.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string both = browser.readAll();  // pipelined
    const std::size_t second = both.rfind("HTTP/1.1 200 OK");
    EXPECT_GT(second, both.find("</html>"));
    EXPECT_EQ(both.substr(both.size() - 4), "\r\n\r\n");
}

TEST_F(NetFleetTest, GarbageAndATooLargeRequestAreRefused)
{
    open(aFleet(1));
    const LocalSocket garbage = LocalSocket::connected(phone(0));
    garbage.send("\x16\x03\x01 hello\r\n\r\n");
    EXPECT_EQ(garbage.readAll().substr(0, 12), "HTTP/1.1 400");
    const LocalSocket large = LocalSocket::connected(phone(0));
    large.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
    EXPECT_EQ(large.readUntil("\r\n").substr(0, 12), "HTTP/1.1 413");
    EXPECT_NE(ask(0, "/"), "");
}

TEST_F(NetFleetTest, AResyncUrlFetchesFromThePhonesOwnAddressAndChangesThatPhoneOnly)
{
    COVERS("WEB-RESYNC-CMD");
    const LocalSocket syslog = LocalSocket::datagrams();
    const LocalSocket server = LocalSocket::listening();
    NetOptions options;
    options.threads = 2;
    open(aFleet(4, {{"Syslog_Server", syslog.local().text()}}), options);
    Endpoint from;
    std::string request;
    std::thread serving{[&] {
        const LocalSocket peer = server.accept(&from);
        request = peer.readUntil("\r\n\r\n");
        const std::string body = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>";
        peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\n\r\n" + body);
    }};
    EXPECT_EQ(ask(2, "/admin/resync?http://" + server.local().text() + "/basic.txt").substr(0, 12),
              "HTTP/1.1 200");
    serving.join();
    EXPECT_EQ(request.substr(0, 25), "GET /basic.txt HTTP/1.1\r\n");
    EXPECT_EQ(from.address, phone(2).address);
    std::string lines;
    while (lines.find("Successful resync") == std::string::npos) {
        Endpoint sender;
        const std::string line = syslog.receive(&sender);
        ASSERT_NE(line, "") << lines;
        if (line.find("resync") == std::string::npos)
            continue;  // what a phone says of its start
        EXPECT_EQ(sender.address, phone(2).address);
        lines += line + "\n";
    }
    EXPECT_NE(lines.find("Requesting resync"), std::string::npos) << lines;
    EXPECT_NE(ask(2, "/admin/cfg.xml").find("12345678"), std::string::npos);
    EXPECT_EQ(ask(1, "/admin/cfg.xml").find("12345678"), std::string::npos);
    EXPECT_EQ(m_fleet->counters().resyncs, 1u);
    EXPECT_EQ(m_fleet->counters().failedResyncs, 0u);
    EXPECT_NE(look(2).lastMessage.find("Successful resync"), std::string::npos);
}

TEST_F(NetFleetTest, AResyncUrlFetchesOverTftpFromThePhonesOwnAddress)
{
    const LocalSocket server = LocalSocket::datagrams();
    open(aFleet(3));
    std::thread serving{[&] {
        Endpoint client;
        const std::string request = server.receive(&client);
        EXPECT_EQ(request.substr(0, 12), std::string("\0\1basic.txt\0", 12));
        EXPECT_EQ(client.address, phone(1).address);
        const LocalSocket session = LocalSocket::datagrams();
        session.sendTo(client,
                       std::string("\0\3\0\1", 4) + "<flat-profile><GPP_A>over tftp</GPP_A></flat-profile>");
        EXPECT_EQ(session.receive(), std::string("\0\4\0\1", 4));
    }};
    EXPECT_EQ(ask(1, "/admin/resync?tftp://" + server.local().text() + "/basic.txt").substr(0, 12),
              "HTTP/1.1 200");
    serving.join();
    EXPECT_TRUE(comesTrue([&] { return ask(1, "/admin/cfg.xml").find("over tftp") != std::string::npos; }));
}

TEST_F(NetFleetTest, AClosedServerPortFailsTheResync)
{
    LocalSocket tftp = LocalSocket::datagrams();
    const Endpoint gone = tftp.local();
    tftp.close();
    open(aFleet(1));
    ask(0, "/admin/resync?tftp://" + gone.text() + "/basic.txt");
    ask(0, "/admin/resync?http://" + gone.text() + "/basic.txt");
    EXPECT_TRUE(comesTrue([&] { return m_fleet->counters().failedResyncs >= 1; }));
    EXPECT_EQ(look(0).led, MuteLed::SlowBlink);
}

TEST_F(NetFleetTest, EventsReachAPhoneInTheOrderTheyWerePosted)
{
    open(aFleet(2));
    for (int i = 0; i < 100; ++i)
        m_fleet->post(PhoneIndex{1}, i % 2 == 0 ? Event{PowerRemoved{}} : Event{PowerApplied{}});
    m_fleet->post(PhoneIndex{1}, PowerRemoved{});
    EXPECT_TRUE(comesTrue([&] { return m_fleet->answering() == 1; }));
    EXPECT_EQ(look(1).state, PhoneState::Off);
}

TEST_F(NetFleetTest, TheTraceTellsWhatThePhonesSaw)
{
    TraceQueue trace{{EventKind::PhoneState, EventKind::HttpRequest}};
    NetOptions options;
    options.threads = 2;
    options.powerOnAtStart = true;
    options.webPort = 0;
    m_fleet = *NetFleet::open(aFleet(4), options, trace);
    ASSERT_TRUE(comesTrue([&] { return m_fleet->answering() == 4; }));
    ask(3, "/admin/status?x=1");
    struct : TraceSink {
        bool wants(EventKind) const override { return true; }
        void seen(const TraceEvent& event) override
        {
            if (event.kind == EventKind::PhoneState && event.text(FieldName::State) == "booting")
                booted.insert(event.phone->number());
            if (event.kind == EventKind::HttpRequest)
                requested = event.phone->plain() + " " + event.to.text() + " " +
                            std::string{event.text(FieldName::Target)};
        }
        std::set<std::uint64_t> booted;
        std::string requested;
    } sink;
    EXPECT_TRUE(comesTrue([&] {
        trace.drain(sink, 10ms);
        return !sink.requested.empty();
    }));
    EXPECT_EQ(sink.booted.size(), 4u);
    EXPECT_EQ(sink.requested, "000e08000004 " + phone(3).text() + " /admin/status?x=1");
    m_fleet.reset();
}

TEST_F(NetFleetTest, MemoryOutlivesTheProcessAndItsThreads)
{
    const LocalSocket server = LocalSocket::listening();
    NetOptions options;
    options.threads = 2;
    options.stateFolder = m_folder / "state";
    open(aFleet(3), options);
    std::thread serving{[&] {
        const LocalSocket peer = server.accept();
        peer.readUntil("\r\n\r\n");
        peer.send(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<flat-profile><GPP_B>kept</GPP_B></flat-profile>");
    }};
    ask(2, "/admin/resync?http://" + server.local().text() + "/b.xml");
    serving.join();
    EXPECT_TRUE(comesTrue([&] { return m_fleet->counters().resyncs == 1; }));
    EXPECT_TRUE(comesTrue([&] { return ask(2, "/admin/cfg.xml").find("kept") != std::string::npos; }));
    m_fleet.reset();
    options.threads = 3;
    open(aFleet(3), options);
    EXPECT_NE(ask(2, "/admin/cfg.xml").find("kept"), std::string::npos);
    EXPECT_EQ(ask(1, "/admin/cfg.xml").find("kept"), std::string::npos);
}

TEST_F(NetFleetTest, TwoFleetsDoNotShareAStateFolder)
{
    NetOptions options;
    options.stateFolder = m_folder / "state";
    open(aFleet(1), options);
    options.webPort = 0;
    const auto second = NetFleet::open(aFleet(1), options, m_trace);
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().kind, ErrorKind::Refused);
}

TEST_F(NetFleetTest, ASourcePrefixWithoutRoomIsRefused)
{
    NetOptions options;
    options.webPort = 0;
    for (const char* prefix : {"10.0.0.0/31", "10.0.0.0/40", "prefix", ""}) {
        options.sourcePrefix = prefix;
        const auto opened = NetFleet::open(aFleet(3), options, m_trace);
        ASSERT_TRUE(opened.has_error()) << prefix;
        EXPECT_EQ(opened.error().kind, ErrorKind::Malformed);
    }
}

}  // namespace
}  // namespace emulator
