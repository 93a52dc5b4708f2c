#include "emulator/base/mac_address.hpp"

#include "emulator/base/hex_digit.hpp"

#include <fmt/format.h>

namespace emulator {

namespace {

std::string print(const MacAddress& mac, const char* digits, bool colons)
{
    std::string text;
    text.reserve(17);
    for (const std::uint8_t octet : mac.octets) {
        if (colons && !text.empty())
            text += ':';
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

}  // namespace

Result<MacAddress> MacAddress::parse(std::string_view text)
{
    const bool colons = text.size() == 17;
    const std::size_t step = colons ? 3 : 2;
    MacAddress mac;
    bool good = colons || text.size() == 12;
    for (std::size_t i = 0; good && i < mac.octets.size(); ++i) {
        const int high = hexDigit(text[i * step]);
        const int low = hexDigit(text[i * step + 1]);
        good = high >= 0 && low >= 0 && (!colons || i == 5 || text[i * 3 + 2] == ':');
        mac.octets[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (!good)
        return fail(
            ErrorKind::Malformed,
            fmt::format("'{}' is not a MAC address; expected 000e08aabbcc or 00:0e:08:aa:bb:cc", text));
    return mac;
}

std::string MacAddress::plain() const
{
    return print(*this, "0123456789abcdef", false);
}

std::string MacAddress::upper() const
{
    return print(*this, "0123456789ABCDEF", false);
}

std::string MacAddress::colons() const
{
    return print(*this, "0123456789abcdef", true);
}

std::uint64_t MacAddress::number() const
{
    std::uint64_t value = 0;
    for (const std::uint8_t octet : octets)
        value = value << 8 | octet;
    return value;
}

MacAddress MacAddress::plus(std::uint64_t steps) const
{
    std::uint64_t value = number() + steps;
    MacAddress result;
    for (std::size_t i = result.octets.size(); i-- > 0; value >>= 8)
        result.octets[i] = static_cast<std::uint8_t>(value);
    return result;
}

}  // namespace emulator
