// Replays a corpus where libFuzzer is not: every file below the folders named on the command line goes through the
// target once. Fails when there is none, for then nothing was tried.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

int replay(int count, char** folders)
{
    int files = 0;
    for (int i = 1; i < count; ++i) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folders[i]}) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file{entry.path(), std::ios::binary};
            const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
            ++files;
        }
    }
    std::printf("replayed %d inputs\n", files);
    return files > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** folders)
{
    try {
        return replay(count, folders);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cannot replay: %s\n", error.what());
        return 1;
    }
}
