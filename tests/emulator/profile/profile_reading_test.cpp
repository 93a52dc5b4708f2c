#include "emulator/profile/profile_reading.hpp"

#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "emulator/profile/parameter_set.hpp"
#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr std::string_view clearText = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>";
constexpr std::string_view hexDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr Salt salt{8, 7, 6, 5, 4, 3, 2, 1};

std::string encrypted(std::string_view plain, std::string_view key = "MyOwnSecret",
                      KeyDigest digest = KeyDigest::Md5)
{
    return encryptSalted(plain, key, digest, salt);
}

// The XML inside, or "ERROR: why".
std::string opened(std::string_view file, const ProfileReading& reading = {})
{
    std::string room;
    const auto xml = openProfile(file, reading, room);
    if (xml.has_error()) {
        EXPECT_EQ(xml.error().kind, ErrorKind::Corrupt);
        return "ERROR: " + xml.error().detail;
    }
    return std::string{*xml};
}

auto isRefused(std::string_view why)
{
    return testing::AllOf(testing::StartsWith("ERROR: not a profile: "),
                          testing::HasSubstr(std::string{why}));
}

ProfileReading withKey(std::string_view key)
{
    ProfileReading reading;
    reading.key = key;
    return reading;
}

ProfileReading withIkm(std::string_view ikm)
{
    ProfileReading reading;
    reading.ikm = ikm;
    return reading;
}

TEST(ProfileReadingTest, LeavesAPlainFileAsItIs)
{
    COVERS("PROF-NAME-BASIC");
    EXPECT_EQ(opened(clearText), clearText);
    EXPECT_EQ(opened(clearText, withKey("MyOwnSecret")), clearText);
    EXPECT_EQ(opened(clearText, withKey(hexDigits)), clearText);
    const std::string twoBlocks = "\xEF\xBB\xBF\r\n <flat-profile>       </flat-profile>";
    EXPECT_EQ(opened(twoBlocks, withKey(hexDigits)), twoBlocks);
    std::string room;
    EXPECT_EQ(openProfile(clearText, {}, room)->data(), clearText.data()) << "nothing was copied";
}

TEST(ProfileReadingTest, UnpacksGzip)
{
    COVERS("PROF-GZIP", "PROF-TOOL-GZIP", "PROF-NAME-BASIC");
    EXPECT_TRUE(std::string_view{gzip(clearText)}.starts_with("\x1f\x8b"));
    EXPECT_EQ(opened(gzip(clearText)), clearText);
    EXPECT_EQ(opened(gzip(clearText), withKey("a key that is not needed")), clearText);
}

TEST(ProfileReadingTest, DecryptsWithEitherDigest)
{
    COVERS("PROF-AES", "PROF-AES-OPENSSL", "PROF-NAME-BASIC");
    for (const KeyDigest digest : {KeyDigest::Md5, KeyDigest::Sha256})
        EXPECT_EQ(opened(encrypted(clearText, "MyOwnSecret", digest), withKey("MyOwnSecret")), clearText);
}

TEST(ProfileReadingTest, DecryptsFirstAndUnpacksThen)
{
    COVERS("PROF-GZIP-THEN-AES");
    for (const KeyDigest digest : {KeyDigest::Md5, KeyDigest::Sha256})
        EXPECT_EQ(opened(encrypted(gzip(clearText), "MyOwnSecret", digest), withKey("MyOwnSecret")),
                  clearText);
    EXPECT_EQ(opened(encryptAes128Gcm(gzip(clearText), "ikm", {}), withIkm("ikm")), clearText);
}

TEST(ProfileReadingTest, RefusesTheOtherOrder)
{
    COVERS("PROF-AES-THEN-GZIP");
    EXPECT_THAT(opened(gzip(encrypted(clearText)), withKey("MyOwnSecret")), isRefused("encrypted first"));
}

