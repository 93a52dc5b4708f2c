#include "emulator/profile/openssl_enc.hpp"

#include "emulator/profile/cipher_context.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace emulator {

namespace {

constexpr std::size_t blockBytes = 16;
constexpr std::string_view mark = "Salted__";

struct KeyAndIv {
    AesKey key{};
    std::array<unsigned char, blockBytes> iv{};

    KeyAndIv() = default;
    KeyAndIv(const KeyAndIv&) = delete;
    KeyAndIv& operator=(const KeyAndIv&) = delete;
    ~KeyAndIv() { OPENSSL_cleanse(this, sizeof *this); }
};

// False: this OpenSSL does not do the digest, as MD5 where only FIPS is allowed.
bool derive(KeyAndIv& to, std::string_view passphrase, KeyDigest digest, const unsigned char* salt)
{
    const EVP_MD* const md = digest == KeyDigest::Md5 ? EVP_md5() : EVP_sha256();
    constexpr int rounds = 1;
    return EVP_BytesToKey(EVP_aes_256_cbc(), md, salt, octets(passphrase),
                          static_cast<int>(passphrase.size()), rounds, to.key.data(), to.iv.data()) > 0;
}

Result<std::string> decrypt(std::string_view blocks, const KeyAndIv& with)
{
    if (blocks.empty() || blocks.size() % blockBytes != 0)
        return fail(ErrorKind::Corrupt, fmt::format("encrypted, and {} bytes long; whole blocks of {} were "
                                                    "expected: it is cut off",
                                                    blocks.size(), blockBytes));
    const CipherContext context{EVP_CIPHER_CTX_new()};
    std::string plain(blocks.size() + blockBytes, '\0');
    int body = 0;
    int end = 0;
    const bool good =
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, with.key.data(), with.iv.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), octets(plain), &body, octets(blocks),
                          static_cast<int>(blocks.size())) == 1 &&
        EVP_DecryptFinal_ex(context.get(), octets(plain) + body, &end) == 1;
    if (!good)
        return fail(ErrorKind::Corrupt, "encrypted with another key, or damaged");
    plain.resize(static_cast<std::size_t>(body) + static_cast<std::size_t>(end));
    return plain;
}

void encryptInto(std::string& out, std::string_view plain, const KeyAndIv& with)
{
    const CipherContext context{EVP_CIPHER_CTX_new()};
    const std::size_t from = out.size();
    out.resize(from + plain.size() + blockBytes);
    int body = 0;
    int end = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, with.key.data(), with.iv.data());
    EVP_EncryptUpdate(context.get(), octets(out) + from, &body, octets(plain),
                      static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context.get(), octets(out) + from + body, &end);
    out.resize(from + static_cast<std::size_t>(body) + static_cast<std::size_t>(end));
}

}  // namespace

Result<std::string> decryptSalted(std::string_view file, std::string_view passphrase, KeyDigest digest)
{
    const std::size_t front = mark.size() + Salt{}.size();
    if (!isSalted(file) || file.size() < front)
        return fail(ErrorKind::Corrupt, "no Salted__ header; expected a file that openssl enc made");
    KeyAndIv with;
    if (!derive(with, passphrase, digest, octets(file) + mark.size()))
        return fail(ErrorKind::Unsupported, "OpenSSL refuses the digest of the key");
    return decrypt(file.substr(front), with);
}

std::string encryptSalted(std::string_view plain, std::string_view passphrase, KeyDigest digest,
                          const Salt& salt)
{
    KeyAndIv with;
    if (!derive(with, passphrase, digest, salt.data()))
        return {};
    std::string out{mark};
    out.append(salt.begin(), salt.end());
    encryptInto(out, plain, with);
    return out;
}

std::optional<AesKey> hexKey(std::string_view text)
{
    AesKey key{};
    if (text.size() != 2 * key.size())
        return std::nullopt;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const char* const digits = text.data() + 2 * i;
        const auto [end, error] = std::from_chars(digits, digits + 2, key[i], 16);
        if (error != std::errc{} || end != digits + 2)
            return std::nullopt;
    }
    return key;
}

Result<std::string> decryptHeaderless(std::string_view file, const AesKey& key)
{
    KeyAndIv with;
    with.key = key;
    return decrypt(file, with);
}

std::string encryptHeaderless(std::string_view plain, const AesKey& key)
{
    KeyAndIv with;
    with.key = key;
    std::string out;
    encryptInto(out, plain, with);
    return out;
}

}  // namespace emulator
