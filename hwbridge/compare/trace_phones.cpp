#include "hwbridge/compare/trace_phones.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace hwbridge {

namespace {

using emulator::EventKind;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Observer;

// What only a phone sends.
bool onlyPhonesSend(EventKind kind)
{
    switch (kind) {
    case EventKind::SyslogMessage:
    case EventKind::TftpRead:
    case EventKind::TftpWrite:
    case EventKind::DnsQuery:
    case EventKind::DhcpDiscover:
    case EventKind::DhcpRequest:
    case EventKind::DhcpInform:
        return true;
    default:
        return false;
    }
}

bool isRequest(EventKind kind)
{
    return kind == EventKind::HttpRequest || kind == EventKind::SipRequest ||
           kind == EventKind::TlsClientHello;
}

template <class Key>
std::optional<std::size_t> find(const std::vector<std::pair<Key, std::size_t>>& sorted, const Key& key)
{
    const auto at =
        std::lower_bound(sorted.begin(), sorted.end(), key,
                         [](const auto& entry, const Key& wanted) { return entry.first < wanted; });
    return at == sorted.end() || at->first != key ? std::nullopt : std::optional{at->second};
}

struct MacHash {
    std::size_t operator()(const MacAddress& mac) const { return std::hash<std::uint64_t>{}(mac.number()); }
};

}  // namespace

std::string TracePhone::label() const
{
    return mac ? mac->colons() : address.text();
}

TracePhones::TracePhones(const TraceStore& store, const Rules& rules) : m_store{store}
{
    const std::vector<StoredEvent>& events = store.events();
    std::unordered_map<MacAddress, std::size_t, MacHash> byMac;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        if (!events[i].phone || events[i].by == Observer::Rig)
            continue;
        if (byMac.try_emplace(*events[i].phone, m_phones.size()).second) {
            m_phones.push_back({events[i].phone, {}, {}, i});
            m_byMac.emplace_back(*events[i].phone, m_phones.size() - 1);
        }
    }
    std::sort(m_byMac.begin(), m_byMac.end());
    findAddresses();
    learn(rules);

    for (auto& phones : m_events)
        phones.resize(m_phones.size() + 1);
    KindSet leftOut;
    for (const EventRule& rule : rules.leftOut)
        leftOut |= rule.kinds;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        const StoredEvent& event = events[i];
        if (leftOut.test(indexOf(event.kind)))
            continue;
        m_events[static_cast<std::size_t>(event.by)][phoneOf(event)].push_back(i);
        m_kinds[static_cast<std::size_t>(event.by)].set(indexOf(event.kind));
    }
    for (auto& phones : m_events)
        for (std::vector<std::uint32_t>& list : phones) {
            const auto earlier = [&](std::uint32_t x, std::uint32_t y) {
                const StoredEvent& left = events[x];
                const StoredEvent& right = events[y];
                return left.run != right.run ? left.run < right.run : left.at < right.at;
            };
            if (!std::is_sorted(list.begin(), list.end(), earlier))
                std::stable_sort(list.begin(), list.end(), earlier);
        }
}

