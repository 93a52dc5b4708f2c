#pragma once

#include "hwbridge/drive/html_page.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// A parameter as the page shows it.
struct PageParameter {
    std::string name;  // its label: "Resync Periodic"
    std::string
        path;  // with the headings above it: "Voice > Provisioning > Configuration Profile > Resync Periodic"
    std::string value;                 // of a choice its label, of a checkbox "Yes" or "No"
    std::vector<std::string> choices;  // empty: any text
    bool secret = false;               // what is shown is not the value
    bool writable = true;
};

// What the page's button "Submit All Changes" would send.
struct FormSubmission {
    std::string action;  // as the form names it; empty: the page itself
    std::string body;    // application/x-www-form-urlencoded
};

// The parameters of one page, found by what the page shows and never by the names of its fields, which differ from
// firmware to firmware.
//
// Names:  compared by their words, without case: "Resync_Periodic", "resync periodic" and "Resync Periodic:" are one.
//         A name is the label; or the label's tooltip ("Proxy_Username" beside "Username"); or the label and the number
//         of a heading above it ("Line_Enable_1_" below "Ext 1"); or headings and label ("Ext 1 > Line Enable").
class PageParameters {
public:
    // `where`: the page, for sentences: "the page /admin/advanced of CP7832-1".
    PageParameters(HtmlPage page, std::string where);

    std::vector<PageParameter> all() const;
    // Errors: NotFound, with page, parameter and the nearest name; Malformed: several are named so, with their paths.
    emulator::Result<PageParameter> find(std::string_view name) const;

    // The whole form with these values in it, as a browser sends it.
    // Shape:  a choice is named by its label or value, a checkbox by Yes or No; other texts are sent as they are.
    // Errors: as find(); Malformed: no such choice, too long, a line break in one line, fields of different forms;
    //         Refused: the page lets nobody change it; Unsupported: a form that is sent in another encoding.
    emulator::Result<FormSubmission> filled(const std::map<std::string, std::string>& values) const;

private:
    struct Place {
        std::size_t form;
        std::size_t field;
    };
    struct Entry {  // the names of one field, by words
        Place place;
        std::string label;
        std::string hint;
        std::vector<std::string> trail;
        std::vector<std::string> numbered;  // label and number of a heading
    };

    emulator::Result<Place> placeOf(std::string_view name) const;
    std::vector<Place> placesNamed(std::string_view name) const;
    std::string nearestTo(std::string_view name) const;
    const HtmlField& at(Place place) const { return m_page.forms[place.form].fields[place.field]; }
    emulator::Error refusal(emulator::ErrorKind kind, const HtmlField& field, std::string_view what) const;
    emulator::Result<void> set(HtmlField& field, const std::string& value) const;

    HtmlPage m_page;
    std::string m_where;
    std::vector<Entry> m_entries;
};

// A name by its words: lower case, "_" for whatever stands between them. "Line_Enable_1_" is "line_enable_1".
std::string nameWords(std::string_view name);

}  // namespace hwbridge
