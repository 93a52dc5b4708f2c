#include "emulator/protocol/syslog_message.hpp"

#include <algorithm>

namespace emulator {

namespace {

constexpr int local0 = 16;
constexpr int highestPriority = 191;  // facility 23, severity 7

void appendTwoDigits(std::string& line, int value, char pad)
{
    line.push_back(value < 10 ? pad : static_cast<char>('0' + value / 10));
    line.push_back(static_cast<char>('0' + value % 10));
}

void appendTimeStamp(std::string& line, WallTime at)
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const CivilTime t = civilTime(at);
    line.append(months.substr((t.month - 1) * 3, 3)).push_back(' ');
    appendTwoDigits(line, static_cast<int>(t.day), ' ');
    line.push_back(' ');
    appendTwoDigits(line, t.hour, '0');
    line.push_back(':');
    appendTwoDigits(line, t.minute, '0');
    line.push_back(':');
    appendTwoDigits(line, t.second, '0');
    line.push_back(' ');
}

void appendText(std::string& line, std::string_view text)
{
    const std::size_t start = line.size();
    line.append(text.substr(0, maxSyslogBytes - std::min(start, maxSyslogBytes)));
    for (std::size_t i = start; i < line.size(); ++i)
        if (static_cast<unsigned char>(line[i]) < 0x20 || line[i] == 0x7f)
            line[i] = ' ';
}

}  // namespace

std::string encode(const SyslogMessage& message)
{
    const int priority = local0 * 8 + static_cast<int>(message.severity);
    std::string line;
    line.reserve(std::min(maxSyslogBytes, 5 + 16 + message.identifier.size() + 1 + message.text.size()));
    line.push_back('<');
    line.push_back(static_cast<char>('0' + priority / 100));
    appendTwoDigits(line, priority % 100, '0');
    line.push_back('>');
    appendTimeStamp(line, message.at);
    if (!message.identifier.empty()) {
        appendText(line, message.identifier);
        appendText(line, " ");
    }
    appendText(line, message.text);
    return line;
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
