#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/capture_ring.hpp"
#include "hwbridge/capture/live_capture.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/roles.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view mark = "\x88\xb5";  // an Ethernet type for experiments

double since(Clock::time_point from)
{
    return std::chrono::duration<double>(Clock::now() - from).count();
}

// Counts the benchmark's own frames: the system says things by itself on a new interface.
class Marked final : public hwbridge::PacketSink {
public:
    void packetSeen(const hwbridge::Packet& packet) override
    {
        packets += packet.bytes.size() == packetBytes && packet.bytes.substr(12, 2) == mark ? 1u : 0u;
    }
    std::uint64_t packets = 0;
};

// A network of one's own with a pair of virtual Ethernet ports, near0 and far0.
bool ownNetwork()
{
    const uid_t user = ::geteuid();
    if (::unshare(user == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    if (user != 0)
        std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
    return std::system("PATH=\"$PATH:/usr/sbin:/sbin\"; ip link set lo up && ip link add near0 type veth "
                       "peer name far0 && "
                       "ip link set near0 up && ip link set far0 up") == 0;
}

// Sends `rate` frames a second for a time; returns how many.
std::uint64_t sendFrames(double rate, double seconds)
{
    const int sender = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    sockaddr_ll far{};
    far.sll_family = AF_PACKET;
    far.sll_ifindex = static_cast<int>(::if_nametoindex("far0"));
    if (::bind(sender, reinterpret_cast<const sockaddr*>(&far), sizeof far) != 0)
        return 0;
    std::string frame = std::string(6, '\xff') + std::string(6, '\2');
    frame.append(mark).resize(packetBytes, 'x');
    iovec bytes{frame.data(), frame.size()};
    std::array<mmsghdr, 64> batch{};
    for (mmsghdr& one : batch) {
        one.msg_hdr.msg_iov = &bytes;
        one.msg_hdr.msg_iovlen = 1;
    }
    std::uint64_t sent = 0;
    const Clock::time_point from = Clock::now();
    while (since(from) < seconds) {
        const auto due = static_cast<std::uint64_t>(since(from) * rate);
        if (due < sent + batch.size()) {
            ::usleep(100);
            continue;
        }
        const int done = ::sendmmsg(sender, batch.data(), batch.size(), 0);
        sent += done > 0 ? static_cast<std::uint64_t>(done) : 0;
    }
    ::close(sender);
    return sent;
}

}  // namespace

int liveCapture(const Arguments& arguments)
{
    constexpr double rate =
        120'000;  // packets/s: more than the goal, so that a late machine still reaches it
    if (arguments.empty() || !ownNetwork())
        return 1;
    Marked marked;
    hwbridge::LiveOptions options;
    options.interface = "near0";
    auto live = hwbridge::LiveCapture::start(options, marked);
    if (live.has_error()) {
        fmt::print(stderr, "{}\n", live.error().detail);
        return 1;
    }
    const Clock::time_point from = Clock::now();
    const std::uint64_t sent = sendFrames(rate, std::stod(arguments[0]));
    const double seconds = since(from);
    const auto stopped = (*live)->stop();
    if (stopped.has_error() || sent == 0)
        return 1;
    fmt::print("sent={} captured={} dropped={} seconds={}\n", sent, marked.packets, stopped->dropped,
               seconds);
    return 0;
}

int captureRing(const Arguments& arguments)
{
    if (arguments.empty())
        return 1;
    const double wanted = std::stod(arguments[0]);
    std::string name = (std::filesystem::temp_directory_path() / "phonerig-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        return 1;
    const std::filesystem::path folder = name;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return 1;
    const Clock::time_point from = Clock::now();
    std::thread source{[&] {
        hwbridge::PcapngWriter writer;
        writer.addInterface({});
        const std::string bytes(packetBytes, 'x');
        hwbridge::Packet packet;
        packet.bytes = bytes;
        packet.wireLength = packetBytes;
        double sent = 0;
        while (sent < wanted) {
            while (writer.bytes().size() < 256u << 10)
                writer.addPacket(0, packet);
            std::string_view rest = writer.bytes();
            sent += static_cast<double>(rest.size());
            while (!rest.empty()) {
                const ssize_t done = ::write(ends[1], rest.data(), rest.size());
                if (done <= 0)
                    break;
                rest.remove_prefix(static_cast<std::size_t>(done));
            }
            writer.clear();
        }
        ::close(ends[1]);
    }};
    hwbridge::RingLimits limits;
    limits.fileBytes = 100u << 20;
    limits.files = 4;
    auto ring = hwbridge::CaptureRing::create((folder / "ring.pcapng").string(), {}, limits);
    std::size_t first = 0;
    std::uint64_t packets = 0;
    double kept = 0;
    std::string last;
    if (ring.has_value()) {
        const std::string firstFile = ring->path();
        const auto reader = hwbridge::CaptureReader::from(ends[0], "source");
        for (auto more = reader->readSome(*ring); more.has_value() && *more; more = reader->readSome(*ring))
            if (first == 0 && ring->path() != firstFile)
                first = residentBytes();
        static_cast<void>(ring->finish());
        packets = ring->packets();
        kept = static_cast<double>(ring->filesKept());
        last = ring->path();
    }
    ::close(ends[0]);
    source.join();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    if (ring.has_error() || first == 0)
        return 1;
    const std::string stem = std::filesystem::path{last}.stem().string();
    fmt::print("first={} last={} packets={} seconds={} kept={} files={}\n", first, residentBytes(), packets,
               since(from), kept, std::stoul(stem.substr(stem.rfind('-') + 1)));
    return 0;
}

}  // namespace bench
