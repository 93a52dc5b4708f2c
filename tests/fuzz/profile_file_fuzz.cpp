#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "emulator/profile/profile_reading.hpp"
#include "tests/fuzz/target.hpp"

// A file is opened as a phone would: the first byte says with which key. What a phone's key made, it opens again.
FUZZ_TARGET(profile_file)
{
    using namespace emulator;
    constexpr std::string_view phrase = "MyOwnSecret";
    constexpr std::string_view digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    fuzz::Pieces pieces{fuzz::text(data, size)};
    ProfileReading reading;
    switch (pieces.byte() % 4) {
    case 1:
        reading.key = phrase;
        break;
    case 2:
        reading.key = digits;
        break;
    case 3:
        reading.ikm = phrase;
        break;
    default:
        break;
    }
    const std::string_view file = fuzz::text(data, size).substr(size == 0 ? 0 : 1);
    std::string room;
    const Result<std::string_view> opened = openProfile(file, reading, room);
    if (opened.has_value())
        fuzz::require(opened->size() <= maxProfileBytes, "what comes out is bounded");
    else
        fuzz::require(opened.error().detail.find(phrase) == std::string::npos, "no key is told");
    (void)unpackDeflate(file, maxProfileBytes);

    fuzz::require(gunzip(gzip(file), file.size()).value() == file, "gzip there and back");
    fuzz::require(
        decryptSalted(encryptSalted(file, phrase, KeyDigest::Md5, {}), phrase, KeyDigest::Md5).value() ==
            file,
        "AES-256-CBC there and back");
    Aes128GcmHeader header;
    header.recordSize = 18 + static_cast<std::uint32_t>(size % 50);
    fuzz::require(decryptAes128Gcm(encryptAes128Gcm(file, phrase, header), phrase).value() == file,
                  "aes128gcm there and back");
    return 0;
}
