#include "hwbridge/decode/tls_message.hpp"

#include "tests/fuzz/target.hpp"

// The body of one handshake message. Shape: its type (1 ClientHello, 2 ServerHello, 11 Certificate, else one DER
// certificate), then the body.
FUZZ_TARGET(tls_message)
{
    using namespace hwbridge;
    fuzz::Pieces input{fuzz::text(data, size)};
    const std::uint8_t type = input.byte();
    const std::string_view body = fuzz::text(data, size).substr(size > 0 ? 1 : 0);
    CertificateText text;
    std::vector<std::string_view> certificates;
    TlsClientHello client;
    TlsServerHello server;
    switch (type) {
    case 1:
        if (readClientHello(client, body).empty())
            fuzz::require(client.ciphers.size() <= 5 * body.size(), "cipher suites come from the message");
        break;
    case 2:
        readServerHello(server, body);
        break;
    case 11:
        if (readCertificates(certificates, body).empty())
            for (const std::string_view der : certificates)
                readCertificate(text, der);
        break;
    default:
        readCertificate(text, body);
        break;
    }
    return 0;
}
