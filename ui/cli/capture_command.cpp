#include "ui/cli/capture_command.hpp"

#include "emulator/base/time_point.hpp"
#include "hwbridge/capture/capture_ring.hpp"
#include "hwbridge/capture/live_capture.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <mutex>

namespace ui {

using namespace std::chrono_literals;
using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;
using hwbridge::CaptureCounts;
using hwbridge::CaptureRing;

namespace {

constexpr std::uint64_t smallestFile = 64u << 10;  // bytes

// What `capture` is asked for, read and checked.
struct Wish {
    hwbridge::LiveOptions live;
    hwbridge::RingLimits limits;
};

Error wrong(std::string_view option, std::string_view found, std::string_view expected)
{
    return emulator::fail(ErrorKind::Malformed,
                          fmt::format("{}: found {}, expected {}", option, found, expected));
}

Result<Wish> read(const CaptureOptions& options)
{
    Wish wish;
    wish.live.interface = options.interface;
    for (const std::string& text : options.phones) {
        const Result<hwbridge::PhoneAddress> phone = hwbridge::parsePhoneAddress(text);
        if (!phone.has_value())
            return emulator::fail(phone.error().kind, "--phone: " + phone.error().detail);
        wish.live.phones.push_back(*phone);
    }
    if (!options.ringSize.empty()) {
        wish.limits.fileBytes = parseSize(options.ringSize);
        if (!wish.limits.fileBytes || *wish.limits.fileBytes < smallestFile)
            return wrong("--ring-size", options.ringSize, "a size such as 100M, at least 64K");
    }
    if (!options.ringAge.empty()) {
        const std::optional<emulator::Duration> age = emulator::parseDuration(options.ringAge);
        if (!age || *age < 1s)
            return wrong("--ring-age", options.ringAge, "a time such as 90, 10m or 1h, at least 1 s");
        wish.limits.fileAge = *age;
    }
    if (options.ringFiles > 0) {
        wish.limits.files = options.ringFiles;
        if (!wish.limits.rotates())
            return emulator::fail(
                ErrorKind::Malformed,
                "--ring-files: expected --ring-size or --ring-age beside it, which say when the "
                "next file begins");
    }
    if (wish.limits.rotates() && options.file == "-")
        return wrong("-w", "-", "a file, of which a ring makes several");
    return wish;
}

// Where packets go. The capture's thread and the command's meet here.
class Recorder final : public hwbridge::PacketSink {
public:
    // Nothing is recorded, and the capture waits, until the file is there.
    std::unique_lock<std::mutex> hold() { return std::unique_lock{m_mutex}; }
    void record(CaptureRing ring) { m_ring.emplace(std::move(ring)); }

    void packetSeen(const hwbridge::Packet& packet) override
    {
        const std::lock_guard lock{m_mutex};
        if (m_ring)
            m_ring->packetSeen(packet);
    }
    void flush(const CaptureCounts& counts)
    {
        const std::lock_guard lock{m_mutex};
        if (!m_ring)
            return;
        m_ring->noteDropped(counts.dropped);
        static_cast<void>(m_ring->flush());  // finish() says it again
    }
    bool failed()
    {
        const std::lock_guard lock{m_mutex};
        return m_ring->failed();
    }
    CaptureRing& ring() { return *m_ring; }  // when the capture has ended

private:
    std::mutex m_mutex;
    std::optional<CaptureRing> m_ring;
};

std::string lost(const CaptureCounts& counts)
{
    return fmt::format("{} packet{}, {} dropped", counts.packets, counts.packets == 1 ? "" : "s",
                       counts.dropped);
}

// The counts in place, on a terminal.
class Progress {
public:
    void show(const CaptureCounts& counts)
    {
        const Clock::time_point now = Clock::now();
        if (!m_isTerminal || now < m_next)
            return;
        m_next = now + 200ms;
        writeAll(STDERR_FILENO, fmt::format("\r\x1b[K{}", lost(counts)));
        m_isShown = true;
    }
    void end()
    {
        if (m_isShown)
            writeAll(STDERR_FILENO, "\r\x1b[K");
    }

private:
    using Clock = std::chrono::steady_clock;
    bool m_isTerminal = isatty(STDERR_FILENO) == 1;
    bool m_isShown = false;
    Clock::time_point m_next{};
};

// Until the user, the time, the interface or the disk ends it.
void wait(const CaptureOptions& options, const hwbridge::LiveCapture& live, Recorder& recorder)
{
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>{options.forSeconds.value_or(0)});
    Progress progress;
    while (!interrupted() && !live.ended() && !recorder.failed()) {
        auto pause = 50ms;
        if (options.forSeconds) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
            if (left <= 0ms)
                break;
            pause = std::min(pause, left);
        }
        progress.show(live.counts());
        ::poll(nullptr, 0, static_cast<int>(pause.count()));
    }
    progress.end();
}

std::string summary(const CaptureOptions& options, const CaptureCounts& counts, const CaptureRing& ring)
{
    const std::string where = options.file == "-" ? std::string{"standard output"}
                              : ring.filesKept() == 1
                                  ? ring.path()
                                  : fmt::format("{} files, the last {}", ring.filesKept(), ring.path());
    return fmt::format("{} on {}, in {}\n", lost(counts), options.interface, where);
}

ExitCode noCapture(const Error& error)
{
    say("capture: " + error.detail);
    return ExitCode::Usage;
}

}  // namespace

std::optional<std::uint64_t> parseSize(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{})
        return {};
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const int shift = unit.empty() ? 0 : unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
    constexpr int most = 50;  // bits: a petabyte
    if (shift < 0 || number >> (most - shift) != 0)
        return {};
    return number << shift;
}

ExitCode capture(const CaptureOptions& options)
{
    Result<Wish> wish = read(options);
    if (!wish.has_value())
        return noCapture(wish.error());
    watchForInterruption();

    Recorder recorder;
    wish->live.afterBatch = [&recorder](const CaptureCounts& counts) { recorder.flush(counts); };
    // The file is touched only when there is something to write to it.
    std::unique_lock held = recorder.hold();
    Result<std::unique_ptr<hwbridge::LiveCapture>> live = hwbridge::LiveCapture::start(wish->live, recorder);
    if (!live.has_value())
        return noCapture(live.error());
    hwbridge::CaptureHeader header;
    header.interface.name = options.interface;
    header.interface.link = (*live)->link();
    header.interface.filter = hwbridge::captureFilter(wish->live.phones, false);
    Result<CaptureRing> ring = CaptureRing::create(options.file, header, wish->limits);
    if (!ring.has_value()) {
        held.unlock();
        return noCapture(ring.error());
    }
    recorder.record(std::move(*ring));
    held.unlock();

    writeAll(STDERR_FILENO, fmt::format("listening on {}\n", options.interface));
    wait(options, **live, recorder);
    const Result<CaptureCounts> stopped = (*live)->stop();
    const CaptureCounts counts = (*live)->counts();
    recorder.ring().noteDropped(counts.dropped);
    const Result<void> written = recorder.ring().finish();
    writeAll(STDERR_FILENO, summary(options, counts, recorder.ring()));
    if (!stopped.has_value())
        return noCapture(stopped.error());
    if (!written.has_value())
        return noCapture(written.error());
    return ExitCode::Passed;
}

}  // namespace ui
