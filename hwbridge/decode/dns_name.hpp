#pragma once

#include "hwbridge/decode/text_arena.hpp"

#include <cstddef>
#include <string_view>

namespace hwbridge {

// Reads the name at `at` of a DNS message and moves `at` behind it. Adds it to `text` when that is given.
// False: it leaves the message, is longer than 255 bytes, or is compressed by a pointer that does not lead back.
// `at` is never beyond the message.
bool readDnsName(std::string_view message, std::size_t& at, TextMaker* text);

}  // namespace hwbridge
