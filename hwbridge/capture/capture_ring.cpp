#include "hwbridge/capture/capture_ring.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace hwbridge {

using emulator::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t leastDigits = 6;

// The number in "STEM-000012EXTENSION"; 0: that is another file.
std::uint64_t numberOf(std::string_view name, const std::string& stem, const std::string& extension)
{
    if (!name.starts_with(stem + "-") || !name.ends_with(extension))
        return 0;
    name.remove_prefix(stem.size() + 1);
    if (name.size() < extension.size() + leastDigits)
        return 0;
    name.remove_suffix(extension.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

// The highest number of files of that name that are there.
std::uint64_t highestNumber(const fs::path& path)
{
    std::uint64_t highest = 0;
    std::error_code error;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
        highest = std::max(highest, numberOf(entry->path().filename().string(), path.stem().string(),
                                             path.extension().string()));
    return highest;
}

std::string numbered(const fs::path& path, std::uint64_t number)
{
    fs::path name = path;
    name.replace_filename(
        fmt::format("{}-{:0{}}{}", path.stem().string(), number, leastDigits, path.extension().string()));
    return name.string();
}

}  // namespace

CaptureRing::CaptureRing(std::string path, CaptureHeader header, RingLimits limits)
    : m_path{std::move(path)},
      m_header{std::move(header)},
      m_limits{limits}
{}

Result<CaptureRing> CaptureRing::create(const std::string& path, CaptureHeader header, RingLimits limits)
{
    CaptureRing ring{path, std::move(header), limits};
    if (limits.rotates())
        ring.m_number = highestNumber(path);
    if (const Result<void> begun = ring.next(); !begun.has_value())
        return begun.error();
    return ring;
}

Result<void> CaptureRing::next()
{
    const std::string path = m_limits.rotates() ? numbered(m_path, ++m_number) : m_path;
    Result<CaptureFile> file = CaptureFile::create(path, m_header);
    if (!file.has_value())
        return file.error();
    m_file = std::move(*file);
    m_files.push_back(path);
    m_began.reset();
    m_droppedBefore = m_dropped;
    while (m_limits.files && m_files.size() > std::max<std::size_t>(*m_limits.files, 1)) {
        ::unlink(m_files.front().c_str());  // somebody else may have removed it
        m_files.pop_front();
    }
    return {};
}

bool CaptureRing::isFull(const Packet& packet) const
{
    if (m_file->packets() == 0)
        return false;
    constexpr std::size_t around =
        32 + 3 + 64;  // bytes of a packet's block beside its own, and of the counts at the end
    if (m_limits.fileBytes && m_file->size() + packet.bytes.size() + around > *m_limits.fileBytes)
        return true;
    return m_limits.fileAge && m_began && packet.at - *m_began >= *m_limits.fileAge;
}

void CaptureRing::packetSeen(const Packet& packet)
{
    if (failed())
        return;
    if (isFull(packet)) {
        const std::uint64_t before = m_file->packets();
        const Result<void> ended = m_file->finish(m_dropped - m_droppedBefore);
        const Result<void> begun = ended.has_value() ? next() : ended;
        if (!begun.has_value()) {
            m_error = begun.error();
            return;
        }
        m_earlier += before;
    }
    if (!m_began)
        m_began = packet.at;
    m_file->packetSeen(packet);
}

Result<void> CaptureRing::flush()
{
    if (m_error)
        return *m_error;
    return m_file->flush();
}

Result<void> CaptureRing::finish()
{
    if (m_error)
        return *m_error;
    return m_file->finish(m_dropped - m_droppedBefore);
}

}  // namespace hwbridge
