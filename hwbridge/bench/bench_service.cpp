#include "hwbridge/bench/bench_service.hpp"

#include "emulator/base/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::Error;
using emulator::ErrorKind;
using emulator::Overloaded;
using emulator::Result;
using emulator::TimePoint;

namespace {

constexpr std::size_t mostWaiting = 16;       // requests of one client in the queue. Our choice.
constexpr std::ptrdiff_t mostListening = 16;  // lists of one client. Likewise.

// Takes as long whatever the difference, so that a token cannot be found byte by byte.
bool sameSecret(std::string_view given, std::string_view right)
{
    int difference = given.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < right.size(); ++i)
        difference |= (i < given.size() ? given[i] : '\0') ^ right[i];
    return difference == 0;
}

std::string_view stateName(const PhoneLease& lease)
{
    switch (lease.state) {
    case PhoneLease::State::Held:
        return "held";
    case PhoneLease::State::Restoring:
        return "restoring";
    case PhoneLease::State::Free:
        break;
    }
    return lease.quarantine.empty() ? "free" : "quarantined";
}

}  // namespace

BenchService::BenchService(Inventory inventory, std::unique_ptr<LeaseJournal> journal,
                           const BenchServiceOptions& options, BenchOutbox& outbox)
    : m_inventory{std::move(inventory)},
      m_journal{std::move(journal)},
      m_options{options},
      m_outbox{outbox}
{}

Result<void> BenchService::begin(TimePoint now)
{
    const Result<std::map<std::string, PhoneLease>> memory = m_journal->read();
    if (memory.has_error())
        return memory.error();
    Result<std::map<std::string, LastCheck>> checks = m_journal->checks();
    if (checks.has_error())
        return checks.error();
    m_checks = *std::move(checks);
    for (const auto& [name, lease] : *memory)
        if (phone(name) == nullptr && !lease.saved.empty())
            m_strays.push_back(name);
    std::vector<LeasedPhone> phones;
    for (const BenchPhone& phone : m_inventory.phones)
        phones.push_back({phone.name, phone.model, phone.tags});
    LeaseLimits limits;
    limits.heartbeat = m_inventory.heartbeat;
    limits.longest = m_inventory.longestLease;
    m_table.emplace(std::move(phones), limits, *memory);
    carryOut(m_table->begin(now));
    return m_trouble ? Result<void>{*m_trouble} : Result<void>{};
}

void BenchService::came(ClientId client, std::optional<std::string> token)
{
    Client& known = m_clients[client];
    known.token = std::move(token);
}

bool BenchService::knows(ClientId client) const
{
    const auto known = m_clients.find(client);
    return known != m_clients.end() && known->second.greeted;
}

const BenchPhone* BenchService::phone(std::string_view name) const
{
    const auto found = std::find_if(m_inventory.phones.begin(), m_inventory.phones.end(),
                                    [&](const BenchPhone& one) { return one.name == name; });
    return found == m_inventory.phones.end() ? nullptr : &*found;
}

void BenchService::said(TimePoint now, ClientId client, std::string_view line)
{
    if (m_trouble || !m_clients.contains(client))
        return;
    Result<ClientMessage> message = readClientMessage(line);
    if (message.has_error()) {
        refuse(client, 0, message.error());
        return hangUp(client);
    }
    const std::uint64_t id = message->id;
    if (const auto* const hello = std::get_if<BenchHello>(&message->wish))
        return greet(client, id, *hello);
    if (!m_clients[client].greeted) {
        refuse(client, id, emulator::fail(ErrorKind::Refused, "expected hello before anything else"));
        return hangUp(client);
    }
    if (const auto* const wish = std::get_if<BenchList>(&message->wish))
        return list(now, client, id, *wish);
    ask(now, client, id, std::move(std::get<LeaseEvent>(message->wish)));
}

void BenchService::greet(ClientId client, std::uint64_t id, const BenchHello& hello)
{
    Client& known = m_clients[client];
    if (known.token && !sameSecret(hello.token, *known.token)) {
        refuse(client, id, emulator::fail(ErrorKind::Refused, "the token is wrong"));
        return hangUp(client);
    }
    if (hello.version != benchProtocolVersion) {
        refuse(client, id,
               emulator::fail(ErrorKind::Refused,
                              fmt::format("found version {} of the bench protocol, expected {}",
                                          hello.version, benchProtocolVersion)));
        return hangUp(client);
    }
    known.greeted = true;
    known.holder = hello.holder;
    send(client, {id, BenchWelcome{m_inventory.bench, benchProtocolVersion, m_inventory.heartbeat,
                                   m_options.restores}});
}

