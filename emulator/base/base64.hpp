#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// Bytes as letters, as HTTP's Basic credentials and RFC 8188 keys carry them.
// Source: RFC 4648 section 4; decoding also takes the letters of section 5 (base64url), and '=' or none at the end.
std::string base64(std::string_view bytes);

// Nothing: the text is no base64.
std::optional<std::string> base64Decoded(std::string_view text);

}  // namespace emulator
