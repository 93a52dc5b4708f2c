#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

// Compressed files and bodies. Unpacking stops at `most` bytes, however much more there would be.
// Errors: Corrupt for what does not follow its format to the last byte, is cut off, fails its checksum or holds more.

// The content of a gzip file (RFC 1952): its members one behind the other, each with header, CRC and length, and
// nothing after the last. Raw deflate and zlib streams have no gzip header and are refused (PROF-GZIP-HEADER).
Result<std::string> gunzip(std::string_view file, std::size_t most);
inline bool isGzip(std::string_view file)
{
    return file.starts_with("\x1F\x8B");
}

// The content of an HTTP body with "Content-Encoding: deflate": a zlib stream (RFC 9110 section 8.4.1.2), or the raw
// deflate stream that some servers send instead.
Result<std::string> unpackDeflate(std::string_view body, std::size_t most);

// As the gzip program makes it, without name and time, so that the same bytes give the same file.
std::string gzip(std::string_view bytes);

}  // namespace emulator
