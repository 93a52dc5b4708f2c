#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/pcapng_writer.hpp"
#include "tests/fuzz/target.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace hwbridge;

class Copy final : public PacketSink {
public:
    void packetSeen(const Packet& packet) override
    {
        fuzz::require(packet.number > m_last, "numbers rise");
        fuzz::require(packet.bytes.size() <= packet.wireLength, "no more bytes than there were on the wire");
        fuzz::require(packet.bytes.size() <= CaptureReader::mostPacketBytes, "packets are bounded");
        m_last = packet.number;
        writer.addPacket(0, packet);
        ++packets;
    }
    PcapngWriter writer;
    std::uint64_t packets = 0;

private:
    std::uint64_t m_last = 0;
};

class Count final : public PacketSink {
public:
    void packetSeen(const Packet&) override { ++packets; }
    std::uint64_t packets = 0;
};

emulator::Result<void> read(std::string_view bytes, PacketSink& sink)
{
    const int file = ::memfd_create("capture", MFD_CLOEXEC);
    fuzz::require(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
                  "a file of it");
    ::lseek(file, 0, SEEK_SET);
    const auto reader = CaptureReader::from(file, "input");
    const emulator::Result<void> done = reader->readAll(sink);
    fuzz::require(reader->facts().interfaces.size() <= CaptureFacts::mostInterfaces, "facts are bounded");
    ::close(file);
    return done;
}

}  // namespace

// Whatever the bytes, reading ends; what was read can be written, and is read again.
FUZZ_TARGET(capture_file)
{
    Copy copy;
    copy.writer.addInterface({});
    const emulator::Result<void> done = read(fuzz::text(data, size), copy);
    if (!done.has_value())
        fuzz::require(!done.error().detail.empty() && done.error().detail.find('\n') == std::string::npos,
                      "an error is one sentence");
    Count again;
    fuzz::require(read(copy.writer.bytes(), again).has_value() && again.packets == copy.packets,
                  "our own file is read again");
    return 0;
}
