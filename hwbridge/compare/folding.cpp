#include "hwbridge/compare/folding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace hwbridge {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mostVariants = 3;  // so many values of one field are told apart
constexpr std::size_t mostChains = 512;
constexpr emulator::Duration observersApart = 1s;  // one message as two observers saw it

bool isPace(const Difference& difference)
{
    return difference.what == DifferenceKind::Timing && difference.field != name(TimeRelation::Answer);
}

// What can have consequences in later exchanges.
bool opensChain(const Difference& difference)
{
    return difference.what == DifferenceKind::Field ? difference.mayFollow : true;
}

bool covers(const std::optional<RunTime>& from, const std::optional<RunTime>& to,
            const std::optional<RunTime>& at)
{
    return from && to && at && RunTime{from->run, from->at - observersApart} <= *at &&
           *at <= RunTime{to->run, to->at + observersApart};
}

}  // namespace

void Folding::begin(emulator::Observer by, std::size_t phone)
{
    if (m_phone == phone)
        m_earlierChains.insert(m_earlierChains.end(), m_chains.begin(), m_chains.end());
    else
        m_earlierChains.clear();
    m_chains.clear();
    m_by = by;
    m_phone = phone;
    m_open.reset();
    m_pace.reset();
    m_seenKeys.clear();
}

void Folding::add(std::vector<Difference> differences, const SlotTimes& times, std::uint64_t key)
{
    m_slot.clear();
    if (differences.empty()) {
        if (++m_equal >= m_rules.inStepAfter)
            m_open.reset();
    } else {
        m_equal = 0;
        for (Difference& difference : differences)
            take(std::move(difference), times);
    }
    m_seenKeys.insert(key);
}

std::vector<std::size_t> Folding::lastFindings() const
{
    std::vector<std::size_t> all;
    for (const InSlot& one : m_slot)
        if (std::find(all.begin(), all.end(), one.finding) == all.end())
            all.push_back(one.finding);
    return all;
}

std::string Folding::signatureOf(const Difference& d) const
{
    std::string text = fmt::format("{}|{}|{}|{}|", static_cast<int>(d.what), static_cast<int>(d.kind),
                                   d.field, d.fromPhone ? 1 : 0);
    const bool exchange =
        d.whole || (d.what == DifferenceKind::Timing && d.field == name(TimeRelation::Pause));
    if (exchange)
        return text + fmt::format("{:x}", d.group);
    if (d.what == DifferenceKind::Missing || d.what == DifferenceKind::Extra)
        return text + d.detail;
    if (d.what == DifferenceKind::Timing)
        return text;
    if (!d.a.present || !d.b.present)
        return text + (d.a.present ? "A" : "B");
    if (d.fragmentA.empty() && d.fragmentB.empty())
        return text + d.a.value + "|" + d.b.value;
    return text + d.fragmentA + "|" + d.fragmentB;
}

bool Folding::causes(const InSlot& earlier, const Difference& d) const
{
    const bool atBeginning =
        earlier.what == DifferenceKind::Order ||
        (earlier.what == DifferenceKind::Timing && earlier.field == name(TimeRelation::Pause));
    if (atBeginning)
        return d.mayFollow;
    if (earlier.message < d.message)
        return true;
    if (earlier.kind != d.kind || earlier.message != d.message)
        return false;
    const auto& follows = m_rules.kinds[indexOf(d.kind)].follows;
    const auto at = follows.find(earlier.field);
    if (at == follows.end())
        return false;
    return std::any_of(at->second.begin(), at->second.end(), [&](const std::string& what) {
        return what == "*" || what == d.field || (what == "header *" && d.field.starts_with("header "));
    });
}

std::optional<std::size_t> Folding::seenBefore(const SlotTimes& times) const
{
    for (const Chain& chain : m_earlierChains)
        if (covers(chain.from.a, chain.to.a, times.a) || covers(chain.from.b, chain.to.b, times.b))
            return chain.root;
    return std::nullopt;
}

