#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/pcapng_writer.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/roles.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

namespace bench {

using namespace emulator;

namespace {

constexpr std::size_t packetsInFile = 2'000'000;

class Count final : public hwbridge::PacketSink {
public:
    void packetSeen(const hwbridge::Packet& packet) override
    {
        ++packets;
        bytes += packet.bytes.size();
    }
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
};

// A pcapng file in memory.
int sampleFile()
{
    const int file = ::memfd_create("capture", MFD_CLOEXEC);
    hwbridge::PcapngWriter writer;
    writer.addInterface({});
    const std::string bytes(packetBytes, 'x');
    for (std::size_t i = 0; i < packetsInFile; ++i) {
        hwbridge::Packet packet;
        packet.at = hwbridge::WallNanoseconds{std::chrono::microseconds{i}};
        packet.wireLength = packetBytes;
        packet.bytes = bytes;
        writer.addPacket(0, packet);
        if (writer.bytes().size() < 1u << 20 && i + 1 < packetsInFile)
            continue;
        if (::write(file, writer.bytes().data(), writer.bytes().size()) !=
            static_cast<ssize_t>(writer.bytes().size()))
            return -1;
        writer.clear();
    }
    return file;
}

Result<void> measureRead(const Plan& plan, const RowSink& done)
{
    const int file = sampleFile();
    Row row;
    row.key = "capture-read";
    row.name = "reading a capture";
    row.unit = "M packets/s";
    row.goal = Goal{Goal::Of::Ours, false, 10};
    row.note = fmt::format("pcapng of {} packets of {} bytes in memory, per second of processor time",
                           packetsInFile, packetBytes);
    for (int i = 0; i < plan.rounds && !interrupted(); ++i) {
        progress(fmt::format("reading a capture, round {} of {}", i + 1, plan.rounds));
        Count count;
        const double from = threadCpuSeconds();
        double now = from;
        do {
            ::lseek(file, 0, SEEK_SET);
            const std::uint64_t before = count.packets;
            const Result<void> read = hwbridge::CaptureReader::from(file, "sample")->readAll(count);
            if (read.has_error() || count.packets != before + packetsInFile) {
                row.trouble = "the file was not read as a whole";
                break;
            }
            now = threadCpuSeconds();
        } while (now - from < plan.seconds);
        row.ours.add(static_cast<double>(count.packets) / 1e6 / (now - from));
    }
    ::close(file);
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");
    done(row);
    return {};
}

Result<void> measureLive(const Plan& plan, const RowSink& done)
{
    constexpr double least = 100'000;  // packets/s
    Row row;
    row.key = "capture-live";
    row.name = "live capture on a veth without loss";
    row.unit = "packets/s";
    row.goal = Goal{Goal::Of::Ours, false, least};
    double sent = 0;
    double captured = 0;
    double dropped = 0;
    for (int i = 0; i < plan.rounds && !interrupted() && row.trouble.empty(); ++i) {
        progress(fmt::format("live capture, round {} of {}", i + 1, plan.rounds));
        Result<Child> child = Child::start(ownRole("live-capture", {fmt::format("{}", plan.seconds)}));
        if (child.has_error())
            return child.error();
        const Result<std::string> output = child->rest(std::chrono::seconds{600});
        if (interrupted())
            break;
        if (output.has_error()) {
            row.trouble =
                "not measured: it takes network namespaces, virtual Ethernet and the right to capture";
            break;
        }
        std::map<std::string, double> round = numbers(*output);
        row.ours.add(round["captured"] / round["seconds"]);
        sent += round["sent"];
        captured += round["captured"];
        dropped += round["dropped"];
    }
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");
    if (row.trouble.empty() && (captured != sent || dropped != 0))
        row.trouble = fmt::format("{:.0f} of {:.0f} packets were captured", captured, sent);
    row.note =
        fmt::format("{:.0f} packets of {} bytes sent in all, {:.0f} captured, {:.0f} said to be dropped",
                    sent, packetBytes, captured, dropped);
    done(row);
    return {};
}

Result<void> measureRing(const Plan& plan, const RowSink& done)
{
    constexpr double fullBytes = 10e9;
    constexpr double fullSeconds = 3;  // --seconds as it is by itself
    const double bytes = fullBytes * std::min(1.0, plan.seconds / fullSeconds);
    progress(fmt::format("a ring of captures: {:.1f} GB", bytes / 1e9));
    Result<Child> child = Child::start(ownRole("capture-ring", {fmt::format("{:.0f}", bytes)}));
    if (child.has_error())
        return child.error();
    const Result<std::string> output = child->rest(std::chrono::seconds{900});
    if (output.has_error())
        return output.error();
    std::map<std::string, double> ring = numbers(*output);
    Row row;
    row.key = "capture-ring";
    row.name = fmt::format("memory grown over {:.1f} GB through a ring", bytes / 1e9);
    row.unit = "MiB";
    row.ours.add((ring["last"] - ring["first"]) / (1 << 20));
    row.goal = Goal{Goal::Of::Ours, true, 1};
    if (ring["packets"] * packetBytes < 0.7 * bytes)
        row.trouble = "the ring took less than was sent";
    row.note = fmt::format(
        "resident {:.1f} MiB after the first file, {:.1f} MiB at the end; {:.0f} packets in {:.1f} s, {:.0f} "
        "files of 100 MiB, of which {:.0f} were kept",
        ring["first"] / (1 << 20), ring["last"] / (1 << 20), ring["packets"], ring["seconds"], ring["files"],
        ring["kept"]);
    done(row);
    return {};
}

}  // namespace

Result<void> measureCapture(const Plan& plan, const RowSink& done)
{
    const std::pair<std::string_view, Result<void> (*)(const Plan&, const RowSink&)> rows[] = {
        {"capture-read", measureRead}, {"capture-live", measureLive}, {"capture-ring", measureRing}};
    for (const auto& [key, measure] : rows)
        if (plan.wants(key))
            if (const Result<void> measured = measure(plan, done); measured.has_error())
                return measured;
    return {};
}

}  // namespace bench
