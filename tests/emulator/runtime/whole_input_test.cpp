#include "emulator/runtime/whole_input.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace emulator {
namespace {

TEST(WholeInputTest, ReadsUpToItsLimit)
{
    std::string path = (std::filesystem::temp_directory_path() / "phonerig-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    const std::filesystem::path file = std::filesystem::path{path} / "file";
    const std::string content(40'000, 'x');
    std::ofstream{file, std::ios::binary} << content;
    EXPECT_EQ(*readWholeInput(file, content.size()), content);
    const Result<std::string> longer = readWholeInput(file, content.size() - 1);
    EXPECT_EQ(longer.error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(longer.error().detail, "more than 39999 bytes");
    std::filesystem::remove_all(path);
}

TEST(WholeInputTest, GivesTheReasonWhyNothingIsRead)
{
    EXPECT_EQ(readWholeInput("/nonexistent/file", 1).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(readWholeInput("/nonexistent/file", 1).error().detail, "No such file or directory");
    EXPECT_EQ(readWholeInput("/proc/self", 1).error().kind, ErrorKind::Refused);
    EXPECT_EQ(readWholeInput("/proc/self", 1).error().detail, "Is a directory");
    EXPECT_EQ(readWholeInput("/proc/self/mem", 1).error().detail, "Input/output error");
}

}  // namespace
}  // namespace emulator
