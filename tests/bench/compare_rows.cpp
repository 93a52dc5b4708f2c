#include "emulator/trace/ndjson.hpp"
#include "hwbridge/compare/comparison.hpp"
#include "hwbridge/compare/rules_reader.hpp"
#include "hwbridge/compare/trace_file.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/sample_captures.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <tuple>

namespace bench {

using namespace emulator;

namespace {

constexpr std::size_t packetsToCompare = 100'000;

// A capture of resyncs, TFTP and HTTP in turns, with a syslog line before and after each. Every hundredth resync of a
// deviating phone asks for another path.
class Day {
public:
    explicit Day(bool deviates) : m_deviates{deviates} {}

    std::string lines()
    {
        m_out = "{\"t\":0,\"kind\":\"run.begin\",\"n\":0,\"by\":\"rig\",\"schema\":1}\n";
        for (std::size_t i = 0; m_events < packetsToCompare; ++i) {
            m_now += std::chrono::seconds{30};
            const std::string path = m_deviates && i % 100 == 99 ? "/wrong/basic.xml" : "/basic.xml";
            log(fmt::format("Requesting resync http://10.0.0.9:80{}", path));
            i % 2 == 0 ? http(path) : tftp();
            log(fmt::format("Successful resync http://10.0.0.9:80{}", path));
        }
        m_out += fmt::format("{{\"t\":{},\"kind\":\"run.end\",\"n\":{},\"by\":\"rig\"}}\n",
                             std::chrono::floor<std::chrono::seconds>(m_now.time_since_epoch()).count() + 1,
                             m_events + 1);
        return std::move(m_out);
    }

private:
    TraceEvent event(EventKind kind, bool fromPhone, std::uint16_t port)
    {
        m_now += std::chrono::microseconds{700};
        TraceEvent one;
        one.at = m_now;
        one.kind = kind;
        one.by = Observer::Wire;
        one.exchange = {6, 0, m_exchange};
        one.phone = MacAddress::parse("000e08000001").value();
        const Endpoint phone{IpAddress{0x0a000001}, static_cast<std::uint16_t>(40000 + m_exchange % 20000)};
        const Endpoint server{IpAddress{0x0a000009}, port};
        one.from = fromPhone ? phone : server;
        one.to = fromPhone ? server : phone;
        return one;
    }
    void write(TraceEvent& one)
    {
        one.add(FieldName::Packet, static_cast<std::int64_t>(++m_events));
        appendNdjson(m_out, one, m_events);
    }
    void log(const std::string& text)
    {
        ++m_exchange;
        const std::string line =
            fmt::format("Jan  1 {:02}:{:02}:{:02} CP-7832-3PCC 00:0e:08:00:00:01 -- {}",
                        m_exchange / 3600 % 24, m_exchange / 60 % 60, m_exchange % 60, text);
        const std::string raw = "<133>" + line;
        TraceEvent one = event(EventKind::SyslogMessage, true, 514);
        one.add(FieldName::Severity, std::int64_t{5});
        one.add(FieldName::Facility, std::int64_t{16});
        one.add(FieldName::Text, line);
        one.add(FieldName::Raw, raw);
        write(one);
    }
    void http(const std::string& path)
    {
        ++m_exchange;
        TraceEvent request = event(EventKind::HttpRequest, true, 80);
        request.add(FieldName::Method, "GET");
        request.add(FieldName::Target, path);
        request.add(FieldName::UserAgent, "Cisco-CP-7832-3PCC/11.3.1 (88012B000001)");
        request.add(FieldName::Minor, std::int64_t{1});
        request.add(FieldName::Bytes, std::int64_t{0});
        request.add(FieldName::Headers,
                    "Host: 10.0.0.9\nUser-Agent: Cisco-CP-7832-3PCC/11.3.1 (88012B000001)\nAccept: */*\n");
        write(request);
        const std::string headers =
            fmt::format("Date: Thu, 01 Jan 2026 00:{:02}:{:02} GMT\nContent-Length: 4096\n",
                        m_exchange / 60 % 60, (m_exchange + (m_deviates ? 7 : 0)) % 60);
        TraceEvent answer = event(EventKind::HttpResponse, false, 80);
        answer.add(FieldName::Status, std::int64_t{200});
        answer.add(FieldName::Reason, "OK");
        answer.add(FieldName::Bytes, std::int64_t{4096});
        answer.add(FieldName::Headers, headers);
        write(answer);
    }
    void tftp()
    {
        ++m_exchange;
        TraceEvent read = event(EventKind::TftpRead, true, 69);
        read.add(FieldName::File, "basic.xml");
        read.add(FieldName::Mode, "octet");
        write(read);
        for (std::int64_t block = 1; block <= 8; ++block) {
            TraceEvent data = event(EventKind::TftpData, false, 4000);
            data.add(FieldName::Block, block);
            data.add(FieldName::Bytes, std::int64_t{block < 8 ? 512 : 40});
            write(data);
            TraceEvent ack = event(EventKind::TftpAck, true, 4000);
            ack.add(FieldName::Block, block);
            write(ack);
        }
    }

