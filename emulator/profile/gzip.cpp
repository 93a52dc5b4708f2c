#include "emulator/profile/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>

namespace emulator {

namespace {

constexpr int largestWindow = 15;
constexpr int asGzip = 16;  // added to the window: zlib's way to ask for the gzip format

// The zlib state that unpacks one stream.
class Inflater {
public:
    explicit Inflater(int window) : m_good{inflateInit2(&m_stream, window) == Z_OK} {}
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    // Appends one member of `in` to `out` and takes it from `in`.
    Result<void> unpack(std::string_view& in, std::string& out, std::size_t most)
    {
        if (!m_good)
            return fail(ErrorKind::Corrupt, "not unpacked: no memory for it");
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        m_stream.avail_in = static_cast<uInt>(in.size());
        const std::size_t before = out.size();
        std::size_t filled = before;
        int status = Z_OK;
        while (status == Z_OK) {
            if (filled == out.size()) {
                if (filled > most)
                    return fail(ErrorKind::Corrupt, fmt::format("more than {} bytes when unpacked", most));
                // One byte of room beyond the limit tells a file of just that size from a larger one.
                out.resize(std::min(most + 1, std::max({2 * filled, 4 * in.size(), smallestRoom})));
            }
            m_stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
            m_stream.avail_out = static_cast<uInt>(out.size() - filled);
            status = inflate(&m_stream, Z_NO_FLUSH);
            filled = out.size() - m_stream.avail_out;
        }
        out.resize(filled);
        if (status == Z_BUF_ERROR)
            return fail(ErrorKind::Corrupt, "compressed, and cut off");
        if (status != Z_STREAM_END)
            return fail(ErrorKind::Corrupt,
                        fmt::format("compressed, and damaged: {}",
                                    m_stream.msg != nullptr ? m_stream.msg : "no such stream"));
        if (filled > most)
            return fail(ErrorKind::Corrupt, fmt::format("more than {} bytes when unpacked", most));
        in.remove_prefix(in.size() - m_stream.avail_in);
        inflateReset(&m_stream);
        return {};
    }

private:
    static constexpr std::size_t smallestRoom = 4096;
    z_stream m_stream{};
    bool m_good;
};

Result<std::string> unpackOne(std::string_view body, int window, std::size_t most)
{
    Inflater inflater{window};
    std::string out;
    if (const Result<void> unpacked = inflater.unpack(body, out, most); unpacked.has_error())
        return fail(unpacked.error());
    if (!body.empty())
        return fail(ErrorKind::Corrupt, fmt::format("{} bytes after the compressed ones", body.size()));
    return out;
}

}  // namespace

Result<std::string> gunzip(std::string_view file, std::size_t most)
{
    if (!isGzip(file))
        return fail(ErrorKind::Corrupt, "no gzip header");
    Inflater inflater{largestWindow + asGzip};
    std::string out;
    while (true) {
        if (const Result<void> unpacked = inflater.unpack(file, out, most); unpacked.has_error())
            return fail(unpacked.error());
        if (file.empty())
            return out;
        if (!isGzip(file))
            return fail(ErrorKind::Corrupt, fmt::format("{} bytes after the compressed ones", file.size()));
    }
}

Result<std::string> unpackDeflate(std::string_view body, std::size_t most)
{
    Result<std::string> unpacked = unpackOne(body, largestWindow, most);
    if (unpacked.has_error())
        if (Result<std::string> raw = unpackOne(body, -largestWindow, most); raw.has_value())
            return raw;
    return unpacked;
}

std::string gzip(std::string_view bytes)
{
    z_stream stream{};
    constexpr int memoryLevel = 8;  // zlib's default
    const int begun = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, largestWindow + asGzip,
                                   memoryLevel, Z_DEFAULT_STRATEGY);
    assert(begun == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = begun == Z_OK ? deflate(&stream, Z_FINISH) : Z_STREAM_ERROR;
    assert(ended == Z_STREAM_END);
    out.resize(ended == Z_STREAM_END ? out.size() - stream.avail_out : 0);
    deflateEnd(&stream);
    return out;
}

}  // namespace emulator
