#include "hwbridge/decode/http_body.hpp"

#include "emulator/base/hex_digit.hpp"
#include "emulator/profile/gzip.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace hwbridge {

struct HttpBody::Hash {
    XXH3_state_t state;
};

HttpBody::HttpBody() = default;
HttpBody::~HttpBody() = default;

void HttpBody::begin(HttpFraming framing, std::uint64_t length, HttpCoding coding, std::uint64_t seed)
{
    constexpr std::size_t keptCapacity = 64u << 10;
    m_state = framing == HttpFraming::Length       ? State::Length
              : framing == HttpFraming::Chunked    ? State::ChunkLine
              : framing == HttpFraming::UntilClose ? State::UntilClose
                                                   : State::Done;
    m_left = framing == HttpFraming::Length ? length : 0;
    m_coding = coding;
    m_incomplete = m_tooLong = m_streaming = m_lineEnded = false;
    m_bytes = 0;
    m_seed = seed;
    m_trailer = 0;
    m_line.clear();
    m_packed.clear();
    if (m_packed.capacity() > keptCapacity)
        m_packed.shrink_to_fit();
}

void HttpBody::add(std::string_view piece)
{
    if (piece.empty())
        return;
    if (m_bytes == 0 && !m_incomplete) {
        m_hash = XXH3_64bits_withSeed(piece.data(), piece.size(), m_seed);
        // A state is only begun when a second piece comes, but then needs the first one.
        if (m_left != piece.size() || m_state != State::Length) {
            if (!m_stream)
                m_stream = std::make_unique<Hash>();
            XXH3_64bits_reset_withSeed(&m_stream->state, m_seed);
            XXH3_64bits_update(&m_stream->state, piece.data(), piece.size());
            m_streaming = true;
        }
    } else if (m_streaming) {
        XXH3_64bits_update(&m_stream->state, piece.data(), piece.size());
    }
    m_bytes += piece.size();
    if (m_coding == HttpCoding::Gzip || m_coding == HttpCoding::Deflate) {
        if (m_packed.size() + piece.size() <= mostPacked)
            m_packed.append(piece);
        else
            m_tooLong = true;
    }
}

// Collects a line of a chunked body. True: it is complete in m_line, without its end.
bool HttpBody::line(std::string_view& bytes, std::size_t most)
{
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (m_line.size() + part.size() <= most)
        m_line.append(part);
    else
        m_line.append(part.substr(0, most - m_line.size()));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return end != std::string_view::npos;
}

void HttpBody::chunkLine(std::string& notes)
{
    std::string_view text = m_line;
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    else
        addNote(notes, "a chunk line end without CR");
    std::uint64_t size = 0;
    std::size_t digits = 0;
    for (; digits < text.size(); ++digits) {
        const int value = emulator::hexDigit(text[digits]);
        if (value < 0)
            break;
        if (size >> 59 != 0) {
            addNote(notes, "a chunk size beyond 64 bits");
            size = 0;
            break;
        }
        size = size << 4 | static_cast<std::uint64_t>(value);
    }
    const std::string_view rest = text.substr(digits);
    if (digits == 0)
        addNote(notes, "a chunk size that is no number, read as the end");
    else if (!rest.empty() && rest.front() != ';')
        addNote(notes, "something behind a chunk size");
    else if (!rest.empty())
        addNote(notes, "a chunk extension");
    m_left = size;
    m_state = size == 0 ? State::Trailer : State::ChunkData;
}

std::size_t HttpBody::take(std::string_view bytes, std::string& notes)
{
    const std::size_t given = bytes.size();
    while (!bytes.empty() && m_state != State::Done) {
        switch (m_state) {
        case State::UntilClose:
            add(bytes);
            bytes = {};
            break;
        case State::Length:
        case State::ChunkData: {
            const std::string_view piece =
                bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size())));
            add(piece);
            m_left -= piece.size();
            bytes.remove_prefix(piece.size());
            if (m_left == 0)
                m_state = m_state == State::Length ? State::Done : State::ChunkEnd;
            break;
        }
        case State::ChunkEnd:
            if (line(bytes, longestChunkLine)) {
                if (m_line != "\r")
                    addNote(notes,
                            m_line.empty() ? "a chunk line end without CR" : "something behind a chunk");
                m_line.clear();
                m_state = State::ChunkLine;
            }
            break;
        case State::ChunkLine:
            if (line(bytes, longestChunkLine)) {
                chunkLine(notes);
                m_line.clear();
            }
            break;
        case State::Trailer:
            if (line(bytes, longestChunkLine)) {
                m_trailer += m_line.size() + 1;
                if (m_line.empty() || m_line == "\r" || m_trailer > longestTrailer)
                    m_state = State::Done;
                else
                    addNote(notes, "trailer fields");
                m_line.clear();
            }
            break;
        case State::Done:
            break;
        }
    }
    return given - bytes.size();
}

bool HttpBody::skip(std::uint64_t missing, std::string& notes)
{
    m_incomplete = true;
    if (m_state == State::UntilClose) {
        m_bytes += missing;
    } else if ((m_state == State::Length || m_state == State::ChunkData) && missing <= m_left) {
        m_left -= missing;
        m_bytes += missing;
        if (m_left == 0)
            m_state = m_state == State::Length ? State::Done : State::ChunkEnd;
    } else {
        return false;
    }
    addNote(notes, "bytes of the body are missing in the capture");
    return true;
}

std::optional<HttpBody::Content> HttpBody::content(std::string& notes)
{
    if (m_incomplete || m_bytes == 0)
        return std::nullopt;
    Content content;
    content.hash = m_streaming ? XXH3_64bits_digest(&m_stream->state) : m_hash;
    if (m_coding == HttpCoding::Other)
        addNote(notes, "a content coding that is not unpacked");
    if (m_coding == HttpCoding::Plain || m_coding == HttpCoding::Other)
        return content;
    if (m_tooLong) {
        addNote(notes, "too long to unpack");
        return content;
    }
    const auto unpacked = m_coding == HttpCoding::Gzip ? emulator::gunzip(m_packed, mostUnpacked)
                                                       : emulator::unpackDeflate(m_packed, mostUnpacked);
    if (unpacked.has_error()) {
        addNote(notes, "cannot be unpacked: " + unpacked.error().detail);
        return content;
    }
    content.unpacked = unpacked->size();
    content.hash = XXH3_64bits_withSeed(unpacked->data(), unpacked->size(), m_seed);
    return content;
}

}  // namespace hwbridge
