#include "hwbridge/drive/html_page_builder.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace hwbridge {

using emulator::equalsAnyCase;

namespace {

std::optional<std::string_view> attribute(const HtmlAttributes& attributes, std::string_view name)
{
    for (const auto& [key, value] : attributes) {
        if (equalsAnyCase(key, name))
            return value;
    }
    return std::nullopt;
}

std::string attributeOr(const HtmlAttributes& attributes, std::string_view name, std::string_view otherwise)
{
    return std::string{attribute(attributes, name).value_or(otherwise)};
}

// Adds text with each run of white space as one blank, none at the start; of no-break spaces, too.
void appendText(std::string& out, std::string_view text)
{
    constexpr std::string_view noBreak = "\xC2\xA0";
    while (!text.empty() && out.size() < maxHtmlTextBytes) {
        const bool wide = text.starts_with(noBreak);
        const char c = text.front();
        if (wide || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            if (!out.empty() && out.back() != ' ')
                out += ' ';
        } else {
            out += c;
        }
        text.remove_prefix(wide ? noBreak.size() : 1);
    }
}

std::string trimmed(std::string_view text)
{
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return std::string{text};
}

// "Product Name: " as "Product Name".
std::string labelText(std::string_view text)
{
    std::string label = trimmed(text);
    while (label.ends_with(':') || label.ends_with(' '))
        label.pop_back();
    return label;
}

bool isOneOf(std::string_view tag, std::initializer_list<std::string_view> tags)
{
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

// Tags that do not end a run of text.
bool isInline(std::string_view tag)
{
    return isOneOf(tag, {"a",     "b",      "i",      "u",        "em",       "strong", "span",
                         "font",  "code",   "small",  "abbr",     "sup",      "sub",    "tt",
                         "input", "select", "option", "optgroup", "textarea", "button"});
}

bool isCell(std::string_view tag)
{
    return isOneOf(tag, {"td", "th", "dt", "dd"});
}

FieldKind kindOf(std::string_view tag, std::string_view type)
{
    if (tag == "select")
        return FieldKind::Select;
    if (tag == "textarea")
        return FieldKind::TextArea;
    constexpr std::array<std::pair<std::string_view, FieldKind>, 6> kinds{{{"password", FieldKind::Password},
                                                                           {"checkbox", FieldKind::Checkbox},
                                                                           {"radio", FieldKind::Radio},
                                                                           {"hidden", FieldKind::Hidden},
                                                                           {"submit", FieldKind::Submit},
                                                                           {"image", FieldKind::Submit}}};
    for (const auto& [name, kind] : kinds) {
        if (equalsAnyCase(type, name))
            return kind;
    }
    return FieldKind::Text;
}

// Pressed by somebody who does not submit the form.
bool isOtherButton(std::string_view tag, std::string_view type)
{
    if (tag == "button")
        return !type.empty() && !equalsAnyCase(type, "submit");
    return tag == "input" && (equalsAnyCase(type, "button") || equalsAnyCase(type, "reset"));
}

}  // namespace

void HtmlPageBuilder::elementBegins(std::string_view tag, const HtmlAttributes& attributes)
{
    ++m_depth;
    if (!isInline(tag))
        flushRun();
    if (isOneOf(tag, {"script", "style", "button", "noscript"}))
        ++m_silent;
    if (m_noticeDepth == 0 && m_notice.empty()) {
        const std::string_view role = attribute(attributes, "role").value_or("");
        if (role == "alert" || role == "status")
            m_noticeDepth = m_depth;
    }
    if (tag == "title")
        m_inTitle = m_page.title.empty();
    else if (tag == "form")
        beginForm(attributes);
    else if (isOneOf(tag, {"input", "select", "textarea", "button"}))
        beginField(tag, attributes);
    else if (tag == "option")
        beginOption(attributes);
    else if (tag == "label")
        beginLabel(attributes);
    else if (tag == "fieldset")
        m_sets.push_back(attribute(attributes, "disabled").has_value());
    else if (tag == "legend" || (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'))
        beginHeading(tag);
    else if (tag == "tr" || tag == "dl")
        m_rows.emplace_back();
    else if (isCell(tag))
        beginCell();
}

void HtmlPageBuilder::elementEnds(std::string_view tag)
{
    if (!isInline(tag))
        flushRun();
    if (m_silent > 0 && isOneOf(tag, {"script", "style", "button", "noscript"}))
        --m_silent;
    if (m_depth == m_noticeDepth)
        m_noticeDepth = 0;
    m_depth -= m_depth > 0 ? 1 : 0;
    if (tag == "title")
        m_inTitle = false;
    else if (tag == "option")
        endOption();
    else if (tag == "select")
        m_select = -1;
    else if (tag == "textarea")
        m_textArea = -1;
    else if (tag == "label")
        endLabel();
    else if (tag == "legend" || (tag.size() == 2 && tag[0] == 'h'))
        m_inHeading = false;
    else if (tag == "tr" || tag == "dl")
        endRow();
    if (tag == "fieldset" && !m_sets.empty()) {
        m_sets.pop_back();
        std::erase_if(m_headings, [](const Heading& heading) { return heading.level > 6; });
    }
}

void HtmlPageBuilder::textArrives(std::string_view text)
{
    if (m_textArea >= 0) {
        HtmlField& field = m_fields[static_cast<std::size_t>(m_textArea)].field;
        field.value += text.substr(0, maxHtmlBytes);
        return;
    }
    if (m_inOption) {
        appendText(m_optionText, text);
        return;
    }
    if (m_silent > 0)
        return;
    appendToOpenElements(text);
    appendText(m_run, text);
}

void HtmlPageBuilder::appendToOpenElements(std::string_view text)
{
    if (m_inTitle)
        appendText(m_page.title, text);
    if (m_noticeDepth > 0)
        appendText(m_notice, text);
    if (m_inLabel)
        appendText(m_label.text, text);
    if (m_inHeading && !m_headings.empty())
        appendText(m_headings.back().text, text);
    if (!m_rows.empty() && !m_rows.back().empty())
        appendText(m_rows.back().back().text, text);
}

void HtmlPageBuilder::flushRun()
{
    appendToOpenElements(" ");  // between two blocks is a blank
    if (std::string run = trimmed(m_run); !run.empty())
        m_lastRun = std::move(run);
    m_run.clear();
}

void HtmlPageBuilder::beginForm(const HtmlAttributes& attributes)
{
    if (m_form >= 0)
        return;  // a form inside a form is none
    m_form = static_cast<int>(m_page.forms.size());
    ++m_count;
    HtmlForm form;
    form.action = attributeOr(attributes, "action", "");
    form.posts = equalsAnyCase(attribute(attributes, "method").value_or(""), "post");
    form.multipart = equalsAnyCase(attribute(attributes, "enctype").value_or(""), "multipart/form-data");
    m_page.forms.push_back(std::move(form));
    if (const std::string id = attributeOr(attributes, "id", ""); !id.empty())
        m_formIds.try_emplace(id, m_form);
}

void HtmlPageBuilder::beginField(std::string_view tag, const HtmlAttributes& attributes)
{
    const std::string_view type = attribute(attributes, "type").value_or("");
    if (isOtherButton(tag, type))
        return;
    ++m_count;
    flushRun();
    HtmlField field;
    field.kind = tag == "button" ? FieldKind::Submit : kindOf(tag, type);
    field.name = attributeOr(attributes, "name", "");
    field.value = attributeOr(attributes, "value", field.kind == FieldKind::Checkbox ? "on" : "");
    field.checked = attribute(attributes, "checked").has_value();
    field.disabled = attribute(attributes, "disabled").has_value() ||
                     std::find(m_sets.begin(), m_sets.end(), true) != m_sets.end();
    field.readOnly = attribute(attributes, "readonly").has_value();
    const std::string_view longest = attribute(attributes, "maxlength").value_or("");
    std::size_t letters = 0;
    if (std::from_chars(longest.data(), longest.data() + longest.size(), letters).ec == std::errc{})
        field.longest = letters;
    const std::string form = attributeOr(attributes, "form", "");
    if (!m_rows.empty() && !m_rows.back().empty())
        m_rows.back().back().plain = false;
    if (field.kind != FieldKind::Hidden && field.kind != FieldKind::Submit) {
        field.trail = trail();
        field.label = labelText(std::exchange(m_lastRun, {}));
    }
    PlacedField placed{std::move(field), attributeOr(attributes, "id", ""), form, m_form};
    const auto index = static_cast<int>(m_fields.size());
    if (m_inLabel && m_labelFor.empty())
        m_labelled = index;
    if (tag == "select") {
        endOption();  // of a list that was not closed
        m_select = index;
    }
    if (tag == "textarea")
        m_textArea = index;
    m_fields.push_back(std::move(placed));
}

void HtmlPageBuilder::beginOption(const HtmlAttributes& attributes)
{
    endOption();
    if (m_select < 0)
        return;
    ++m_count;
    FieldChoice choice;
    const std::optional<std::string_view> value = attribute(attributes, "value");
    m_optionHasValue = value.has_value();
    choice.value = std::string{value.value_or("")};
    choice.chosen = attribute(attributes, "selected").has_value();
    m_fields[static_cast<std::size_t>(m_select)].field.choices.push_back(std::move(choice));
    m_inOption = true;
    m_optionText.clear();
}

void HtmlPageBuilder::endOption()
{
    if (!std::exchange(m_inOption, false) || m_select < 0)
        return;
    FieldChoice& choice = m_fields[static_cast<std::size_t>(m_select)].field.choices.back();
    choice.label = trimmed(m_optionText);
    if (!m_optionHasValue)
        choice.value = choice.label;
}

void HtmlPageBuilder::beginHeading(std::string_view tag)
{
    const int level = tag == "legend" ? 6 + static_cast<int>(m_sets.size()) : tag[1] - '0';
    std::erase_if(m_headings, [&](const Heading& heading) { return heading.level >= level; });
    m_headings.push_back({level, {}});
    m_inHeading = true;
}

std::vector<std::string> HtmlPageBuilder::trail() const
{
    constexpr std::size_t mostHeadings = 4;  // the innermost: hostile pages have hundreds above each field
    constexpr std::size_t longestHeading = 256;
    const std::size_t skipped = m_headings.size() - std::min(m_headings.size(), mostHeadings);
    std::vector<std::string> trail;
    for (std::size_t i = skipped; i < m_headings.size(); ++i) {
        if (std::string text = labelText(m_headings[i].text.substr(0, longestHeading)); !text.empty())
            trail.push_back(std::move(text));
    }
    return trail;
}

void HtmlPageBuilder::beginLabel(const HtmlAttributes& attributes)
{
    m_inLabel = true;
    m_labelled = -1;
    m_label = {{}, attributeOr(attributes, "title", "").substr(0, maxHtmlTextBytes)};
    m_labelFor = attributeOr(attributes, "for", "");
    ++m_count;
}

void HtmlPageBuilder::endLabel()
{
    if (!std::exchange(m_inLabel, false))
        return;
    m_label.text = labelText(m_label.text);
    if (!m_labelFor.empty()) {
        m_labels.try_emplace(m_labelFor, m_label);
    } else if (m_labelled >= 0) {
        HtmlField& field = m_fields[static_cast<std::size_t>(m_labelled)].field;
        if (field.kind == FieldKind::Radio)
            field.choices = {{field.value, m_label.text, field.checked}};
        else
            field.label = m_label.text;
        field.hint = m_label.hint;
    }
}

void HtmlPageBuilder::beginCell()
{
    if (m_rows.empty())
        m_rows.emplace_back();
    m_rows.back().emplace_back();
}

void HtmlPageBuilder::endRow()
{
    if (m_rows.empty())
        return;
    const std::vector<Cell> cells = std::move(m_rows.back());
    m_rows.pop_back();
    if (!m_rows.empty() && !m_rows.back().empty())
        m_rows.back().back().plain = false;
    for (std::size_t i = 0; i + 1 < cells.size() && m_count <= maxHtmlFields; i += 2) {
        std::string label = labelText(cells[i].text);
        if (label.empty() || !cells[i].plain || !cells[i + 1].plain)
            continue;
        ++m_count;
        m_page.facts.push_back({std::move(label), trimmed(cells[i + 1].text)});
    }
}

HtmlPage HtmlPageBuilder::finish() &&
{
    while (!m_rows.empty())
        endRow();
    endOption();
    m_page.title = trimmed(m_page.title);
    m_page.notice = trimmed(m_notice);
    for (PlacedField& placed : m_fields) {
        if (!placed.form.empty()) {
            const auto named = m_formIds.find(placed.form);
            placed.owner = named != m_formIds.end() ? named->second : -1;
        }
        if (placed.owner < 0)
            continue;
        HtmlField& field = placed.field;
        const auto label = placed.id.empty() ? m_labels.end() : m_labels.find(placed.id);
        if (label != m_labels.end()) {
            field.hint = label->second.hint;
            if (field.kind == FieldKind::Radio)
                field.choices = {{field.value, label->second.text, field.checked}};
            else
                field.label = label->second.text;
        }
        std::vector<HtmlField>& fields = m_page.forms[static_cast<std::size_t>(placed.owner)].fields;
        if (field.kind == FieldKind::Radio) {
            if (field.choices.empty())
                field.choices = {{field.value, field.value, field.checked}};
            const auto group = std::find_if(fields.begin(), fields.end(), [&](const HtmlField& other) {
                return other.kind == FieldKind::Radio && other.name == field.name;
            });
            if (group != fields.end()) {
                group->choices.push_back(std::move(field.choices.front()));
                continue;
            }
        }
        fields.push_back(std::move(field));
    }
    return std::move(m_page);
}

}  // namespace hwbridge
