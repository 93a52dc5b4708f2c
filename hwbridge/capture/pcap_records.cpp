#include "hwbridge/capture/pcap_records.hpp"

#include "hwbridge/capture/byte_order.hpp"
#include "hwbridge/capture/capture_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

// Source: draft-ietf-opsawg-pcap; the patched one is Alexey Kuznetzov's, as libpcap's sf-pcap.c reads it.
constexpr std::uint32_t magicMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t magicNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t magicPatched = 0xa1b2cd34;  // packet headers are eight bytes longer

bool isMagic(std::uint32_t value)
{
    return value == magicMicroseconds || value == magicNanoseconds || value == magicPatched;
}

}  // namespace

bool PcapRecords::begins(std::string_view bytes)
{
    if (bytes.size() < 4)
        return false;
    const auto magic = numberAt<std::uint32_t>(bytes.data(), false);
    return isMagic(magic) || isMagic(byteSwapped(magic));
}

Result<std::optional<PcapRecords>> PcapRecords::begin(std::string_view header, CaptureFacts& facts)
{
    const char* const at = header.data();
    PcapRecords file;
    auto magic = numberAt<std::uint32_t>(at, false);
    if (!isMagic(magic)) {
        magic = byteSwapped(magic);
        file.m_swapped = true;
        if (!isMagic(magic))
            return std::optional<PcapRecords>{};
    }
    if (magic == magicNanoseconds)
        file.m_unit = 1;
    if (magic == magicPatched)
        file.m_headerBytes = longestHeader;

    // Files from before version 2.3, and some that say 2.3, have the two lengths the other way round.
    const auto major = numberAt<std::uint16_t>(at + 4, file.m_swapped);
    const auto minor = numberAt<std::uint16_t>(at + 6, file.m_swapped);
    constexpr std::uint16_t digitalUnix = 543;
    if (major == digitalUnix || (major == 2 && minor < 3))
        file.m_lengths = Lengths::WireFirst;
    else if (major == 2 && minor == 3)
        file.m_lengths = Lengths::SmallerIsCaptured;
    else if (major != 2)
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("found pcap version {}.{}, expected 2.4", major, minor));

    // The link type's upper half: bit 26 says that bits 28 to 31 are the length of the FCS, in units of two bytes.
    const auto network = numberAt<std::uint32_t>(at + 20, file.m_swapped);
    file.m_link = static_cast<LinkType>(network & 0xffff);
    if ((network & (1u << 26)) != 0)
        file.m_frameCheck = 2 * (network >> 28);
    CaptureInterface interface;
    interface.link = file.m_link;
    interface.snapLength = numberAt<std::uint32_t>(at + 16, file.m_swapped);
    facts.interfaces.push_back(std::move(interface));
    return std::optional{file};
}

template <bool swapped>
Result<ReadProgress> PcapRecords::readIn(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                         PacketSink& sink)
{
    ReadProgress progress;
    Packet packet;
    packet.link = m_link;
    for (;;) {
        const std::size_t left = bytes.size() - progress.taken;
        progress.wanted = m_headerBytes;
        if (left < m_headerBytes)
            return progress;
        const char* const at = bytes.data() + progress.taken;
        const std::uint64_t seconds = numberAt<std::uint32_t, swapped>(at);
        const std::uint64_t fraction = numberAt<std::uint32_t, swapped>(at + 4);
        auto captured = numberAt<std::uint32_t, swapped>(at + 8);
        auto wire = numberAt<std::uint32_t, swapped>(at + 12);
        if (m_lengths == Lengths::WireFirst || (m_lengths == Lengths::SmallerIsCaptured && captured > wire))
            std::swap(captured, wire);
        if (captured > CaptureReader::mostPacketBytes)
            return emulator::fail(
                ErrorKind::TooLarge,
                fmt::format("packet {} at byte {}: found a length of {} bytes, expected at most {}",
                            facts.lastNumber + 1, offset + progress.taken, captured,
                            CaptureReader::mostPacketBytes));
        progress.wanted = m_headerBytes + captured;
        if (left < progress.wanted)
            return progress;
        if (wire > m_frameCheck)
            wire -= m_frameCheck;
        const std::uint32_t shown = m_frameCheck > 0 ? std::min(captured, wire) : captured;
        ++facts.packets;
        packet.number = ++facts.lastNumber;
        packet.at = WallNanoseconds{
            std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1'000'000'000 + fraction * m_unit)}};
        packet.wireLength = std::max(wire, shown);
        packet.bytes = {at + m_headerBytes, shown};
        sink.packetSeen(packet);
        progress.taken += progress.wanted;
    }
}

Result<ReadProgress> PcapRecords::read(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                       PacketSink& sink)
{
    return m_swapped ? readIn<true>(bytes, offset, facts, sink) : readIn<false>(bytes, offset, facts, sink);
}

std::string PcapRecords::pending(std::string_view, const CaptureFacts& facts) const
{
    return fmt::format("packet {}", facts.lastNumber + 1);
}

}  // namespace hwbridge
