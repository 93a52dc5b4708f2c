#pragma once

#include "scenarios/engine/yaml.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// What is done to a served file before a phone gets it, as the gzip and openssl programs would do it.
struct FileWrap {
    enum class How { Gzip, AesMd5, AesSha256, Aes128Gcm };
    How how = How::Gzip;
    std::string key;  // pass phrase, or input keying material
};

// Shape:  "gzip", {aes: KEY}, {aes: KEY, digest: md5 or sha256}, {aes128gcm: IKM}, or a list of them in the order in
//         which they are done. The digest is md5 unless named: what phones expect.
// Errors: problems of the reader.
std::vector<FileWrap> readWraps(const YamlNode& node, NodeReader& nodes);

// The bytes, wrapped. Salts are always the same: a run gives the same bytes each time, and the files hold no secret.
std::string wrapped(std::string bytes, const std::vector<FileWrap>& wraps);

}  // namespace scenarios
