#pragma once

#include <string>
#include <string_view>

namespace emulator {

// Text as it has to be written inside an XML or HTML element or a quoted attribute, so that a parser reads the
// same text back.
// Shape:  & < > " ' and tab, CR, LF become references. What XML 1.0 cannot hold is not passed on: other control
//         characters are left out, bytes that are not UTF-8 become U+FFFD.
std::string escapeXml(std::string_view text);
void appendXml(std::string& out, std::string_view text);

// Text for the inside of a comment, where "--" is not allowed: a space goes between the two.
std::string commentXml(std::string_view text);

}  // namespace emulator
