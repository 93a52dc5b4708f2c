#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace emulator {

// Bytes that many may hold and nobody changes: a file, a message body.
using SharedBytes = std::shared_ptr<const std::string>;

inline SharedBytes shareBytes(std::string bytes)
{
    return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace emulator