void TracePhones::findAddresses()
{
    const std::vector<StoredEvent>& events = m_store.events();
    // Where each phone with a MAC is reached: the address that is an end of most of its messages; what it certainly sent
    // counts more than all that it may have sent.
    constexpr std::uint64_t certain = 1u << 20;
    std::vector<std::vector<std::pair<IpAddress, std::uint64_t>>> votes(m_phones.size());
    const auto vote = [&](std::size_t phone, IpAddress address, std::uint64_t weight) {
        constexpr std::size_t mostCandidates = 32;
        auto& candidates = votes[phone];
        if (address == IpAddress{})
            return;
        const auto at = std::find_if(candidates.begin(), candidates.end(),
                                     [&](const auto& one) { return one.first == address; });
        if (at != candidates.end())
            at->second += weight;
        else if (candidates.size() < mostCandidates)
            candidates.emplace_back(address, weight);
    };
    bool unnamed = false;
    for (const StoredEvent& event : events) {
        unnamed = unnamed || (!event.phone && event.by != Observer::Rig);
        if (!event.phone)
            continue;
        const auto phone = find(m_byMac, *event.phone);
        if (!phone)
            continue;
        vote(*phone, event.from.address, onlyPhonesSend(event.kind) ? certain : 1);
        vote(*phone, event.to.address, 1);
    }
    const auto add = [&](IpAddress address, std::uint32_t event) {
        const auto at =
            std::lower_bound(m_byAddress.begin(), m_byAddress.end(), std::pair{address, std::size_t{0}});
        if (address == IpAddress{} || (at != m_byAddress.end() && at->first == address))
            return;
        m_byAddress.insert(at, {address, m_phones.size()});
        m_phones.push_back({std::nullopt, address, {}, event});
    };
    std::vector<std::uint64_t> certainty(votes.size());
    for (std::size_t i = 0; i < votes.size(); ++i) {
        const auto most = std::max_element(votes[i].begin(), votes[i].end(),
                                           [](const auto& x, const auto& y) { return x.second < y.second; });
        if (most == votes[i].end())
            continue;
        m_phones[i].address = most->first;
        certainty[i] = most->second;
    }
    joinByAddress(certainty);
    if (!unnamed)
        return;
    for (std::uint32_t i = 0; i < events.size(); ++i)
        if (!events[i].phone && events[i].by != Observer::Rig && onlyPhonesSend(events[i].kind))
            add(events[i].from.address, i);
    for (std::uint32_t i = 0; i < events.size() && m_phones.empty(); ++i)
        if (isRequest(events[i].kind))
            add(events[i].from.address, i);
}

// Phones of one address are one: who captures loopback may take a serial number for a MAC. The one that is surer of its
// address gives the name.
void TracePhones::joinByAddress(const std::vector<std::uint64_t>& certainty)
{
    std::vector<std::size_t> order(m_phones.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
        return m_phones[x].address != m_phones[y].address ? m_phones[x].address < m_phones[y].address
                                                          : certainty[x] > certainty[y];
    });
    std::vector<std::size_t> owner(m_phones.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const bool joins = i > 0 && m_phones[order[i]].address != IpAddress{} &&
                           m_phones[order[i]].address == m_phones[order[i - 1]].address;
        owner[order[i]] = joins ? owner[order[i - 1]] : order[i];
    }
    std::vector<std::size_t> place(m_phones.size());
    std::vector<TracePhone> kept;
    for (std::size_t i = 0; i < m_phones.size(); ++i)
        if (owner[i] == i) {
            place[i] = kept.size();
            kept.push_back(m_phones[i]);
            if (m_phones[i].address != IpAddress{})
                m_byAddress.emplace_back(m_phones[i].address, place[i]);
        }
    for (auto& [mac, phone] : m_byMac)
        phone = place[owner[phone]];
    m_phones = std::move(kept);
    std::sort(m_byAddress.begin(), m_byAddress.end());
}

std::size_t TracePhones::phoneOf(const StoredEvent& event) const
{
    if (event.phone)
        return find(m_byMac, *event.phone).value_or(m_phones.size());
    if (event.from == emulator::Endpoint{} && event.to == emulator::Endpoint{})
        return m_phones.size();
    if (const auto sender = find(m_byAddress, event.from.address))
        return *sender;
    return find(m_byAddress, event.to.address).value_or(m_phones.size());
}

void TracePhones::learn(const Rules& rules)
{
    for (TracePhone& phone : m_phones)
        phone.learned.resize(rules.texts.size());
    KindSet wanted;
    for (const TextRule& rule : rules.texts)
        if (rule.source == TextRule::Source::Learned)
            wanted.set(indexOf(rule.learnKind));
    if (wanted.none())
        return;
    for (const StoredEvent& event : m_store.events()) {
        if (!wanted.test(indexOf(event.kind)))
            continue;
        const std::size_t phone = phoneOf(event);
        // Only what the phone itself said.
        if (phone == m_phones.size() || event.from.address != m_phones[phone].address)
            continue;
        for (std::size_t i = 0; i < rules.texts.size(); ++i) {
            const TextRule& rule = rules.texts[i];
            if (rule.source != TextRule::Source::Learned || rule.learnKind != event.kind ||
                !m_phones[phone].learned[i].empty())
                continue;
            constexpr std::size_t shortest = 4;  // shorter words stand for other things, too
            const auto found = rule.pattern.capture(m_store.text(event, rule.learnField));
            if (found && found->size() >= shortest)
                m_phones[phone].learned[i] = *found;
        }
    }
}

