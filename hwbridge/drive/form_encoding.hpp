#pragma once

#include "hwbridge/drive/html_page.hpp"

#include <string>
#include <string_view>

namespace hwbridge {

// The body that a browser sends when the first submit button of the form is pressed.
// Shape:  application/x-www-form-urlencoded: fields in their order, without disabled ones, boxes that are not ticked
//         and radio buttons of which none is; line ends of a text area as CR LF.
// Source: the HTML standard, "Constructing the entry list"; the URL standard, section 5.2.
std::string encodedForm(const HtmlForm& form);

// Text for the query of an address: all but letters, digits and a few marks that no reader takes for its own becomes
// %XX. A phone decodes the query of a URL command once.
std::string encodedQuery(std::string_view text);

}  // namespace hwbridge