void BenchService::list(TimePoint now, ClientId client, std::uint64_t id, const BenchList& wish)
{
    handle(now, LeaseTimePassed{});
    const auto isHis = [&](const Listener& one) { return one.client == client; };
    if (std::count_if(m_listeners.begin(), m_listeners.end(), isHis) >= mostListening)
        return refuse(client, id,
                      emulator::fail(ErrorKind::TooLarge,
                                     fmt::format("{} lists of one client wait for phones that are put back, "
                                                 "expected at most that many",
                                                 mostListening)));
    m_listeners.push_back({client, id, wish.restored});
    tellListeners();
}

bool BenchService::isRestoring(std::string_view phone) const
{
    const auto& phones = m_table->phones();
    return std::any_of(phones.begin(), phones.end(), [&](const LeaseTable::Phone& one) {
        return one.what.name == phone && one.lease.state == PhoneLease::State::Restoring;
    });
}

void BenchService::tellListeners()
{
    if (m_trouble)
        return;
    std::erase_if(m_listeners, [&](const Listener& one) {
        if (isRestoring(one.phone))
            return false;
        send(one.client, {one.id, rows()});
        return true;
    });
}

void BenchService::ask(TimePoint now, ClientId client, std::uint64_t id, LeaseEvent event)
{
    Client& known = m_clients[client];
    if (const auto* const withdrawn = std::get_if<LeaseWithdrawn>(&event)) {
        const auto waiting = known.waiting.find(static_cast<std::uint64_t>(withdrawn->command));
        if (waiting == known.waiting.end())
            return refuse(client, id, emulator::fail(ErrorKind::NotFound, "no such request waits"));
        handle(now, LeaseWithdrawn{waiting->second});
        return m_trouble ? void() : send(client, {id, BenchDone{}});
    }
    if (std::holds_alternative<LeaseSave>(event) && !m_options.restores)
        return refuse(client, id,
                      emulator::fail(ErrorKind::Unsupported,
                                     "this daemon cannot put parameters back, so it takes none to save"));
    if (std::holds_alternative<LeaseRequest>(event) && known.waiting.size() >= mostWaiting)
        return refuse(client, id,
                      emulator::fail(ErrorKind::TooLarge,
                                     fmt::format("{} requests of one client wait, expected at most that many",
                                                 mostWaiting)));
    if (known.waiting.contains(id))
        return refuse(
            client, id,
            emulator::fail(ErrorKind::Malformed,
                           fmt::format("a request with the id {} waits already, expected another", id)));
    const LeaseCommandId command{++m_commands};
    m_askers[command] = {client, id};
    std::visit(Overloaded{[&](LeaseRequest& one) {
                              one.command = command;
                              one.holder = known.holder;
                          },
                          [&](PhoneRelease& one) {
                              one.command = command;
                              one.holder = known.holder;
                          },
                          [&](PhoneKick& one) {
                              one.command = command;
                              one.by = known.holder;
                          },
                          [&](auto& one) {
                              if constexpr (requires { one.command; })
                                  one.command = command;
                          }},
               event);
    if (const auto* const verdict = std::get_if<PhoneVerdict>(&event))
        noteCheck(now, *verdict);
    handle(now, event);
    if (const auto* const renewal = std::get_if<LeaseRenewal>(&event))
        for (const LeaseTable::Phone& phone : m_table->phones())
            if (phone.lease.state == PhoneLease::State::Held && phone.lease.fence == renewal->fence)
                m_holders[renewal->fence] = client;
}

// What a verdict says beside its consequences for leases. A lease that has ended is no check's.
void BenchService::noteCheck(TimePoint now, const PhoneVerdict& verdict)
{
    handle(now, LeaseTimePassed{});
    for (const LeaseTable::Phone& phone : m_table->phones()) {
        if (m_trouble || phone.lease.fence != verdict.fence || phone.lease.state != PhoneLease::State::Held)
            continue;
        const LastCheck check{emulator::wallTime(m_options.zero, now), verdict.failure.empty()};
        if (const Result<void> kept = m_journal->keepCheck(phone.what.name, check); kept.has_error())
            m_trouble = kept.error();
        else
            m_checks[phone.what.name] = check;
    }
}

