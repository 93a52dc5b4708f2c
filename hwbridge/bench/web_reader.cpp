#include "hwbridge/bench/web_reader.hpp"

#include "emulator/base/ascii.hpp"
#include "hwbridge/bench/inventory_nodes.hpp"

#include <algorithm>
#include <vector>

namespace hwbridge {

namespace {

constexpr std::uint16_t httpPort = 80;
constexpr std::uint16_t httpsPort = 443;
constexpr std::size_t fingerprintDigits = 64;  // of SHA-256
constexpr std::string_view filePrefix = "file:";
constexpr std::string_view pinPrefix = "sha256:";

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isFingerprint(std::string_view text)
{
    const auto isColon = [](char c) { return c == ':'; };
    const auto colons = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), isColon));
    return text.size() - colons == fingerprintDigits &&
           std::all_of(text.begin(), text.end(), [&](char c) { return isColon(c) || isHexDigit(c); });
}

CertificatePolicy certificatePolicy(NodeReader& nodes, const YamlNode& node)
{
    constexpr std::string_view expected =
        "sha256: with the 64 digits of the certificate's fingerprint, file:PATH of a PEM file, or any";
    const std::string_view text = node.kind == YamlNode::Kind::Scalar ? node.text : std::string_view{};
    if (text == "any")
        return {.kind = CertificatePolicy::Kind::Any};
    if (text.starts_with(pinPrefix) && isFingerprint(text.substr(pinPrefix.size())))
        return {.kind = CertificatePolicy::Kind::Pinned,
                .fingerprint = std::string{text.substr(pinPrefix.size())}};
    if (text.starts_with(filePrefix) && text.size() > filePrefix.size() && !emulator::hasControl(text))
        return {.authorities = besideFile(nodes, text.substr(filePrefix.size()))};
    nodes.problem(node, expected, {"any", filePrefix, pinPrefix});
    return {};
}

}  // namespace

WebSettings readWeb(NodeReader& nodes, const YamlNode& node)
{
    WebSettings web;
    if (!nodes.isMap(node, "a map such as {user: admin, password: env:PHONE_PASSWORD}"))
        return web;
    nodes.checkKeys(node, {"protocol", "port", "certificate", "user", "password"});
    if (const YamlNode* const protocol = NodeReader::value(node, "protocol")) {
        web.https = protocol->text == "https";
        if (protocol->kind != YamlNode::Kind::Scalar || (!web.https && protocol->text != "http"))
            nodes.problem(*protocol, "http or https", {"http", "https"});
    }
    web.port = web.https ? httpsPort : httpPort;
    if (const YamlNode* const port = NodeReader::value(node, "port"))
        web.port = static_cast<std::uint16_t>(nodes.number(*port, 1, 65535).value_or(web.port));
    if (const YamlNode* const certificate = NodeReader::value(node, "certificate"))
        web.certificates = certificatePolicy(nodes, *certificate);
    if (const YamlNode* const user = NodeReader::value(node, "user"))
        web.user = readWord(nodes, *user, "the name to log in with: admin or user");
    if (const YamlNode* const password = NodeReader::value(node, "password"))
        web.password = readSecret(nodes, *password);
    return web;
}

}  // namespace hwbridge
