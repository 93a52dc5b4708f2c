#include "scenarios/engine/file_wrap.hpp"

#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"

#include <optional>

namespace scenarios {

namespace {

using emulator::KeyDigest;

constexpr std::string_view wrapExpected = "gzip, {aes: KEY} or {aes128gcm: IKM}, or a list of them";
constexpr emulator::Salt salt{'p', 'h', 'o', 'n', 'e', 'r', 'i', 'g'};
constexpr std::array<unsigned char, 16> longSalt{'p', 'h', 'o', 'n', 'e', 'r', 'i', 'g',
                                                 's', 'c', 'e', 'n', 'a', 'r', 'i', 'o'};

std::optional<FileWrap> readWrap(const YamlNode& node, NodeReader& nodes)
{
    if (node.kind == YamlNode::Kind::Scalar && node.text == "gzip")
        return FileWrap{};
    const YamlNode* const aes = NodeReader::value(node, "aes");
    const YamlNode* const gcm = NodeReader::value(node, "aes128gcm");
    if (node.kind != YamlNode::Kind::Map || (aes == nullptr) == (gcm == nullptr)) {
        nodes.problem(node, wrapExpected);
        return std::nullopt;
    }
    FileWrap wrap;
    if (gcm != nullptr) {
        nodes.checkKeys(node, {"aes128gcm"});
        wrap.how = FileWrap::How::Aes128Gcm;
        wrap.key = nodes.text(*gcm, "the input keying material").value_or("");
        return wrap;
    }
    nodes.checkKeys(node, {"aes", "digest"});
    wrap.how = FileWrap::How::AesMd5;
    wrap.key = nodes.text(*aes, "a pass phrase").value_or("");
    if (const YamlNode* const digest = NodeReader::value(node, "digest")) {
        if (digest->text == "sha256")
            wrap.how = FileWrap::How::AesSha256;
        else if (digest->text != "md5")
            nodes.problem(*digest, "md5 or sha256", {"md5", "sha256"});
    }
    return wrap;
}

}  // namespace

std::vector<FileWrap> readWraps(const YamlNode& node, NodeReader& nodes)
{
    std::vector<FileWrap> wraps;
    const auto add = [&](const YamlNode& one) {
        if (std::optional<FileWrap> wrap = readWrap(one, nodes))
            wraps.push_back(*std::move(wrap));
    };
    if (node.kind == YamlNode::Kind::List)
        for (const YamlNode& item : node.items)
            add(item);
    else
        add(node);
    return wraps;
}

std::string wrapped(std::string bytes, const std::vector<FileWrap>& wraps)
{
    for (const FileWrap& wrap : wraps) {
        switch (wrap.how) {
        case FileWrap::How::Gzip:
            bytes = emulator::gzip(bytes);
            break;
        case FileWrap::How::AesMd5:
            bytes = emulator::encryptSalted(bytes, wrap.key, KeyDigest::Md5, salt);
            break;
        case FileWrap::How::AesSha256:
            bytes = emulator::encryptSalted(bytes, wrap.key, KeyDigest::Sha256, salt);
            break;
        case FileWrap::How::Aes128Gcm:
            bytes = emulator::encryptAes128Gcm(bytes, wrap.key, {.salt = longSalt});
            break;
        }
    }
    return bytes;
}

}  // namespace scenarios
