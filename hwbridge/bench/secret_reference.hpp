#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hwbridge {

// Where a secret is found. The secret itself never stands in a file that people share, and never in a report.
// Shape:  "env:NAME", an environment variable; "file:PATH", the first line of a file.
struct SecretReference {
    enum class Kind : std::uint8_t { Environment, File };
    Kind kind = Kind::Environment;
    std::string name;  // of the variable, or the path

    // Errors: Malformed; the detail never has the text, which may be a secret that was written out.
    static emulator::Result<SecretReference> parse(std::string_view text);
    std::string text() const;  // as parsed

    // Looks the secret up now. Errors: NotFound for what is not set or cannot be read; Malformed for an empty one;
    // TooLarge beyond 4,096 bytes.
    emulator::Result<std::string> read() const;

    bool operator==(const SecretReference&) const = default;
};

}  // namespace hwbridge
