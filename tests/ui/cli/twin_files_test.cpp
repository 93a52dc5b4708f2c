#include "ui/cli/twin_identity_file.hpp"
#include "ui/cli/twin_run.hpp"

#include <gtest/gtest.h>

namespace ui {
namespace {

TEST(TwinFilesTest, SayThatAFolderIsNoFile)
{
    EXPECT_EQ(KnownDeviations::read("/proc/self").error().detail,
              "/proc/self: Is a directory, expected known deviations");
    EXPECT_EQ(readTwinIdentity("/proc/self").error().detail,
              "/proc/self: Is a directory, expected a phone as one JSON object");
}

}  // namespace
}  // namespace ui
