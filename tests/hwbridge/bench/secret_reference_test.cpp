#include "hwbridge/bench/secret_reference.hpp"

#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace hwbridge {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

SecretReference reference(const std::string& text)
{
    return SecretReference::parse(text).value();
}

TEST(SecretReferenceTest, ReadsTheFirstLineOfAFile)
{
    const TemporaryFolder folder;
    std::ofstream{folder / "one"} << "s3cret\nand more\n";
    std::ofstream{folder / "two"} << "s3cret\r\n";
    EXPECT_EQ(reference("file:" + folder / "one").read().value(), "s3cret");
    EXPECT_EQ(reference("file:" + folder / "two").read().value(), "s3cret");
}

TEST(SecretReferenceTest, ReadsTheEnvironment)
{
    ASSERT_EQ(::setenv("PHONERIG_TEST_SECRET", "s3cret", 1), 0);
    EXPECT_EQ(reference("env:PHONERIG_TEST_SECRET").read().value(), "s3cret");
    ASSERT_EQ(::unsetenv("PHONERIG_TEST_SECRET"), 0);
    EXPECT_THAT(reference("env:PHONERIG_TEST_SECRET").read().error().detail,
                HasSubstr("PHONERIG_TEST_SECRET"));
}

TEST(SecretReferenceTest, SaysWhatIsMissingEmptyOrTooLong)
{
    const TemporaryFolder folder;
    std::ofstream{folder / "empty"} << "\nsecond";
    std::ofstream{folder / "long"} << std::string(5000, 'x');
    EXPECT_THAT(reference("file:" + folder / "absent").read().error().detail,
                AllOf(HasSubstr("absent"), HasSubstr("No such file")));
    EXPECT_EQ(reference("file:" + folder / "empty").read().error().kind, emulator::ErrorKind::Malformed);
    EXPECT_EQ(reference("file:" + folder / "long").read().error().kind, emulator::ErrorKind::TooLarge);
}

TEST(SecretReferenceTest, RefusesTheSecretItselfWithoutShowingIt)
{
    for (const char* text : {"hunter2", "env:", "file:", "env:A-B", ""}) {
        const emulator::Result<SecretReference> parsed = SecretReference::parse(text);
        ASSERT_TRUE(parsed.has_error()) << text;
        EXPECT_THAT(parsed.error().detail, Not(HasSubstr("hunter2")));
    }
    EXPECT_EQ(reference("file:a b").text(), "file:a b");
}

}  // namespace
}  // namespace hwbridge
