#include "hwbridge/compare/message_comparison.hpp"

#include "emulator/base/ascii.hpp"
#include "hwbridge/compare/header_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

namespace {

using emulator::EventKind;
using emulator::FieldName;

bool isWordLetter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
}

std::string valueOf(const TraceStore& store, const StoredField& field)
{
    return field.isText ? shownValue(store.text(field)) : std::to_string(field.number);
}

// Whom a message is for. A request in absolute form may go to a proxy: its server is the one that it names, and where that
// is called by name nobody has seen it. Source: RFC 9112 sections 3.2 and 3.2.2.
emulator::Endpoint calledBy(const TraceStore& store, const StoredEvent& event)
{
    constexpr std::string_view scheme = "http://";
    const std::string_view target =
        event.kind == EventKind::HttpRequest ? store.text(event, FieldName::Target) : std::string_view{};
    if (!target.starts_with(scheme))
        return event.to;
    const std::string_view authority = target.substr(scheme.size());
    const emulator::Result<emulator::Endpoint> named =
        emulator::Endpoint::parse(authority.substr(0, authority.find('/')), 80);
    return named.has_value() ? *named : emulator::Endpoint{};
}

}  // namespace

std::string shownValue(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return std::string{text};
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;  // no half of a UTF-8 character
    return fmt::format("{}\xe2\x80\xa6 ({} bytes)", text.substr(0, most), text.size());
}

std::pair<std::string, std::string> fragmentsOf(std::string_view a, std::string_view b)
{
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t front = 0;
    while (front < shorter && a[front] == b[front])
        ++front;
    std::size_t back = 0;
    while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back])
        ++back;
    while (front > 0 && isWordLetter(a[front - 1]))
        --front;
    while (back > 0 && isWordLetter(a[a.size() - back]))
        --back;
    constexpr std::size_t longest = 120;
    const auto cut = [&](std::string_view text) {
        return std::string{text.substr(front, std::min(text.size() - front - back, longest))};
    };
    return {cut(a), cut(b)};
}

void MessageComparison::begin(bool sameIdentity, const std::array<FieldSet, kindCount>& notObserved)
{
    m_sameIdentity = sameIdentity;
    m_notObserved = &notObserved;
}

Difference MessageComparison::difference(const Place& place, std::string field, bool outcome) const
{
    Difference difference;
    difference.what = DifferenceKind::Field;
    difference.kind = place.a.kind;
    difference.layer = m_layers.of(place.a.kind);
    difference.field = std::move(field);
    difference.fromPhone = place.fromPhone;
    difference.mayFollow = outcome;
    difference.a.event = place.numberA;
    difference.b.event = place.numberB;
    return difference;
}

const FieldRule* MessageComparison::ignored(const Place& place, FieldName field, std::size_t& rule) const
{
    for (rule = 0; rule < m_rules.fields.size(); ++rule) {
        const FieldRule& one = m_rules.fields[rule];
        if (!one.kinds.test(indexOf(place.a.kind)) || !one.fields.test(indexOf(field)))
            continue;
        if (one.sender == FieldRule::Sender::Anybody ||
            (one.sender == FieldRule::Sender::Phone) == place.fromPhone)
            return &one;
    }
    return nullptr;
}

