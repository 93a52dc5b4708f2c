#pragma once

#include "hwbridge/drive/html_page.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

using HtmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

// Collects a page from the elements and texts of its source, in their order.
class HtmlPageBuilder {
public:
    void elementBegins(std::string_view tag, const HtmlAttributes& attributes);
    void elementEnds(std::string_view tag);
    void formEnds() { m_form = -1; }
    void textArrives(std::string_view text);
    bool isFull() const { return m_count > maxHtmlFields; }
    HtmlPage finish() &&;

private:
    struct Heading {
        int level;
        std::string text;
    };
    struct Label {
        std::string text;
        std::string hint;
    };
    struct PlacedField {
        HtmlField field;
        std::string id;
        std::string form;  // of its form attribute; empty: `owner`
        int owner;         // index of the form that was open, or -1
    };
    struct Cell {
        std::string text;
        bool plain = true;  // holds no field and no other row
    };
    void beginField(std::string_view tag, const HtmlAttributes& attributes);
    void beginForm(const HtmlAttributes& attributes);
    void beginOption(const HtmlAttributes& attributes);
    void endOption();
    void beginHeading(std::string_view tag);
    void beginLabel(const HtmlAttributes& attributes);
    void endLabel();
    void beginCell();
    void endRow();
    void flushRun();
    void appendToOpenElements(std::string_view text);
    std::vector<std::string> trail() const;

    HtmlPage m_page;
    std::vector<PlacedField> m_fields;
    std::map<std::string, int, std::less<>> m_formIds;
    std::map<std::string, Label, std::less<>> m_labels;  // by the id of their field
    std::vector<Heading> m_headings;
    std::vector<std::vector<Cell>> m_rows;  // open ones, innermost last
    std::string m_run;                      // text since the last border of a block
    std::string m_lastRun;                  // the last one that was not empty, since the last field
    Label m_label;                          // the open one
    std::string m_labelFor;
    std::string m_optionText;
    std::string m_notice;
    std::size_t m_noticeDepth = 0;  // 0: none is open
    std::size_t m_depth = 0;
    std::size_t m_count = 0;
    int m_form = -1;
    int m_select = -1;         // index in m_fields of the open <select>
    int m_textArea = -1;       // of the open <textarea>
    int m_labelled = -1;       // of the field inside the open label
    std::vector<bool> m_sets;  // open fieldsets: whether disabled
    bool m_inLabel = false;
    bool m_inOption = false;
    bool m_optionHasValue = false;
    bool m_inHeading = false;
    bool m_inTitle = false;
    int m_silent = 0;  // script, style, button: their text is not the page's
};

}  // namespace hwbridge
