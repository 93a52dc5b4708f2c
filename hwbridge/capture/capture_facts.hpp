#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/mac_address.hpp"
#include "hwbridge/capture/packet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hwbridge {

// How whose packets these are is told throughout: the capture names a phone's IPv4 address "000e08000001.phonerig".
// Our choice: Wireshark shows such names, and every tool passes them on.
std::string phoneName(const emulator::MacAddress& phone);
std::optional<emulator::MacAddress> phoneOfName(std::string_view name);

// Names of IPv4 addresses. Bounded: what is beyond the limits is counted, not kept.
class CaptureNames {
public:
    static constexpr std::size_t mostNames = 1u << 20;
    static constexpr std::size_t mostText = 64u << 20;  // bytes of all names
    static constexpr std::size_t longestName = 255;     // Source: RFC 1035 section 2.3.4

    void add(emulator::IpAddress address, std::string_view name);  // the first name of an address stays
    std::optional<std::string_view> of(emulator::IpAddress address) const;
    std::optional<emulator::MacAddress> phone(emulator::IpAddress address) const;
    std::size_t size() const { return m_places.size(); }
    std::uint64_t leftOut() const { return m_leftOut; }
    std::vector<emulator::IpAddress> addresses() const;  // in ascending order

private:
    struct Place {
        std::uint32_t from = 0;
        std::uint32_t length = 0;
    };
    std::unordered_map<std::uint32_t, Place> m_places;
    std::string m_text;
    std::uint64_t m_leftOut = 0;
};

// An interface that a capture describes.
struct CaptureInterface {
    LinkType link = LinkType::Ethernet;
    std::uint32_t snapLength = 0;  // 0: no limit
    std::string name{};
    std::string description{};
    std::string filter{};
    std::optional<std::uint64_t> dropped{};  // packets that the capture lost there; nothing: it does not say
};

struct PacketComment {
    std::uint64_t packet = 0;  // its number; 0: the whole section
    std::string text;
};

// What a capture says beside its packets, as far as it has been read. All of it is the writer's word: a text may hold
// any bytes. Bounded: of hostile files the first so many interfaces and comments are kept, and the beginnings of long texts.
struct CaptureFacts {
    static constexpr std::size_t mostInterfaces = 4096;
    static constexpr std::size_t longestInterfaceText = 1024;  // of a name, a description or a filter
    static constexpr std::size_t mostComments = 65536;
    static constexpr std::size_t mostCommentText = 16u << 20;

    std::string application;  // that wrote the (last) section
    std::vector<CaptureInterface> interfaces;
    CaptureNames names;
    std::vector<PacketComment> comments;
    void addComment(std::uint64_t packet, std::string_view text);
    std::uint64_t packets = 0;
    std::uint64_t lastNumber = 0;     // that a packet, or a record which Wireshark counts as one, was given
    std::uint64_t skippedBlocks = 0;  // of types that hold no packets, or that we do not know

    std::optional<std::uint64_t> dropped() const;  // on all interfaces; nothing: the capture does not say

private:
    std::size_t m_commentText = 0;
};

}  // namespace hwbridge
