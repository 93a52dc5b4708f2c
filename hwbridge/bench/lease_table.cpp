#include "hwbridge/bench/lease_table.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/base/one_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Duration;
using emulator::Error;
using emulator::ErrorKind;
using emulator::TimePoint;
using State = PhoneLease::State;

namespace {

constexpr std::size_t longestRestoringFailure =
    1000;  // bytes of what a phone said; a row of the list takes 4,096

std::uint64_t number(Fence fence)
{
    return static_cast<std::uint64_t>(fence);
}

std::string seconds(Duration duration)
{
    return fmt::format("{:g} s", std::chrono::duration<double>{duration}.count());
}

bool fits(const LeasedPhone& phone, const PhoneSelector& wanted)
{
    return (wanted.name.empty() || phone.name == wanted.name) &&
           (wanted.model.empty() || phone.model == wanted.model) &&
           (wanted.tag.empty() ||
            std::find(phone.tags.begin(), phone.tags.end(), wanted.tag) != phone.tags.end());
}

bool mayHave(const LeaseTable::Phone& phone, const LeaseRequest& request)
{
    return fits(phone.what, request.wanted) && (phone.lease.quarantine.empty() || request.toCheck);
}

// "held by bob@ci (nightly)", "being restored", "quarantined: no answer".
std::string standing(const PhoneLease& lease)
{
    if (lease.state == State::Held)
        return fmt::format("held by {}{}", lease.holder,
                           lease.reason.empty() ? "" : fmt::format(" ({})", lease.reason));
    if (lease.state == State::Restoring)
        return fmt::format("being restored after lease {}", number(lease.fence));
    return lease.quarantine.empty() ? "free" : "quarantined: " + lease.quarantine;
}

std::size_t bytesOf(const std::vector<SavedParameter>& parameters)
{
    std::size_t bytes = 0;
    for (const SavedParameter& parameter : parameters)
        bytes += parameter.name.size() + parameter.value.size();
    return bytes;
}

void remember(const LeaseTable::Phone& phone, LeaseEffects& effects)
{
    effects.emplace_back(RememberLease{phone.what.name, phone.lease});
}

void refuse(LeaseCommandId command, Error error, LeaseEffects& effects)
{
    effects.emplace_back(LeaseRefused{command, std::move(error)});
}

}  // namespace

std::string PhoneSelector::text() const
{
    std::string text = name;
    if (!tag.empty())
        text += fmt::format("{}tag {}", text.empty() ? "" : ", ", tag);
    if (!model.empty())
        text += fmt::format("{}model {}", text.empty() ? "" : ", ", model);
    return text;
}

LeaseTable::LeaseTable(std::vector<LeasedPhone> phones, LeaseLimits limits,
                       const std::map<std::string, PhoneLease>& memory)
    : m_limits{limits}
{
    for (LeasedPhone& phone : phones) {
        const auto known = memory.find(phone.name);
        m_phones.push_back({std::move(phone), known == memory.end() ? PhoneLease{} : known->second});
    }
    for (const auto& [name, lease] : memory)
        m_last = std::max(m_last, lease.fence);
}

LeaseEffects LeaseTable::begin(TimePoint now)
{
    LeaseEffects effects;
    for (Phone& phone : m_phones) {
        PhoneLease& lease = phone.lease;
        if (lease.state == State::Held) {
            lease.heartbeatBy = now + m_limits.heartbeat;
            lease.until = std::min(lease.until, now + m_limits.longest);  // whatever a clock did meanwhile
        } else if (lease.state == State::Restoring) {
            lease.until = now + m_limits.restoring;
            effects.emplace_back(RestorePhone{phone.what.name, lease.fence, lease.saved});
        }
    }
    sweep(now, effects);
    return effects;
}

LeaseEffects LeaseTable::handle(TimePoint now, const LeaseEvent& event)
{
    LeaseEffects effects;
    sweep(now, effects);
    std::visit([&](const auto& what) { act(now, what, effects); }, event);
    serve(now, effects);
    return effects;
}

void LeaseTable::wasDeaf(emulator::Duration time)
{
    for (Phone& phone : m_phones)
        phone.lease.heartbeatBy += time;
}

