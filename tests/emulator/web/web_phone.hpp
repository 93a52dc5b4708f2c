#pragma once

#include "emulator/web/phone_pages.hpp"
#include "fixtures/models/model_data.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::tests {

using namespace std::chrono_literals;

inline constexpr TimePoint bootedAt{5s};

struct PhoneOptions {
    std::string_view model = "7832";
    std::string_view firmware = {};
    std::vector<std::pair<std::string_view, std::string>> set = {};
};

// A phone that was powered on, has booted and waits for nothing, and what it lives in. Asks nobody for a profile
// unless Resync_On_Reset is set to Yes.
class WebPhone {
public:
    explicit WebPhone(const PhoneOptions& options = {})
        : m_model{fixtures::loadModel(options.model, options.firmware).value()},
          m_profiles{m_model->schema}
    {
        m_around.model = m_model;
        m_around.profiles = &m_profiles;
        m_around.ids = ResyncParameters::find(*m_model->schema).value();
        m_around.start = *parseWallTime("2026-01-01T00:00:00Z");
        std::vector<std::pair<ParamId, std::string>> values{{id("Resync_On_Reset"), "No"}};
        for (const auto& [name, value] : options.set)
            values.emplace_back(id(name), value);
        m_phone = std::make_unique<Phone>(m_around, MacAddress::parse("000e08aabbcc").value(),
                                          IpAddress::parse("127.78.0.1").value(), m_profiles.preset(values));
        feed(TimePoint{}, PowerApplied{});
        feed(TimePoint{1s}, Woken{});
    }

    Phone& phone() { return *m_phone; }
    ParamId id(std::string_view name) const { return m_model->schema->find(name).value(); }
    std::string value(std::string_view name) const
    {
        return std::string{m_phone->parameters().value(id(name))};
    }

    Effects feed(TimePoint now, const Event& event) { return m_phone->handle(now, event); }

    // Asks for a page and lets happen to the phone what comes of it, as the runtime does.
    WebAnswer ask(const HttpRequest& request)
    {
        WebAnswer answer = answerWebRequest(*m_phone, bootedAt, request, requester());
        for (const Event& event : answer.events) {
            for (const Effect& effect : feed(bootedAt, event))
                effects.push_back(effect);
        }
        return answer;
    }

    WebAnswer get(std::string target)
    {
        HttpRequest request;
        request.target = std::move(target);
        return ask(request);
    }

    WebAnswer post(std::string target, std::string form)
    {
        HttpRequest request;
        request.method = "POST";
        request.target = std::move(target);
        request.fields.add("Host", "127.78.0.1:8078");
        request.fields.add("Content-Type", "application/x-www-form-urlencoded");
        request.body = shareBytes(std::move(form));
        return ask(request);
    }

    static IpAddress requester() { return IpAddress::parse("192.168.1.5").value(); }

    std::vector<Effect> effects;  // of all pages asked for so far

private:
    std::shared_ptr<const Model> m_model;
    ProfileCache m_profiles;
    PhoneSurroundings m_around;
    std::unique_ptr<Phone> m_phone;
};

inline std::string textOf(const WebAnswer& answer)
{
    return answer.response.body ? *answer.response.body : std::string{};
}

// What lies between two texts, the first occurrence of each; empty when they are not there.
inline std::string between(std::string_view text, std::string_view before, std::string_view after)
{
    const std::size_t begin = text.find(before);
    if (begin == std::string_view::npos)
        return {};
    const std::string_view rest = text.substr(begin + before.size());
    const std::size_t end = rest.find(after);
    return end == std::string_view::npos ? std::string{} : std::string{rest.substr(0, end)};
}

// The HTML of one tab, and of one section on it.
inline std::string tabOf(std::string_view page, std::string_view id)
{
    return between(page, "<section class=\"tab\" id=\"" + std::string{id} + "\">", "</section>");
}

inline std::string sectionOf(std::string_view tab, std::string_view title)
{
    return between(tab, "<legend>" + std::string{title} + "</legend>", "</fieldset>");
}

// The start tag of the input or select for a parameter.
inline std::string fieldOf(std::string_view page, std::string_view name)
{
    const std::string attribute = " name=\"" + std::string{name} + "\"";
    const std::size_t at = page.find(attribute);
    if (at == std::string_view::npos)
        return {};
    const std::size_t begin = page.rfind('<', at);
    return std::string{page.substr(begin, page.find('>', at) + 1 - begin)};
}

inline bool hasField(std::string_view page, std::string_view name)
{
    return !fieldOf(page, name).empty();
}

// What a field shows, still escaped; "(no field)" when there is none.
inline std::string shownValue(std::string_view page, std::string_view name)
{
    const std::string field = fieldOf(page, name);
    if (field.empty())
        return "(no field)";
    if (field.starts_with("<input"))
        return between(field, " value=\"", "\"");
    const std::string choices = between(page.substr(page.find(field)), ">", "</select>");
    return between(choices, "<option selected>", "</option>");
}

// Where the link with this text leads; empty when there is none.
inline std::string linkNamed(std::string_view page, std::string_view text)
{
    const std::size_t at = page.find("\">" + std::string{text} + "</a>");
    if (at == std::string_view::npos)
        return {};
    const std::string_view before = page.substr(0, at);
    constexpr std::string_view key = "href=\"";
    return std::string{before.substr(before.rfind(key) + key.size())};
}

template <class Wanted>
const Wanted* eventIn(const WebAnswer& answer)
{
    return answer.events.size() == 1 ? std::get_if<Wanted>(&answer.events.front()) : nullptr;
}

template <class Wanted>
const Wanted* effectIn(const std::vector<Effect>& effects)
{
    for (const Effect& effect : effects) {
        if (const Wanted* found = std::get_if<Wanted>(&effect))
            return found;
    }
    return nullptr;
}

}  // namespace emulator::tests
