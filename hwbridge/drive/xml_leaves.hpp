#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

struct XmlLeaf {
    std::string name;
    std::string value;  // trimmed
};

// Limits of what is read from outside. Our choices: a phone's export has 100 kB and 1,500 elements.
inline constexpr std::size_t maxXmlBytes = 4u << 20;
inline constexpr std::size_t maxXmlLeaves = 65536;

// The elements that hold no others, in the order of the file: what cfg.xml and status.xml are made of, whatever stands
// around them.
// Errors: TooLarge; Corrupt: not well-formed, a document type declaration, more than 64 levels.
emulator::Result<std::vector<XmlLeaf>> readXmlLeaves(std::string_view bytes);

}  // namespace hwbridge
