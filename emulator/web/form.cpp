#include "emulator/web/form.hpp"

#include "emulator/base/hex_digit.hpp"

#include <algorithm>

namespace emulator {

Result<std::string> percentDecoded(std::string_view text, PlusSign plus)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == PlusSign::Space) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 1 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return fail(ErrorKind::Malformed, "'" + std::string{text.substr(i, 3)} +
                                                      "': expected two hexadecimal digits after '%'");
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

Result<FormFields> parseForm(std::string_view body)
{
    if (body.size() > maxFormBytes) {
        return fail(ErrorKind::TooLarge, "the form has " + std::to_string(body.size()) +
                                             " bytes, expected at most " + std::to_string(maxFormBytes));
    }
    FormFields fields;
    while (!body.empty()) {
        const std::size_t end = std::min(body.find('&'), body.size());
        const std::string_view field = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (field.empty())
            continue;
        if (fields.size() == maxFormFields)
            return fail(ErrorKind::TooLarge,
                        "the form has more than " + std::to_string(maxFormFields) + " fields");
        const std::size_t equals = std::min(field.find('='), field.size());
        Result<std::string> name = percentDecoded(field.substr(0, equals), PlusSign::Space);
        if (!name.has_value())
            return fail(name.error());
        if (name.value().empty())
            return fail(ErrorKind::Malformed, "a form field without a name, expected name=value");
        Result<std::string> value =
            percentDecoded(field.substr(std::min(equals + 1, field.size())), PlusSign::Space);
        if (!value.has_value())
            return fail(value.error());
        fields.emplace_back(std::move(name).value(), std::move(value).value());
    }
    return fields;
}

}  // namespace emulator
