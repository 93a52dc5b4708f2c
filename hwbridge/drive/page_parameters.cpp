#include "hwbridge/drive/page_parameters.hpp"

#include "hwbridge/drive/form_encoding.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::equalsAnyCase;
using emulator::ErrorKind;
using emulator::Result;

namespace {

bool isParameter(const HtmlField& field)
{
    return field.kind != FieldKind::Hidden && field.kind != FieldKind::Submit && !field.label.empty();
}

std::string pathOf(const HtmlField& field)
{
    std::string path;
    for (const std::string& heading : field.trail)
        path += heading + " > ";
    return path + field.label;
}

bool hasChoices(const HtmlField& field)
{
    return field.kind == FieldKind::Select || field.kind == FieldKind::Radio;
}

PageParameter shown(const HtmlField& field)
{
    PageParameter parameter{field.label,
                            pathOf(field),
                            field.value,
                            {},
                            field.kind == FieldKind::Password,
                            !field.disabled && !field.readOnly};
    if (field.kind == FieldKind::Checkbox) {
        parameter.value = field.checked ? "Yes" : "No";
        parameter.choices = {"Yes", "No"};
    } else if (hasChoices(field)) {
        const FieldChoice* const choice = field.chosen();
        parameter.value = choice != nullptr ? choice->label : "";
        for (const FieldChoice& one : field.choices)
            parameter.choices.push_back(one.label);
    }
    return parameter;
}

// The parts of "Ext 1 > Line Enable", by words.
std::vector<std::string> pathWords(std::string_view path)
{
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('>', start), path.size());
        if (std::string words = nameWords(path.substr(start, end - start)); !words.empty())
            parts.push_back(std::move(words));
        start = end + 1;
    }
    return parts;
}

// Whether each of `wanted` stands in `trail`, in that order.
bool isAmong(const std::vector<std::string>& wanted, const std::vector<std::string>& trail)
{
    auto at = trail.begin();
    for (const std::string& part : wanted) {
        at = std::find(at, trail.end(), part);
        if (at == trail.end())
            return false;
        ++at;
    }
    return true;
}

std::string_view trailingNumber(std::string_view words)
{
    const std::size_t start = words.find_last_not_of("0123456789");
    return start == std::string_view::npos || words[start] != '_' ? std::string_view{}
                                                                  : words.substr(start + 1);
}

}  // namespace

std::string nameWords(std::string_view name)
{
    std::string words;
    for (const char c : name) {
        const char lower = emulator::lowerAscii(c);
        const bool letter = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                            static_cast<unsigned char>(lower) >= 0x80;
        if (letter)
            words += lower;
        else if (!words.empty() && words.back() != '_')
            words += '_';
    }
    if (words.ends_with('_'))
        words.pop_back();
    return words;
}

PageParameters::PageParameters(HtmlPage page, std::string where)
    : m_page{std::move(page)},
      m_where{std::move(where)}
{
    for (std::size_t form = 0; form < m_page.forms.size(); ++form) {
        for (std::size_t field = 0; field < m_page.forms[form].fields.size(); ++field) {
            const HtmlField& one = m_page.forms[form].fields[field];
            if (!isParameter(one))
                continue;
            Entry entry{{form, field}, nameWords(one.label), nameWords(one.hint), {}, {}};
            for (const std::string& heading : one.trail) {
                for (std::string& part : pathWords(heading)) {
                    if (const std::string_view number = trailingNumber(part); !number.empty())
                        entry.numbered.push_back(fmt::format("{}_{}", entry.label, number));
                    entry.trail.push_back(std::move(part));
                }
            }
            m_entries.push_back(std::move(entry));
        }
    }
}

std::vector<PageParameter> PageParameters::all() const
{
    std::vector<PageParameter> parameters;
    parameters.reserve(m_entries.size());
    for (const Entry& entry : m_entries)
        parameters.push_back(shown(at(entry.place)));
    return parameters;
}

std::vector<PageParameters::Place> PageParameters::placesNamed(std::string_view name) const
{
    std::vector<std::string> parts = pathWords(name);
    if (parts.empty())
        return {};
    const std::string label = std::move(parts.back());
    parts.pop_back();
    const auto matching = [&](auto matches) {
        std::vector<Place> places;
        for (const Entry& entry : m_entries) {
            if (matches(entry) && isAmong(parts, entry.trail))
                places.push_back(entry.place);
        }
        return places;
    };
    // The tooltip is the whole name and told first: "Password" may be the label of many.
    std::vector<Place> places = matching([&](const Entry& entry) { return entry.hint == label; });
    if (places.empty())
        places = matching([&](const Entry& entry) { return entry.label == label; });
    if (places.empty()) {
        places = matching([&](const Entry& entry) {
            return std::find(entry.numbered.begin(), entry.numbered.end(), label) != entry.numbered.end();
        });
    }
    return places;
}

