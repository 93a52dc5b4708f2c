#include "emulator/profile/aes128gcm.hpp"

#include "emulator/base/base64.hpp"
#include "emulator/profile/cipher_context.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cassert>

namespace emulator {

namespace {

constexpr std::size_t saltBytes = 16;
constexpr std::size_t sizeBytes = 4;
constexpr std::size_t fixedHeader = saltBytes + sizeBytes + 1;
constexpr std::size_t tagBytes = 16;
constexpr std::size_t nonceBytes = 12;
constexpr std::size_t keyBytes = 16;
constexpr std::uint32_t smallestRecord = tagBytes + 2;
constexpr char moreFollow = 1;
constexpr char lastOne = 2;

using Hash = std::array<unsigned char, 32>;

Hash hmac(const unsigned char* key, std::size_t keySize, std::string_view text)
{
    Hash hash{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key, static_cast<int>(keySize), octets(text), text.size(), hash.data(), &size);
    return hash;
}

// Key and nonce base of one message: HKDF of RFC 5869, whose output here is one block (RFC 8188 section 2.2 and 2.3).
struct Keys {
    std::array<unsigned char, keyBytes> key{};
    std::array<unsigned char, nonceBytes> base{};

    Keys(const unsigned char* salt, std::string_view ikm)
    {
        using namespace std::string_view_literals;
        Hash prk = hmac(salt, saltBytes, ikm);
        Hash whole = hmac(prk.data(), prk.size(), "Content-Encoding: aes128gcm\0\1"sv);
        std::copy_n(whole.begin(), key.size(), key.begin());
        whole = hmac(prk.data(), prk.size(), "Content-Encoding: nonce\0\1"sv);
        std::copy_n(whole.begin(), base.size(), base.begin());
        OPENSSL_cleanse(prk.data(), prk.size());
        OPENSSL_cleanse(whole.data(), whole.size());
    }
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
    ~Keys() { OPENSSL_cleanse(this, sizeof *this); }

    std::array<unsigned char, nonceBytes> nonce(std::uint64_t record) const
    {
        std::array<unsigned char, nonceBytes> nonce = base;
        for (std::size_t i = 0; i < sizeof record; ++i)
            nonce[nonceBytes - 1 - i] ^= static_cast<unsigned char>(record >> (8 * i));
        return nonce;
    }
};

// Appends what the record holds, with its delimiter and padding. False: the tag does not fit.
bool openRecord(EVP_CIPHER_CTX* context, const Keys& keys, std::uint64_t number, std::string_view record,
                std::string& out)
{
    const std::string_view sealed = record.substr(0, record.size() - tagBytes);
    std::string tag{record.substr(sealed.size())};
    const std::size_t from = out.size();
    out.resize(from + sealed.size());
    int size = 0;
    int end = 0;
    auto* const to = reinterpret_cast<unsigned char*>(out.data() + from);
    return EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, keys.nonce(number).data()) == 1 &&
           EVP_DecryptUpdate(context, to, &size, octets(sealed), static_cast<int>(sealed.size())) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tagBytes), tag.data()) == 1 &&
           EVP_DecryptFinal_ex(context, to + size, &end) == 1;
}

}  // namespace

Result<std::string> decryptAes128Gcm(std::string_view body, std::string_view ikm)
{
    if (body.size() < fixedHeader)
        return fail(ErrorKind::Corrupt,
                    fmt::format("aes128gcm of {} bytes; its header alone has {}", body.size(), fixedHeader));
    std::uint32_t recordSize = 0;
    for (std::size_t i = 0; i < sizeBytes; ++i)
        recordSize = recordSize << 8 | octets(body)[saltBytes + i];
    const std::size_t keyIdSize = octets(body)[fixedHeader - 1];
    if (recordSize < smallestRecord)
        return fail(ErrorKind::Corrupt, fmt::format("aes128gcm with records of {} bytes; the least are {}",
                                                    recordSize, smallestRecord));
    if (body.size() < fixedHeader + keyIdSize)
        return fail(ErrorKind::Corrupt, "aes128gcm, cut off in its key id");
    const Keys keys{octets(body), ikm};
    const CipherContext context{EVP_CIPHER_CTX_new()};
    EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nullptr);
    std::string_view rest = body.substr(fixedHeader + keyIdSize);
    std::string plain;
    plain.reserve(rest.size());
    for (std::uint64_t number = 0;; ++number) {
        const std::string_view record = rest.substr(0, recordSize);
        rest.remove_prefix(record.size());
        if (record.size() < smallestRecord - 1)
            return fail(ErrorKind::Corrupt, "aes128gcm, cut off");
        const std::size_t from = plain.size();
        if (!openRecord(context.get(), keys, number, record, plain))
            return fail(ErrorKind::Corrupt, "aes128gcm with another key, or damaged");
        const std::size_t delimiter = plain.find_last_not_of('\0');
        if (delimiter == std::string::npos || delimiter < from ||
            plain[delimiter] != (rest.empty() ? lastOne : moreFollow))
            return fail(ErrorKind::Corrupt,
                        "aes128gcm, cut off between two records or with more behind the last");
        plain.resize(delimiter);
        if (rest.empty())
            return plain;
    }
}

std::string encryptAes128Gcm(std::string_view plain, std::string_view ikm, const Aes128GcmHeader& header)
{
    assert(header.recordSize >= smallestRecord && header.keyId.size() <= 255);
    std::string out{header.salt.begin(), header.salt.end()};
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(header.recordSize >> shift & 0xffu);
    out += static_cast<char>(header.keyId.size());
    out += header.keyId;
    const Keys keys{header.salt.data(), ikm};
    const CipherContext context{EVP_CIPHER_CTX_new()};
    EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nullptr);
    const std::size_t room = header.recordSize - tagBytes - 1;
    for (std::uint64_t number = 0;; ++number) {
        std::string text{plain.substr(0, room)};
        plain.remove_prefix(text.size());
        text += plain.empty() ? lastOne : moreFollow;
        const std::size_t from = out.size();
        out.resize(from + text.size() + tagBytes);
        auto* const to = reinterpret_cast<unsigned char*>(out.data() + from);
        int size = 0;
        int end = 0;
        EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, keys.nonce(number).data());
        EVP_EncryptUpdate(context.get(), to, &size, octets(text), static_cast<int>(text.size()));
        EVP_EncryptFinal_ex(context.get(), to + size, &end);
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tagBytes),
                            to + text.size());
        if (plain.empty())
            return out;
    }
}

std::vector<std::string> keyingMaterials(std::string_view ikm)
{
    std::vector<std::string> materials;
    if (std::optional<std::string> bytes = base64Decoded(ikm); bytes && !bytes->empty())
        materials.push_back(*std::move(bytes));
    materials.emplace_back(ikm);
    return materials;
}

}  // namespace emulator
