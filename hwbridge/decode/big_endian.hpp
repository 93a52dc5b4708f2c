#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hwbridge {

// Numbers in network byte order. The caller has made sure that `bytes` reaches that far.
inline std::uint8_t u8(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint8_t>(bytes[at]);
}

inline std::uint16_t u16(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint16_t>(u8(bytes, at) << 8 | u8(bytes, at + 1));
}

inline std::uint32_t u24(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(u8(bytes, at)) << 16 | u16(bytes, at + 1);
}

inline std::uint32_t u32(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(u16(bytes, at)) << 16 | u16(bytes, at + 2);
}

}  // namespace hwbridge
