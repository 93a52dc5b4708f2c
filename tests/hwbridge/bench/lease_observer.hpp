#pragma once

#include "hwbridge/bench/lease.hpp"
#include "hwbridge/bench/lease_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hwbridge {

// Stands beside a bench and believes nobody: it sees what goes in and what comes out, keeps its own small account of who
// holds what and what is owed to whom, and says where the two do not agree.
class LeaseObserver {
public:
    struct Phone {
        Fence holder{};  // 0: nobody
        bool restoring = false;
        std::vector<SavedParameter> owed;
        PhoneLease remembered;
    };

    // One event and all that came of it; `after`: the table then.
    void saw(const LeaseEvent& event, const LeaseEffects& effects, const LeaseTable& after)
    {
        m_event = &event;
        m_answers.clear();
        m_after = &after;
        if (const auto* const request = std::get_if<LeaseRequest>(&event))
            m_waiting.push_back(*request);
        if (const auto* const restored = std::get_if<PhoneRestored>(&event))
            m_restored = *restored;
        else
            m_restored.reset();
        for (const LeaseEffect& effect : effects)
            std::visit([&](const auto& what) { took(what); }, effect);
        checkAnswers();
        checkAccount(after);
        checkQueue(after);
    }

    // The daemon died and came back with what it had remembered.
    void sawRestart(const LeaseEffects& effects, const LeaseTable& after)
    {
        m_event = nullptr;
        m_restored.reset();
        m_after = &after;
        m_waiting.clear();
        for (auto& [name, phone] : m_phones)
            phone.restoring = false;
        for (const LeaseEffect& effect : effects)
            std::visit([&](const auto& what) { took(what); }, effect);
        checkAccount(after);
    }

    const std::vector<std::string>& broken() const { return m_broken; }
    const std::map<std::string, Phone>& phones() const { return m_phones; }
    std::size_t granted() const { return m_granted; }
    std::size_t ended() const { return m_ended; }
    std::size_t restored() const { return m_restoredCount; }

private:
    void require(bool holds, std::string what)
    {
        if (!holds && m_broken.size() < 5)
            m_broken.push_back(std::move(what));
    }

