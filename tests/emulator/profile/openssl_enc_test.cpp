#include "emulator/profile/openssl_enc.hpp"

#include "tests/emulator/profile/hex.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr std::string_view clearProfile = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>";
constexpr Salt fixedSalt{1, 2, 3, 4, 5, 6, 7, 8};

// OpenSSL 3.0: openssl enc -aes-256-cbc -k MyOwnSecret -S 0102030405060708 -md md5 (and sha256), with the header that
// it writes for a salt of its own.
const std::string withMd5 = fromHex("53616c7465645f5f01020304050607087fe3381201e8ce107d9608bc7c15be43b4d2e9ff"
                                    "2245c817721230b3a54ecf28f8a42660ade8"
                                    "55aa1c0edb48c9d5592b5a8d755f08503e6df1e91644aa4cdbd4");
const std::string withSha256 = fromHex("53616c7465645f5f0102030405060708eebebc0d22b0f2c9da0d7197c9e39b8a2da1b"
                                       "05ceecc78f5b5474eacd5b054c91a15aad7fc50"
                                       "5095da086eee83a7cf95273eab2a47b9f9ac28f915a94981404c");
// openssl enc -aes-256-cbc -K 0001…1f -iv 0
constexpr std::string_view keyDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string headerless = fromHex("93942d89f6436805fb7aa073b646b58f300182f112d18509436d47b9a5352e2eee01b"
                                       "816c0ccc4ae90ce794a32de33b4072dd810d96c"
                                       "5de94154cb271b29a7ff");

TEST(OpensslEncTest, DecryptsWhatOpensslMakes)
{
    EXPECT_EQ(decryptSalted(withMd5, "MyOwnSecret", KeyDigest::Md5).value(), clearProfile);
    EXPECT_EQ(decryptSalted(withSha256, "MyOwnSecret", KeyDigest::Sha256).value(), clearProfile);
}

TEST(OpensslEncTest, EncryptsAsOpensslDoes)
{
    EXPECT_EQ(encryptSalted(clearProfile, "MyOwnSecret", KeyDigest::Md5, fixedSalt), withMd5);
    EXPECT_EQ(encryptSalted(clearProfile, "MyOwnSecret", KeyDigest::Sha256, fixedSalt), withSha256);
}

TEST(OpensslEncTest, TellsNoTextForAnotherPassPhraseOrDigest)
{
    for (const std::string_view key : {"MyOwnSecreT", "", "MyOwnSecret ", "secret"}) {
        const auto plain = decryptSalted(withMd5, key, KeyDigest::Md5);
        EXPECT_TRUE(plain.has_error() || *plain != clearProfile) << key;
    }
    const auto plain = decryptSalted(withMd5, "MyOwnSecret", KeyDigest::Sha256);
    EXPECT_TRUE(plain.has_error() || *plain != clearProfile);
}

TEST(OpensslEncTest, RefusesAFileThatIsCutAnywhere)
{
    for (std::size_t size = 0; size < withMd5.size(); ++size) {
        const auto plain =
            decryptSalted(std::string_view{withMd5}.substr(0, size), "MyOwnSecret", KeyDigest::Md5);
        ASSERT_TRUE(plain.has_error()) << size;
        EXPECT_EQ(plain.error().kind, ErrorKind::Corrupt) << size;
        EXPECT_EQ(plain.error().detail.find("MyOwnSecret"), std::string::npos);
    }
}

TEST(OpensslEncTest, RefusesBytesBehindTheBlocks)
{
    EXPECT_TRUE(decryptSalted(withMd5 + "x", "MyOwnSecret", KeyDigest::Md5).has_error());
}

TEST(OpensslEncTest, EncryptsAWholeBlockMoreWhereTheTextEndsWithOne)
{
    const std::string block(32, 'x');
    const std::string file = encryptSalted(block, "key", KeyDigest::Md5, fixedSalt);
    EXPECT_EQ(file.size(), 16u + 48u);
    EXPECT_EQ(decryptSalted(file, "key", KeyDigest::Md5).value(), block);
}

TEST(OpensslEncTest, ReadsHexadecimalKeysOfTheWholeLengthOnly)
{
    const std::string digits{keyDigits};
    ASSERT_TRUE(hexKey(digits).has_value());
    EXPECT_EQ((*hexKey(digits))[31], 0x1f);
    EXPECT_FALSE(hexKey(digits.substr(1)).has_value());
    EXPECT_FALSE(hexKey(digits + "00").has_value());
    EXPECT_FALSE(hexKey("g" + digits.substr(1)).has_value());
    EXPECT_FALSE(hexKey("-1" + digits.substr(2)).has_value());
}

TEST(OpensslEncTest, DecryptsBlocksWithoutHeader)
{
    const AesKey key = hexKey(keyDigits).value();
    EXPECT_EQ(decryptHeaderless(headerless, key).value(), clearProfile);
    EXPECT_EQ(encryptHeaderless(clearProfile, key), headerless);
    EXPECT_TRUE(decryptHeaderless("", key).has_error());
    EXPECT_TRUE(decryptHeaderless(headerless.substr(1), key).has_error());
}

}  // namespace
}  // namespace emulator
