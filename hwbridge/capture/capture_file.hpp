#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "hwbridge/capture/pcapng_writer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

// What every file of a capture begins with.
struct CaptureHeader {
    std::string application = "phonerig";
    CaptureInterface
        interface;  // its link is that of the packets: each link seen becomes an interface of that name
    std::vector<std::pair<emulator::IpAddress, std::string>> names;  // phoneName() for phones
};

// A pcapng file that takes packets as they come. It belongs to its user alone (mode 0600): captures hold passwords.
// At any moment it holds whole blocks, also when a write failed. Used by one thread.
class CaptureFile final : public PacketSink {
public:
    // "-" is the standard output. Errors: Refused, with the system's reason.
    static emulator::Result<CaptureFile> create(const std::string& path, CaptureHeader header);
    ~CaptureFile() override;
    CaptureFile(CaptureFile&& other) noexcept;
    CaptureFile& operator=(CaptureFile&& other) noexcept;

    void packetSeen(const Packet& packet) override { write(packet, {}); }
    void write(const Packet& packet, std::string_view comment);

    // Hands what is buffered to the system. Errors: Refused, for this write or an earlier one; later packets are not
    // kept then.
    emulator::Result<void> flush();
    // Writes how many were lost, and closes. Errors: as flush().
    emulator::Result<void> finish(std::uint64_t dropped);

    std::uint64_t packets() const { return m_packets; }
    std::uint64_t size() const { return m_written + m_writer.bytes().size(); }  // bytes
    const std::string& path() const { return m_path; }
    bool failed() const { return m_error.has_value(); }

private:
    CaptureFile(std::string path, int descriptor, CaptureHeader header);
    std::uint32_t interfaceOf(LinkType link);
    void swap(CaptureFile& other) noexcept;

    static constexpr std::size_t enough = 256u << 10;  // bytes that are worth a write
    std::string m_path;
    int m_descriptor = -1;
    CaptureHeader m_header;
    PcapngWriter m_writer;
    std::map<LinkType, std::uint32_t> m_interfaces;
    WallNanoseconds m_last{};
    std::uint64_t m_packets = 0;
    std::uint64_t m_written = 0;
    std::optional<emulator::Error> m_error;
};

}  // namespace hwbridge