std::optional<TimePoint> LeaseTable::nextDeadline() const
{
    std::optional<TimePoint> next;
    for (const Phone& phone : m_phones) {
        if (phone.lease.state == State::Free)
            continue;
        const TimePoint due = phone.lease.state == State::Held
                                  ? std::min(phone.lease.until, phone.lease.heartbeatBy)
                                  : phone.lease.until;
        next = next ? std::min(*next, due) : due;
    }
    return next;
}

std::vector<const LeaseRequest*> LeaseTable::waitingFor(const Phone& phone) const
{
    std::vector<const LeaseRequest*> waiting;
    for (const LeaseRequest& request : m_queue)
        if (mayHave(phone, request))
            waiting.push_back(&request);
    return waiting;
}

void LeaseTable::sweep(TimePoint now, LeaseEffects& effects)
{
    for (Phone& phone : m_phones) {
        const PhoneLease& lease = phone.lease;
        if (lease.state == State::Held && now >= lease.until)
            end(now, phone, "its time was over", effects);
        else if (lease.state == State::Held && now >= lease.heartbeatBy)
            end(now, phone, fmt::format("its holder was not heard of for {}", seconds(m_limits.heartbeat)),
                effects);
        else if (lease.state == State::Restoring && now >= lease.until)
            owe(phone, fmt::format("it took longer than {}", seconds(m_limits.restoring)), effects);
    }
}

// Oldest first. What has become hopeless is refused: nobody waits for a phone that only a check brings back.
void LeaseTable::serve(TimePoint now, LeaseEffects& effects)
{
    for (auto request = m_queue.begin(); request != m_queue.end();) {
        const auto phone = std::find_if(m_phones.begin(), m_phones.end(), [&](const Phone& one) {
            return one.lease.state == State::Free && mayHave(one, *request);
        });
        if (phone != m_phones.end()) {
            grant(now, *request, *phone, effects);
        } else if (std::optional<Error> why = hopeless(*request)) {
            refuse(request->command, *std::move(why), effects);
        } else {
            ++request;
            continue;
        }
        request = m_queue.erase(request);
    }
}

void LeaseTable::grant(TimePoint now, const LeaseRequest& request, Phone& phone, LeaseEffects& effects)
{
    PhoneLease& lease = phone.lease;
    m_last = Fence{number(m_last) + 1};
    lease.state = State::Held;
    lease.fence = m_last;
    lease.holder = request.holder;
    lease.reason = request.reason;
    lease.until = now + std::clamp(request.duration, Duration{1}, m_limits.longest);
    lease.heartbeatBy = now + m_limits.heartbeat;
    lease.ended.clear();
    remember(phone, effects);
    effects.emplace_back(LeaseGranted{request.command, phone.what.name, lease.fence, lease.until});
}

void LeaseTable::end(TimePoint now, Phone& phone, std::string why, LeaseEffects& effects)
{
    PhoneLease& lease = phone.lease;
    lease.ended = std::move(why);
    lease.state = lease.saved.empty() ? State::Free : State::Restoring;
    lease.until = now + m_limits.restoring;
    remember(phone, effects);
    effects.emplace_back(LeaseEnded{phone.what.name, lease.fence, lease.ended});
    if (lease.state == State::Restoring)
        effects.emplace_back(RestorePhone{phone.what.name, lease.fence, lease.saved});
}

// What was to be put back was not: it stays owed, and nobody but a check gets the phone.
void LeaseTable::owe(Phone& phone, std::string failure, LeaseEffects& effects)
{
    phone.lease.state = State::Free;
    phone.lease.quarantine =
        fmt::format("restoring its parameters after lease {} failed: {}", number(phone.lease.fence),
                    emulator::oneLine(failure, longestRestoringFailure));
    remember(phone, effects);
}

void LeaseTable::act(TimePoint now, const LeaseRequest& event, LeaseEffects& effects)
{
    if (std::optional<Error> why = hopeless(event))
        return refuse(event.command, *std::move(why), effects);
    m_queue.push_back(event);
    serve(now, effects);
    if (m_queue.empty() || m_queue.back().command != event.command)
        return;
    const bool full = m_queue.size() > m_limits.waiting;
    if (event.wait && !full) {
        effects.emplace_back(LeaseWaits{event.command, m_queue.size()});
        return;
    }
    m_queue.pop_back();
    if (full)
        refuse(event.command,
               emulator::fail(ErrorKind::TooLarge,
                              fmt::format("{} requests wait already, expected fewer", m_limits.waiting)),
               effects);
    else
        refuse(event.command, emulator::fail(ErrorKind::Refused, whoHolds(event)), effects);
}

