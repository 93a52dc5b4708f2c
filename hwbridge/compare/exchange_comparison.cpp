#include "hwbridge/compare/exchange_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unordered_set>

namespace hwbridge {

namespace {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::EventKind;
using emulator::FieldName;

// What messages of a kind have to have in common to be the same one of their exchange.
std::uint64_t tokenOf(const TraceStore& store, const StoredEvent& event, const KindRules& rules,
                      bool fromPhone)
{
    std::uint64_t token = (indexOf(event.kind) << 1 | (fromPhone ? 1u : 0u)) * 0x9e3779b97f4a7c15u;
    for (const FieldName name : rules.message)
        if (const StoredField* const field = store.field(event, name)) {
            const std::uint64_t value = field->isText ? std::hash<std::string_view>{}(store.text(*field))
                                                      : static_cast<std::uint64_t>(field->number);
            token = (token ^ value) * 0xbf58476d1ce4e5b9u;
            token ^= token >> 29;
        }
    return token;
}

}  // namespace

std::string shownTime(Duration time)
{
    if (time < 0us)
        return "-" + shownTime(-time);
    if (time < 1ms)
        return fmt::format("{} us", time.count());
    if (time < 1s)
        return fmt::format("{} ms", std::chrono::round<std::chrono::milliseconds>(time).count());
    const auto ms = std::chrono::round<std::chrono::milliseconds>(time).count();
    std::string text = fmt::format("{}.{:03}", ms / 1000, ms % 1000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text + " s";
}

std::string ExchangeComparison::labelOf(const ComparedSide& side, const ExchangeList& list,
                                        const Exchange& exchange) const
{
    const TraceStore& store = side.trace.store();
    const StoredEvent& first = event(side, list.message(exchange, 0));
    std::string label;
    for (const FieldName name : m_rules.kinds[indexOf(first.kind)].key)
        if (const StoredField* const field = store.field(first, name)) {
            label += label.empty() ? "" : " ";
            label += field->isText ? shownValue(store.text(*field), 160) : std::to_string(field->number);
        }
    return label;
}

std::uint64_t ExchangeComparison::groupOf(const ComparedSide& side, const ExchangeList& list,
                                          const Exchange& exchange) const
{
    const TraceStore& store = side.trace.store();
    const StoredEvent& first = event(side, list.message(exchange, 0));
    const KindRules& rules = m_rules.kinds[indexOf(first.kind)];
    std::string words = fmt::format("{} {} ", indexOf(first.kind), exchange.fromPhone ? 1 : 0);
    for (const FieldName name : rules.key) {
        const StoredField* const field = store.field(first, name);
        if (!rules.outcome.test(indexOf(name)) || field == nullptr || !field->isText)
            return exchange.key;
        std::string text;
        side.normaliser.normalise(store.text(*field), {first.kind, name, first.to}, text);
        std::string_view rest = text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            const std::string_view word = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (word.find_first_of("/0123456789") == std::string_view::npos)
                words.append(word).append(1, ' ');
        }
    }
    return rules.key.empty() ? exchange.key : std::hash<std::string>{}(words);
}

Difference ExchangeComparison::whole(DifferenceKind what, const Slot& slot) const
{
    const bool onA = slot.a.has_value();
    const ComparedSide& side = onA ? m_a : m_b;
    const ExchangeList& list = onA ? m_listA : m_listB;
    const Exchange& exchange = list.exchanges[onA ? *slot.a : *slot.b];
    Difference difference;
    difference.what = what;
    difference.kind = exchange.kind;
    difference.layer = exchange.layer;
    difference.where = labelOf(side, list, exchange);
    difference.whole = true;
    difference.fromPhone = exchange.fromPhone;
    difference.mayFollow = true;
    difference.key = exchange.key;
    difference.group = groupOf(side, list, exchange);
    if (slot.a) {
        difference.a.present = true;
        difference.a.event = m_listA.message(m_listA.exchanges[*slot.a], 0);
        difference.a.value = difference.where;
    }
    if (slot.b) {
        difference.b.present = true;
        difference.b.event = m_listB.message(m_listB.exchanges[*slot.b], 0);
        difference.b.value = labelOf(m_b, m_listB, m_listB.exchanges[*slot.b]);
    }
    return difference;
}

std::vector<Difference> ExchangeComparison::compare(const Slot& slot, Tally& tally)
{
    std::vector<Difference> out;
    ++tally.compared;
    if (!slot.isPair()) {
        ++tally.different;
        out.push_back(whole(slot.a ? DifferenceKind::Missing : DifferenceKind::Extra, slot));
        return out;
    }
    const Exchange& a = m_listA.exchanges[*slot.a];
    const Exchange& b = m_listB.exchanges[*slot.b];
    if (slot.moved) {
        ++tally.different;
        Difference moved = whole(DifferenceKind::Order, slot);
        const Exchange& passed = m_listA.exchanges[*slot.passedA];
        const bool afterA = *slot.a > *slot.passedA;
        const std::string other = fmt::format("{} {}", name(passed.kind), labelOf(m_a, m_listA, passed));
        moved.detail = other;
        moved.a.value = fmt::format("{} {}", afterA ? "after" : "before", other);
        moved.b.value = fmt::format("{} {}", afterA ? "before" : "after", other);
        out.push_back(std::move(moved));
    }
    const std::size_t own = out.size();
    if (!slot.moved)
        pause(slot, a, b, out, tally);
    messages(a, b, out, tally);
    answer(a, b, out, tally);
    if (out.size() > own) {
        const std::string where = labelOf(m_a, m_listA, a);
        for (std::size_t i = own; i < out.size(); ++i) {
            out[i].where = where;
            out[i].key = a.key;
            if (out[i].what == DifferenceKind::Timing)
                out[i].group = groupOf(m_a, m_listA, a);
        }
    }
    remember(slot, a);
    return out;
}

bool ExchangeComparison::isAfterTheEnd(const Slot& slot) const
{
    if (slot.isPair() || !m_last)
        return false;
    const Exchange& lastA = m_listA.exchanges[m_last->first];
    const Exchange& lastB = m_listB.exchanges[m_last->second];
    const Exchange& one = slot.a ? m_listA.exchanges[*slot.a] : m_listB.exchanges[*slot.b];
    const Exchange& before = slot.a ? lastA : lastB;
    const Exchange& other = slot.a ? lastB : lastA;
    const RecordingEnds& ends = slot.a ? m_endsB : m_endsA;
    return one.run == before.run && ends.isOver(other.run, other.begin + (one.begin - before.begin));
}

std::vector<AlignItem> ExchangeComparison::items(const ComparedSide& side, const ExchangeList& list,
                                                 const Exchange& exchange) const
{
    const TraceStore& store = side.trace.store();
    std::vector<AlignItem> all(exchange.count);
    for (std::size_t i = 0; i < exchange.count; ++i) {
        const StoredEvent& one = event(side, list.message(exchange, i));
        const bool fromPhone = one.from.address == side.address || one.from == emulator::Endpoint{};
        all[i].key = tokenOf(store, one, m_rules.kinds[indexOf(one.kind)], fromPhone);
    }
    return all;
}

void ExchangeComparison::messages(const Exchange& a, const Exchange& b, std::vector<Difference>& out,
                                  Tally& tally)
{
    // The first messages belong together: the exchanges were paired by them.
    std::vector<AlignItem> itemsA = items(m_a, m_listA, a);
    std::vector<AlignItem> itemsB = items(m_b, m_listB, b);
    if (itemsA[0].key != itemsB[0].key) {
        const std::uint64_t old = itemsB[0].key;
        for (AlignItem& item : itemsB)
            if (item.key == old)
                item.key = itemsA[0].key;
    }
    const auto pairs = alignSequences(itemsA, itemsB);
    std::unordered_map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>>
        seen;  // by token: the last pair
    std::uint32_t i = 0;
    std::uint32_t j = 0;
    std::size_t place = 0;
    std::unordered_set<std::uint64_t> everA;
    std::unordered_set<std::uint64_t> everB;
    const auto alone = [&](bool onA, std::uint32_t at) {
        const ComparedSide& side = onA ? m_a : m_b;
        const ExchangeList& list = onA ? m_listA : m_listB;
        const std::uint32_t number = list.message(onA ? a : b, at);
        const StoredEvent& one = event(side, number);
        const Exchange& other = onA ? b : a;
        if ((onA ? m_endsB : m_endsA).isOver(other.run, other.begin + (one.at - (onA ? a : b).begin))) {
            ++m_aside.ends;
            return;
        }
        const std::uint64_t token = (onA ? itemsA : itemsB)[at].key;
        Difference found;
        found.what = onA ? DifferenceKind::Missing : DifferenceKind::Extra;
        found.kind = one.kind;
        found.layer = a.layer;
        found.message = place;
        found.fromPhone = one.from.address == side.address;
        found.mayFollow = true;
        if (!(onA ? everA : everB).insert(token).second)
            found.detail = "retransmission";
        DifferenceSide& shown = onA ? found.a : found.b;
        shown.present = true;
        shown.event = number;
        const TraceStore& store = side.trace.store();
        for (const StoredField& field : store.fields(one)) {
            const auto& rules = m_rules.kinds[indexOf(one.kind)];
            const bool key =
                std::find(rules.message.begin(), rules.message.end(), field.name) != rules.message.end();
            if (!key && !rules.outcome.test(indexOf(field.name)))
                continue;
            shown.value +=
                fmt::format("{}{} {}", shown.value.empty() ? "" : ", ", name(field.name),
                            field.isText ? shownValue(store.text(field), 120) : std::to_string(field.number));
        }
        out.push_back(std::move(found));
        ++tally.compared;
        ++tally.different;
        ++place;
    };
    const auto until = [&](std::uint32_t endA, std::uint32_t endB) {
        while (i < endA)
            alone(true, i++);
        while (j < endB)
            alone(false, j++);
    };
    for (const auto& [atA, atB] : pairs) {
        const bool isNext = atA == i && atB == j;  // the messages before them are a pair
        until(atA, atB);
        const std::uint32_t numberA = m_listA.message(a, atA);
        const std::uint32_t numberB = m_listB.message(b, atB);
        const std::size_t before = out.size();
        ++tally.compared;
        m_messages.compare(event(m_a, numberA), numberA, event(m_b, numberB), numberB, out, tally);
        const std::uint64_t token = itemsA[atA].key;
        const auto [last, first] = seen.try_emplace(token, numberA, numberB);
        everA.insert(token);
        everB.insert(itemsB[atB].key);
        if (!first) {
            const Duration timeA = event(m_a, numberA).at - event(m_a, last->second.first).at;
            const Duration timeB = event(m_b, numberB).at - event(m_b, last->second.second).at;
            if (m_rules.kinds[indexOf(a.kind)].timed[static_cast<std::size_t>(TimeRelation::Repeat)]) {
                ++tally.compared;
                if (!within(a, TimeRelation::Repeat, timeA, timeB)) {
                    ++tally.different;
                    out.push_back(timing(TimeRelation::Repeat, a, numberA, numberB, timeA, timeB));
                }
            }
            last->second = {numberA, numberB};
        }
        if (isNext)
            laterAnswer(a, atA, b, atB, out, tally);
        for (std::size_t d = before; d < out.size(); ++d)
            out[d].message = place;
        ++place;
        i = atA + 1;
        j = atB + 1;
    }
    until(a.count, b.count);
}

Difference ExchangeComparison::timing(TimeRelation relation, const Exchange& a, std::uint32_t numberA,
                                      std::uint32_t numberB, Duration timeA, Duration timeB) const
{
    Difference found;
    found.what = DifferenceKind::Timing;
    found.kind = event(m_a, numberA).kind;
    found.layer = a.layer;
    found.field = name(relation);
    found.fromPhone = a.fromPhone;
    found.a.present = found.b.present = true;
    found.a.event = numberA;
    found.b.event = numberB;
    found.a.value = shownTime(timeA);
    found.b.value = shownTime(timeB);
    return found;
}

bool ExchangeComparison::within(const Exchange& exchange, TimeRelation relation, Duration a, Duration b)
{
    const Duration apart = a < b ? b - a : a - b;
    const TimeBand& band = m_rules.kinds[indexOf(exchange.kind)].bands[static_cast<std::size_t>(relation)];
    const auto part =
        Duration{static_cast<Duration::rep>(band.part * static_cast<double>(std::max(a, b).count()))};
    const bool inside = apart <= std::max(band.within, part);
    if (inside && apart > Duration{})
        ++m_aside.times;
    return inside;
}

void ExchangeComparison::answer(const Exchange& a, const Exchange& b, std::vector<Difference>& out,
                                Tally& tally)
{
    if (!m_rules.kinds[indexOf(a.kind)].timed[static_cast<std::size_t>(TimeRelation::Answer)])
        return;
    const auto firstAnswer = [&](const ComparedSide& side, const ExchangeList& list,
                                 const Exchange& exchange) {
        for (std::size_t i = 1; i < exchange.count; ++i) {
            const StoredEvent& one = event(side, list.message(exchange, i));
            if ((one.from.address == side.address) != exchange.fromPhone)
                return std::optional{list.message(exchange, i)};
        }
        return std::optional<std::uint32_t>{};
    };
    const auto answerA = firstAnswer(m_a, m_listA, a);
    const auto answerB = firstAnswer(m_b, m_listB, b);
    if (!answerA || !answerB)
        return;
    const std::size_t before = out.size();
    answerTime(a, *answerA, *answerB, event(m_a, *answerA).at - a.begin, event(m_b, *answerB).at - b.begin,
               out, tally);
    if (out.size() > before)
        out.back().message = std::max(a.count, b.count);
}

void ExchangeComparison::answerTime(const Exchange& a, std::uint32_t numberA, std::uint32_t numberB,
                                    Duration timeA, Duration timeB, std::vector<Difference>& out,
                                    Tally& tally)
{
    ++tally.compared;
    if (within(a, TimeRelation::Answer, timeA, timeB))
        return;
    ++tally.different;
    out.push_back(timing(TimeRelation::Answer, a, numberA, numberB, timeA, timeB));
    out.back().mayFollow = true;  // of a retransmission, of another way to the answer
}

void ExchangeComparison::laterAnswer(const Exchange& a, std::uint32_t atA, const Exchange& b,
                                     std::uint32_t atB, std::vector<Difference>& out, Tally& tally)
{
    if (atA < 2 || atB < 2 ||
        !m_rules.kinds[indexOf(a.kind)].timed[static_cast<std::size_t>(TimeRelation::Answer)])
        return;
    const std::uint32_t numberA = m_listA.message(a, atA);
    const std::uint32_t numberB = m_listB.message(b, atB);
    const StoredEvent& causeA = event(m_a, m_listA.message(a, atA - 1));
    const StoredEvent& causeB = event(m_b, m_listB.message(b, atB - 1));
    const StoredEvent& oneA = event(m_a, numberA);
    const StoredEvent& oneB = event(m_b, numberB);
    if (causeA.from.address != oneA.from.address && causeB.from.address != oneB.from.address)
        answerTime(a, numberA, numberB, oneA.at - causeA.at, oneB.at - causeB.at, out, tally);
}

void ExchangeComparison::pause(const Slot&, const Exchange& a, const Exchange& b,
                               std::vector<Difference>& out, Tally& tally)
{
    // What others begin (a browser, a call) comes when they like.
    if (!a.fromPhone || !m_rules.kinds[indexOf(a.kind)].timed[static_cast<std::size_t>(TimeRelation::Pause)])
        return;
    std::vector<Before> causes;
    if (m_last)
        causes.push_back(*m_last);
    if (const auto at = m_lastOfKey.find(a.key); at != m_lastOfKey.end())
        causes.push_back(at->second);
    if (a.layer < m_lastOfLayer.size() && m_lastOfLayer[a.layer])
        causes.push_back(*m_lastOfLayer[a.layer]);
    std::erase_if(causes, [&](const Before& before) {
        return m_listA.exchanges[before.first].run != a.run || m_listB.exchanges[before.second].run != b.run;
    });
    if (causes.empty())
        return;
    ++tally.compared;
    for (const auto& [causeA, causeB] : causes) {
        const Exchange& beforeA = m_listA.exchanges[causeA];
        const Exchange& beforeB = m_listB.exchanges[causeB];
        if (within(a, TimeRelation::Pause, a.begin - beforeA.end, b.begin - beforeB.end) ||
            within(a, TimeRelation::Pause, a.begin - beforeA.begin, b.begin - beforeB.begin))
            return;
    }
    ++tally.different;
    const auto& [causeA, causeB] = causes.front();
    const Exchange& beforeA = m_listA.exchanges[causeA];
    const Exchange& beforeB = m_listB.exchanges[causeB];
    Difference found = timing(TimeRelation::Pause, a, m_listA.message(a, 0), m_listB.message(b, 0),
                              a.begin - beforeA.end, b.begin - beforeB.end);
    found.detail = fmt::format("{} {}", name(beforeA.kind), labelOf(m_a, m_listA, beforeA));
    out.push_back(std::move(found));
}

void ExchangeComparison::remember(const Slot& slot, const Exchange& a)
{
    if (slot.moved)
        return;
    const Before now{*slot.a, *slot.b};
    m_last = now;
    m_lastOfKey[a.key] = now;
    m_lastOfLayer.resize(m_layers.size());
    m_lastOfLayer[a.layer] = now;
}

}  // namespace hwbridge
