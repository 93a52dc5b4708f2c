#pragma once

#include "hwbridge/decode/http_head.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

// The body of one HTTP message as its bytes arrive: where it ends, how long it is, what it hashes to, and how long it
// is unpacked. Plain bodies are not kept; packed ones are, up to `mostPacked`.
class HttpBody {
public:
    static constexpr std::size_t mostPacked = 4u << 20;
    static constexpr std::size_t mostUnpacked = 16u << 20;
    static constexpr std::size_t longestChunkLine = 4096;
    static constexpr std::size_t longestTrailer = 16u << 10;

    HttpBody();
    ~HttpBody();

    void begin(HttpFraming framing, std::uint64_t length, HttpCoding coding, std::uint64_t seed);
    // Takes what belongs to the body; returns how many bytes that were. What is odd goes to `notes`.
    std::size_t take(std::string_view bytes, std::string& notes);
    // So many bytes are missing. False: nobody knows where the body ends now.
    bool skip(std::uint64_t missing, std::string& notes);
    bool done() const { return m_state == State::Done; }
    bool endsWithConnection() const { return m_state == State::UntilClose; }
    std::uint64_t bytes() const { return m_bytes; }  // of the content, without chunk lines
    // How many more bytes are known to come; 0 when that is not known.
    std::uint64_t outstanding() const { return m_state == State::Length ? m_left : 0; }

    struct Content {
        std::uint64_t hash = 0;  // of the unpacked content where it could be unpacked, else of the body
        std::optional<std::uint64_t> unpacked;
    };
    // What came, once it is complete or cut off. Nothing when bytes are missing.
    std::optional<Content> content(std::string& notes);
    std::size_t held() const { return m_packed.capacity() + m_line.capacity(); }

private:
    enum class State : std::uint8_t { Done, Length, UntilClose, ChunkLine, ChunkData, ChunkEnd, Trailer };

    void add(std::string_view piece);
    bool line(std::string_view& bytes, std::size_t most);
    void chunkLine(std::string& notes);

    State m_state = State::Done;
    HttpCoding m_coding = HttpCoding::Plain;
    bool m_incomplete = false;
    bool m_tooLong = false;    // to unpack
    std::uint64_t m_left = 0;  // of the body, or of the chunk
    std::uint64_t m_bytes = 0;
    std::uint64_t m_seed = 0;
    std::uint64_t m_hash = 0;  // while one piece is all there is
    std::size_t m_trailer = 0;
    bool m_lineEnded = false;
    struct Hash;
    std::unique_ptr<Hash> m_stream;  // made for the first body that comes in pieces
    bool m_streaming = false;
    std::string m_line;
    std::string m_packed;
};

}  // namespace hwbridge
