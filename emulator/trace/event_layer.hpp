#pragma once

#include "emulator/trace/trace_event.hpp"

#include <string_view>

namespace emulator {

// "http" of "http.request".
inline std::string_view layerOf(std::string_view kind)
{
    return kind.substr(0, kind.find('.'));
}
inline std::string_view layerOf(EventKind kind)
{
    return layerOf(name(kind));
}

}  // namespace emulator
