#include "scenarios/engine/event_watch.hpp"

#include "scenarios/engine/glob.hpp"
#include "scenarios/engine/shortened.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {

namespace {

using emulator::EventKind;
using emulator::FieldName;

constexpr std::uint32_t noSlot = UINT32_MAX;

// As paths compare: without a query, with a '/' in front.
std::string asPath(std::string_view text, bool pattern)
{
    text = pattern ? text : text.substr(0, text.find('?'));
    const bool rooted = text.starts_with('/') || (pattern && text.starts_with('*'));
    return rooted ? std::string{text} : fmt::format("/{}", text);
}

}  // namespace

std::optional<std::string> fieldText(const emulator::TraceEvent& event, FieldName field)
{
    for (const emulator::Field& one : event.fields) {
        if (one.name != field)
            continue;
        if (const auto* number = std::get_if<std::int64_t>(&one.value))
            return fmt::format("{}", *number);
        return std::string{std::get<std::string_view>(one.value)};
    }
    return std::nullopt;
}

namespace {

// Of any length.
std::string wholeText(const emulator::TraceEvent& event)
{
    const auto text = [&](FieldName field) { return fieldText(event, field).value_or(""); };
    const auto first = [&](std::initializer_list<FieldName> fields) {
        for (const FieldName field : fields)
            if (auto value = fieldText(event, field); value && !value->empty())
                return *value;
        return std::string{};
    };
    switch (event.kind) {
    case EventKind::SyslogMessage:
        return text(FieldName::Text);
    case EventKind::HttpRequest:
        return fmt::format("{} {}", text(FieldName::Method), text(FieldName::Target));
    case EventKind::SipRequest:
        return fmt::format("{} {}", text(FieldName::Method),
                           first({FieldName::EventPackage, FieldName::Target}));
    case EventKind::SipResponse:
    case EventKind::HttpResponse:
        return fmt::format("{} {}", text(FieldName::Status), text(FieldName::Reason));
    case EventKind::TftpRead:
        return fmt::format("read {}", text(FieldName::File));
    case EventKind::TftpWrite:
        return fmt::format("write {}", text(FieldName::File));
    case EventKind::TftpData:
        return fmt::format("data {}, {} bytes", text(FieldName::Block), text(FieldName::Bytes));
    case EventKind::TftpAck:
        return fmt::format("ack {}", text(FieldName::Block));
    case EventKind::TftpOack:
        return fmt::format("options {}", text(FieldName::Text));
    case EventKind::TftpError:
        return fmt::format("error {} {}", text(FieldName::Code), text(FieldName::Text));
    case EventKind::DnsQuery:
        return fmt::format("look up {}", text(FieldName::Name));
    case EventKind::DnsResponse:
        return first({FieldName::Addresses, FieldName::Error});
    case EventKind::PhoneState:
        return first({FieldName::State});
    case EventKind::PhoneLed:
        return first({FieldName::State, FieldName::Led});
    case EventKind::PhoneParam:
        return fmt::format("{} = {}", text(FieldName::Param), text(FieldName::Value));
    case EventKind::ServerFault:
        return first({FieldName::Fault});
    default:
        break;
    }
    std::string all;
    for (const emulator::Field& field : event.fields)
        all += fmt::format("{}{} {}", all.empty() ? "" : ", ", name(field.name),
                           fieldText(event, field.name).value_or(""));
    return all;
}

}  // namespace

std::string eventText(const emulator::TraceEvent& event)
{
    constexpr std::size_t longest = 200;
    return shortened(wholeText(event), longest);
}

EventWatch::EventWatch(const EventSubject& subject, emulator::Observer by,
                       const std::vector<PhoneNumber>& phones, std::size_t allPhones,
                       emulator::Endpoint server, Fill fill)
    : m_subject{&subject},
      m_by{by},
      m_server{server},
      m_fill{std::move(fill)},
      m_phones{phones},
      m_slotOf(allPhones, noSlot),
      m_slots(phones.size())
{
    for (std::size_t slot = 0; slot < phones.size(); ++slot)
        m_slotOf[static_cast<std::size_t>(phones[slot])] = static_cast<std::uint32_t>(slot);
    m_perPhone = std::any_of(subject.tests.begin(), subject.tests.end(),
                             [](const FieldTest& test) { return hasPhoneMacros(test.pattern); });
    if (!m_perPhone && !phones.empty())
        for (const FieldTest& test : subject.tests)
            m_patterns.push_back(m_fill(test.pattern, phones.front()));
}

bool EventWatch::matches(const emulator::TraceEvent& event, const std::vector<std::string>& patterns) const
{
    for (std::size_t i = 0; i < m_subject->tests.size(); ++i) {
        const FieldTest& test = m_subject->tests[i];
        const std::optional<std::string> text = fieldText(event, test.field);
        if (!text)
            return false;
        const bool good = test.path ? matchesGlob(asPath(*text, false), asPath(patterns[i], true))
                                    : matchesGlob(*text, patterns[i]);
        if (!good)
            return false;
    }
    return true;
}

std::optional<std::size_t> EventWatch::seen(const emulator::TraceEvent& event, PhoneNumber phone,
                                            std::uint64_t number)
{
    if (event.by != m_by ||
        std::find(m_subject->kinds.begin(), m_subject->kinds.end(), event.kind) == m_subject->kinds.end())
        return std::nullopt;
    if (!m_subject->server.empty() && event.to != m_server && event.from != m_server &&
        event.text(FieldName::Server) != m_subject->server)
        return std::nullopt;
    const std::uint32_t slot = m_slotOf[static_cast<std::size_t>(phone)];
    if (slot == noSlot)
        return std::nullopt;
    Slot& at = m_slots[slot];
    if (m_perPhone && at.patterns.empty())
        for (const FieldTest& test : m_subject->tests)
            at.patterns.push_back(m_fill(test.pattern, phone));
    if (matches(event, m_perPhone ? at.patterns : m_patterns)) {
        if (at.matches.size() < maxMatches)
            at.matches.push_back({number, event.at});
        return slot;
    }
    if (at.others.size() == maxOthers)
        at.others.erase(at.others.begin());
    at.others.push_back(eventText(event));
    return std::nullopt;
}

}  // namespace scenarios