void LeaseTable::act(TimePoint, const LeaseWithdrawn& event, LeaseEffects& effects)
{
    const auto gone = std::find_if(m_queue.begin(), m_queue.end(),
                                   [&](const LeaseRequest& one) { return one.command == event.command; });
    if (gone == m_queue.end())
        return;
    m_queue.erase(gone);
    refuse(event.command, emulator::fail(ErrorKind::Refused, "the request was withdrawn"), effects);
}

void LeaseTable::act(TimePoint now, const LeaseRenewal& event, LeaseEffects& effects)
{
    if (Phone* const phone = held(event.command, event.fence, effects)) {
        phone->lease.heartbeatBy = now + m_limits.heartbeat;
        effects.emplace_back(LeaseDone{event.command});
    }
}

// What was saved first is how the phone was found: later values of the same parameter are its holder's own.
void LeaseTable::act(TimePoint, const LeaseSave& event, LeaseEffects& effects)
{
    Phone* const phone = held(event.command, event.fence, effects);
    if (phone == nullptr)
        return;
    std::vector<SavedParameter> saved = phone->lease.saved;
    for (const SavedParameter& parameter : event.parameters)
        if (std::none_of(saved.begin(), saved.end(),
                         [&](const SavedParameter& known) { return known.name == parameter.name; }))
            saved.push_back(parameter);
    if (saved.size() > m_limits.savedParameters || bytesOf(saved) > m_limits.savedBytes)
        return refuse(
            event.command,
            emulator::fail(ErrorKind::TooLarge,
                           fmt::format("{} parameters of {} bytes to save, expected at most {} of {}",
                                       saved.size(), bytesOf(saved), m_limits.savedParameters,
                                       m_limits.savedBytes)),
            effects);
    if (saved.size() != phone->lease.saved.size()) {
        phone->lease.saved = std::move(saved);
        remember(*phone, effects);
    }
    effects.emplace_back(LeaseDone{event.command});
}

void LeaseTable::act(TimePoint now, const LeaseRelease& event, LeaseEffects& effects)
{
    if (Phone* const phone = held(event.command, event.fence, effects)) {
        end(now, *phone, "it was released", effects);
        effects.emplace_back(LeaseDone{event.command});
    }
}

void LeaseTable::act(TimePoint now, const PhoneRelease& event, LeaseEffects& effects)
{
    Phone* const phone = named(event.command, event.phone, effects);
    if (phone == nullptr)
        return;
    if (phone->lease.holder != event.holder)
        return refuse(event.command,
                      emulator::fail(ErrorKind::Refused,
                                     fmt::format("{} is {}, not by {}; a kick with a reason takes it away",
                                                 event.phone, standing(phone->lease), event.holder)),
                      effects);
    end(now, *phone, fmt::format("it was released by {}", event.holder), effects);
    effects.emplace_back(LeaseDone{event.command});
}

void LeaseTable::act(TimePoint now, const PhoneKick& event, LeaseEffects& effects)
{
    Phone* const phone = named(event.command, event.phone, effects);
    if (phone == nullptr)
        return;
    if (event.reason.empty())
        return refuse(event.command,
                      emulator::fail(ErrorKind::Malformed,
                                     "a kick without a reason, expected one: its holder "
                                     "is told"),
                      effects);
    end(now, *phone, fmt::format("it was taken away by {}: {}", event.by, event.reason), effects);
    effects.emplace_back(LeaseDone{event.command});
}

void LeaseTable::act(TimePoint, const PhoneVerdict& event, LeaseEffects& effects)
{
    Phone* const phone = held(event.command, event.fence, effects);
    if (phone == nullptr)
        return;
    if (phone->lease.quarantine != event.failure) {
        phone->lease.quarantine = event.failure;
        remember(*phone, effects);
    }
    effects.emplace_back(LeaseDone{event.command});
}