std::string PageParameters::nearestTo(std::string_view name) const
{
    constexpr std::size_t mostCompared = 4096;
    std::vector<std::string_view> names;
    for (const Entry& entry : m_entries) {
        if (names.size() >= mostCompared)
            break;
        names.emplace_back(at(entry.place).label);
        if (!entry.hint.empty())
            names.emplace_back(at(entry.place).hint);
    }
    const std::size_t last = name.rfind('>');
    std::string label{last == std::string_view::npos ? name : name.substr(last + 1)};
    label.erase(0, label.find_first_not_of(' '));
    return std::string{emulator::nearestWord(label, names)};
}

Result<PageParameters::Place> PageParameters::placeOf(std::string_view name) const
{
    const std::vector<Place> places = placesNamed(name);
    if (places.size() == 1)
        return places.front();
    if (places.empty()) {
        const std::string nearest = nearestTo(name);
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{} shows no '{}'{}", m_where, name,
                                          m_entries.empty() ? ", nor any other field to fill in"
                                          : nearest.empty() ? ", nor a name like it"
                                                            : "; the nearest name is '" + nearest + "'"));
    }
    return emulator::fail(ErrorKind::Malformed,
                          fmt::format("{} shows '{}' {} times; say which: '{}' or '{}'", m_where, name,
                                      places.size(), pathOf(at(places[0])), pathOf(at(places[1]))));
}

Result<PageParameter> PageParameters::find(std::string_view name) const
{
    const Result<Place> place = placeOf(name);
    if (!place.has_value())
        return emulator::fail(place.error());
    return shown(at(place.value()));
}

emulator::Error PageParameters::refusal(ErrorKind kind, const HtmlField& field, std::string_view what) const
{
    return emulator::fail(kind, fmt::format("{}: '{}' {}", m_where, pathOf(field), what));
}

Result<void> PageParameters::set(HtmlField& field, const std::string& value) const
{
    if (field.disabled || field.readOnly)
        return refusal(ErrorKind::Refused, field, "is shown, but the page lets nobody change it");
    if (field.kind == FieldKind::Checkbox) {
        const bool yes = equalsAnyCase(value, "Yes") || value == "1";
        if (!yes && !equalsAnyCase(value, "No") && value != "0")
            return refusal(ErrorKind::Malformed, field, "is a box to tick: expected Yes or No");
        field.checked = yes;
        return {};
    }
    if (hasChoices(field)) {
        std::vector<std::string_view> labels;
        FieldChoice* wanted = nullptr;
        for (FieldChoice& choice : field.choices) {
            labels.emplace_back(choice.label);
            choice.chosen = false;
            if (wanted == nullptr && (choice.label == value || choice.value == value))
                wanted = &choice;
        }
        if (wanted == nullptr) {
            constexpr std::size_t mostNamed = 12;
            labels.resize(std::min(labels.size(), mostNamed));
            return refusal(ErrorKind::Malformed, field,
                           fmt::format("has no choice '{}', expected {}", value, emulator::oneOf(labels)));
        }
        wanted->chosen = true;
        return {};
    }
    if (field.kind != FieldKind::TextArea && value.find_first_of("\r\n") != std::string::npos)
        return refusal(ErrorKind::Malformed, field, "is one line of text, but the value has several");
    if (field.longest && value.size() > *field.longest) {
        return refusal(ErrorKind::Malformed, field,
                       fmt::format("takes {} letters, but the value has {}", *field.longest, value.size()));
    }
    field.value = value;
    return {};
}

Result<FormSubmission> PageParameters::filled(const std::map<std::string, std::string>& values) const
{
    std::vector<HtmlForm> forms = m_page.forms;
    std::optional<std::size_t> form;
    for (const auto& [name, value] : values) {
        const Result<Place> place = placeOf(name);
        if (!place.has_value())
            return emulator::fail(place.error());
        if (form && *form != place->form) {
            return emulator::fail(
                ErrorKind::Malformed,
                fmt::format("{} has '{}' in another form than the other values; submit them "
                            "one after another",
                            m_where, name));
        }
        form = place->form;
        const Result<void> taken = set(forms[place->form].fields[place->field], value);
        if (!taken.has_value())
            return emulator::fail(taken.error());
    }
    if (!form)
        return emulator::fail(ErrorKind::Malformed, "no value to submit was given, expected at least one");
    if (forms[*form].multipart || !forms[*form].posts) {
        return emulator::fail(ErrorKind::Unsupported,
                              fmt::format("{} has a form that is not sent by POST as "
                                          "application/x-www-form-urlencoded, the only way known here",
                                          m_where));
    }
    return FormSubmission{forms[*form].action, encodedForm(forms[*form])};
}

}  // namespace hwbridge
