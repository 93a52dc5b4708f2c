#pragma once

#include "emulator/base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// Files as `openssl enc -aes-256-cbc` makes them.

// How a pass phrase becomes the key: what `openssl enc` calls -md. MD5 was its default up to 1.0, SHA-256 since.
enum class KeyDigest : std::uint8_t { Md5, Sha256 };

using Salt = std::array<unsigned char, 8>;

inline bool isSalted(std::string_view file)
{
    return file.starts_with("Salted__");
}

// `openssl enc -aes-256-cbc -k PASSPHRASE -md DIGEST`.
// Shape:  "Salted__", 8 bytes of salt, then whole blocks of 16 bytes in CBC mode with PKCS #7 padding; key and IV are
//         derived from pass phrase and salt by one round of EVP_BytesToKey.
// Errors: Corrupt for another beginning, no whole blocks, or padding that does not come out: the pass phrase is
//         wrong, or the file is damaged or cut. One wrong pass phrase in 256 shows only by what comes out.
// Source: enc(1) of OpenSSL; PROF-AES-OPENSSL.
Result<std::string> decryptSalted(std::string_view file, std::string_view passphrase, KeyDigest digest);
std::string encryptSalted(std::string_view plain, std::string_view passphrase, KeyDigest digest,
                          const Salt& salt);

// A key that is given itself, as with `openssl enc -aes-256-cbc -K KEY -iv 0`.
using AesKey = std::array<unsigned char, 32>;
std::optional<AesKey> hexKey(std::string_view text);  // nothing: it is not 64 hexadecimal digits

// The blocks alone, IV of zeros: the file has no place for another, and no header. Errors: as decryptSalted.
Result<std::string> decryptHeaderless(std::string_view file, const AesKey& key);
std::string encryptHeaderless(std::string_view plain, const AesKey& key);

}  // namespace emulator
