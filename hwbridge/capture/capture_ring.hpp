#pragma once

#include "hwbridge/capture/capture_file.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace hwbridge {

// When a ring begins its next file, and how many it keeps. Without size and age it is a single file.
struct RingLimits {
    std::optional<std::uint64_t> fileBytes;  // no file is larger, but for one that holds a single packet
    std::optional<std::chrono::nanoseconds> fileAge;  // by the times of its packets
    std::optional<std::size_t> files;                 // at most; nothing: all
    bool rotates() const { return fileBytes.has_value() || fileAge.has_value(); }
};

// Packets of a run of any length in bounded disk space. Each file is a whole capture of its own.
// Shape:  "phones.pcapng" becomes "phones-000001.pcapng" and on. Numbers go on from files that are there already,
//         and only files of this ring are ever removed.
class CaptureRing final : public PacketSink {
public:
    static emulator::Result<CaptureRing> create(const std::string& path, CaptureHeader header,
                                                RingLimits limits);

    void packetSeen(const Packet& packet) override;
    emulator::Result<void> flush();
    // `dropped`: lost so far; a file says how many were lost while it was written.
    void noteDropped(std::uint64_t dropped) { m_dropped = dropped; }
    emulator::Result<void> finish();

    std::uint64_t packets() const { return m_earlier + m_file->packets(); }
    const std::string& path() const { return m_file->path(); }  // of the file that is written now
    std::size_t filesKept() const { return m_files.size(); }
    bool failed() const { return m_error.has_value() || m_file->failed(); }

private:
    CaptureRing(std::string path, CaptureHeader header, RingLimits limits);
    emulator::Result<void> next();
    bool isFull(const Packet& packet) const;

    std::string m_path;
    CaptureHeader m_header;
    RingLimits m_limits;
    std::uint64_t m_number = 0;
    std::deque<std::string> m_files;  // oldest first, the last is being written
    std::optional<CaptureFile> m_file;
    std::optional<WallNanoseconds> m_began;  // first packet of this file
    std::uint64_t m_earlier = 0;             // packets of earlier files
    std::uint64_t m_dropped = 0;
    std::uint64_t m_droppedBefore = 0;  // when this file was begun
    std::optional<emulator::Error> m_error;
};

}  // namespace hwbridge
