#include "hwbridge/capture/pcapng_blocks.hpp"

#include "hwbridge/capture/byte_order.hpp"
#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/pcapng_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;

namespace {

using namespace pcapng;

bool holdsPacket(std::uint32_t type)
{
    return type == enhancedPacket || type == simplePacket || type == obsoletePacket;
}

bool isRead(std::uint32_t type)
{
    return holdsPacket(type) || type == sectionHeader || type == interfaceDescription ||
           type == nameResolution || type == interfaceStatistics;
}

bool isNumbered(std::uint32_t type)
{
    return type == journalExport || type == sysdigEvent || type == sysdigEvent2 ||
           type == sysdigEvent2Large || type == customCopied || type == customNotCopied;
}

std::string_view nameOf(std::uint32_t type)
{
    switch (type) {
    case sectionHeader:
        return "section header";
    case interfaceDescription:
        return "interface description";
    case nameResolution:
        return "list of names";
    case interfaceStatistics:
        return "interface statistics";
    default:
        return "block";
    }
}

std::string place(std::uint32_t type, const CaptureFacts& facts)
{
    const std::uint64_t next = facts.lastNumber + 1;
    return holdsPacket(type) ? fmt::format("packet {}", next)
                             : fmt::format("{} before packet {}", nameOf(type), next);
}

}  // namespace

// One pass over the bytes of a section, in its byte order.
template <bool swapped>
class PcapngBlocks::Reading {
public:
    Reading(PcapngBlocks& file, CaptureFacts& facts, PacketSink& sink)
        : m_file{file},
          m_facts{facts},
          m_sink{sink}
    {}

    // Ends before a section of the other byte order, having noted that.
    Result<ReadProgress> read(std::string_view bytes, std::uint64_t offset)
    {
        ReadProgress progress;
        for (;;) {
            const std::string_view rest = bytes.substr(progress.taken);
            Block block{0, rest, offset + progress.taken};
            progress.wanted = smallestBlock;
            if (rest.size() < smallestBlock)
                return progress;
            block.type = number<std::uint32_t>(rest, 0);
            if (block.type == sectionHeader) {
                const Result<bool> same = sameOrder(block);
                if (!same.has_value())
                    return same.error();
                if (!*same)
                    return progress;
            }
            const std::size_t length = number<std::uint32_t>(rest, 4);
            if (length < smallestBlock || length % 4 != 0)
                return wrong(
                    block, ErrorKind::Malformed,
                    fmt::format("found a block of {} bytes, expected a multiple of 4 from 12", length));
            if (!isRead(block.type)) {
                skip(progress, block.type, length, rest.size());
                if (progress.skip > 0)
                    return progress;
                continue;
            }
            if (length > CaptureReader::mostBlockBytes)
                return wrong(block, ErrorKind::TooLarge,
                             fmt::format("found a block of {} bytes, expected at most {}", length,
                                         CaptureReader::mostBlockBytes));
            progress.wanted = length;
            if (rest.size() < length)
                return progress;
            block.bytes = rest.substr(0, length);
            if (const auto again = number<std::uint32_t>(rest, length - blockTail); again != length)
                return wrong(block, ErrorKind::Malformed,
                             fmt::format("found a block that begins with a length of {} and ends with {}, "
                                         "expected the same",
                                         length, again));
            if (const Result<void> taken = take(block); !taken.has_value())
                return taken.error();
            progress.taken += length;
        }
    }

private:
    struct Option {
        std::uint16_t code = 0;
        std::string_view value;
    };

    template <class T>
    static T number(std::string_view bytes, std::size_t at)
    {
        return numberAt<T, swapped>(bytes.data() + at);
    }

    Error wrong(const Block& block, ErrorKind kind, std::string_view what) const
    {
        return emulator::fail(
            kind, fmt::format("{} at byte {}: {}", place(block.type, m_facts), block.offset, what));
    }

    // Calls `use(option)` for each option. Errors: Malformed.
    template <class Use>
    Result<void> options(const Block& block, std::string_view bytes, Use use)
    {
        while (bytes.size() >= 4) {
            const Option option{number<std::uint16_t>(bytes, 0),
                                bytes.substr(4, number<std::uint16_t>(bytes, 2))};
            const std::size_t length = number<std::uint16_t>(bytes, 2);
            if (option.code == option::end)
                return {};
            if (option.value.size() < length)
                return wrong(
                    block, ErrorKind::Malformed,
                    fmt::format("found an option of {} bytes, expected at most the {} that are left in "
                                "its block",
                                length, bytes.size() - 4));
            use(option);
            bytes.remove_prefix(std::min(bytes.size(), 4 + padded(length)));
        }
        return {};
    }