TEST(ProfileReadingTest, RefusesAMissingOrWrongKeyWithoutTellingIt)
{
    COVERS("PROF-AES-BAD-KEY");
    EXPECT_THAT(opened(encrypted(clearText)), isRefused("there is no --key"));
    for (int i = 0; i < 2000; ++i) {
        const std::string key = fmt::format("Wrong{}", i);
        const std::string answer = opened(encrypted(clearText), withKey(key));
        ASSERT_THAT(answer, isRefused("encrypted with another key, or damaged"));
        ASSERT_EQ(answer.find(key), std::string::npos);
    }
}

TEST(ProfileReadingTest, RefusesWhatIsCutChangedOrLonger)
{
    const ProfileReading reading = withKey("MyOwnSecret");
    for (const std::string& file : {encrypted(clearText), encrypted(gzip(clearText)), gzip(clearText)}) {
        for (std::size_t size = 0; size < file.size(); ++size) {
            const auto profile =
                readProfile(std::string_view{file}.substr(0, size), *schemaOf("7832"), reading);
            ASSERT_TRUE(profile.has_error()) << size;
            EXPECT_EQ(profile.error().kind, ErrorKind::Corrupt) << size;
        }
        EXPECT_THAT(opened(file + "x", reading), isRefused(""));
    }
}

TEST(ProfileReadingTest, TakesAKeyOfHexadecimalDigitsAsAPassPhraseWhereThereIsASalt)
{
    EXPECT_EQ(opened(encrypted(clearText, hexDigits), withKey(hexDigits)), clearText);
}

TEST(ProfileReadingTest, TakesAKeyOfHexadecimalDigitsAsTheKeyWhereThereIsNoHeader)
{
    const AesKey key = hexKey(hexDigits).value();
    EXPECT_EQ(opened(encryptHeaderless(clearText, key), withKey(hexDigits)), clearText);
    EXPECT_EQ(opened(encryptHeaderless(gzip(clearText), key), withKey(hexDigits)), clearText);
    const std::string other = "ff" + std::string{hexDigits.substr(2)};
    EXPECT_THAT(opened(encryptHeaderless(clearText, key), withKey(other)), isRefused("another key"));
}

TEST(ProfileReadingTest, DecryptsAes128GcmWithTheKeyingMaterialAsTextOrBase64)
{
    const std::string bytes = "\x01\xFFsixteen bytes!";
    EXPECT_EQ(opened(encryptAes128Gcm(clearText, "plain words", {}), withIkm("plain words")), clearText);
    EXPECT_EQ(opened(encryptAes128Gcm(clearText, bytes, {}), withIkm("Af9zaXh0ZWVuIGJ5dGVzIQ")), clearText);
    EXPECT_EQ(opened(encryptAes128Gcm(clearText, bytes, {}), withIkm("Af9zaXh0ZWVuIGJ5dGVzIQ==")), clearText);
    EXPECT_EQ(opened(encryptAes128Gcm(clearText, "Zm9v", {}), withIkm("Zm9v")), clearText)
        << "text that looks like base64";
    EXPECT_THAT(opened(encryptAes128Gcm(clearText, "other", {}), withIkm("ikm")), isRefused("another key"));
    EXPECT_THAT(opened(clearText, withIkm("ikm")), isRefused("aes128gcm"));
    EXPECT_THAT(opened(encryptAes128Gcm(clearText, "ikm", {}), withIkm("")),
                isRefused("IKM_HTTP_Encrypt_Content is empty"));
}

TEST(ProfileReadingTest, PrefersTheContentCodingToTheKey)
{
    ProfileReading both = withIkm("ikm");
    both.key = "MyOwnSecret";
    EXPECT_EQ(opened(encryptAes128Gcm(clearText, "ikm", {}), both), clearText);
    EXPECT_THAT(opened(encrypted(clearText), both), isRefused("aes128gcm"));
}