    void took(const RememberLease& effect)
    {
        Phone& phone = m_phones[effect.phone];
        const PhoneLease& lease = effect.lease;
        require(lease.fence >= phone.remembered.fence, effect.phone + ": a fencing number went back");
        if (lease.fence == phone.remembered.fence && lease.state == PhoneLease::State::Held &&
            phone.remembered.state == PhoneLease::State::Held)
            require(lease.until <= phone.remembered.until, effect.phone + ": a lease became longer");
        if (phone.restoring && lease.state == PhoneLease::State::Free) {
            phone.restoring = false;
            if (m_restored && m_restored->phone == effect.phone && m_restored->failure.empty() &&
                m_restored->fence == lease.fence && lease.saved.empty())
                phone.owed.clear();
            else
                require(!lease.quarantine.empty(), effect.phone + ": given to others before it was restored");
        }
        phone.remembered = lease;
    }
    void took(const LeaseGranted& effect)
    {
        Phone& phone = m_phones[effect.phone];
        ++m_granted;
        answer(effect.command);
        require(phone.holder == Fence{}, effect.phone + ": two holders");
        require(!phone.restoring, effect.phone + ": leased while it is restored");
        require(effect.fence > m_last, effect.phone + ": a fencing number that did not grow");
        require(phone.remembered.state == PhoneLease::State::Held && phone.remembered.fence == effect.fence,
                effect.phone + ": granted before it was remembered");
        const LeaseRequest* const request = requestOf(effect.command);
        require(request != nullptr, effect.phone + ": granted to nobody");
        require(request == nullptr || phone.owed.empty() || request->toCheck,
                effect.phone + ": leased with parameters of another holder");
        m_last = std::max(m_last, effect.fence);
        phone.holder = effect.fence;
        checkFair(effect);
    }
    void took(const LeaseEnded& effect)
    {
        Phone& phone = m_phones[effect.phone];
        ++m_ended;
        require(phone.holder == effect.fence, effect.phone + ": the end of a lease that was none");
        require(phone.remembered.fence == effect.fence && phone.remembered.state != PhoneLease::State::Held,
                effect.phone + ": ended before it was remembered");
        phone.holder = Fence{};
        m_toRestore = phone.owed.empty() ? std::nullopt : std::optional{effect.phone};
    }
    void took(const RestorePhone& effect)
    {
        Phone& phone = m_phones[effect.phone];
        ++m_restoredCount;
        require(phone.holder == Fence{}, effect.phone + ": restored under its holder");
        require(!phone.restoring, effect.phone + ": restored twice");
        require(!phone.owed.empty() && phone.owed == effect.parameters,
                effect.phone + ": restored to something else");
        require(phone.remembered.state == PhoneLease::State::Restoring,
                effect.phone + ": restored before remembered");
        phone.restoring = true;
        if (m_toRestore == effect.phone)
            m_toRestore.reset();
    }
    void took(const LeaseWaits& effect)
    {
        const auto place = std::count_if(m_waiting.begin(), m_waiting.end(), [&](const LeaseRequest& one) {
            return !m_answers.contains(one.command);
        });
        require(!m_waiting.empty() && m_waiting.back().command == effect.command &&
                    effect.position == static_cast<std::size_t>(place),
                "somebody was told to wait at another place");
        m_toldToWait = effect.command;
    }
    void took(const LeaseDone& effect)
    {
        answer(effect.command);
        if (const auto* const renewal = eventAs<LeaseRenewal>())
            require(isHeld(renewal->fence), "a lease that had ended was renewed");
        if (const auto* const verdict = eventAs<PhoneVerdict>())
            require(isHeld(verdict->fence), "a lease that had ended judged a phone");
        if (const auto* const save = eventAs<LeaseSave>()) {
            require(isHeld(save->fence), "a lease that had ended saved parameters");
            for (auto& [name, phone] : m_phones)
                if (phone.holder == save->fence) {
                    for (const SavedParameter& parameter : save->parameters)
                        if (std::none_of(
                                phone.owed.begin(), phone.owed.end(),
                                [&](const SavedParameter& known) { return known.name == parameter.name; }))
                            phone.owed.push_back(parameter);
                    require(phone.remembered.saved == phone.owed,
                            name + ": changed before it was remembered");
                }
        }
    }
    void took(const LeaseRefused& effect) { answer(effect.command); }

    template <class T>
    const T* eventAs() const
    {
        return m_event == nullptr ? nullptr : std::get_if<T>(m_event);
    }
    bool isHeld(Fence fence) const
    {
        return std::any_of(m_phones.begin(), m_phones.end(),
                           [&](const auto& phone) { return phone.second.holder == fence; });
    }
    void answer(LeaseCommandId command) { ++m_answers[command]; }

    const LeaseRequest* requestOf(LeaseCommandId command) const
    {
        for (const LeaseRequest& one : m_waiting)
            if (one.command == command)
                return &one;
        return nullptr;
    }

    static bool fits(const LeaseTable::Phone& phone, const LeaseRequest& request)
    {
        const PhoneSelector& wanted = request.wanted;
        const auto& tags = phone.what.tags;
        return (wanted.name.empty() || wanted.name == phone.what.name) &&
               (wanted.model.empty() || wanted.model == phone.what.model) &&
               (wanted.tag.empty() || std::find(tags.begin(), tags.end(), wanted.tag) != tags.end()) &&
               (request.toCheck || phone.lease.quarantine.empty());
    }

