#pragma once

#include <string>
#include <string_view>

namespace emulator {

// Appends text so that it stands as itself in HTML and XML, in content and in quoted attributes.
// Shape:  & < > " ' become references; bytes that are no UTF-8 and control characters that XML 1.0 lacks become
//         U+FFFD, so that no value can break the page or the status export.
void appendEscaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

// Whether text is UTF-8 without control characters: what an input field of a page can hold.
bool isFieldText(std::string_view text);

}  // namespace emulator
