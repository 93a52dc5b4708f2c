#pragma once

#include <cstddef>
#include <cstdint>

// The numbers of a pcapng file. Source: draft-ietf-opsawg-pcapng, sections 3 and 4.
namespace hwbridge::pcapng {

constexpr std::uint32_t sectionHeader = 0x0a0d0d0a;  // the same in either byte order
constexpr std::uint32_t interfaceDescription = 1;
constexpr std::uint32_t obsoletePacket = 2;
constexpr std::uint32_t simplePacket = 3;
constexpr std::uint32_t nameResolution = 4;
constexpr std::uint32_t interfaceStatistics = 5;
constexpr std::uint32_t enhancedPacket = 6;
// Records that are no packets of a network, but have a frame number in Wireshark (seen with 4.0).
constexpr std::uint32_t journalExport = 9;
constexpr std::uint32_t sysdigEvent = 0x204;
constexpr std::uint32_t sysdigEvent2 = 0x216;
constexpr std::uint32_t sysdigEvent2Large = 0x221;
constexpr std::uint32_t customCopied = 0xbad;
constexpr std::uint32_t customNotCopied = 0x40000bad;

constexpr std::uint32_t byteOrderMagic = 0x1a2b3c4d;

constexpr std::size_t smallestBlock = 12;
constexpr std::size_t blockHead = 8;      // type and length
constexpr std::size_t sectionHead = 28;   // the smallest section header
constexpr std::size_t blockTail = 4;      // the length once more
constexpr std::size_t enhancedHead = 28;  // up to the packet's bytes
constexpr std::size_t obsoleteHead = 28;
constexpr std::size_t simpleHead = 12;

namespace option {
constexpr std::uint16_t end = 0;
constexpr std::uint16_t comment = 1;
constexpr std::uint16_t userApplication = 4;  // of a section
constexpr std::uint16_t name = 2;             // of an interface, as the following
constexpr std::uint16_t description = 3;
constexpr std::uint16_t timeResolution = 9;
constexpr std::uint16_t filter = 11;
constexpr std::uint16_t frameCheckLength = 13;
constexpr std::uint16_t timeOffset = 14;
constexpr std::uint16_t packetFlags = 2;  // of a packet, as the following
constexpr std::uint16_t dropCount = 4;
constexpr std::uint16_t interfaceReceived = 4;  // of statistics, as the following
constexpr std::uint16_t interfaceDropped = 5;
constexpr std::uint16_t systemDropped = 7;
constexpr std::uint16_t userDelivered = 8;
}  // namespace option

namespace record {  // of a name resolution block
constexpr std::uint16_t end = 0;
constexpr std::uint16_t ipv4 = 1;
}  // namespace record

constexpr std::size_t padded(std::size_t length)
{
    return (length + 3) & ~std::size_t{3};
}

}  // namespace hwbridge::pcapng