    // Nobody who still waits had come earlier and would have liked that phone as well.
    void checkFair(const LeaseGranted& effect)
    {
        for (const LeaseRequest& earlier : m_waiting) {
            if (earlier.command == effect.command)
                return;
            const bool waits = waitsStill(earlier.command);
            for (const LeaseTable::Phone& phone : m_after->phones())
                require(!waits || phone.what.name != effect.phone || !fits(phone, earlier),
                        effect.phone + ": somebody was overtaken");
        }
    }

    bool waitsStill(LeaseCommandId command) const
    {
        return std::any_of(m_after->queue().begin(), m_after->queue().end(),
                           [&](const LeaseRequest& one) { return one.command == command; });
    }

    // Every command has exactly one answer: those that left the queue and this event's own.
    void checkAnswers()
    {
        std::vector<LeaseCommandId> asked;
        for (const LeaseRequest& request : m_waiting)
            asked.push_back(request.command);
        std::visit(
            [&](const auto& what) {
                using Event = std::decay_t<decltype(what)>;
                if constexpr (requires { what.command; } && !std::is_same_v<Event, LeaseWithdrawn> &&
                              !std::is_same_v<Event, LeaseRequest>)
                    asked.push_back(what.command);
            },
            *m_event);
        for (const LeaseCommandId command : asked) {
            const int answers = m_answers.contains(command) ? m_answers.at(command) : 0;
            require(answers + (waitsStill(command) ? 1 : 0) == 1,
                    fmt::format("command {} has {} answers", static_cast<std::uint64_t>(command), answers));
        }
        require(m_answers.size() <= asked.size(), "an answer to nobody");
        if (const auto* const request = eventAs<LeaseRequest>())
            require(waitsStill(request->command) == (m_toldToWait == request->command),
                    "somebody waits without knowing");
        std::erase_if(m_waiting, [&](const LeaseRequest& one) { return m_answers.contains(one.command); });
        require(m_waiting.size() == m_after->queue().size(), "somebody waits whom nobody knows");
    }

    void checkAccount(const LeaseTable& table)
    {
        require(!m_toRestore, m_toRestore.value_or("") + ": not restored");
        for (const LeaseTable::Phone& known : table.phones()) {
            const Phone& phone = m_phones[known.what.name];
            const PhoneLease& lease = known.lease;
            using State = PhoneLease::State;
            require((lease.state == State::Held) == (phone.holder != Fence{}),
                    known.what.name + ": lost or invented");
            require((lease.state == State::Restoring) == phone.restoring,
                    known.what.name + ": restored or not");
            require(lease.saved == phone.owed, known.what.name + ": owes something else");
            require(lease.state != State::Free || phone.owed.empty() || !lease.quarantine.empty(),
                    known.what.name + ": free with parameters of another holder");
            PhoneLease durable = lease;
            durable.heartbeatBy = phone.remembered.heartbeatBy;
            if (lease.state != State::Held)
                durable.until = phone.remembered.until;
            require(durable == phone.remembered, known.what.name + ": something was not remembered");
        }
    }

    // Nobody waits while a phone that fits is free.
    void checkQueue(const LeaseTable& table)
    {
        for (const LeaseRequest& request : table.queue())
            for (const LeaseTable::Phone& phone : table.phones())
                require(phone.lease.state != PhoneLease::State::Free || !fits(phone, request),
                        phone.what.name + ": free while somebody waits for it");
    }

    std::map<std::string, Phone> m_phones;
    std::map<LeaseCommandId, int> m_answers;
    std::vector<LeaseRequest> m_waiting;  // in the order in which they came
    std::optional<LeaseCommandId> m_toldToWait;
    Fence m_last{};
    std::optional<std::string> m_toRestore;
    const LeaseEvent* m_event = nullptr;
    const LeaseTable* m_after = nullptr;
    std::optional<PhoneRestored> m_restored;
    std::size_t m_granted = 0;
    std::size_t m_ended = 0;
    std::size_t m_restoredCount = 0;
    std::vector<std::string> m_broken;
};

}  // namespace hwbridge
