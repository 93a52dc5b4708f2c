#include "hwbridge/drive/form_encoding.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace hwbridge {

namespace {

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void appendPercent(std::string& out, char c)
{
    fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
}

void appendEncoded(std::string& out, std::string_view text)
{
    constexpr std::string_view plain = "*-._";
    for (const char c : text) {
        if (isLetterOrDigit(c) || plain.find(c) != std::string_view::npos)
            out += c;
        else if (c == ' ')
            out += '+';
        else
            appendPercent(out, c);
    }
}

void appendField(std::string& out, std::string_view name, std::string_view value)
{
    if (!out.empty())
        out += '&';
    appendEncoded(out, name);
    out += '=';
    appendEncoded(out, value);
}

// Line ends of any kind as CR LF.
std::string withNetworkLines(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r' && text[i] != '\n') {
            out += text[i];
            continue;
        }
        out += "\r\n";
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            ++i;
    }
    return out;
}

}  // namespace

std::string encodedForm(const HtmlForm& form)
{
    std::string body;
    bool pressed = false;
    for (const HtmlField& field : form.fields) {
        const bool submits =
            field.kind == FieldKind::Submit && !field.disabled && !std::exchange(pressed, true);
        if (field.name.empty() || field.disabled)
            continue;
        switch (field.kind) {
        case FieldKind::Submit:
            if (submits)
                appendField(body, field.name, field.value);
            break;
        case FieldKind::Checkbox:
            if (field.checked)
                appendField(body, field.name, field.value);
            break;
        case FieldKind::Select:
        case FieldKind::Radio:
            if (const FieldChoice* const choice = field.chosen(); choice != nullptr)
                appendField(body, field.name, choice->value);
            break;
        case FieldKind::TextArea:
            appendField(body, field.name, withNetworkLines(field.value));
            break;
        case FieldKind::Text:
        case FieldKind::Password:
        case FieldKind::Hidden:
            appendField(body, field.name, field.value);
            break;
        }
    }
    return body;
}

std::string encodedQuery(std::string_view text)
{
    constexpr std::string_view plain = "-._~:/?@!$'()*,;=";
    std::string out;
    for (const char c : text) {
        if (isLetterOrDigit(c) || plain.find(c) != std::string_view::npos)
            out += c;
        else
            appendPercent(out, c);
    }
    return out;
}

}  // namespace hwbridge
