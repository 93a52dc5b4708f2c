#pragma once

#include "emulator/protocol/http_message.hpp"

#include <string>
#include <string_view>

namespace emulator {

inline constexpr std::string_view htmlType = "text/html; charset=utf-8";
inline constexpr std::string_view plainType = "text/plain; charset=utf-8";
inline constexpr std::string_view xmlType = "text/xml; charset=utf-8";

// A response with the fields that all of the phone's answers carry: pages are never cached, guessed at, framed, nor
// may they load or run anything from elsewhere.
HttpResponse webResponse(int status, std::string_view contentType, std::string body);

}  // namespace emulator