TEST(ProfileReadingTest, NeverDecryptsTwice)
{
    const std::string twice = encrypted(encrypted(clearText));
    EXPECT_THAT(opened(twice, withKey("MyOwnSecret")), isRefused(""));
}

TEST(ProfileReadingTest, BoundsWhatItReadsAndWhatComesOut)
{
    std::string room;
    const std::string large(maxProfileBytes + 1, ' ');
    EXPECT_EQ(openProfile(large, {}, room).error().kind, ErrorKind::TooLarge);
    EXPECT_THAT(opened(gzip(large)), isRefused("more than 2097152 bytes when unpacked"));
    EXPECT_THAT(opened(encrypted(gzip(large)), withKey("MyOwnSecret")), isRefused("more than 2097152 bytes"));
}

TEST(ProfileReadingTest, NamesCompiledProfiles)
{
    using namespace std::string_view_literals;
    constexpr std::string_view spc = "\x00\x01\x02 compiled \x8F\xFF"sv;
    for (const char* model : {"7832", "SPA508G"}) {
        const auto refused = readProfile(spc, *schemaOf(model, ""), {});
        ASSERT_TRUE(refused.has_error());
        EXPECT_EQ(refused.error().kind, ErrorKind::Corrupt);
        EXPECT_THAT(refused.error().detail,
                    testing::HasSubstr("a compiled (SPC) profile, whose format is not"));
    }
}

TEST(ProfileReadingTest, SaysWhichMapIsNone)
{
    ProfileReading reading;
    reading.aliases = "nonsense";
    const auto refused = readProfile(clearText, *schemaOf("7832"), reading);
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);
}

class ReadingCacheTest : public testing::Test {
protected:
    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7832");
    ProfileCache m_cache{m_schema};
};

TEST_F(ReadingCacheTest, OpensAFileOncePerKey)
{
    const std::string file = encrypted(clearText);
    const auto first = m_cache.parse(file, withKey("MyOwnSecret"));
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(m_cache.parse(file, withKey("other")).has_error());
    EXPECT_TRUE(m_cache.parse(file).has_error());
    EXPECT_EQ(m_cache.parse(std::string{file}, withKey("MyOwnSecret")).value(), *first);
    EXPECT_TRUE(m_cache.parse(file, withKey("other")).has_error());
}

TEST_F(ReadingCacheTest, SharesAPlainFileWhateverTheKey)
{
    const auto first = m_cache.parse(clearText);
    EXPECT_EQ(m_cache.parse(clearText, withKey("MyOwnSecret")).value(), *first);
    EXPECT_TRUE(m_cache.parse(clearText, withIkm("ikm")).has_error())
        << "the coding says that it is not plain";
    EXPECT_EQ(m_cache.parse(clearText).value(), *first);
}

TEST_F(ReadingCacheTest, TellsAliasMapsApart)
{
    ProfileReading a;
    a.aliases = "/GPP_A = /flat-profile/GPP_B";
    ProfileReading b;
    b.aliases = "/GPP_A = /flat-profile/GPP_C";
    const auto nameOf = [&](const ProfileReading& reading) {
        return m_schema->at(m_cache.parse(clearText, reading).value()->elements.at(0).id).name;
    };
    EXPECT_EQ(nameOf({}), "GPP_A");
    EXPECT_EQ(nameOf(a), "GPP_B");
    EXPECT_EQ(nameOf(b), "GPP_C");
    EXPECT_EQ(nameOf(a), "GPP_B");
}

TEST_F(ReadingCacheTest, TellsKeysAndKeyingMaterialApart)
{
    const std::string file = encryptAes128Gcm(clearText, "secret", {});
    EXPECT_TRUE(m_cache.parse(file, withIkm("secret")).has_value());
    EXPECT_TRUE(m_cache.parse(file, withKey("secret")).has_error());
    EXPECT_TRUE(m_cache.parse(file, withIkm("secret")).has_value());
}

}  // namespace
}  // namespace emulator