    Result<bool> sameOrder(const Block& block)
    {
        const auto magic = number<std::uint32_t>(block.bytes, blockHead);
        if (magic == byteOrderMagic)
            return true;
        if (byteSwapped(magic) != byteOrderMagic)
            return wrong(
                block, ErrorKind::Malformed,
                fmt::format("found the byte-order magic {:08x}, expected {:08x}", magic, byteOrderMagic));
        m_file.m_swapped = !swapped;
        return false;
    }

    void skip(ReadProgress& progress, std::uint32_t type, std::size_t length, std::size_t there)
    {
        ++m_facts.skippedBlocks;
        if (isNumbered(type))
            ++m_facts.lastNumber;
        const std::size_t taken = std::min(length, there);
        progress.taken += taken;
        progress.skip = length - taken;
        progress.wanted = smallestBlock;
    }

    Result<void> take(const Block& block)
    {
        switch (block.type) {
        case enhancedPacket:
            return takeEnhanced(block);
        case simplePacket:
            return takeSimple(block);
        case obsoletePacket:
            return takeObsolete(block);
        case interfaceDescription:
            return takeInterface(block);
        case interfaceStatistics:
            return takeStatistics(block);
        case nameResolution:
            return takeNames(block);
        default:
            return takeSection(block);
        }
    }

    Result<void> tooShort(const Block& block, std::size_t least) const
    {
        if (block.bytes.size() >= least)
            return {};
        return wrong(
            block, ErrorKind::Malformed,
            fmt::format("found a block of {} bytes, expected at least {}", block.bytes.size(), least));
    }

    Result<void> takeSection(const Block& block)
    {
        if (const Result<void> enough = tooShort(block, sectionHead); !enough.has_value())
            return enough;
        const auto major = number<std::uint16_t>(block.bytes, 12);
        const auto minor = number<std::uint16_t>(block.bytes, 14);
        if (major != 1)
            return wrong(block, ErrorKind::Unsupported,
                         fmt::format("found pcapng version {}.{}, expected 1.0", major, minor));
        m_file.m_interfaces.clear();
        return options(block, block.body(sectionHead - blockTail), [&](const Option& option) {
            if (option.code == option::comment)
                m_facts.addComment(0, option.value);
            else if (option.code == option::userApplication)
                m_facts.application = option.value;
        });
    }

    Result<void> takeInterface(const Block& block)
    {
        constexpr std::size_t head = blockHead + 8;
        if (const Result<void> enough = tooShort(block, head + blockTail); !enough.has_value())
            return enough;
        if (m_file.m_interfaces.size() >= mostInterfaces)
            return wrong(block, ErrorKind::TooLarge,
                         fmt::format("found more than {} interfaces in one section", mostInterfaces));
        Interface interface;
        CaptureInterface shown;
        interface.link = shown.link = static_cast<LinkType>(number<std::uint16_t>(block.bytes, 8));
        interface.snapLength = shown.snapLength = number<std::uint32_t>(block.bytes, 12);
        std::uint8_t resolution = 6;
        std::int64_t offset = 0;
        const Result<void> read = options(block, block.body(head), [&](const Option& option) {
            const std::string_view text = option.value.substr(0, CaptureFacts::longestInterfaceText);
            if (option.code == option::name)
                shown.name = text;
            else if (option.code == option::description)
                shown.description = text;
            else if (option.code == option::filter && !text.empty())
                shown.filter = text.substr(1);  // its first byte is the kind of filter
            else if (option.code == option::timeResolution && option.value.size() == 1)
                resolution = static_cast<std::uint8_t>(option.value[0]);
            else if (option.code == option::timeOffset && option.value.size() == 8)
                offset = static_cast<std::int64_t>(number<std::uint64_t>(option.value, 0));
            else if (option.code == option::frameCheckLength && option.value.size() == 1)
                interface.frameCheck = static_cast<std::uint8_t>(option.value[0]);
        });
        if (!read.has_value())
            return read;
        interface.clock = PacketClock{resolution, offset};
        if (m_facts.interfaces.size() < CaptureFacts::mostInterfaces) {
            interface.shown = m_facts.interfaces.size();
            m_facts.interfaces.push_back(std::move(shown));
        }
        m_file.m_interfaces.push_back(std::move(interface));
        return {};
    }

