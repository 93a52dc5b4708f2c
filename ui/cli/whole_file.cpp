#include "ui/cli/whole_file.hpp"

#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace ui {

using emulator::Result;

namespace {

emulator::Error refused(const std::filesystem::path& path, int reason)
{
    return emulator::fail(emulator::ErrorKind::Refused,
                          fmt::format("cannot write {}: {}", path.string(), std::strerror(reason)));
}

// Where standard output goes: somebody else writes there as well.
bool isOurOutput(const struct stat& file)
{
    struct stat ours {};
    return ::fstat(STDOUT_FILENO, &ours) == 0 && ours.st_dev == file.st_dev && ours.st_ino == file.st_ino;
}

}  // namespace

Result<void> checkFileName(const std::filesystem::path& path)
{
    if (path == "-")
        return emulator::fail(emulator::ErrorKind::Malformed,
                              "found -, expected the name of a file (./- is one, and /dev/stdout is where "
                              "results are printed)");
    return {};
}

Result<WholeFile> WholeFile::open(const std::filesystem::path& path, Readers readers)
{
    if (const Result<void> named = checkFileName(path); named.has_error())
        return named.error();
    std::error_code ignored;  // the file that cannot be opened says it better
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path(), ignored);
    struct stat there {};
    const bool exists = ::stat(path.c_str(), &there) == 0;
    if (exists && S_ISDIR(there.st_mode))
        return refused(path, EISDIR);
    if (exists && (!S_ISREG(there.st_mode) || isOurOutput(there))) {
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
        if (descriptor < 0)
            return refused(path, errno);
        return WholeFile{path, path, {}, descriptor};
    }
    std::filesystem::path place = exists ? std::filesystem::canonical(path, ignored) : path;
    if (place.empty())
        place = path;
    std::filesystem::path temporary = fmt::format("{}.{}.tmp", place.string(), ::getpid());
    // What a killed run may have left must not lend its rights to the new file.
    ::unlink(temporary.c_str());
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                  readers == Readers::OwnerOnly ? 0600 : 0666);
    if (descriptor < 0)
        return refused(path, errno);
    if (exists && readers == Readers::AsUmaskSays)
        ::fchmod(descriptor, there.st_mode & 0777);
    return WholeFile{path, std::move(place), std::move(temporary), descriptor};
}

WholeFile::WholeFile(std::filesystem::path path, std::filesystem::path place, std::filesystem::path temporary,
                     int descriptor)
    : m_path{std::move(path)},
      m_place{std::move(place)},
      m_temporary{std::move(temporary)},
      m_descriptor{descriptor}
{}

WholeFile::~WholeFile()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

WholeFile::WholeFile(WholeFile&& other) noexcept
{
    swap(other);
}

WholeFile& WholeFile::operator=(WholeFile&& other) noexcept
{
    swap(other);
    return *this;
}

void WholeFile::swap(WholeFile& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_place, other.m_place);
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_descriptor, other.m_descriptor);
}

Result<void> WholeFile::write(std::string_view bytes)
{
    if (!writeAll(m_descriptor, bytes))
        return refused(m_path, errno);
    return {};
}

Result<void> WholeFile::finish()
{
    const int descriptor = std::exchange(m_descriptor, -1);
    if (::close(descriptor) == 0 &&
        (m_temporary.empty() || ::rename(m_temporary.c_str(), m_place.c_str()) == 0))
        return {};
    const int reason = errno;
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
    return refused(m_path, reason);
}

}  // namespace ui
