#pragma once

#include "emulator/protocol/http_message.hpp"
#include "scenarios/engine/scenario.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scenarios {

// What a browser at the rig sends to a phone, and what it reads in the answers.

// Who asks, by User-Agent: a person's visit is part of the trace, the rig's own reading is not (design decision D12).
inline constexpr std::string_view personUserAgent = "Mozilla/5.0 (phonerig scenario)";
enum class Visitor : std::uint8_t { Person, Rig };

// Shape: characters that may not stand in a request line are percent-encoded, as a browser does it.
emulator::HttpRequest pageRequest(const StagePhone& phone, std::string_view target,
                                  const std::optional<Login>& login, Visitor visitor = Visitor::Person);

// "Submit All Changes" with these fields.
emulator::HttpRequest submitRequest(const StagePhone& phone, std::string_view target,
                                    const std::vector<std::pair<std::string, std::string>>& fields,
                                    const std::optional<Login>& login);

// A text posted as it is.
emulator::HttpRequest postRequest(const StagePhone& phone, std::string_view target, std::string body,
                                  std::string type, const std::optional<Login>& login);

// Where a person opens the configuration, and where the rig reads parameters.
inline constexpr std::string_view configurationPage = "/admin/advanced";
inline constexpr std::string_view configurationExport = "/admin/cfg.xml";

// Whether a page has an input field of that name.
bool hasField(std::string_view page, std::string_view name);

// The text of one element of a configuration export; empty when it has none of that name.
// Errors: Corrupt for what is no XML.
emulator::Result<std::optional<std::string>> exportedValue(std::string_view xml, std::string_view name);

}  // namespace scenarios