    Result<void> takeStatistics(const Block& block)
    {
        constexpr std::size_t head = blockHead + 12;
        if (const Result<void> enough = tooShort(block, head + blockTail); !enough.has_value())
            return enough;
        std::optional<std::uint64_t> lost;
        const Result<void> read = options(block, block.body(head), [&](const Option& option) {
            if ((option.code == option::interfaceDropped || option.code == option::systemDropped) &&
                option.value.size() == 8)
                lost = lost.value_or(0) + number<std::uint64_t>(option.value, 0);
        });
        const std::size_t index = number<std::uint32_t>(block.bytes, 8);
        if (!read.has_value() || !lost || index >= m_file.m_interfaces.size())
            return read;
        Interface& interface = m_file.m_interfaces[index];
        interface.counted = true;
        if (interface.shown)
            m_facts.interfaces[*interface.shown].dropped = lost;
        return {};
    }

    Result<void> takeNames(const Block& block)
    {
        std::string_view bytes = block.body(blockHead);
        while (bytes.size() >= 4) {
            const auto type = number<std::uint16_t>(bytes, 0);
            const std::size_t length = number<std::uint16_t>(bytes, 2);
            if (type == record::end)
                return {};
            const std::string_view value = bytes.substr(4, length);
            if (value.size() < length)
                return wrong(block, ErrorKind::Malformed,
                             fmt::format("found a name of {} bytes, expected at most the {} that are left",
                                         length, value.size()));
            if (type == record::ipv4 && length > 4) {
                std::uint32_t address = 0;
                for (std::size_t i = 0; i < 4; ++i)
                    address = address << 8 | static_cast<std::uint8_t>(value[i]);
                const std::string_view names = value.substr(4);
                m_facts.names.add({address}, names.substr(0, names.find('\0')));
            }
            bytes.remove_prefix(std::min(bytes.size(), 4 + padded(length)));
        }
        return {};
    }

    Result<void> noInterface(const Block& block, std::size_t index) const
    {
        return wrong(block, ErrorKind::Malformed,
                     fmt::format("found interface {}, but the section describes {}", index,
                                 m_file.m_interfaces.size()));
    }

    Result<void> takeEnhanced(const Block& block)
    {
        if (const Result<void> enough = tooShort(block, enhancedHead + blockTail); !enough.has_value())
            return enough;
        const std::size_t index = number<std::uint32_t>(block.bytes, 8);
        if (index >= m_file.m_interfaces.size())
            return noInterface(block, index);
        return takeTimed(block, m_file.m_interfaces[index]);
    }

    Result<void> takeObsolete(const Block& block)
    {
        if (const Result<void> enough = tooShort(block, obsoleteHead + blockTail); !enough.has_value())
            return enough;
        const std::size_t index = number<std::uint16_t>(block.bytes, 8);
        if (index >= m_file.m_interfaces.size())
            return noInterface(block, index);
        Interface& interface = m_file.m_interfaces[index];
        constexpr std::uint16_t unknown = 0xffff;
        if (const auto lost = number<std::uint16_t>(block.bytes, 10); lost != unknown)
            noteLost(interface, lost);
        return takeTimed(block, interface);
    }

    // Both kinds have time, lengths, bytes and options at the same places.
    Result<void> takeTimed(const Block& block, Interface& interface)
    {
        const std::size_t captured = number<std::uint32_t>(block.bytes, 20);
        if (const Result<void> fits = fit(block, captured, enhancedHead); !fits.has_value())
            return fits;
        Packet packet;
        const std::uint64_t high = number<std::uint32_t>(block.bytes, 12);
        packet.at = interface.clock.at(high << 32 | number<std::uint32_t>(block.bytes, 16));
        packet.number = m_facts.lastNumber + 1;
        std::uint32_t frameCheck = interface.frameCheck;
        if (const std::size_t from = enhancedHead + padded(captured); from + blockTail < block.bytes.size()) {
            const Result<void> read = options(block, block.body(from), [&](const Option& option) {
                if (option.code == option::comment)
                    m_facts.addComment(packet.number, option.value);
                else if (option.code == option::packetFlags && option.value.size() == 4)
                    frameCheck = flaggedFrameCheck(option.value, frameCheck);
                else if (option.code == option::dropCount && option.value.size() == 8)
                    noteLost(interface, number<std::uint64_t>(option.value, 0));
            });
            if (!read.has_value())
                return read;
        }
        packet.wireLength = number<std::uint32_t>(block.bytes, 24);
        packet.bytes = block.bytes.substr(enhancedHead, captured);
        hand(packet, interface.link, frameCheck);
        return {};
    }