void MessageComparison::compare(const StoredEvent& a, std::uint32_t numberA, const StoredEvent& b,
                                std::uint32_t numberB, std::vector<Difference>& out, Tally& tally)
{
    const Place place{a, numberA, b, numberB,
                      a.from.address == m_a.address || a.from == emulator::Endpoint{}};
    const auto fieldsA = m_a.trace.store().fields(a);
    const auto fieldsB = m_b.trace.store().fields(b);
    // Recorders write the fields of a kind in one order: nearly always the next one is the one.
    std::size_t next = 0;
    std::uint64_t seenB = 0;
    // What only B has is told where it stands: others may follow from it.
    std::size_t passed = 0;
    const auto onlyB = [&](std::size_t end, bool evenTwice) {
        for (; passed < end; ++passed) {
            const StoredField& field = fieldsB[passed];
            const bool seen = (seenB >> (passed & 63) & 1) != 0;
            if (seen || (!evenTwice && m_a.trace.store().field(place.a, field.name) != nullptr))
                continue;
            seenB |= std::uint64_t{1} << (passed & 63);
            fields(place, nullptr, &field, out, tally);
        }
    };
    for (const StoredField& field : fieldsA) {
        const StoredField* other = nullptr;
        for (std::size_t i = 0; i < fieldsB.size(); ++i) {
            const std::size_t at = (next + i) % fieldsB.size();
            if (fieldsB[at].name != field.name)
                continue;
            other = &fieldsB[at];
            seenB |= std::uint64_t{1} << (at & 63);
            next = at + 1;
            onlyB(at, false);
            break;
        }
        fields(place, &field, other, out, tally);
    }
    passed = 0;
    onlyB(fieldsB.size(), true);
}

void MessageComparison::fields(const Place& place, const StoredField* a, const StoredField* b,
                               std::vector<Difference>& out, Tally& tally)
{
    const FieldName field = a != nullptr ? a->name : b->name;
    const EventKind kind = place.a.kind;
    const TraceStore& storeA = m_a.trace.store();
    const TraceStore& storeB = m_b.trace.store();
    if ((*m_notObserved)[indexOf(kind)].test(indexOf(field)))
        return;
    const bool bothText = a != nullptr && b != nullptr && a->isText && b->isText;
    bool same = a != nullptr && b != nullptr && a->isText == b->isText;
    if (same && !bothText)
        same = a->number == b->number;
    std::size_t rule = 0;
    if (const FieldRule* const one = ignored(place, field, rule); one != nullptr) {
        if (bothText)
            same = storeA.text(*a) == storeB.text(*b);
        if (!same)
            ++m_aside.fields[rule];
        return;
    }
    if (field == FieldName::Headers && bothText) {
        if (storeA.text(*a) != storeB.text(*b) || !sameMeaning(place, field))
            headers(place, storeA.text(*a), storeB.text(*b), out, tally);
        else
            ++tally.compared;
        return;
    }
    ++tally.compared;
    if (bothText)
        same = sameText(place, storeA.text(*a), storeB.text(*b), field);
    if (same)
        return;
    ++tally.different;
    Difference found = difference(place, std::string{name(field)},
                                  m_rules.kinds[indexOf(kind)].outcome.test(indexOf(field)));
    if (bothText)
        std::tie(found.fragmentA, found.fragmentB) = fragmentsOf(m_textA, m_textB);
    if (a != nullptr) {
        found.a.present = true;
        found.a.value = valueOf(storeA, *a);
    }
    if (b != nullptr) {
        found.b.present = true;
        found.b.value = valueOf(storeB, *b);
    }
    out.push_back(std::move(found));
}

bool MessageComparison::sameMeaning(const Place& place, FieldName field) const
{
    return m_sameIdentity &&
           (place.a.to == place.b.to || !m_a.normaliser.index().dependsOnPeer(place.a.kind, field));
}

bool MessageComparison::sameText(const Place& place, std::string_view a, std::string_view b, FieldName field,
                                 std::string_view header)
{
    if (a == b && sameMeaning(place, field))
        return true;
    m_textA.clear();
    m_textB.clear();
    m_replacedA.clear();
    m_replacedB.clear();
    const bool isHost = field == FieldName::Host || emulator::equalsAnyCase(header, "Host");
    const auto at = [&](const TraceStore& store, const StoredEvent& event) {
        return TextPlace{event.kind, field, calledBy(store, event), isHost};
    };
    m_a.normaliser.normalise(a, at(m_a.trace.store(), place.a), m_textA, &m_replacedA);
    m_b.normaliser.normalise(b, at(m_b.trace.store(), place.b), m_textB, &m_replacedB);
    if (m_textA != m_textB)
        return false;
    for (std::size_t i = 0; i < std::min(m_replacedA.size(), m_replacedB.size()); ++i)
        if (a.substr(m_replacedA[i].at, m_replacedA[i].length) !=
            b.substr(m_replacedB[i].at, m_replacedB[i].length))
            ++m_aside.texts[m_replacedA[i].rule];
    return true;
}

