#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace emulator {

// What OpenSSL wants around one decryption.

struct FreeCipherContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

inline const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* octets(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace emulator
