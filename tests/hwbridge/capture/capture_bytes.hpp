#pragma once

#include "hwbridge/capture/byte_order.hpp"
#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/pcapng_format.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Numbers in the byte order of a foreign writer.
class Bytes {
public:
    explicit Bytes(bool big = false) : m_big{big} {}

    template <class T>
    Bytes& add(T value)
    {
        for (std::size_t i = 0; i < sizeof value; ++i)
            m_text += static_cast<char>(value >> 8 * (m_big ? sizeof value - 1 - i : i) & 0xff);
        return *this;
    }
    Bytes& u16(std::uint16_t value) { return add(value); }
    Bytes& u32(std::uint32_t value) { return add(value); }
    Bytes& u64(std::uint64_t value) { return add(value); }
    Bytes& text(std::string_view value)
    {
        m_text += value;
        return *this;
    }
    Bytes& padded(std::string_view value)
    {
        m_text += value;
        m_text.append((4 - value.size() % 4) % 4, '\0');
        return *this;
    }
    Bytes& option(std::uint16_t code, std::string_view value)
    {
        return u16(code).u16(static_cast<std::uint16_t>(value.size())).padded(value);
    }
    bool big() const { return m_big; }
    const std::string& str() const { return m_text; }

private:
    bool m_big;
    std::string m_text;
};

// A pcapng block around `body`, which is padded.
inline std::string block(std::uint32_t type, const Bytes& body)
{
    Bytes whole{body.big()};
    const auto length = static_cast<std::uint32_t>(12 + (body.str().size() + 3) / 4 * 4);
    return whole.u32(type).u32(length).padded(body.str()).u32(length).str();
}

inline std::string section(bool big = false, const std::string& options = {})
{
    return block(pcapng::sectionHeader,
                 Bytes{big}.u32(pcapng::byteOrderMagic).u16(1).u16(0).u64(~std::uint64_t{0}).text(options));
}

inline std::string interface(std::uint16_t link = 1, bool big = false, const std::string& options = {},
                             std::uint32_t snapLength = 0)
{
    return block(pcapng::interfaceDescription, Bytes{big}.u16(link).u16(0).u32(snapLength).text(options));
}

inline std::string enhanced(std::string_view bytes, std::uint64_t ticks = 0, std::uint32_t interface = 0,
                            bool big = false, const std::string& options = {})
{
    const auto length = static_cast<std::uint32_t>(bytes.size());
    return block(pcapng::enhancedPacket, Bytes{big}
                                             .u32(interface)
                                             .u32(static_cast<std::uint32_t>(ticks >> 32))
                                             .u32(static_cast<std::uint32_t>(ticks))
                                             .u32(length)
                                             .u32(length)
                                             .padded(bytes)
                                             .text(options));
}

inline std::string pcapHeader(std::uint32_t magic = 0xa1b2c3d4, bool big = false, std::uint32_t link = 1,
                              std::uint16_t minor = 4, std::uint16_t major = 2)
{
    return Bytes{big}.u32(magic).u16(major).u16(minor).u32(0).u32(0).u32(262144).u32(link).str();
}

inline std::string pcapPacket(std::string_view bytes, std::uint32_t seconds = 0, std::uint32_t fraction = 0,
                              bool big = false, std::uint32_t wireLength = 0)
{
    const auto length = static_cast<std::uint32_t>(bytes.size());
    return Bytes{big}
        .u32(seconds)
        .u32(fraction)
        .u32(length)
        .u32(wireLength == 0 ? length : wireLength)
        .text(bytes)
        .str();
}

// A packet that was kept.
struct SeenPacket {
    std::uint64_t number = 0;
    std::int64_t at = 0;  // nanoseconds since 1970
    LinkType link = LinkType::Ethernet;
    std::uint32_t wireLength = 0;
    std::string bytes;
};

class SeenPackets final : public PacketSink {
public:
    void packetSeen(const Packet& packet) override
    {
        all.push_back({packet.number, packet.at.time_since_epoch().count(), packet.link, packet.wireLength,
                       std::string{packet.bytes}});
    }
    std::vector<SeenPacket> all;
};

// A file without a name that holds `bytes`.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes) : m_descriptor{::memfd_create("capture", MFD_CLOEXEC)}
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
            if (written <= 0)
                break;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        ::lseek(m_descriptor, 0, SEEK_SET);
    }
    ~MemoryFile() { ::close(m_descriptor); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

// What reading a file of these bytes gives.
struct ReadCapture {
    std::vector<SeenPacket> packets;
    CaptureFacts facts;
    std::string error;  // empty: none
};

inline ReadCapture readCapture(std::string_view bytes)
{
    const MemoryFile file{bytes};
    const auto reader = CaptureReader::from(file.descriptor(), "x.pcap");
    SeenPackets sink;
    const emulator::Result<void> read = reader->readAll(sink);
    return {std::move(sink.all), reader->facts(), read.has_value() ? "" : read.error().detail};
}

}  // namespace hwbridge
