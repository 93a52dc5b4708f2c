#include "hwbridge/capture/capture_reader.hpp"

#include "hwbridge/capture/byte_window.hpp"
#include "hwbridge/capture/pcap_records.hpp"
#include "hwbridge/capture/pcapng_blocks.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <variant>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

class Reader final : public CaptureReader {
public:
    Reader(int descriptor, bool owned, std::string name)
        : m_descriptor{descriptor},
          m_owned{owned},
          m_name{std::move(name)},
          m_window{descriptor}
    {}
    ~Reader() override
    {
        if (m_owned)
            ::close(m_descriptor);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    const CaptureFacts& facts() const override { return m_facts; }

    Result<bool> readSome(PacketSink& sink) override
    {
        const Result<bool> more = m_window.fill(m_wanted);
        if (!more.has_value())
            return emulator::fail(more.error().kind,
                                  fmt::format("cannot read {}: {}", m_name, more.error().detail));
        if (!*more)
            return ended();
        if (std::holds_alternative<std::monostate>(m_format)) {
            const Result<bool> known = recognise();
            if (!known.has_value())
                return wrong(known.error().kind, known.error().detail);
            if (!*known)
                return true;
        }
        const Result<ReadProgress> progress = read(sink);
        if (!progress.has_value())
            return wrong(progress.error().kind, progress.error().detail);
        m_window.take(progress->taken);
        m_window.skip(progress->skip);
        m_wanted = progress->wanted;
        return true;
    }

private:
    Result<ReadProgress> read(PacketSink& sink)
    {
        if (auto* pcap = std::get_if<PcapRecords>(&m_format))
            return pcap->read(m_window.bytes(), m_window.offset(), m_facts, sink);
        return std::get<PcapngBlocks>(m_format).read(m_window.bytes(), m_window.offset(), m_facts, sink);
    }

    emulator::Error wrong(ErrorKind kind, std::string_view what) const
    {
        return emulator::fail(kind, fmt::format("{}: {}", m_name, what));
    }

    // False: there are too few bytes to tell.
    Result<bool> recognise()
    {
        const std::string_view bytes = m_window.bytes();
        if (bytes.size() < 4)
            return false;
        if (PcapngBlocks::begins(bytes)) {
            m_format = PcapngBlocks{};
            return true;
        }
        if (bytes.starts_with("\x1f\x8b"))
            return emulator::fail(
                ErrorKind::Unsupported,
                "found a file compressed with gzip, expected pcap or pcapng; unpack it first");
        if (bytes.size() < PcapRecords::fileHeaderBytes)
            return false;
        Result<std::optional<PcapRecords>> pcap =
            PcapRecords::begin(bytes.substr(0, PcapRecords::fileHeaderBytes), m_facts);
        if (!pcap.has_value())
            return pcap.error();
        if (!*pcap)
            return unknownFormat();
        m_format = **pcap;
        m_window.take(PcapRecords::fileHeaderBytes);
        return true;
    }

    emulator::Error unknownFormat() const
    {
        std::string found;
        for (const char byte : m_window.bytes().substr(0, 4))
            found += fmt::format("{:02x}", static_cast<unsigned char>(byte));
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("found a file that begins with {}, expected pcap or pcapng", found));
    }

    Result<bool> ended() const
    {
        const std::string_view rest = m_window.bytes();
        if (std::holds_alternative<std::monostate>(m_format)) {
            if (rest.empty())
                return wrong(ErrorKind::Malformed, "found no bytes, expected pcap or pcapng");
            if (PcapRecords::begins(rest))
                return wrong(ErrorKind::Malformed,
                             fmt::format("the file header is cut off: found {} bytes, expected {}",
                                         rest.size(), PcapRecords::fileHeaderBytes));
            const emulator::Error error = unknownFormat();
            return wrong(error.kind, error.detail);
        }
        if (m_window.unskipped() > 0)
            return wrong(ErrorKind::Malformed,
                         fmt::format("a block before packet {} is cut off: {} more bytes were expected",
                                     m_facts.lastNumber + 1, m_window.unskipped()));
        if (rest.empty())
            return false;
        const std::string what =
            std::visit([&](const auto& format) { return pendingIn(format, rest); }, m_format);
        return wrong(ErrorKind::Malformed,
                     fmt::format("{} at byte {} is cut off: found {} bytes of it, expected {}", what,
                                 m_window.offset(), rest.size(), m_wanted));
    }

    std::string pendingIn(const std::monostate&, std::string_view) const { return {}; }
    template <class Format>
    std::string pendingIn(const Format& format, std::string_view rest) const
    {
        return format.pending(rest, m_facts);
    }

    int m_descriptor;
    bool m_owned;
    std::string m_name;
    ByteWindow m_window;
    std::size_t m_wanted = 0;
    std::variant<std::monostate, PcapRecords, PcapngBlocks> m_format;
    CaptureFacts m_facts;
};

}  // namespace

Result<std::unique_ptr<CaptureReader>> CaptureReader::open(const std::string& path)
{
    if (path == "-")
        return from(STDIN_FILENO, "standard input");
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return emulator::fail(errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Refused,
                              fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);  // advice only
    return std::unique_ptr<CaptureReader>{std::make_unique<Reader>(descriptor, true, path)};
}

std::unique_ptr<CaptureReader> CaptureReader::from(int descriptor, std::string name)
{
    return std::make_unique<Reader>(descriptor, false, std::move(name));
}

Result<void> CaptureReader::readAll(PacketSink& sink)
{
    for (;;) {
        const Result<bool> more = readSome(sink);
        if (!more.has_value())
            return more.error();
        if (!*more)
            return {};
    }
}

}  // namespace hwbridge
