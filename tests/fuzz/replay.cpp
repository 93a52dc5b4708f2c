// Replays a corpus where libFuzzer is not: fuzz_replay TARGET FOLDER puts every file below the folder through the target
// once. Fails when there is none, for then nothing was tried.

#include "tests/fuzz/target.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

int replay(fuzz::Target target, const char* folder)
{
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        target(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++files;
    }
    std::printf("replayed %d inputs\n", files);
    return files > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words)
{
    const auto target = count == 3 ? fuzz::targets().find(words[1]) : fuzz::targets().end();
    if (target == fuzz::targets().end()) {
        std::fprintf(stderr, "expected: fuzz_replay TARGET FOLDER, with one of %zu targets\n",
                     fuzz::targets().size());
        return 2;
    }
    try {
        return replay(target->second, words[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cannot replay: %s\n", error.what());
        return 1;
    }
}
