#include "hwbridge/bench/json_fields.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/nearest_word.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hwbridge {

namespace json = boost::json;
using emulator::ErrorKind;
using emulator::Result;

Result<json::object> JsonFields::parse(std::string_view line)
{
    boost::system::error_code failed;
    json::value value = json::parse(line, failed);
    if (failed)
        return emulator::fail(
            ErrorKind::Malformed,
            fmt::format("found no JSON ({}), expected an object on a line of its own", failed.message()));
    if (!value.is_object())
        return emulator::fail(ErrorKind::Malformed, "found JSON that is no object, expected one");
    return std::move(value.get_object());
}

const json::value* JsonFields::take(std::string_view key)
{
    m_taken.push_back(key);
    return m_error ? nullptr : m_object.if_contains(key);
}

void JsonFields::wrong(std::string_view key, std::string_view expected)
{
    if (!m_error)
        m_error = emulator::fail(ErrorKind::Malformed, fmt::format("\"{}\": expected {}", key, expected));
}

std::string JsonFields::text(std::string_view key, std::size_t longest)
{
    std::string text = anyText(key, longest);
    if (emulator::hasControl(text))
        wrong(key, "a text without control characters");
    return text;
}

std::string JsonFields::requiredText(std::string_view key, std::size_t longest)
{
    std::string text = this->text(key, longest);
    if (text.empty())
        wrong(key, "a text");
    return text;
}

std::string JsonFields::anyText(std::string_view key, std::size_t longest)
{
    const json::value* const value = take(key);
    if (value == nullptr)
        return {};
    if (!value->is_string() || value->get_string().size() > longest) {
        wrong(key, fmt::format("a text of at most {} bytes", longest));
        return {};
    }
    return std::string{value->get_string()};
}

std::uint64_t JsonFields::number(std::string_view key, std::uint64_t least, std::uint64_t most)
{
    const json::value* const value = take(key);
    boost::system::error_code failed =
        boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    const std::uint64_t number =
        value != nullptr && value->is_number() ? value->to_number<std::uint64_t>(failed) : 0;
    if (!failed && number >= least && number <= most)
        return number;
    wrong(key, fmt::format("a whole number from {} to {}", least, most));
    return least;
}

std::optional<double> JsonFields::seconds(std::string_view key)
{
    const json::value* const value = take(key);
    if (value == nullptr)
        return std::nullopt;
    boost::system::error_code failed =
        boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    const double seconds = value->is_number() ? value->to_number<double>(failed) : 0;
    constexpr double most = 1e8;  // three years
    if (!failed && seconds > 0 && seconds <= most)
        return seconds;
    wrong(key, "a number of seconds above 0");
    return std::nullopt;
}

bool JsonFields::flag(std::string_view key)
{
    const json::value* const value = take(key);
    if (value == nullptr)
        return false;
    if (!value->is_bool())
        wrong(key, "true or false");
    return value->is_bool() && value->get_bool();
}

const json::array* JsonFields::list(std::string_view key, std::size_t most)
{
    const json::value* const value = take(key);
    if (value == nullptr)
        return nullptr;
    if (value->is_array() && value->get_array().size() <= most)
        return &value->get_array();
    wrong(key, fmt::format("a list of at most {}", most));
    return nullptr;
}

const json::object* JsonFields::object(std::string_view key)
{
    const json::value* const value = take(key);
    if (value == nullptr)
        return nullptr;
    if (value->is_object())
        return &value->get_object();
    wrong(key, "an object");
    return nullptr;
}

std::vector<std::string> JsonFields::texts(std::string_view key)
{
    std::vector<std::string> texts;
    constexpr std::size_t most = 1000;
    if (const json::array* const items = list(key, most))
        for (const json::value& item : *items) {
            if (!item.is_string() || emulator::hasControl(item.get_string()))
                wrong(key, "texts");
            else
                texts.emplace_back(item.get_string());
        }
    return texts;
}

Result<void> JsonFields::finish()
{
    if (m_error)
        return *m_error;
    for (const auto& member : m_object)
        if (std::find(m_taken.begin(), m_taken.end(), std::string_view{member.key()}) == m_taken.end()) {
            const std::string key = std::string{member.key()}.substr(0, 40);
            const std::string_view nearest = emulator::nearestWord(key, m_taken);
            return emulator::fail(
                ErrorKind::Malformed,
                fmt::format("found the key \"{}\", expected {}{}", key, emulator::oneOf(m_taken),
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
        }
    return {};
}

}  // namespace hwbridge
