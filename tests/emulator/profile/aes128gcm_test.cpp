#include "emulator/profile/aes128gcm.hpp"

#include "emulator/base/base64.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace emulator {
namespace {

// RFC 8188 section 3.1: one record; section 3.2: two records of 25 bytes with key id "a1" and a byte of padding.
const std::string ikm1 = base64Decoded("yqdlZ-tYemfogSmv7Ws5PQ").value();
const std::string body1 = base64Decoded("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-"
                                        "ly8Thjg")
                              .value();
const std::string ikm2 = base64Decoded("BO3ZVPxUlnLORbVGMpbT1Q").value();
const std::string body2 =
    base64Decoded("uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQP"
                  "dPHI51OEUKEpgz3SsLWIqS_uA")
        .value();
constexpr std::string_view plain = "I am the walrus";

TEST(Aes128GcmTest, DecryptsTheExamplesOfRfc8188)
{
    EXPECT_EQ(decryptAes128Gcm(body1, ikm1).value(), plain);
    EXPECT_EQ(decryptAes128Gcm(body2, ikm2).value(), plain);
}

TEST(Aes128GcmTest, EncryptsTheExampleOfRfc8188)
{
    Aes128GcmHeader header;
    std::copy_n(body1.begin(), header.salt.size(), header.salt.begin());
    EXPECT_EQ(encryptAes128Gcm(plain, ikm1, header), body1);
}

TEST(Aes128GcmTest, DecryptsWhatItEncryptsForEveryRecordSize)
{
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += static_cast<char>(i);
    for (std::size_t length = 0; length <= text.size(); ++length) {
        Aes128GcmHeader header;
        header.recordSize = 18 + static_cast<std::uint32_t>(length % 70);
        header.keyId = "a key id that nobody looks at";
        const std::string body = encryptAes128Gcm(text.substr(0, length), ikm1, header);
        const auto opened = decryptAes128Gcm(body, ikm1);
        ASSERT_TRUE(opened.has_value()) << length << ": " << opened.error().detail;
        EXPECT_EQ(*opened, text.substr(0, length));
    }
}

TEST(Aes128GcmTest, RefusesAnotherKey)
{
    EXPECT_EQ(decryptAes128Gcm(body1, ikm2).error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(decryptAes128Gcm(body1, "").error().kind, ErrorKind::Corrupt);
}

TEST(Aes128GcmTest, RefusesABodyThatIsCutAnywhere)
{
    for (const auto& [body, ikm] : {std::pair{body1, ikm1}, std::pair{body2, ikm2}})
        for (std::size_t size = 0; size < body.size(); ++size)
            EXPECT_TRUE(decryptAes128Gcm(std::string_view{body}.substr(0, size), ikm).has_error()) << size;
}

TEST(Aes128GcmTest, RefusesABodyWithAnyByteChangedButThoseOfTheKeyId)
{
    constexpr std::size_t keyIdAt = 21;
    for (std::size_t at = 0; at < body2.size(); ++at) {
        std::string changed = body2;
        changed[at] = static_cast<char>(changed[at] ^ 0x40);
        const bool mayDiffer = at >= keyIdAt && at < keyIdAt + 2;
        EXPECT_EQ(decryptAes128Gcm(changed, ikm2).has_value(), mayDiffer) << at;
    }
}

TEST(Aes128GcmTest, RefusesRecordsBehindTheLastOne)
{
    EXPECT_TRUE(decryptAes128Gcm(body1 + "x", ikm1).has_error());
    EXPECT_TRUE(decryptAes128Gcm(body2 + body2.substr(23), ikm2).has_error());
}

TEST(Aes128GcmTest, RefusesRecordsThatHoldNothing)
{
    std::string small = body1;
    small[18] = 0;
    small[19] = 17;
    EXPECT_EQ(decryptAes128Gcm(small, ikm1).error().detail,
              "aes128gcm with records of 17 bytes; the least are 18");
}

}  // namespace
}  // namespace emulator
