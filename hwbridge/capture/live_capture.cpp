#include "hwbridge/capture/live_capture.hpp"

#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/child_process.hpp"

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <thread>

namespace hwbridge {

using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;

namespace {

// What the numbers of process/interface_listener.hpp mean to a caller.
ErrorKind kindOf(int exitStatus)
{
    switch (exitStatus) {
    case 3:
        return ErrorKind::Refused;
    case 4:
        return ErrorKind::NotFound;
    case 5:
        return ErrorKind::Unsupported;
    default:
        return ErrorKind::Unreachable;
    }
}

class Live final : public LiveCapture, private PacketSink {
public:
    Live(ChildProcess child, const LiveOptions& options, PacketSink& sink)
        : m_child{std::move(child)},
          m_reader{CaptureReader::from(m_child.output(), "phonerig-capture")},
          m_interface{options.interface},
          m_afterBatch{options.afterBatch},
          m_sink{sink}
    {}
    ~Live() override
    {
        if (m_thread.joinable())
            static_cast<void>(stop());
    }

    // Waits until the process has described its interface: it listens then.
    Result<void> begin()
    {
        std::future<bool> listening = m_listening.get_future();
        m_thread = std::thread{[this] { read(); }};
        if (listening.get())
            return {};
        m_thread.join();
        return failure(m_child.wait(), m_readError);
    }

    Result<CaptureCounts> stop() override
    {
        if (!m_thread.joinable())
            return m_outcome;
        const bool byItself = m_ended;
        m_child.closeInput();
        m_thread.join();
        const ChildEnd end = m_child.wait();
        if (!m_readError.empty() || end.status != 0 || byItself)
            m_outcome = failure(end, m_readError);
        else
            m_outcome = counts();
        return m_outcome;
    }

    CaptureCounts counts() const override { return {m_packets, m_dropped}; }
    bool ended() const override { return m_ended; }
    LinkType link() const override { return m_link; }
    int pid() const override { return m_child.pid(); }

private:
    // The thread's part.
    void read()
    {
        for (;;) {
            const Result<bool> more = m_reader->readSome(*this);
            if (!more.has_value())
                m_readError = more.error().detail;
            const bool isOver = !more.has_value() || !*more;
            if (!m_reader->facts().interfaces.empty())
                noteListening();
            m_packets = m_reader->facts().packets;
            m_dropped = m_reader->facts().dropped().value_or(0);
            if (m_isListening && m_afterBatch)
                m_afterBatch(counts());
            if (!isOver)
                continue;
            m_ended = true;
            if (!m_isListening)
                m_listening.set_value(false);
            return;
        }
    }

    void packetSeen(const Packet& packet) override
    {
        noteListening();  // who waits for that may be who keeps the sink busy
        m_sink.packetSeen(packet);
    }

    void noteListening()
    {
        if (m_isListening)
            return;
        m_isListening = true;
        m_link = m_reader->facts().interfaces.front().link;
        m_listening.set_value(true);
    }

    Error failure(const ChildEnd& end, const std::string& otherwise) const
    {
        if (!end.said.empty())
            return emulator::fail(kindOf(end.status), end.said);
        return emulator::fail(ErrorKind::Unreachable,
                              fmt::format("capturing on {} ended: {}", m_interface,
                                          otherwise.empty() || end.status != 0 ? end.reason : otherwise));
    }

    ChildProcess m_child;
    std::unique_ptr<CaptureReader> m_reader;
    std::string m_interface;
    std::function<void(const CaptureCounts&)> m_afterBatch;
    PacketSink& m_sink;
    std::promise<bool> m_listening;
    bool m_isListening = false;            // the thread's
    LinkType m_link = LinkType::Ethernet;  // set before m_listening
    std::thread m_thread;
    std::string m_readError;  // of the thread; read after it has ended
    std::atomic<std::uint64_t> m_packets{0};
    std::atomic<std::uint64_t> m_dropped{0};
    std::atomic<bool> m_ended{false};
    Result<CaptureCounts> m_outcome{CaptureCounts{}};
};

}  // namespace

Result<std::unique_ptr<LiveCapture>> LiveCapture::start(const LiveOptions& options, PacketSink& sink)
{
    std::vector<std::string> command{
        options.program.empty() ? besideThisProgram("phonerig-capture") : options.program, options.interface};
    for (const PhoneAddress& phone : options.phones)
        command.push_back(text(phone));
    Result<ChildProcess> child = ChildProcess::start(command);
    if (!child.has_value())
        return child.error();
    auto live = std::make_unique<Live>(std::move(*child), options, sink);
    if (const Result<void> begun = live->begin(); !begun.has_value())
        return begun.error();
    return std::unique_ptr<LiveCapture>{std::move(live)};
}

}  // namespace hwbridge
