#include "ui/cli/twin_identity_file.hpp"

#include "emulator/runtime/whole_input.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <utility>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;

namespace {

std::string textOf(const boost::json::object& object, std::string_view key)
{
    const boost::json::value* const found = object.if_contains(key);
    return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

}  // namespace

std::string printTwinIdentity(const scenarios::TwinIdentity& identity)
{
    boost::json::array settings;
    for (const auto& [name, value] : identity.settings)
        settings.push_back(boost::json::array{name, value});
    return boost::json::serialize(boost::json::object{{"model", identity.model},
                                                      {"firmware", identity.firmware},
                                                      {"mac", identity.mac.colons()},
                                                      {"address", identity.address.text()},
                                                      {"servers", identity.servers.text()},
                                                      {"user", identity.user},
                                                      {"password", identity.password},
                                                      {"https", identity.https},
                                                      {"settings", std::move(settings)}});
}

Result<scenarios::TwinIdentity> readTwinIdentity(const std::string& path)
{
    constexpr std::size_t mostBytes = 16u << 20;  // our choice: every setting of a phone and much more
    const Result<std::string> text = emulator::readWholeInput(path, mostBytes);
    if (text.has_error())
        return emulator::fail(text.error().kind, fmt::format("{}: {}, expected a phone as one JSON object",
                                                             path, text.error().detail));
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(*text, error);
    if (error || !value.is_object())
        return emulator::fail(ErrorKind::Malformed,
                              fmt::format("{}: expected a phone as one JSON object", path));
    const boost::json::object& object = value.get_object();
    scenarios::TwinIdentity identity;
    identity.model = textOf(object, "model");
    identity.firmware = textOf(object, "firmware");
    identity.user = textOf(object, "user");
    identity.password = textOf(object, "password");
    const boost::json::value* const https = object.if_contains("https");
    identity.https = https != nullptr && https->is_bool() && https->get_bool();
    const auto mac = emulator::MacAddress::parse(textOf(object, "mac"));
    if (mac.has_error())
        return emulator::fail(mac.error().kind, fmt::format("{}: {}", path, mac.error().detail));
    identity.mac = *mac;
    for (const auto& [key, address] :
         {std::pair{"address", &identity.address}, {"servers", &identity.servers}}) {
        const auto read = emulator::IpAddress::parse(textOf(object, key));
        if (read.has_error())
            return emulator::fail(read.error().kind, fmt::format("{}: {}", path, read.error().detail));
        *address = *read;
    }
    if (const auto* const settings = object.if_contains("settings"); settings && settings->is_array())
        for (const boost::json::value& one : settings->get_array())
            if (one.is_array() && one.get_array().size() == 2 && one.get_array()[0].is_string() &&
                one.get_array()[1].is_string())
                identity.settings.emplace_back(one.get_array()[0].get_string(),
                                               one.get_array()[1].get_string());
    return identity;
}

}  // namespace ui
