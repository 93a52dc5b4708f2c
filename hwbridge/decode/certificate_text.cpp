#include "hwbridge/decode/tls_message.hpp"

#include "emulator/base/ip_address.hpp"
#include "emulator/protocol/printable.hpp"
#include "hwbridge/decode/big_endian.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace hwbridge {

namespace {

constexpr std::size_t longestText = 1024;  // of a name, as it is shown

struct Free {
    void operator()(X509* one) const { X509_free(one); }
    void operator()(BIO* one) const { BIO_free(one); }
    void operator()(BIGNUM* one) const { BN_free(one); }
    void operator()(GENERAL_NAMES* one) const { GENERAL_NAMES_free(one); }
    void operator()(char* one) const { OPENSSL_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string nameText(const X509_NAME* name)
{
    const Owned<BIO> bio{BIO_new(BIO_s_mem())};
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0)
        return {};
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    return length > 0 ? emulator::printable({data, static_cast<std::size_t>(length)}, longestText)
                      : std::string{};
}

std::string serialText(const ASN1_INTEGER* serial)
{
    const Owned<BIGNUM> number{ASN1_INTEGER_to_BN(serial, nullptr)};
    const Owned<char> digits{number ? BN_bn2hex(number.get()) : nullptr};
    std::string text = digits ? std::string{digits.get()}.substr(0, longestText) : std::string{};
    for (char& c : text)
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c;
    return text;
}

std::string timeText(const ASN1_TIME* time)
{
    std::tm at{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &at) != 1)
        return {};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                       at.tm_hour, at.tm_min, at.tm_sec);
}

std::string_view stringOf(const ASN1_STRING* text)
{
    const int length = ASN1_STRING_length(text);
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            length > 0 ? static_cast<std::size_t>(length) : 0};
}

std::string alternative(const GENERAL_NAME* name)
{
    constexpr std::size_t longest = 255;
    switch (name->type) {
    case GEN_DNS:
        return "DNS:" + emulator::printable(stringOf(name->d.dNSName), longest);
    case GEN_EMAIL:
        return "email:" + emulator::printable(stringOf(name->d.rfc822Name), longest);
    case GEN_URI:
        return "URI:" + emulator::printable(stringOf(name->d.uniformResourceIdentifier), longest);
    case GEN_IPADD: {
        const std::string_view bytes = stringOf(name->d.iPAddress);
        return bytes.size() == 4 ? "IP:" + emulator::IpAddress{u32(bytes, 0)}.text() : "IP";
    }
    default:
        return fmt::format("type {}", name->type);
    }
}

std::string alternativeNames(const X509* certificate)
{
    const Owned<GENERAL_NAMES> names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    std::string text;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && text.size() < longestText; ++i) {
        if (!text.empty())
            text += ' ';
        text += alternative(sk_GENERAL_NAME_value(names.get(), i));
    }
    return text;
}

}  // namespace

Fault readCertificate(CertificateText& text, std::string_view der)
{
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const Owned<X509> certificate{d2i_X509(nullptr, &bytes, static_cast<long>(der.size()))};
    if (!certificate) {
        ERR_clear_error();
        return "tls: found a certificate that is no X.509 certificate";
    }
    text.subject = nameText(X509_get_subject_name(certificate.get()));
    text.issuer = nameText(X509_get_issuer_name(certificate.get()));
    text.serial = serialText(X509_get0_serialNumber(certificate.get()));
    text.notBefore = timeText(X509_get0_notBefore(certificate.get()));
    text.notAfter = timeText(X509_get0_notAfter(certificate.get()));
    text.names = alternativeNames(certificate.get());
    ERR_clear_error();
    return {};
}

}  // namespace hwbridge
