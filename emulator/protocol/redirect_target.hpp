#pragma once

#include "emulator/base/result.hpp"
#include "emulator/base/url.hpp"

#include <string_view>

namespace emulator {

// Where a redirect leads.
// Shape:  `location` is a URL or a reference relative to `from` (RFC 3986 section 5); its fragment is dropped, bytes
//         that no URL may hold are percent-encoded, as browsers do.
// Errors: Malformed; Unsupported (another scheme than http and https, credentials, IPv6).
// Source: RFC 9110 section 10.2.2.
Result<Url> redirectTarget(const Url& from, std::string_view location);

}  // namespace emulator
