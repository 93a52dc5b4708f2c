#pragma once

#include "emulator/base/result.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// Takes the members of a JSON object one by one, so that in the end what nobody asked for is an error as well. The first
// error is kept; what is read after it is empty.
// Texts:  at most `longest` bytes, without control characters unless `anyText`.
class JsonFields {
public:
    explicit JsonFields(const boost::json::object& object) : m_object{object} {}

    // Errors: Malformed for text that is no JSON object.
    static emulator::Result<boost::json::object> parse(std::string_view line);

    bool has(std::string_view key) const { return m_object.contains(key); }
    std::string text(std::string_view key, std::size_t longest = 256);
    std::string requiredText(std::string_view key, std::size_t longest = 256);
    std::string anyText(std::string_view key, std::size_t longest);
    std::uint64_t number(std::string_view key, std::uint64_t least, std::uint64_t most);  // required
    std::optional<double> seconds(std::string_view key);
    bool flag(std::string_view key);  // false when absent
    std::vector<std::string> texts(std::string_view key);
    const boost::json::array* list(std::string_view key, std::size_t most);  // null: absent, or wrong
    const boost::json::object* object(std::string_view key);                 // null: absent, or wrong

    void wrong(std::string_view key, std::string_view expected);
    // The first error, or one that names the first member that was not taken.
    emulator::Result<void> finish();

private:
    const boost::json::value* take(std::string_view key);

    const boost::json::object& m_object;
    std::vector<std::string_view> m_taken;
    std::optional<emulator::Error> m_error;
};

}  // namespace hwbridge