std::size_t TracePhones::count(Observer by) const
{
    std::size_t all = 0;
    for (const auto& list : m_events[static_cast<std::size_t>(by)])
        all += list.size();
    return all;
}

namespace {

std::optional<std::size_t> phoneNamed(const TracePhones& trace, const std::string& name)
{
    const auto mac = MacAddress::parse(name);
    const auto address = IpAddress::parse(name);
    for (std::size_t i = 0; i < trace.phones().size(); ++i) {
        const TracePhone& phone = trace.phones()[i];
        if ((mac.has_value() && phone.mac == *mac) || (address.has_value() && phone.address == *address))
            return i;
    }
    return std::nullopt;
}

}  // namespace

emulator::Result<std::vector<PhonePair>> pairPhones(
    const TracePhones& a, const TracePhones& b, const std::vector<std::pair<std::string, std::string>>& asked)
{
    std::vector<PhonePair> pairs;
    std::vector<bool> takenA(a.phones().size());
    std::vector<bool> takenB(b.phones().size());
    const auto pair = [&](std::size_t left, std::size_t right) {
        pairs.push_back({left, right});
        takenA[left] = true;
        takenB[right] = true;
    };
    for (const auto& [nameA, nameB] : asked) {
        const auto left = phoneNamed(a, nameA);
        const auto right = phoneNamed(b, nameB);
        if (!left || !right)
            return emulator::fail(emulator::ErrorKind::NotFound,
                                  fmt::format("no phone of {} is {}, expected the MAC or address of one",
                                              left ? "B" : "A", left ? nameB : nameA));
        if (takenA[*left] || takenB[*right])
            return emulator::fail(emulator::ErrorKind::Malformed,
                                  fmt::format("found {}={} for a phone that is paired already, expected each "
                                              "phone once",
                                              nameA, nameB));
        pair(*left, *right);
    }
    const auto pairBy = [&](auto keyOf) {
        std::unordered_map<std::uint64_t, std::size_t> known;
        for (std::size_t i = 0; i < b.phones().size(); ++i)
            if (const auto key = keyOf(b.phones()[i]); key && !takenB[i])
                known.emplace(*key, i);
        for (std::size_t i = 0; i < a.phones().size(); ++i)
            if (const auto key = keyOf(a.phones()[i]); key && !takenA[i])
                if (const auto at = known.find(*key); at != known.end() && !takenB[at->second])
                    pair(i, at->second);
    };
    pairBy([](const TracePhone& phone) {
        return phone.mac ? std::optional{phone.mac->number()} : std::nullopt;
    });
    pairBy([](const TracePhone& phone) {
        return phone.address == IpAddress{} ? std::nullopt
                                            : std::optional{std::uint64_t{phone.address.value}};
    });
    const auto rest = [](const TracePhones& trace, const std::vector<bool>& taken) {
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < taken.size(); ++i)
            if (!taken[i])
                left.push_back(i);
        std::stable_sort(left.begin(), left.end(), [&](std::size_t x, std::size_t y) {
            return trace.phones()[x].firstEvent < trace.phones()[y].firstEvent;
        });
        return left;
    };
    const std::vector<std::size_t> restA = rest(a, takenA);
    const std::vector<std::size_t> restB = rest(b, takenB);
    for (std::size_t i = 0; i < std::max(restA.size(), restB.size()); ++i)
        pairs.push_back({i < restA.size() ? std::optional{restA[i]} : std::nullopt,
                         i < restB.size() ? std::optional{restB[i]} : std::nullopt});
    return pairs;
}

}  // namespace hwbridge
