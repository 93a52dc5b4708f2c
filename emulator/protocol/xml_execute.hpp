#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>

namespace emulator {

// A Cisco XML object that makes a phone do something: by HTTP POST to /CGI/Execute, or in a SIP NOTIFY.
struct XmlExecute {
    std::string product;  // "CP-7832-3PCC", of the root element
    std::string url;      // of its item: "Resync:tftp://192.168.1.200/$MA.cfg"
};

inline constexpr std::size_t maxXmlExecuteBytes = 8u << 10;  // our choice; the guides state none

// Reads an object.
// Shape:  <CP-7832-3PCCExecute><ExecuteItem URL=Resync:rule/></CP-7832-3PCCExecute>, with or without a declaration
//         and comments. The guides print the item's URL without quotes, which is no XML: quoted (either quotes) and
//         unquoted values are taken, an unquoted one up to the tag's end or to Priority=. The five named references
//         are replaced; any other '&' stands for itself, as in the query of a URL. Exactly one item (our choice: a
//         phone does one thing at a time).
// Errors: TooLarge; Malformed, saying what was expected.
// Source: "Cisco IP Phone Multiplatform Phones Provisioning Guide, Provisioning Methods", XML object (both
//         generations); XML-ROOT-X8XX, XML-ROOT-XXXX, XML-UNQUOTED-ATTR.
Result<XmlExecute> parseXmlExecute(std::string_view text);

}  // namespace emulator