std::optional<std::size_t> Folding::rootFor(const Difference& d, const SlotTimes& times) const
{
    for (const InSlot& earlier : m_slot)
        if (causes(earlier, d))
            return rootOf(earlier.finding);
    if (d.what == DifferenceKind::Field && !(d.fragmentA.empty() && d.fragmentB.empty()))
        if (const auto at = m_byFragments.find(d.fragmentA + "|" + d.fragmentB); at != m_byFragments.end())
            return rootOf(at->second);
    if (const auto earlier = seenBefore(times))
        return earlier;
    if (m_open && (d.mayFollow || d.what == DifferenceKind::Timing))
        return m_open;
    if (m_pace && d.whole && d.what != DifferenceKind::Order && m_seenKeys.contains(d.key))
        return m_pace;
    return std::nullopt;
}

void Folding::take(Difference difference, const SlotTimes& times)
{
    const std::string signature = signatureOf(difference);
    std::optional<std::size_t> finding;
    bool varies = false;
    if (const auto at = m_bySignature.find(signature); at != m_bySignature.end())
        finding = at->second;
    std::optional<std::size_t> root;
    if (!finding) {
        root = rootFor(difference, times);
        if (difference.what == DifferenceKind::Field) {
            auto& [first, count] = m_variants[fmt::format("{}|{}|{}", static_cast<int>(difference.kind),
                                                          difference.field, difference.fromPhone ? 1 : 0)];
            if (count >= mostVariants) {
                finding = first;
                varies = true;
            } else if (count++ == 0) {
                first = m_findings.size();
            }
        }
    }
    const bool opens = opensChain(difference);
    const bool pace = isPace(difference);
    InSlot here{difference.what, difference.kind, difference.field, difference.message, 0};
    if (finding)
        repeat(*finding, std::move(difference), varies);
    else
        finding = create(std::move(difference), root, signature);
    if (!finding)
        return;
    here.finding = *finding;
    m_slot.push_back(std::move(here));
    if (opens)
        m_open = rootOf(*finding);
    if (pace && !m_pace)
        m_pace = rootOf(*finding);
    extendChain(rootOf(*finding), times);
}

void Folding::repeat(std::size_t number, Difference difference, bool varies)
{
    Finding& finding = m_findings[number];
    finding.varies = finding.varies || varies;
    if (finding.by != m_by) {
        if (std::find(finding.seenBy.begin(), finding.seenBy.end(), m_by) == finding.seenBy.end())
            finding.seenBy.push_back(m_by);
        if (finding.phone == m_phone)
            return;  // the same once more, from elsewhere
    }
    ++finding.count;
    if (finding.more.size() < mostPlaces)
        finding.more.push_back(std::move(difference));
}

std::optional<std::size_t> Folding::create(Difference difference, std::optional<std::size_t> root,
                                           const std::string& signature)
{
    if (m_findings.size() >= mostFindings) {
        ++m_unlisted;
        return std::nullopt;
    }
    const std::size_t number = m_findings.size();
    m_bySignature.emplace(signature, number);
    if (difference.what == DifferenceKind::Field &&
        !(difference.fragmentA.empty() && difference.fragmentB.empty()))
        m_byFragments.emplace(difference.fragmentA + "|" + difference.fragmentB, number);
    Finding& finding = m_findings.emplace_back();
    finding.first = std::move(difference);
    finding.by = m_by;
    finding.phone = *m_phone;
    finding.root = root;
    if (root)
        m_findings[*root].followers.push_back(number);
    return number;
}

void Folding::extendChain(std::size_t root, const SlotTimes& times)
{
    if (!m_chains.empty() && m_chains.back().root == root) {
        Chain& chain = m_chains.back();
        if (times.a) {
            chain.from.a = chain.from.a.value_or(*times.a);
            chain.to.a = std::max(chain.to.a.value_or(*times.a), *times.a);
        }
        if (times.b) {
            chain.from.b = chain.from.b.value_or(*times.b);
            chain.to.b = std::max(chain.to.b.value_or(*times.b), *times.b);
        }
        return;
    }
    if (m_chains.size() < mostChains)
        m_chains.push_back({root, times, times});
}

}  // namespace hwbridge
