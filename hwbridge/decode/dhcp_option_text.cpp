#include "hwbridge/decode/dhcp_option_text.hpp"

#include "hwbridge/decode/byte_reader.hpp"

#include <algorithm>
#include <array>

namespace hwbridge {

namespace {

bool isPrintable(std::string_view text)
{
    // Bytes beyond ASCII pass: names of sites and hosts are UTF-8 here and there.
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

// Some servers end texts with a zero, against RFC 2132 section 2.
std::string_view withoutZeros(std::string_view text)
{
    while (text.ends_with('\0'))
        text.remove_suffix(1);
    return text;
}

// Whether the bytes are a row of code, length, value.
bool isSubOptions(std::string_view bytes)
{
    ByteReader reader{bytes};
    while (!reader.empty()) {
        const std::uint8_t code = reader.u8();
        if (code == 255)
            return !reader.failed();
        if (code == 0)
            continue;
        reader.take(reader.u8());
        if (reader.failed())
            return false;
    }
    return !bytes.empty();
}

struct Enterprise {
    std::uint32_t number;
    std::string_view data;
};

bool nextEnterprise(ByteReader& reader, Enterprise& enterprise)
{
    enterprise.number = reader.u32();
    enterprise.data = reader.take(reader.u8());
    return !reader.failed();
}

bool isEnterprises(std::string_view bytes)
{
    ByteReader reader{bytes};
    Enterprise one{};
    while (!reader.empty())
        if (!nextEnterprise(reader, one))
            return false;
    return !bytes.empty();
}

}  // namespace

DhcpOptionForm DhcpOptionText::formOf(std::uint8_t code)
{
    constexpr std::array<std::uint8_t, 33> addresses{1,  3,  4,  5,  6,  7,  8,  9,  10, 11,  16,
                                                     21, 28, 32, 33, 41, 42, 44, 45, 48, 49,  50,
                                                     54, 65, 68, 69, 70, 71, 72, 73, 74, 150, 118};
    constexpr std::array<std::uint8_t, 17> texts{12, 14, 15, 17,  18,  40,  47,  56, 60,
                                                 64, 66, 67, 100, 101, 114, 159, 160};
    constexpr std::array<std::uint8_t, 24> numbers{2,  13, 19, 20, 22, 23, 24, 26, 27, 29, 30, 31,
                                                   34, 35, 36, 37, 38, 39, 46, 51, 52, 53, 57, 58};
    const auto in = [&](const auto& codes) {
        return std::find(codes.begin(), codes.end(), code) != codes.end();
    };
    constexpr std::uint8_t rebindingTime = 59;
    constexpr std::uint8_t autoConfigure = 116;
    if (in(addresses))
        return DhcpOptionForm::Addresses;
    if (in(texts))
        return DhcpOptionForm::Text;
    if (in(numbers) || code == rebindingTime || code == autoConfigure)
        return DhcpOptionForm::Number;
    return DhcpOptionForm::Hex;
}

std::string_view DhcpOptionText::show(DhcpOptionForm form, std::string_view value) const
{
    const bool isText = form == DhcpOptionForm::Text ||
                        (form == DhcpOptionForm::Addresses && value.size() % 4 != 0) ||
                        (form == DhcpOptionForm::SubOptions && !isSubOptions(value));
    if (isText && isPrintable(withoutZeros(value))) {
        const std::string_view text = withoutZeros(value);
        const std::string_view shown = withoutSecrets(text);
        return shown.data() == text.data() ? text : m_texts.copy(shown);
    }
    TextMaker text{m_texts};
    add(text, form, value);
    return text.finish();
}

void DhcpOptionText::add(TextMaker& text, DhcpOptionForm form, std::string_view value) const
{
    switch (form) {
    case DhcpOptionForm::Text:
        addText(text, value);
        return;
    case DhcpOptionForm::Addresses:
        if (value.size() % 4 != 0)
            addText(text, value);
        else
            text.addIpv4List(value, text.empty() ? ' ' : ',');  // blanks separate options
        return;
    case DhcpOptionForm::Number:
        if (value.size() == 1 || value.size() == 2 || value.size() == 4) {
            std::uint32_t number = 0;
            for (const char c : value)
                number = number << 8 | static_cast<unsigned char>(c);
            text.addNumber(number);
            return;
        }
        break;
    case DhcpOptionForm::Codes:
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (i > 0)
                text.add(',');
            text.addNumber(static_cast<unsigned char>(value[i]));
        }
        return;
    case DhcpOptionForm::SubOptions:
        if (!isSubOptions(value))
            break;
        addSubOptions(text, std::nullopt, value);
        return;
    case DhcpOptionForm::Enterprises: {
        if (!isEnterprises(value))
            break;
        ByteReader reader{value};
        Enterprise one{};
        while (!reader.empty() && nextEnterprise(reader, one))
            addSubOptions(text, one.number, one.data);
        return;
    }
    case DhcpOptionForm::Hex:
        break;
    }
    text.addHex(value);
}

void DhcpOptionText::addSubOptions(TextMaker& text, std::optional<std::uint32_t> enterprise,
                                   std::string_view bytes) const
{
    const auto begin = [&] {
        text.addSeparator(" ");
        if (enterprise) {
            text.addNumber(*enterprise);
            text.add(':');
        }
    };
    if (!isSubOptions(bytes)) {
        begin();
        text.addHex(bytes);
        return;
    }
    ByteReader reader{bytes};
    while (!reader.empty()) {
        const std::uint8_t code = reader.u8();
        if (code == 255)
            return;
        if (code == 0)
            continue;
        begin();
        text.addNumber(code);
        text.add('=');
        addText(text, reader.take(reader.u8()));
    }
}

void DhcpOptionText::addText(TextMaker& text, std::string_view value) const
{
    value = withoutZeros(value);
    if (!isPrintable(value)) {
        text.addHex(value);
        return;
    }
    value = withoutSecrets(value);
    if (value.find_first_of(" \"\\") == std::string_view::npos) {
        text.add(value);
        return;
    }
    text.add('"');
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text.add('\\');
        text.add(c);
    }
    text.add('"');
}

}  // namespace hwbridge
