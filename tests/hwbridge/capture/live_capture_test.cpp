#include "hwbridge/capture/live_capture.hpp"

#include "tests/hwbridge/capture/capture_bytes.hpp"
#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>
#include <future>
#include <thread>

namespace hwbridge {
namespace {

using emulator::ErrorKind;

// What plays phonerig-capture here: scripts that say on their output what it would, so that every way of ending can be
// had without the right to capture. The real one is proved below, and by tests/interop/capture_test.py.
class ScriptedCaptureTest : public testing::Test {
protected:
    LiveOptions playing(const std::string& script, std::string_view output = {})
    {
        std::ofstream{m_folder / "output"} << output;
        const std::string program = m_folder / "program";
        std::ofstream{program} << "#!/bin/sh\nPATH=/usr/bin:/bin\ncd '" << m_folder.path().string() << "'\n"
                               << script;
        ::chmod(program.c_str(), 0700);
        LiveOptions options;
        options.interface = "eth0";
        options.program = program;
        return options;
    }

    TemporaryFolder m_folder;
    SeenPackets m_seen;
};

std::string counts(std::uint64_t dropped)
{
    return block(5, Bytes{}.u32(0).u32(0).u32(0).option(5, Bytes{}.u64(dropped).str()).u32(0));
}

TEST_F(ScriptedCaptureTest, HandsOverPacketsUntilItIsStopped)
{
    const LiveOptions options =
        playing("cat output\ncat >/dev/null\ncat output2\n", section() + interface(276) + enhanced("before"));
    std::ofstream{m_folder / "output2"} << enhanced("captured before the stop") + counts(3);
    auto live = LiveCapture::start(options, m_seen).value();
    EXPECT_EQ(live->link(), LinkType::LinuxCooked2);
    EXPECT_FALSE(live->ended());
    const auto stopped = live->stop();
    ASSERT_TRUE(stopped.has_value()) << stopped.error().detail;
    EXPECT_EQ(*stopped, (CaptureCounts{2, 3}));
    EXPECT_EQ(*live->stop(), (CaptureCounts{2, 3})) << "once more changes nothing";
    ASSERT_EQ(m_seen.all.size(), 2u);
    EXPECT_EQ(m_seen.all[1].bytes, "captured before the stop");
}

TEST_F(ScriptedCaptureTest, PassesInterfaceAndAddressesAndNoEnvironment)
{
    LiveOptions options =
        playing("echo \"$*\" >words\nenv >environment\ncat output\ncat >/dev/null\n", section() + interface());
    options.phones = {*parsePhoneAddress("10.0.0.1"), *parsePhoneAddress("000e08000001")};
    auto live = LiveCapture::start(options, m_seen).value();
    ASSERT_TRUE(live->stop().has_value());
    EXPECT_EQ(contentOf(m_folder / "words"), "eth0 10.0.0.1 00:0e:08:00:00:01\n");
    EXPECT_EQ(contentOf(m_folder / "environment").find("HOME="), std::string::npos);
}

// Who waits for start() may be who keeps the sink busy, as a command that makes its file then.
TEST_F(ScriptedCaptureTest, IsListeningBeforeTheFirstPacketIsTaken)
{
    class WaitingSink final : public PacketSink {
    public:
        void packetSeen(const Packet&) override { go.get_future().wait(); }
        std::promise<void> go;
    } sink;
    auto live =
        LiveCapture::start(playing("cat output\ncat >/dev/null\n", section() + interface() + enhanced("a")), sink);
    ASSERT_TRUE(live.has_value());
    sink.go.set_value();
    EXPECT_EQ((*live)->stop()->packets, 1u);
}

TEST_F(ScriptedCaptureTest, TellsAfterEachBatch)
{
    std::promise<CaptureCounts> told;
    LiveOptions options =
        playing("cat output\ncat >/dev/null\n", section() + interface() + enhanced("a") + counts(9));
    options.afterBatch = [&, once = false](const CaptureCounts& counts) mutable {
        if (counts.dropped == 9 && !std::exchange(once, true))
            told.set_value(counts);
    };
    auto live = LiveCapture::start(options, m_seen).value();
    EXPECT_EQ(told.get_future().get(), (CaptureCounts{1, 9})) << "while it still runs";
    EXPECT_TRUE(live->stop().has_value());
}

struct StartRow {
    const char* name;
    std::string script;
    ErrorKind kind;
    std::string detail;
};

class StartTest : public ScriptedCaptureTest, public testing::WithParamInterface<StartRow> {};

TEST_P(StartTest, SaysWhyItDoesNotListen)
{
    const auto live = LiveCapture::start(playing(GetParam().script), m_seen);
    ASSERT_FALSE(live.has_value());
    EXPECT_EQ(live.error().kind, GetParam().kind);
    EXPECT_EQ(live.error().detail, GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    All, StartTest,
    testing::Values(StartRow{"NoRight", "echo 'takes a right' >&2; echo more >&2; exit 3", ErrorKind::Refused,
                             "takes a right"},
                    StartRow{"NoInterface", "echo 'found eth0' >&2; exit 4", ErrorKind::NotFound,
                             "found eth0"},
                    StartRow{"NoFilter", "echo 'no filter' >&2; exit 5", ErrorKind::Unsupported, "no filter"},
                    StartRow{"Silent", "exit 1", ErrorKind::Unreachable,
                             "capturing on eth0 ended: it exited with status 1"},
                    StartRow{"Killed", "kill -9 $$", ErrorKind::Unreachable,
                             "capturing on eth0 ended: signal 9 ended it"},
                    StartRow{"Garbage", "echo this is no capture", ErrorKind::Unreachable,
                             "capturing on eth0 ended: phonerig-capture: found a file that begins with "
                             "74686973, expected pcap or "
                             "pcapng"}),
    [](const auto& test) { return test.param.name; });

TEST_F(ScriptedCaptureTest, SaysWhenTheProgramIsMissing)
{
    LiveOptions options;
    options.interface = "lo";
    options.program = m_folder / "absent";
    const auto live = LiveCapture::start(options, m_seen);
    ASSERT_FALSE(live.has_value());
    EXPECT_EQ(live.error().kind, ErrorKind::Unsupported);
    EXPECT_EQ(live.error().detail, "cannot start " + options.program + ": No such file or directory");
}

TEST_F(ScriptedCaptureTest, NoticesThatTheCaptureEndedByItself)
{
    LiveOptions options = playing("cat output\necho 'capturing on eth0 ended: it went away' >&2\nexit 1\n",
                                  section() + interface() + enhanced("seen"));
    auto live = LiveCapture::start(options, m_seen).value();
    while (!live->ended())
        std::this_thread::yield();
    const auto stopped = live->stop();
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(stopped.error().kind, ErrorKind::Unreachable);
    EXPECT_EQ(stopped.error().detail, "capturing on eth0 ended: it went away");
    EXPECT_EQ(live->counts().packets, 1u);
}

TEST_F(ScriptedCaptureTest, SaysWhatWasCutOffWhenTheProcessIsKilled)
{
    auto live =
        LiveCapture::start(playing("cat output\ncat >/dev/null\n",
                                   section() + interface() + enhanced("a") + enhanced("b").substr(0, 20)),
                           m_seen)
            .value();
    ::kill(live->pid(), SIGKILL);
    const auto stopped = live->stop();
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(live->counts().packets, 1u);
}

// The real process on the loopback, where the right to capture is there.
TEST(LiveCaptureTest, SeesWhatIsSentOnceItListensAndBeforeItStops)
{
    LiveOptions options;
    options.interface = "lo";
    options.phones = {*parsePhoneAddress("127.91.7.3")};
    SeenPackets seen;
    auto live = LiveCapture::start(options, seen);
    if (!live.has_value() && live.error().kind == ErrorKind::Refused)
        GTEST_SKIP() << live.error().detail;
    ASSERT_TRUE(live.has_value()) << live.error().detail;
    const int sender = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    for (const char* address : {"127.91.7.3", "127.91.7.4", "127.91.7.3"}) {
        ::inet_pton(AF_INET, address, &to.sin_addr);
        ASSERT_EQ(::sendto(sender, "hello", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to), 5);
    }
    ::close(sender);
    const auto stopped = (*live)->stop();
    ASSERT_TRUE(stopped.has_value()) << stopped.error().detail;
    EXPECT_EQ(stopped->dropped, 0u);
    std::size_t hellos = 0;  // beside them what the system answers
    for (const SeenPacket& packet : seen.all)
        hellos += packet.bytes.ends_with("hello") && packet.bytes.size() == 14 + 28 + 5 ? 1u : 0u;
    EXPECT_EQ(hellos, 2u);
    EXPECT_EQ(stopped->packets, seen.all.size());
}

TEST(LiveCaptureTest, NamesTheInterfacesThereAre)
{
    LiveOptions options;
    options.interface = "usbmon0";
    SeenPackets seen;
    const auto live = LiveCapture::start(options, seen);
    ASSERT_FALSE(live.has_value());
    EXPECT_EQ(live.error().kind, ErrorKind::NotFound);
    EXPECT_TRUE(live.error().detail.starts_with("found usbmon0, expected an interface: lo"))
        << live.error().detail;
}

}  // namespace
}  // namespace hwbridge
