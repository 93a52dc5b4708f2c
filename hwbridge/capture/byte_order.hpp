#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace hwbridge {

template <class T>
constexpr T byteSwapped(T value)
{
    static_assert(std::is_unsigned_v<T>);
    if constexpr (sizeof(T) == 2)
        return __builtin_bswap16(value);
    else if constexpr (sizeof(T) == 4)
        return __builtin_bswap32(value);
    else
        return __builtin_bswap64(value);
}

// A number of a capture file, which is in its writer's byte order: `swapped` when that is not this machine's.
template <class T, bool swapped>
T numberAt(const char* at)
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return swapped ? byteSwapped(value) : value;
}

template <class T>
T numberAt(const char* at, bool swapped)
{
    return swapped ? numberAt<T, true>(at) : numberAt<T, false>(at);
}

// Appends a number, lowest byte first.
template <class T>
void appendLittle(std::string& bytes, T value)
{
    if constexpr (std::endian::native == std::endian::big)
        value = byteSwapped(value);
    char octets[sizeof value];
    std::memcpy(octets, &value, sizeof value);
    bytes.append(octets, sizeof value);
}

}  // namespace hwbridge
