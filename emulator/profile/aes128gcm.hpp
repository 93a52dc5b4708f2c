#pragma once

#include "emulator/base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// HTTP bodies with "Content-Encoding: aes128gcm", encrypted with a key derived from input keying material (IKM).
// Source: RFC 8188.

// Shape:  salt (16 bytes), record size (4, at least 18), length of the key id (1), key id (not looked at: a phone has
//         one IKM), then records of that size, the last one may be shorter: AES-128-GCM over data, a delimiter
//         (1, in the last record 2) and zeros.
// Errors: Corrupt for anything else: another IKM, changed, cut, reordered or added bytes.
Result<std::string> decryptAes128Gcm(std::string_view body, std::string_view ikm);

using Aes128GcmSalt = std::array<unsigned char, 16>;
struct Aes128GcmHeader {
    Aes128GcmSalt salt{};             // never twice with one IKM
    std::uint32_t recordSize = 4096;  // at least 18
    std::string_view keyId{};         // at most 255 bytes
};
std::string encryptAes128Gcm(std::string_view plain, std::string_view ikm, const Aes128GcmHeader& header);

// The keying materials that an IKM_HTTP_Encrypt_Content may mean, at least one: the bytes it stands for in base64 or
// base64url, where it is that, then the text itself. The guides do not say which; a file's tag tells, and who
// encrypts takes the first (our choice).
std::vector<std::string> keyingMaterials(std::string_view ikm);

}  // namespace emulator
