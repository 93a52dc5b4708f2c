#include "emulator/protocol/syslog_message.hpp"

#include <algorithm>
#include <array>

namespace emulator {

namespace {

constexpr int local0 = 16;
constexpr int highestPriority = 191;  // facility 23, severity 7

// A line under construction. It has a fixed size, for a line costs less than the memory for it would.
class Line {
public:
    void add(char c) { m_bytes[m_size++] = c; }  // only for what comes before the texts and always fits

    void addTwoDigits(int value, char pad)
    {
        add(value < 10 ? pad : static_cast<char>('0' + value / 10));
        add(static_cast<char>('0' + value % 10));
    }

    void addText(std::string_view text)
    {
        const std::size_t count = std::min(text.size(), m_bytes.size() - m_size);
        std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count),
                       m_bytes.begin() + m_size,
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c; });
        m_size += count;
    }

    std::string text() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, maxSyslogBytes> m_bytes;
    std::size_t m_size = 0;
};

void addTimeStamp(Line& line, WallTime at)
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const CivilTime t = civilTime(at);
    line.addText(months.substr((t.month - 1) * 3, 3));
    line.add(' ');
    line.addTwoDigits(static_cast<int>(t.day), ' ');
    line.add(' ');
    line.addTwoDigits(t.hour, '0');
    line.add(':');
    line.addTwoDigits(t.minute, '0');
    line.add(':');
    line.addTwoDigits(t.second, '0');
    line.add(' ');
}

}  // namespace

std::string encode(const SyslogMessage& message)
{
    const int priority = local0 * 8 + static_cast<int>(message.severity);
    Line line;
    line.add('<');
    line.add(static_cast<char>('0' + priority / 100));
    line.addTwoDigits(priority % 100, '0');
    line.add('>');
    addTimeStamp(line, message.at);
    if (!message.identifier.empty()) {
        line.addText(message.identifier);
        line.addText(" ");
    }
    line.addText(message.text);
    return line.text();
}

SyslogDatagram decodeSyslog(std::string_view datagram)
{
    const SyslogDatagram allText{.text = datagram};
    if (!datagram.starts_with('<'))
        return allText;
    int priority = 0;
    std::size_t at = 1;
    for (; at < datagram.size() && at <= 3 && datagram[at] >= '0' && datagram[at] <= '9'; ++at)
        priority = priority * 10 + (datagram[at] - '0');
    const bool leadingZero = at > 2 && datagram[1] == '0';
    if (at == 1 || at >= datagram.size() || datagram[at] != '>' || leadingZero || priority > highestPriority)
        return allText;
    return {priority / 8, static_cast<SyslogSeverity>(priority % 8), datagram.substr(at + 1)};
}

}  // namespace emulator
