#include "hwbridge/decode/ntp_message.hpp"

#include <array>

namespace hwbridge {

using namespace emulator;

namespace {

constexpr ExchangeRule ntpRule{std::chrono::seconds{64}};

enum Mode : std::uint8_t { Client = 3, Server = 4, Control = 6, Private = 7 };

constexpr std::array<std::string_view, 8> modeNames{"reserved", "symmetric active", "symmetric passive",
                                                    "client",   "server",           "broadcast",
                                                    "control",  "private"};
constexpr std::array<std::string_view, 8> versionNames{"0", "1", "2", "3", "4", "5", "6", "7"};

}  // namespace

DecodeOutcome describeNtp(Description out, std::string_view payload, ExchangeTable& exchanges)
{
    constexpr std::size_t timeBytes = 48;
    constexpr std::size_t otherBytes = 8;
    if (payload.empty())
        return out.malformed("ntp: found 0 bytes; expected at least {}", timeBytes);
    const unsigned first = static_cast<unsigned char>(payload[0]);
    const unsigned mode = first & 7;
    const bool tellsTime = mode != Control && mode != Private;
    if (const std::size_t least = tellsTime ? timeBytes : otherBytes; payload.size() < least)
        return out.malformed("ntp: found {} bytes of mode {}; expected at least {}", payload.size(),
                             modeNames[mode], least);

    out.event().kind = EventKind::NtpMessage;
    out.add(FieldName::Version, versionNames[first >> 3 & 7]);
    out.add(FieldName::Mode, modeNames[mode]);
    if (tellsTime)
        out.add(FieldName::Stratum, std::int64_t{static_cast<unsigned char>(payload[1])});

    // A server's answer repeats the time at which the client sent its question.
    ExchangeKey key{"ntp"};
    key.addEnds(out.event().from, out.event().to);
    if (tellsTime)
        key.add(payload.substr(mode == Server ? 24 : 40, 8));
    out.join(exchanges.seen(key, ntpRule,
                            mode == Server ? ExchangeTable::Side::Answer : ExchangeTable::Side::Question,
                            hashOf(payload), out.event().at));
    return DecodeOutcome::Described;
}

}  // namespace hwbridge
