#pragma once

#include "hwbridge/decode/stream_events.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// SIP on one connection (RFC 3261 section 18.3): finds where messages begin and end; what they say is the datagram
// decoder's, which joins them by Call-ID and CSeq whatever they travel in.
class SipConversation {
public:
    static constexpr std::size_t longestMessage = 64u << 10;

    explicit SipConversation(StreamEvents& events) : m_events{events} {}

    enum class Start : std::uint8_t { No, Maybe, Yes };
    static Start startsWith(std::string_view bytes);

    void bytes(Side side, std::string_view bytes, const Moment& moment);
    void waitForStart(Side side) { half(side).lost = true; }
    void gap(Side side);
    void end(Side side, const Moment& moment);
    std::uint64_t senseless() const { return m_senseless; }
    std::size_t held() const;

private:
    struct Half {
        std::string waiting;
        bool lost = false;
    };

    Half& half(Side side) { return m_halves[index(side)]; }
    // How long the message at the start is; nothing while its head is not complete.
    static std::optional<std::size_t> lengthOf(std::string_view bytes);
    void lose(Side side, std::string_view note, const Moment& moment);

    StreamEvents& m_events;
    std::array<Half, 2> m_halves;
    std::uint64_t m_senseless = 0;
};

}  // namespace hwbridge
