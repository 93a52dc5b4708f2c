#pragma once

#include "emulator/runtime/traffic_trace.hpp"
#include "hwbridge/decode/stream_events.hpp"
#include "hwbridge/decode/tls_message.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hwbridge {

// TLS on one connection: hellos, certificates and alerts as long as they are plain; the rest is counted. Records are
// put together over segments, handshake messages over records. The exchange is always the connection's first.
class TlsConversation {
public:
    static constexpr std::size_t longestMessage = 64u << 10;  // of a handshake; longer ones are skipped

    explicit TlsConversation(StreamEvents& events) : m_events{events} {}

    // Whether bytes begin with a record.
    enum class Start : std::uint8_t { No, Maybe, Yes };
    static Start startsWith(std::string_view bytes);

    void bytes(Side side, std::string_view bytes, const Moment& moment);
    void waitForStart(Side side) { half(side).lost = true; }
    void gap(Side side, std::uint64_t missing, const Moment& moment);
    void end(Side side, const Moment& moment);
    // Whether the last bytes() were nothing but what is encrypted.
    bool onlyEncrypted() const { return m_onlyEncrypted; }
    std::size_t held() const;

private:
    struct Half {
        std::string header;      // of the record that comes, up to 5 bytes
        std::size_t left = 0;    // of the record's content
        std::uint8_t type = 0;   // of the record
        bool encrypted = false;  // behind ChangeCipherSpec, or application data was seen
        bool lost = false;       // waits for a segment that begins with a record
        std::string handshake;   // messages that are not complete
        std::size_t skip = 0;    // of a message that is too long
        std::string alert;
    };

    Half& half(Side side) { return m_halves[index(side)]; }
    void content(Side side, std::string_view bytes, const Moment& moment);
    void messages(Side side, const Moment& moment);
    void message(Side side, std::uint8_t type, std::string_view body, const Moment& moment);
    void clientHello(Side side, std::string_view body, const Moment& moment);
    void serverHello(Side side, std::string_view body, const Moment& moment);
    void certificates(Side side, std::string_view body, const Moment& moment);
    void alert(Side side, std::string_view alert, const Moment& moment);
    void malformed(Side side, std::string_view note, const Moment& moment);

    StreamEvents& m_events;
    std::array<Half, 2> m_halves;
    bool m_onlyEncrypted = false;
};

}  // namespace hwbridge