void LeaseTable::act(TimePoint, const PhoneRestored& event, LeaseEffects& effects)
{
    const auto phone = std::find_if(m_phones.begin(), m_phones.end(),
                                    [&](const Phone& one) { return one.what.name == event.phone; });
    if (phone == m_phones.end() || phone->lease.state != State::Restoring ||
        phone->lease.fence != event.fence)
        return;  // it was given up meanwhile
    if (!event.failure.empty())
        return owe(*phone, event.failure, effects);
    phone->lease.state = State::Free;
    phone->lease.saved.clear();
    remember(*phone, effects);
}

// The phone of a lease that is held; else refuses, saying how it ended.
LeaseTable::Phone* LeaseTable::held(LeaseCommandId command, Fence fence, LeaseEffects& effects)
{
    for (Phone& phone : m_phones) {
        if (phone.lease.fence != fence || fence == Fence{})
            continue;
        if (phone.lease.state == State::Held)
            return &phone;
        refuse(command,
               emulator::fail(ErrorKind::Refused, fmt::format("lease {} of {} has ended: {}", number(fence),
                                                              phone.what.name, phone.lease.ended)),
               effects);
        return nullptr;
    }
    refuse(command,
           emulator::fail(ErrorKind::Refused, fmt::format("there is no lease {} any more", number(fence))),
           effects);
    return nullptr;
}

// A phone that is held, by its name; else refuses.
LeaseTable::Phone* LeaseTable::named(LeaseCommandId command, std::string_view name, LeaseEffects& effects)
{
    std::vector<std::string_view> names;
    for (Phone& phone : m_phones) {
        names.push_back(phone.what.name);
        if (phone.what.name != name)
            continue;
        if (phone.lease.state == State::Held)
            return &phone;
        refuse(command,
               emulator::fail(ErrorKind::Refused, fmt::format("{} is {}, expected one that is held", name,
                                                              standing(phone.lease))),
               effects);
        return nullptr;
    }
    refuse(command, unknown("phone", name, names), effects);
    return nullptr;
}

Error LeaseTable::unknown(std::string_view what, std::string_view text,
                          const std::vector<std::string_view>& words) const
{
    const std::string_view nearest = emulator::nearestWord(text, words);
    return emulator::fail(ErrorKind::NotFound,
                          fmt::format("no {} of this bench is called {}{}", what, text,
                                      nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
}

// Why nothing that happens to leases alone will ever fulfil the request; nothing: it may be fulfilled.
std::optional<Error> LeaseTable::hopeless(const LeaseRequest& request) const
{
    const PhoneSelector& wanted = request.wanted;
    std::vector<const Phone*> fitting;
    std::vector<std::string_view> names;
    std::vector<std::string_view> models;
    std::vector<std::string_view> tags;
    for (const Phone& phone : m_phones) {
        if (mayHave(phone, request))
            return std::nullopt;
        if (fits(phone.what, wanted))
            fitting.push_back(&phone);
        names.push_back(phone.what.name);
        models.push_back(phone.what.model);
        tags.insert(tags.end(), phone.what.tags.begin(), phone.what.tags.end());
    }
    if (!fitting.empty())
        return emulator::fail(ErrorKind::Refused,
                              fmt::format("{} is quarantined: {}", fitting.front()->what.name,
                                          fitting.front()->lease.quarantine));
    const auto isOne = [](const std::vector<std::string_view>& words, const std::string& word) {
        return word.empty() || std::find(words.begin(), words.end(), word) != words.end();
    };
    if (!isOne(names, wanted.name))
        return unknown("phone", wanted.name, names);
    if (!isOne(tags, wanted.tag))
        return unknown("tag", wanted.tag, tags);
    if (!isOne(models, wanted.model))
        return unknown("model", wanted.model, models);
    return emulator::fail(ErrorKind::NotFound, fmt::format("no phone of this bench is {}", wanted.text()));
}

std::string LeaseTable::whoHolds(const LeaseRequest& request) const
{
    std::string text;
    std::size_t others = 0;
    for (const Phone& phone : m_phones) {
        if (!mayHave(phone, request))
            continue;
        if (text.empty())
            text = fmt::format("{} is {}", phone.what.name, standing(phone.lease));
        else
            ++others;
    }
    if (others > 0)
        text += fmt::format(", and {} more with {} {} not free either", others, request.wanted.text(),
                            others == 1 ? "is" : "are");
    return text;
}

}  // namespace hwbridge