void MessageComparison::headers(const Place& place, std::string_view a, std::string_view b,
                                std::vector<Difference>& out, Tally& tally)
{
    const std::vector<HeaderLine> linesA = headerLines(a);
    const std::vector<HeaderLine> linesB = headerLines(b);
    const HeaderMatch match = matchHeaders(linesA, linesB);
    for (const auto& [i, j] : match.pairs)
        header(place, linesA[i].name, linesA[i].value, linesB[j].value, out, tally);
    for (const std::size_t i : match.onlyA)
        header(place, linesA[i].name, linesA[i].value, std::nullopt, out, tally);
    for (const std::size_t j : match.onlyB)
        header(place, linesB[j].name, std::nullopt, linesB[j].value, out, tally);
    const auto add = [&](std::string field, std::string valueA, std::string valueB) {
        ++tally.different;
        Difference found =
            difference(place, std::move(field),
                       m_rules.kinds[indexOf(place.a.kind)].outcome.test(indexOf(FieldName::Headers)));
        found.a.present = found.b.present = true;
        found.a.value = shownValue(valueA);
        found.b.value = shownValue(valueB);
        out.push_back(std::move(found));
    };
    for (const auto& [i, j] : match.pairs) {
        if (linesA[i].name == linesB[j].name)
            continue;
        add(fmt::format("header {} spelling", linesA[i].name), std::string{linesA[i].name},
            std::string{linesB[j].name});
    }
    ++tally.compared;
    if (match.inOrder)
        return;
    std::string orderA;
    std::string orderB;
    for (const auto& [i, j] : match.pairs)
        orderA.append(orderA.empty() ? "" : ", ").append(linesA[i].name);
    std::vector<std::size_t> ofB;
    for (const auto& [i, j] : match.pairs)
        ofB.push_back(j);
    std::sort(ofB.begin(), ofB.end());
    for (const std::size_t j : ofB)
        orderB.append(orderB.empty() ? "" : ", ").append(linesB[j].name);
    add("header order", orderA, orderB);
}

void MessageComparison::header(const Place& place, std::string_view name, std::optional<std::string_view> a,
                               std::optional<std::string_view> b, std::vector<Difference>& out, Tally& tally)
{
    const bool both = a && b;
    for (std::size_t i = 0; i < m_rules.headers.size(); ++i) {
        const HeaderRule& rule = m_rules.headers[i];
        const bool names = std::any_of(rule.names.begin(), rule.names.end(), [&](const std::string& one) {
            return emulator::equalsAnyCase(one, name);
        });
        if (!names || (!both && rule.presence))
            continue;
        if (!both || *a != *b)
            ++m_aside.headers[i];
        return;
    }
    ++tally.compared;
    if (both && sameText(place, *a, *b, FieldName::Headers, name))
        return;
    ++tally.different;
    Difference found =
        difference(place, fmt::format("header {}", name),
                   m_rules.kinds[indexOf(place.a.kind)].outcome.test(indexOf(FieldName::Headers)));
    if (both)
        std::tie(found.fragmentA, found.fragmentB) = fragmentsOf(m_textA, m_textB);
    if (a) {
        found.a.present = true;
        found.a.value = shownValue(*a);
    }
    if (b) {
        found.b.present = true;
        found.b.value = shownValue(*b);
    }
    out.push_back(std::move(found));
}

}  // namespace hwbridge
