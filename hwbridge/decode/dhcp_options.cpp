#include "hwbridge/decode/dhcp_options.hpp"

namespace hwbridge {

namespace {

constexpr std::uint8_t pad = 0;
constexpr std::uint8_t overload = 52;
constexpr std::uint8_t endOption = 255;

// Calls with code and value of each option of a field that was found to be whole; stops at its end option.
template <class See>
void eachOption(std::string_view area, See&& see)
{
    std::size_t at = 0;
    while (at < area.size()) {
        const auto code = static_cast<std::uint8_t>(area[at++]);
        if (code == pad)
            continue;
        if (code == endOption || at == area.size())
            return;
        const auto length = static_cast<std::uint8_t>(area[at++]);
        see(code, area.substr(at, length));
        at += length;
    }
}

}  // namespace

std::string_view DhcpOptions::value(std::uint8_t code) const
{
    return has(code) ? m_values[m_place[code] - 1u] : std::string_view{};
}

std::optional<std::string_view> DhcpOptions::readArea(std::string_view area, std::string_view name,
                                                      TextArena& texts)
{
    std::size_t at = 0;
    while (at < area.size()) {
        const auto code = static_cast<std::uint8_t>(area[at++]);
        if (code == pad)
            continue;
        if (code == endOption) {
            m_ended = true;
            return std::nullopt;
        }
        if (at == area.size())
            return texts.format("the code of option {} at the end of {}; expected a length behind it", code,
                                name);
        const auto length = static_cast<std::uint8_t>(area[at++]);
        if (length > area.size() - at)
            return texts.format(
                "an option {} in {} that says {} bytes; expected at most the {} that are there", code, name,
                length, area.size() - at);
        if (has(code)) {
            m_split[code] = true;
            m_anySplit = true;
        } else {
            m_codes[m_count] = static_cast<char>(code);
            m_values[m_count] = area.substr(at, length);
            m_place[code] = static_cast<std::uint8_t>(++m_count);
        }
        at += length;
    }
    return std::nullopt;
}

void DhcpOptions::join(std::uint8_t code, TextArena& texts)
{
    TextMaker joined{texts};
    const auto add = [&](std::uint8_t one, std::string_view part) {
        if (one == code)
            joined.add(part);
    };
    eachOption(m_fields.options, add);
    if (fileIsOptions())
        eachOption(m_fields.file, add);
    if (snameIsOptions())
        eachOption(m_fields.sname, add);
    m_values[m_place[code] - 1u] = joined.finish();
}

std::optional<std::string_view> DhcpOptions::read(const Fields& fields, TextArena& texts)
{
    m_fields = fields;
    if (const auto wrong = readArea(fields.options, "the options", texts))
        return wrong;
    if (const std::string_view value = this->value(overload); has(overload)) {
        if (value.size() != 1 || value[0] < 1 || value[0] > 3)
            return texts.format("an option 52 of neither 1, 2 nor 3");
        m_overload = static_cast<std::uint8_t>(value[0]);
    }
    if (fileIsOptions())
        if (const auto wrong = readArea(fields.file, "the file field", texts))
            return wrong;
    if (snameIsOptions())
        if (const auto wrong = readArea(fields.sname, "the sname field", texts))
            return wrong;
    if (m_anySplit)
        for (const char code : codes())
            if (m_split[static_cast<std::uint8_t>(code)])
                join(static_cast<std::uint8_t>(code), texts);
    return std::nullopt;
}

}  // namespace hwbridge
