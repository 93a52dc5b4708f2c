#include "emulator/runtime/whole_input.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace emulator {

namespace {

struct CloseInput {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<std::string> readWholeInput(const std::filesystem::path& path, std::size_t mostBytes)
{
    const auto refused = [] {
        return fail(errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Refused,
                    std::generic_category().message(errno));
    };
    errno = 0;
    // A folder can be opened; only reading it is refused.
    const std::unique_ptr<std::FILE, CloseInput> file{std::fopen(path.c_str(), "rb")};
    if (file == nullptr)
        return refused();
    std::string bytes;
    std::array<char, 16u << 10> piece{};
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get())) {
        bytes.append(piece.data(), got);
        if (bytes.size() > mostBytes)
            return fail(ErrorKind::TooLarge, fmt::format("more than {} bytes", mostBytes));
    }
    if (std::ferror(file.get()) != 0)
        return refused();
    return bytes;
}

}  // namespace emulator
