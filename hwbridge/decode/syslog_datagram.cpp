#include "hwbridge/decode/syslog_datagram.hpp"

namespace hwbridge {

using namespace emulator;

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string_view takeWord(std::string_view& rest)
{
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
}

// "1 2026-11-27T04:00:00Z host app procid msgid …"
bool addHead5424(Description& out, std::string_view text)
{
    if (!text.starts_with("1 "))
        return false;
    text.remove_prefix(2);
    const std::string_view time = takeWord(text);
    const std::string_view host = takeWord(text);
    const std::string_view application = takeWord(text);
    if (application.empty() || (time != "-" && time.find('T') == std::string_view::npos))
        return false;
    out.add(FieldName::Version, "1");
    for (const auto& [field, word] :
         {std::pair{FieldName::Timestamp, time}, std::pair{FieldName::Hostname, host},
          std::pair{FieldName::Identifier, application}})
        if (word != "-")
            out.add(field, word);
    return true;
}

// "Nov 27 04:00:00"
std::string_view time3164(std::string_view text)
{
    constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    constexpr std::string_view shape = "AAA D0 00:00:00";
    if (text.size() < shape.size() || text[0] == ' ' || months.find(text.substr(0, 3)) % 4 != 0)
        return {};
    for (std::size_t i = 3; i < shape.size(); ++i) {
        const bool right = shape[i] == '0' || shape[i] == 'D'
                               ? isDigit(text[i]) || (shape[i] == 'D' && text[i] == ' ')
                               : text[i] == shape[i];
        if (!right)
            return {};
    }
    return text.substr(0, shape.size());
}

}  // namespace

bool looksLikeSyslog(std::string_view datagram)
{
    if (!datagram.starts_with('<'))
        return false;
    const std::size_t end = datagram.substr(0, 5).find('>');
    if (end == std::string_view::npos || end < 2 || end + 1 >= datagram.size())
        return false;
    unsigned priority = 0;
    for (const char c : datagram.substr(1, end - 1)) {
        if (!isDigit(c))
            return false;
        priority = priority * 10 + static_cast<unsigned>(c - '0');
    }
    constexpr unsigned highest = 191;  // facility 23, severity 7
    return priority <= highest && static_cast<unsigned char>(datagram[end + 1]) >= 0x20;
}

DecodeOutcome describeSyslog(Description out, std::string_view datagram, ExchangeTable& exchanges,
                             TrafficTrace& secrets)
{
    secrets.describeSyslog(out.event(), datagram);
    const std::string_view text = out.event().text(FieldName::Text);
    if (!addHead5424(out, text))
        out.addUnlessEmpty(FieldName::Timestamp, time3164(text));
    out.join(exchanges.next());
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
