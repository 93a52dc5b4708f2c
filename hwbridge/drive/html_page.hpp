#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// A web page as far as a person could read and fill it in: its forms with what is written beside each field, and its
// tables of facts. Nothing of it is known beforehand.

enum class FieldKind : std::uint8_t { Text, Password, Select, Radio, Checkbox, TextArea, Hidden, Submit };

struct FieldChoice {    // of Select and Radio
    std::string value;  // what is sent
    std::string label;  // what is shown
    bool chosen = false;
};

struct HtmlField {
    FieldKind kind = FieldKind::Text;
    std::string name;  // as it is sent; empty: never sent
    std::string value;
    std::string label;               // what the page shows beside it: its <label>, else the text before it
    std::string hint;                // the tooltip (title) of its label
    std::vector<std::string> trail;  // headings above it: "Voice > Ext 1", "General"
    std::vector<FieldChoice> choices;
    bool checked = false;
    bool disabled = false;                 // shown, but neither changed nor sent
    bool readOnly = false;                 // sent, but not changed
    std::optional<std::size_t> longest{};  // maxlength: letters that can be typed

    // Of Select and Radio what is sent; null: nothing. Of a list the first choice when the page names none.
    const FieldChoice* chosen() const;
};

struct HtmlForm {
    std::string action;  // as written; empty: the page itself
    bool posts = false;
    bool multipart = false;
    std::vector<HtmlField> fields;  // in the order in which they are sent
};

struct HtmlFact {
    std::string label;  // "Product Name", without a colon at its end
    std::string value;
};

struct HtmlPage {
    std::string title;
    std::string notice;  // the first text that is marked as alert or status: why a form was refused
    std::vector<HtmlForm> forms;
    std::vector<HtmlFact> facts;  // neighbouring cells of tables and <dl> lists that hold no fields
};

// Limits of what is read from outside. Our choices: a page of a 16-line phone has 600 kB, 3,000 fields, 12 levels.
inline constexpr std::size_t maxHtmlBytes = 4u << 20;
inline constexpr std::size_t maxHtmlDepth = 512;
inline constexpr std::size_t maxHtmlFields = 16384;  // choices count as well
inline constexpr std::size_t maxHtmlTextBytes =
    1024;  // of one label, heading, notice or fact; longer ones are cut

// Reads a page as a browser does: whatever the tags, there is a page. Fields belong to the form that is open when they
// come, tables in between notwithstanding, or that their form attribute names; those of no form are left out, as they
// are never sent. Radio buttons of one name are one field.
// Shape:  UTF-8; bytes that are not are read as ISO 8859-1 (our choice).
// Errors: TooLarge beyond a limit.
// Source: the HTML standard, "Form control infrastructure" and "form element pointer".
emulator::Result<HtmlPage> readHtmlPage(std::string_view bytes);

}  // namespace hwbridge