    Result<void> takeSimple(const Block& block)
    {
        if (const Result<void> enough = tooShort(block, simpleHead + blockTail); !enough.has_value())
            return enough;
        if (m_file.m_interfaces.empty())
            return noInterface(block, 0);
        const Interface& interface = m_file.m_interfaces.front();
        Packet packet;
        packet.wireLength = number<std::uint32_t>(block.bytes, 8);
        std::size_t captured = packet.wireLength;
        if (interface.snapLength > 0)
            captured = std::min<std::size_t>(captured, interface.snapLength);
        if (const Result<void> fits = fit(block, captured, simpleHead); !fits.has_value())
            return fits;
        packet.number = m_facts.lastNumber + 1;
        packet.bytes = block.bytes.substr(simpleHead, captured);
        hand(packet, interface.link, interface.frameCheck);
        return {};
    }

    Result<void> fit(const Block& block, std::size_t captured, std::size_t head) const
    {
        if (captured > CaptureReader::mostPacketBytes)
            return wrong(block, ErrorKind::TooLarge,
                         fmt::format("found a length of {} bytes, expected at most {}", captured,
                                     CaptureReader::mostPacketBytes));
        if (head + padded(captured) + blockTail > block.bytes.size())
            return wrong(
                block, ErrorKind::Malformed,
                fmt::format("found a length of {} bytes, expected at most the {} that its block holds",
                            captured, block.bytes.size() - head - blockTail));
        return {};
    }

    // Bits 5 to 8 of the flags: the length of this packet's FCS; 0 when the flags do not say.
    static std::uint32_t flaggedFrameCheck(std::string_view flags, std::uint32_t otherwise)
    {
        const std::uint32_t length = number<std::uint32_t>(flags, 0) >> 5 & 0xf;
        return length == 0 ? otherwise : length;
    }

    void noteLost(Interface& interface, std::uint64_t lost)
    {
        if (interface.counted || !interface.shown)
            return;
        std::optional<std::uint64_t>& dropped = m_facts.interfaces[*interface.shown].dropped;
        dropped = dropped.value_or(0) + lost;
    }

    void hand(Packet& packet, LinkType link, std::uint32_t frameCheck)
    {
        ++m_facts.packets;
        ++m_facts.lastNumber;
        packet.link = link;
        if (frameCheck > 0 && packet.wireLength > frameCheck) {
            packet.wireLength -= frameCheck;
            packet.bytes = packet.bytes.substr(0, packet.wireLength);
        }
        packet.wireLength = std::max(packet.wireLength, static_cast<std::uint32_t>(packet.bytes.size()));
        m_sink.packetSeen(packet);
    }

    PcapngBlocks& m_file;
    CaptureFacts& m_facts;
    PacketSink& m_sink;
};

std::string_view PcapngBlocks::Block::body(std::size_t from) const
{
    return bytes.substr(from, bytes.size() - pcapng::blockTail - from);
}

bool PcapngBlocks::begins(std::string_view bytes)
{
    return numberAt<std::uint32_t>(bytes.data(), false) == sectionHeader;
}

Result<ReadProgress> PcapngBlocks::read(std::string_view bytes, std::uint64_t offset, CaptureFacts& facts,
                                        PacketSink& sink)
{
    std::size_t taken = 0;
    for (;;) {
        const bool swapped = m_swapped;
        const std::string_view rest = bytes.substr(taken);
        Result<ReadProgress> progress = swapped
                                            ? Reading<true>{*this, facts, sink}.read(rest, offset + taken)
                                            : Reading<false>{*this, facts, sink}.read(rest, offset + taken);
        if (!progress.has_value())
            return progress;
        taken += progress->taken;
        if (m_swapped != swapped)
            continue;
        progress->taken = taken;
        return progress;
    }
}

std::string PcapngBlocks::pending(std::string_view bytes, const CaptureFacts& facts) const
{
    return bytes.size() < 4 ? place(0, facts)
                            : place(numberAt<std::uint32_t>(bytes.data(), m_swapped), facts);
}

}  // namespace hwbridge
