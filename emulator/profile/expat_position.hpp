#pragma once

#include <expat.h>

#include <cstdint>

namespace emulator {

// Where a parser of expat is in its input. Expat 2.9 deprecates the names that older releases have; Debian 12 has 2.5.
struct ExpatPosition {
    std::uint64_t line = 0;    // from 1
    std::uint64_t column = 0;  // in bytes, from 1
};

inline ExpatPosition expatPosition(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
    return {XML_GetCurrentLineNumber64(parser), XML_GetCurrentColumnNumber64(parser) + 1};
#else
    return {XML_GetCurrentLineNumber(parser), XML_GetCurrentColumnNumber(parser) + 1};
#endif
}

// In bytes from the start; negative before anything was parsed.
inline std::int64_t expatByteIndex(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
    return XML_GetCurrentByteIndex64(parser);
#else
    return XML_GetCurrentByteIndex(parser);
#endif
}

}  // namespace emulator