void BenchService::gone(TimePoint now, ClientId client)
{
    const auto known = m_clients.find(client);
    if (known == m_clients.end())
        return;
    const std::map<std::uint64_t, LeaseCommandId> waiting = std::move(known->second.waiting);
    m_clients.erase(known);
    std::erase_if(m_listeners, [&](const Listener& one) { return one.client == client; });
    std::erase_if(m_holders, [&](const auto& holder) { return holder.second == client; });
    for (const auto& [id, command] : waiting)
        handle(now, LeaseWithdrawn{command});
}

void BenchService::restored(TimePoint now, const PhoneRestored& event)
{
    handle(now, event);
}

void BenchService::timePassed(TimePoint now)
{
    handle(now, LeaseTimePassed{});
}

void BenchService::handle(TimePoint now, const LeaseEvent& event)
{
    if (m_trouble)
        return;
    carryOut(m_table->handle(now, event));
    tellListeners();
}

// What is remembered comes first, all of it, then what is said of it.
void BenchService::carryOut(const LeaseEffects& effects)
{
    std::vector<RememberLease> leases;
    for (const LeaseEffect& effect : effects)
        if (const auto* const lease = std::get_if<RememberLease>(&effect))
            leases.push_back(*lease);
    if (!leases.empty())
        if (const Result<void> kept = m_journal->keep(leases); kept.has_error()) {
            m_trouble = kept.error();
            return;
        }
    for (const LeaseEffect& effect : effects)
        std::visit(
            Overloaded{[](const RememberLease&) {},
                       [&](const LeaseGranted& one) {
                           m_holders[one.fence] = m_askers[one.command].client;
                           answer(one.command, BenchGrant{one.fence, one.phone,
                                                          emulator::wallTime(m_options.zero, one.until)});
                       },
                       [&](const LeaseWaits& one) {
                           const Asker asker = m_askers[one.command];
                           if (const auto known = m_clients.find(asker.client); known != m_clients.end())
                               known->second.waiting[asker.id] = one.command;
                           send(asker.client, {asker.id, BenchWaits{one.position}});
                       },
                       [&](const LeaseDone& one) { answer(one.command, BenchDone{}); },
                       [&](const LeaseRefused& one) { answer(one.command, BenchRefusal{one.error}); },
                       [&](const LeaseEnded& one) {
                           const auto holder = m_holders.extract(one.fence);
                           if (!holder.empty())
                               send(holder.mapped(), {0, BenchEnd{one.fence, one.phone, one.why}});
                       },
                       [&](const RestorePhone& one) { m_outbox.restore(one); }},
            effect);
}

void BenchService::answer(LeaseCommandId command, decltype(ServerMessage::what) what)
{
    const auto asker = m_askers.find(command);
    if (asker == m_askers.end())
        return;
    const auto [client, id] = asker->second;
    m_askers.erase(asker);
    if (const auto known = m_clients.find(client); known != m_clients.end())
        known->second.waiting.erase(id);
    send(client, {id, std::move(what)});
}

void BenchService::refuse(ClientId client, std::uint64_t id, Error error)
{
    send(client, {id, BenchRefusal{std::move(error)}});
}

void BenchService::hangUp(ClientId client)
{
    m_outbox.hangUp(client);
}

void BenchService::send(ClientId client, const ServerMessage& message)
{
    if (m_clients.contains(client))
        m_outbox.send(client, print(message));
}

BenchRows BenchService::rows() const
{
    BenchRows rows;
    for (std::size_t i = 0; i < m_inventory.phones.size(); ++i) {
        BenchRow row = rowOf(m_inventory.phones[i]);
        const PhoneLease& lease = m_table->phones()[i].lease;
        row.state = stateName(lease);
        row.fence = lease.fence;
        const bool held = lease.state == PhoneLease::State::Held;
        if (held) {
            row.holder = lease.holder;
            row.reason = lease.reason;
            row.until = emulator::wallTime(m_options.zero, lease.until);
        }
        row.why = !lease.quarantine.empty() ? lease.quarantine : lease.ended;
        const std::vector<const LeaseRequest*> waiting = m_table->waitingFor(m_table->phones()[i]);
        row.waiting = waiting.size();
        row.next = waiting.empty() ? "" : waiting.front()->holder;
        if (const auto check = m_checks.find(row.phone); check != m_checks.end()) {
            row.checked = check->second.at;
            row.passed = check->second.passed;
        }
        rows.phones.push_back(std::move(row));
    }
    return rows;
}

}  // namespace hwbridge
