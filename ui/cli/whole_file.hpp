#pragma once

#include "emulator/base/result.hpp"

#include <filesystem>
#include <string_view>

namespace ui {

// Errors: Malformed for "-", which other programs take for the standard output: results are there already.
emulator::Result<void> checkFileName(const std::filesystem::path& path);

// A file that is there as a whole or not at all: written beside its place, then renamed. Creates the folders above it.
// Without finish() nothing is left. A link stays one: what it names is replaced, and keeps its mode. What is no file, such
// as a pipe, /dev/null or /dev/stdout, is written to as it is.
class WholeFile {
public:
    // Captures are their user's alone: they hold passwords (design decision D7).
    enum class Readers { AsUmaskSays, OwnerOnly };
    // Errors: Refused, naming the file and the system's reason; as checkFileName().
    static emulator::Result<WholeFile> open(const std::filesystem::path& path,
                                            Readers readers = Readers::AsUmaskSays);
    ~WholeFile();
    WholeFile(WholeFile&& other) noexcept;
    WholeFile& operator=(WholeFile&& other) noexcept;

    const std::filesystem::path& path() const { return m_path; }
    int descriptor() const { return m_descriptor; }
    emulator::Result<void> write(std::string_view bytes);
    emulator::Result<void> finish();

private:
    WholeFile(std::filesystem::path path, std::filesystem::path place, std::filesystem::path temporary,
              int descriptor);
    void swap(WholeFile& other) noexcept;

    std::filesystem::path m_path;       // as it was asked for
    std::filesystem::path m_place;      // what it names
    std::filesystem::path m_temporary;  // empty: not needed
    int m_descriptor = -1;
};

}  // namespace ui
