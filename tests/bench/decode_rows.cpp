#include "tests/bench/child.hpp"
#include "tests/bench/http_peers.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/sample_captures.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace bench {

using namespace emulator;

namespace {

constexpr std::size_t packetsToDecode = 1'000'000;
constexpr std::size_t peerPackets = 100'000;  // of the same file: tshark takes seconds for them

struct Sample {
    std::string_view key;
    std::string_view name;
    Result<std::size_t> (*write)(const std::string&, std::size_t);
    std::array<std::string_view, 11> fields;  // that tshark is asked for
};

const std::array<Sample, 2> samples{
    Sample{"decode-http",
           "packets/s decoded, HTTP",
           writeHttpCapture,
           {"frame.number", "frame.time_relative", "ip.src", "ip.dst", "tcp.srcport", "http.request.method",
            "http.request.uri", "http.host", "http.user_agent", "http.response.code", "http.content_length"}},
    Sample{"decode-mix",
           "packets/s decoded, TFTP, syslog, DNS",
           writeMixedCapture,
           {"frame.number", "frame.time_relative", "ip.src", "ip.dst", "udp.srcport", "tftp.opcode",
            "tftp.source_file", "tftp.block", "syslog.msg", "dns.qry.name", "dns.a"}},
};

// Packets per second of the processor's time: the captures are read by one thread each.
Result<double> tshark(const std::string& file, std::span<const std::string_view> fields, int core)
{
    std::string command = fmt::format("exec tshark -n -r '{}' -c {} -T fields", file, peerPackets);
    for (const std::string_view field : fields)
        command.append(" -e ").append(field);
    Result<Child> child = Child::start({"sh", "-c", command + " >/dev/null 2>&1"}, core);
    if (child.has_error())
        return child.error();
    const Result<std::string> ended = child->rest(std::chrono::seconds{600});
    if (ended.has_error())
        return fail(ErrorKind::Unreachable, "tshark: " + ended.error().detail);
    return static_cast<double>(peerPackets) / child->cpuSeconds();
}

Result<std::map<std::string, double>> ours(const std::string& file, int core)
{
    Result<Child> child = Child::start(ownRole("decode-capture", {file}), core);
    if (child.has_error())
        return child.error();
    const Result<std::string> said = child->rest(std::chrono::seconds{600});
    if (said.has_error())
        return said.error();
    return numbers(*said);
}

Result<void> measure(const Plan& plan, const Sample& sample, const RowSink& done)
{
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "capture.pcap").string();
    const Result<std::size_t> written = sample.write(file, packetsToDecode);
    if (written.has_error())
        return written.error();
    const int core = twoCores().value_or(std::pair{0, 0}).first;
    Row beside;
    beside.key = sample.key;
    beside.name = sample.name;
    beside.unit = "/s";
    beside.peerName = "tshark";
    beside.goal = Goal{Goal::Of::Ratio, false, 40};
    std::map<std::string, double> last;
    for (int i = 0; i < plan.rounds && !interrupted(); ++i) {
        progress(fmt::format("{}, round {} of {}", sample.key, i + 1, plan.rounds));
        const Result<std::map<std::string, double>> mine = ours(file, core);
        if (mine.has_error())
            return mine.error();
        last = *mine;
        beside.ours.add(last["packets"] / last["seconds"]);
        const Result<double> theirs = tshark(file, sample.fields, core);
        if (theirs.has_error())
            return theirs.error();
        beside.peer.add(*theirs);
    }
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");
    if (last["packets"] != static_cast<double>(*written))
        beside.trouble = fmt::format("{:.0f} of {} packets were seen", last["packets"], *written);
    beside.note =
        fmt::format("{} packets, {:.0f} events as NDJSON, all fields; {:.1f} MiB resident; tshark reads "
                    "the first {} with 11 fields; processor time of both",
                    *written, last["events"], last["resident"] / (1 << 20), peerPackets);
    Row alone = beside;
    alone.name += ", alone";
    alone.peerName.clear();
    alone.peer = {};
    alone.goal = Goal{Goal::Of::Ours, false, 2'000'000};
    alone.note.clear();
    done(beside);
    done(alone);
    return {};
}

}  // namespace

Result<void> measureDecoding(const Plan& plan, const RowSink& done)
{
    for (const Sample& sample : samples) {
        if (!plan.wants(sample.key))
            continue;
        if (const Result<void> measured = measure(plan, sample, done); measured.has_error())
            return measured;
    }
    return {};
}

}  // namespace bench
