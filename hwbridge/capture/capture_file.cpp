#include "hwbridge/capture/capture_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

emulator::Error cannotWrite(const std::string& path, int reason)
{
    return emulator::fail(ErrorKind::Refused, fmt::format("cannot write {}: {}",
                                                          path == "-" ? std::string{"standard output"} : path,
                                                          std::strerror(reason)));
}

// How much of it was written; less than all with the reason in errno.
std::size_t writeSome(int descriptor, std::string_view bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(descriptor, bytes.data() + done, bytes.size() - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        done += static_cast<std::size_t>(written);
    }
    return done;
}

}  // namespace

Result<CaptureFile> CaptureFile::create(const std::string& path, CaptureHeader header)
{
    if (path == "-") {
        const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
            return cannotWrite(path, errno);
        return CaptureFile{path, copy, std::move(header)};
    }
    constexpr mode_t onlyMine = S_IRUSR | S_IWUSR;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, onlyMine);
    if (descriptor < 0)
        return cannotWrite(path, errno);
    // A file that was there keeps its mode otherwise. A pipe or device is not ours to close to others.
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && ::fchmod(descriptor, onlyMine) != 0) {
        const int reason = errno;
        ::close(descriptor);
        return cannotWrite(path, reason);
    }
    CaptureFile file{path, descriptor, std::move(header)};
    if (const Result<void> written = file.flush(); !written.has_value())
        return written.error();
    return file;
}

CaptureFile::CaptureFile(std::string path, int descriptor, CaptureHeader header)
    : m_path{std::move(path)},
      m_descriptor{descriptor},
      m_header{std::move(header)},
      m_writer{m_header.application}
{
    m_writer.addNames(m_header.names);
    interfaceOf(m_header.interface.link);
}

CaptureFile::~CaptureFile()
{
    if (m_descriptor < 0)
        return;
    static_cast<void>(flush());  // who wants to know calls finish()
    ::close(m_descriptor);
}

CaptureFile::CaptureFile(CaptureFile&& other) noexcept
{
    swap(other);
}

CaptureFile& CaptureFile::operator=(CaptureFile&& other) noexcept
{
    swap(other);
    return *this;
}

void CaptureFile::swap(CaptureFile& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_header, other.m_header);
    std::swap(m_writer, other.m_writer);
    std::swap(m_interfaces, other.m_interfaces);
    std::swap(m_last, other.m_last);
    std::swap(m_packets, other.m_packets);
    std::swap(m_written, other.m_written);
    std::swap(m_error, other.m_error);
}

std::uint32_t CaptureFile::interfaceOf(LinkType link)
{
    const auto [place, isNew] = m_interfaces.try_emplace(link, 0u);
    if (isNew) {
        CaptureInterface interface = m_header.interface;
        interface.link = link;
        place->second = m_writer.addInterface(interface);
    }
    return place->second;
}

void CaptureFile::write(const Packet& packet, std::string_view comment)
{
    if (m_error)
        return;
    m_writer.addPacket(interfaceOf(packet.link), packet, comment);
    m_last = packet.at;
    ++m_packets;
    if (m_writer.bytes().size() >= enough)
        static_cast<void>(flush());
}

Result<void> CaptureFile::flush()
{
    if (m_error)
        return *m_error;
    const std::string_view bytes = m_writer.bytes();
    const std::size_t done = writeSome(m_descriptor, bytes);
    if (done < bytes.size()) {
        m_error = cannotWrite(m_path, errno);
        // A full disk takes half a block. A pipe cannot be cut.
        if (const off_t end = ::lseek(m_descriptor, 0, SEEK_CUR); done > 0 && end >= 0) [[maybe_unused]]
            const int cut = ::ftruncate(m_descriptor, end - static_cast<off_t>(done));
        m_writer.clear();
        return *m_error;
    }
    m_written += done;
    m_writer.clear();
    return {};
}

Result<void> CaptureFile::finish(std::uint64_t dropped)
{
    // Lost on which of several links is not known; they are one interface to the system.
    if (!m_error)
        m_writer.addCounts(0, m_last, {m_packets, dropped});
    Result<void> written = flush();
    const int descriptor = std::exchange(m_descriptor, -1);
    if (::close(descriptor) != 0 && !m_error)
        m_error = cannotWrite(m_path, errno);
    if (m_error)
        return *m_error;
    return written;
}

}  // namespace hwbridge
