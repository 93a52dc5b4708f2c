#include "hwbridge/capture/pcapng_writer.hpp"

#include "hwbridge/capture/byte_order.hpp"
#include "hwbridge/capture/pcapng_format.hpp"

#include <limits>

namespace hwbridge {

using namespace pcapng;

namespace {

constexpr std::size_t longestOption = std::numeric_limits<std::uint16_t>::max();

// One block while it is being appended; its length is known, and written, when it ends.
class OpenBlock {
public:
    OpenBlock(std::string& bytes, std::uint32_t type) : m_bytes{bytes}, m_begin{bytes.size()}
    {
        add(type);
        add(std::uint32_t{0});
    }
    ~OpenBlock()
    {
        const auto length = static_cast<std::uint32_t>(m_bytes.size() - m_begin + blockTail);
        add(length);
        std::string little;
        appendLittle(little, length);
        m_bytes.replace(m_begin + 4, 4, little);
    }
    OpenBlock(const OpenBlock&) = delete;
    OpenBlock& operator=(const OpenBlock&) = delete;

    template <class T>
    void add(T value)
    {
        appendLittle(m_bytes, value);
    }

    void addPadded(std::string_view value)
    {
        m_bytes.append(value);
        m_bytes.append(padded(value.size()) - value.size(), '\0');
    }

    void option(std::uint16_t code, std::string_view value)
    {
        value = value.substr(0, longestOption);
        add(code);
        add(static_cast<std::uint16_t>(value.size()));
        addPadded(value);
    }
    void textOption(std::uint16_t code, std::string_view value)
    {
        if (!value.empty())
            option(code, value);
    }
    void numberOption(std::uint16_t code, std::uint64_t value)
    {
        std::string little;
        appendLittle(little, value);
        option(code, little);
    }
    void endOptions() { add(std::uint32_t{0}); }

private:
    std::string& m_bytes;
    std::size_t m_begin;
};

std::uint64_t ticks(WallNanoseconds at)
{
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

}  // namespace

PcapngWriter::PcapngWriter(std::string_view application)
{
    OpenBlock block{m_bytes, sectionHeader};
    block.add(byteOrderMagic);
    block.add(std::uint16_t{1});
    block.add(std::uint16_t{0});
    block.add(std::numeric_limits<std::uint64_t>::max());  // the section's length: not known yet
    block.textOption(option::userApplication, application);
    block.endOptions();
}

std::uint32_t PcapngWriter::addInterface(const CaptureInterface& interface)
{
    OpenBlock block{m_bytes, interfaceDescription};
    block.add(static_cast<std::uint16_t>(interface.link));
    block.add(std::uint16_t{0});
    block.add(interface.snapLength);
    block.textOption(option::name, interface.name);
    block.textOption(option::description, interface.description);
    if (!interface.filter.empty())
        block.option(option::filter, std::string(1, '\0') + interface.filter);
    block.option(option::timeResolution, "\x09");
    block.endOptions();
    return m_interfaces++;
}

void PcapngWriter::addNames(const std::vector<std::pair<emulator::IpAddress, std::string>>& names)
{
    constexpr std::size_t enough = 60'000;  // bytes of one block
    for (auto next = names.begin(); next != names.end();) {
        const std::size_t from = m_bytes.size();
        OpenBlock block{m_bytes, nameResolution};
        for (; next != names.end() && m_bytes.size() - from < enough; ++next) {
            const std::string_view name = std::string_view{next->second}.substr(0, CaptureNames::longestName);
            std::string value;
            for (unsigned shift = 32; shift > 0;) {
                shift -= 8;
                value += static_cast<char>(next->first.value >> shift & 0xff);
            }
            value.append(name.substr(0, name.find('\0'))).append(1, '\0');
            block.option(record::ipv4, value);  // a record has the shape of an option
        }
        block.add(std::uint32_t{record::end});
    }
}

void PcapngWriter::addPhone(emulator::IpAddress address, const emulator::MacAddress& phone)
{
    addNames({{address, phoneName(phone)}});
}

void PcapngWriter::addPacket(std::uint32_t interface, const Packet& packet, std::string_view comment)
{
    OpenBlock block{m_bytes, enhancedPacket};
    block.add(interface);
    block.add(static_cast<std::uint32_t>(ticks(packet.at) >> 32));
    block.add(static_cast<std::uint32_t>(ticks(packet.at)));
    block.add(static_cast<std::uint32_t>(packet.bytes.size()));
    block.add(packet.wireLength);
    block.addPadded(packet.bytes);
    if (comment.empty())
        return;
    block.option(option::comment, comment);
    block.endOptions();
}

void PcapngWriter::addCounts(std::uint32_t interface, WallNanoseconds at, const CaptureCounts& counts)
{
    OpenBlock block{m_bytes, interfaceStatistics};
    block.add(interface);
    block.add(static_cast<std::uint32_t>(ticks(at) >> 32));
    block.add(static_cast<std::uint32_t>(ticks(at)));
    block.numberOption(option::interfaceReceived, counts.packets + counts.dropped);
    block.numberOption(option::interfaceDropped, counts.dropped);
    block.endOptions();
}

}  // namespace hwbridge