    bool m_deviates;
    std::string m_out;
    TimePoint m_now{};
    std::uint32_t m_exchange = 0;
    std::size_t m_events = 0;
};

class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view name)
        : m_path{std::filesystem::temp_directory_path() /
                 fmt::format("phonerig-bench-{}-{}", ::getpid(), name)}
    {}
    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

// Reads both files and compares them, as often as the plan says.
Result<Row> compare(const Plan& plan, const std::filesystem::path& a, const std::filesystem::path& b)
{
    Row row;
    Samples alone;
    std::size_t roots = 0;
    std::size_t memory = 0;
    for (int i = 0; i < plan.rounds && !interrupted(); ++i) {
        progress(fmt::format("comparison, round {} of {}", i + 1, plan.rounds));
        const auto begin = std::chrono::steady_clock::now();
        const auto left = hwbridge::readWholeTraceFile(a);
        const auto right = hwbridge::readWholeTraceFile(b);
        if (left.has_error() || right.has_error())
            return fail(left.has_error() ? left.error() : right.error());
        const auto read = std::chrono::steady_clock::now();
        const auto result = hwbridge::compareTraces(left->store, right->store, hwbridge::defaultRules());
        const auto end = std::chrono::steady_clock::now();
        roots = result.has_value() ? result->roots().size() : 0;
        memory = left->store.bytes() + right->store.bytes();
        row.ours.add(std::chrono::duration<double>(end - begin).count());
        alone.add(std::chrono::duration<double>(end - read).count());
    }
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");
    row.unit = "s";
    row.goal = Goal{Goal::Of::Ours, true, 0.5};
    if (roots == 0)
        row.trouble = "no difference was found";
    row.note = fmt::format("reading both included; {:.2f} s without; {} MB kept; {} differences",
                           alone.median(), memory / 1'000'000, roots);
    return row;
}

}  // namespace

Result<void> measureCompare(const Plan& plan, const RowSink& done)
{
    const auto measure = [&](std::string_view key, std::string_view name, const TemporaryFile& a,
                             const TemporaryFile& b) -> Result<void> {
        Result<Row> row = compare(plan, a.path(), b.path());
        if (row.has_error())
            return fail(row.error());
        row->key = key;
        row->name = name;
        done(*row);
        return {};
    };
    // The second has a few exchanges more than the first.
    for (const auto& [key, name, write] :
         {std::tuple{"compare-http", "comparison of two captures of 100,000 packets, HTTP",
                     &writeHttpCapture},
          std::tuple{"compare-mix", "comparison of two captures of 100,000 packets, TFTP, syslog, DNS",
                     &writeMixedCapture}}) {
        if (!plan.wants(key))
            continue;
        const TemporaryFile a{"a"};
        const TemporaryFile b{"b"};
        const Result<std::size_t> first = write(a.path().string(), packetsToCompare);
        const Result<std::size_t> second = write(b.path().string(), packetsToCompare + 50);
        if (first.has_error() || second.has_error())
            return fail(first.has_error() ? first.error() : second.error());
        if (const auto measured = measure(key, name, a, b); measured.has_error())
            return measured;
    }
    if (!plan.wants("compare-ndjson"))
        return {};
    const TemporaryFile a{"a"};
    const TemporaryFile b{"b"};
    std::ofstream{a.path(), std::ios::binary} << Day{false}.lines();
    std::ofstream{b.path(), std::ios::binary} << Day{true}.lines();
    return measure("compare-ndjson", "comparison of two NDJSON traces of 100,000 packets", a, b);
}

}  // namespace bench
