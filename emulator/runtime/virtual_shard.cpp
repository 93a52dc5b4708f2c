#include "emulator/runtime/virtual_shard.hpp"

#include "emulator/protocol/dns_message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

constexpr std::uint16_t sipPort = virtualSipPort;
constexpr std::uint16_t webPort = 80;
constexpr std::uint16_t syslogPort = 514;  // the phones send from it, too
constexpr std::uint16_t dnsPort = 53;

}  // namespace

std::optional<std::size_t> VirtualServers::find(const Endpoint& at) const
{
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].at == at)
            return i;
    return std::nullopt;
}

VirtualShard::VirtualShard(const VirtualServers& servers, TraceSink& sink, const Fleet& fleet,
                           std::unique_ptr<VirtualWire> wire)
    : m_servers{servers},
      m_sink{sink},
      m_wire{std::move(wire)},
      m_between{fleet.between ? fleet.between(*this) : nullptr},
      m_world{m_between ? *m_between : static_cast<PhoneWorld&>(*this)},
      m_traffic{fmt::format("{}", static_cast<std::uint64_t>(fleet.seed))}
{}

void VirtualShard::add(const PhoneSurroundings& surroundings, const MacAddress& mac, IpAddress address,
                       PhoneIndex index, AppliedState initial)
{
    const auto number = static_cast<std::uint32_t>(index);
    if (m_slots.empty())
        m_first = number;
    m_slots.push_back(
        {PhoneHost{Phone{surroundings, mac, address, std::move(initial)}, index, firstPhoneActor + number},
         nullptr});
}

// --- what is due ---

std::uint32_t VirtualShard::push(Slot& slot, TimePoint at, Kind kind)
{
    push(slot, at, kind, ++slot.token);
    return slot.token;
}

void VirtualShard::push(Slot& slot, TimePoint at, Kind kind, std::uint32_t value)
{
    m_due.push({at, static_cast<std::uint32_t>(&slot - m_slots.data()), slot.sequence++, kind, value});
}

void VirtualShard::post(std::size_t phone, TimePoint at, Event event)
{
    m_posted.emplace(++m_numbers, std::move(event));
    push(m_slots[phone], at, Posted, m_numbers);
}

void VirtualShard::browse(std::size_t phone, TimePoint at, HttpRequest request, const Endpoint& from,
                          std::uint64_t ticket)
{
    m_browsing.emplace(++m_numbers, Browsing{std::move(request), from, ticket});
    push(m_slots[phone], at + 3 * m_servers.network.latency, Browsed,
         m_numbers);  // handshake, then the request
}

void VirtualShard::converse(std::size_t phone, TimePoint at, std::size_t server,
                            std::unique_ptr<DatagramSession> session, std::uint64_t ticket)
{
    Slot& slot = m_slots[phone];
    m_conversations.emplace(++m_numbers, Conversation{slot.host.index(), server, std::move(session), ticket,
                                                      serverExchange(slot, server), at});
    push(slot, at, Conversing, m_numbers);
}

TimePoint VirtualShard::nextDeadline() const
{
    return m_due.empty() ? TimePoint::max() : m_due.first().at;
}

void VirtualShard::runUntil(TimePoint deadline)
{
    while (!m_due.empty() && m_due.first().at <= deadline) {
        const Deadline next = m_due.pop();
        m_now = next.at;
        due(next);
    }
}

void VirtualShard::due(const Deadline& deadline)
{
    Slot& slot = m_slots[deadline.phone];
    Flow* const flow = slot.flow.get();
    switch (static_cast<Kind>(deadline.kind)) {
    case Wake:
        if (slot.wakeToken == deadline.value)
            slot.host.woken(m_world, m_now);
        break;
    case WakeFetch:
        if (flow != nullptr && flow->wakeToken == deadline.value)
            slot.host.fetchWoken(m_world, m_now, flow->key);
        break;
    case Names:
        if (flow != nullptr && flow->namesToken == deadline.value) {
            const auto known = m_servers.network.names.find(flow->name);
            if (known != m_servers.network.names.end())
                slot.host.fetchEvent(m_world, m_now, flow->key, LookedUp{known->second});
            else
                slot.host.fetchEvent(
                    m_world, m_now, flow->key,
                    LookedUp{fail(ErrorKind::Unresolvable, fmt::format("{} has no address", flow->name))});
        }
        break;
    case Answer:
        if (flow != nullptr && flow->answerToken == deadline.value) {
            const HttpAnswered answer = std::move(*flow->answer);
            flow->callPort = 0;
            slot.host.fetchEvent(m_world, m_now, flow->key, answer);
        }
        break;
    case Datagram:
        if (flow != nullptr) {
            const auto arriving =
                std::find_if(flow->datagrams.begin(), flow->datagrams.end(),
                             [&](const auto& entry) { return entry.first == deadline.value; });
            if (arriving == flow->datagrams.end())
                break;
            const Flow::Arriving datagram = std::move(arriving->second);
            flow->datagrams.erase(arriving);
            if (datagram.refused)
                slot.host.fetchEvent(m_world, m_now, flow->key, DatagramRefused{datagram.from});
            else
                slot.host.fetchEvent(m_world, m_now, flow->key,
                                     DatagramArrived{datagram.from, datagram.bytes});
        }
        break;
    case Session:
        if (flow != nullptr && flow->session && flow->sessionToken == deadline.value) {
            SessionOutput output;
            flow->session->woken(m_now, output);
            carryOut(slot, *flow, m_now, output, flow->sessionEnd);
        }
        break;
    case Posted: {
        const auto posted = m_posted.extract(deadline.value);
        slot.host.feed(m_world, m_now, posted.mapped());
        break;
    }
    case Browsed: {
        const auto browsing = m_browsing.extract(deadline.value);
        visited(slot, browsing.mapped());
        break;
    }
    case Conversing:
        if (const auto talk = m_conversations.find(deadline.value);
            talk != m_conversations.end() && talk->second.wakeAt <= m_now)
            converse(slot, deadline.value, std::nullopt);
        break;
    case SipToPhone: {
        const auto arriving = m_sip.extract(deadline.value);
        const auto talk = m_conversations.find(arriving.mapped().conversation);
        if (talk != m_conversations.end())
            slot.host.sipArrived(m_world, m_now, arriving.mapped().bytes,
                                 m_servers.all[talk->second.server].at,
                                 {slot.host.phone().address(), sipPort});
        break;
    }
    case SipToServer: {
        const auto arriving = m_sip.extract(deadline.value);
        if (m_conversations.contains(arriving.mapped().conversation))
            converse(slot, arriving.mapped().conversation, arriving.mapped().bytes);
        break;
    }
    }
}

void VirtualShard::visited(Slot& slot, const Browsing& visit)
{
    const PhoneIndex phone = slot.host.index();
    const VirtualWire::Line wire = line(slot, webPort, visit.from);
    // The rig's own reads leave no trace (design decision D12), here neither.
    const bool shows = m_wire && visit.request.fields.first("User-Agent") != PhoneHost::rigUserAgent;
    if (shows && slot.host.phone().answersWeb())
        m_wire->visit(m_now, wire, visit.request);
    slot.host.webRequest(
        m_world, m_now, visit.request, visit.from, wire.phoneEnd,
        [this, phone, ticket = visit.ticket, shows, wire](std::optional<HttpResponse> response) {
            if (shows && response)
                m_wire->visitAnswered(m_now, wire, *response);
            else if (shows)
                m_wire->refusedVisit(m_now, wire);
            m_replies.push_back({m_now + m_servers.network.latency, phone, ticket, std::move(response)});
        });
}

std::uint16_t VirtualShard::nextPort(Slot& slot)
{
    slot.lastPort =
        slot.lastPort == UINT16_MAX ? firstEphemeralPort : static_cast<std::uint16_t>(slot.lastPort + 1);
    return slot.lastPort;
}

VirtualWire::Line VirtualShard::line(const Slot& slot, std::uint16_t port, const Endpoint& peer)
{
    const Phone& phone = slot.host.phone();
    return {static_cast<std::uint32_t>(slot.host.index()), phone.mac(), {phone.address(), port}, peer};
}

// --- what phones ask of the world ---

void VirtualShard::wakePhone(PhoneIndex phone, TimePoint at)
{
    Slot& slot = slotOf(phone);
    slot.wakeToken = at == TimePoint::max() ? ++slot.token : push(slot, std::max(at, m_now), Wake);
}

VirtualShard::Flow& VirtualShard::flowOf(Slot& slot, FetchKey key)
{
    if (!slot.flow || slot.flow->key != key) {
        slot.flow = std::make_unique<Flow>();
        slot.flow->key = key;
    }
    return *slot.flow;
}

void VirtualShard::wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at)
{
    Slot& slot = slotOf(phone);
    flowOf(slot, key).wakeToken =
        at == TimePoint::max() ? ++slot.token : push(slot, std::max(at, m_now), WakeFetch);
}

void VirtualShard::lookUp(PhoneIndex phone, FetchKey key, std::string_view host)
{
    Slot& slot = slotOf(phone);
    Flow& flow = flowOf(slot, key);
    flow.name = host;
    const TimePoint answered = m_now + 2 * m_servers.network.latency;
    flow.namesToken = push(slot, answered, Names);
    const std::uint16_t port = nextPort(slot);
    if (!m_wire)
        return;
    const VirtualWire::Line wire = line(slot, port, {m_servers.network.nameServer, dnsPort});
    const auto id = static_cast<std::uint16_t>(mixBits(wire.mac.number() + port));
    if (const std::string query = dnsQuery(id, host); !query.empty()) {
        m_wire->datagram(m_now, wire, true, query);
        m_wire->datagram(answered, wire, false, answerDns(query, m_servers.network.names));
    }
}

void VirtualShard::endFetch(PhoneIndex phone, FetchKey key)
{
    Slot& slot = slotOf(phone);
    if (!slot.flow || slot.flow->key != key)
        return;
    if (m_wire && slot.flow->callPort != 0)
        m_wire->abandon(m_now, line(slot, slot.flow->callPort, slot.flow->called),
                        slot.host.phone().state() != PhoneState::Off);
    slot.flow.reset();
}

ClientMemory& VirtualShard::memory(const Slot& slot, std::size_t server)
{
    const std::size_t servers = m_servers.all.size();
    if (m_memory.size() != m_slots.size() * servers)
        m_memory.assign(m_slots.size() * servers, {});
    return m_memory[static_cast<std::size_t>(&slot - m_slots.data()) * servers + server];
}

// --- datagrams ---

void VirtualShard::sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes)
{
    Slot& slot = slotOf(phone);
    Flow& flow = flowOf(slot, key);
    const TimePoint arrived = m_now + m_servers.network.latency;
    if (flow.phonePort == 0)
        flow.phonePort = nextPort(slot);
    if (m_wire)
        m_wire->datagram(m_now, line(slot, flow.phonePort, to), true, bytes);
    if (toSession(slot, flow, arrived, to, bytes))
        return;
    const std::optional<std::size_t> server = m_servers.find(to);
    SessionOutput output;
    if (!server || m_servers.all[*server].datagram == nullptr) {
        output.refused = true;
        if (m_wire)
            m_wire->unreachable(arrived + m_servers.network.latency, line(slot, flow.phonePort, to), bytes);
        carryOut(slot, flow, arrived, output, to);
        return;
    }
    const Endpoint client{slot.host.phone().address(), flow.phonePort};
    flow.server = *server;
    flow.session =
        m_servers.all[*server].datagram->arrived(arrived, bytes, client, memory(slot, *server), output);
    flow.sessionEnd = {to.address, static_cast<std::uint16_t>(firstEphemeralPort + slot.token % 1000)};
    if (!output.refused) {
        flow.exchange = serverExchange(slot, *server);
        traceServerDatagram(slot, flow, arrived, bytes, client, to);
    } else if (m_wire) {
        m_wire->unreachable(arrived + m_servers.network.latency, line(slot, flow.phonePort, to), bytes);
    }
    traceFault(slot, *server, arrived, output.fault);
    carryOut(slot, flow, arrived, output, flow.session ? flow.sessionEnd : to);
}

// Hands a datagram to the conversation that is going on. False: it is none of it.
bool VirtualShard::toSession(Slot& slot, Flow& flow, TimePoint at, const Endpoint& to, std::string_view bytes)
{
    if (!flow.session || (to != flow.sessionEnd && to != m_servers.all[flow.server].at))
        return false;
    SessionOutput output;
    flow.session->arrived(at, bytes, output);
    if (output.finished && output.datagrams.empty() && to == m_servers.all[flow.server].at) {
        flow.session.reset();
        return false;
    }
    traceServerDatagram(slot, flow, at, bytes, {slot.host.phone().address(), flow.phonePort}, to);
    traceFault(slot, flow.server, at, output.fault);
    carryOut(slot, flow, at, output, flow.sessionEnd);
    return true;
}

void VirtualShard::carryOut(Slot& slot, Flow& flow, TimePoint at, SessionOutput& output, const Endpoint& from)
{
    const Duration latency = m_servers.network.latency;
    const Endpoint phone{slot.host.phone().address(), flow.phonePort};
    for (SessionOutput::Datagram& datagram : output.datagrams) {
        const TimePoint sent = at + datagram.delay;
        traceServerDatagram(slot, flow, sent, datagram.bytes, from, phone);
        if (m_wire)
            m_wire->datagram(sent + latency, line(slot, phone.port, from), false, datagram.bytes);
        flow.datagrams.emplace_back(push(slot, sent + latency, Datagram),
                                    Flow::Arriving{from, std::move(datagram.bytes), false});
    }
    if (output.refused)
        flow.datagrams.emplace_back(push(slot, at + latency, Datagram), Flow::Arriving{from, {}, true});
    flow.sessionToken = output.wakeAt == TimePoint::max() ? ++slot.token : push(slot, output.wakeAt, Session);
    if (output.finished)
        flow.session.reset();
}

void VirtualShard::sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram)
{
    Slot& slot = slotOf(phone);
    Result<Endpoint> to = Endpoint::parse(server, syslogPort);
    if (!to.has_value()) {
        const std::string_view name = server.substr(0, server.find(':'));
        const auto known = m_servers.network.names.find(std::string{name});
        if (known == m_servers.network.names.end() || known->second.empty())
            return;
        to = Endpoint::parse(known->second.front().text() + std::string{server.substr(name.size())},
                             syslogPort);
    }
    if (!to.has_value())
        return;
    const VirtualWire::Line wire = line(slot, syslogPort, *to);
    const auto unreachable = [&] {
        if (m_wire)
            m_wire->unreachable(m_now + 2 * m_servers.network.latency, wire, datagram);
    };
    if (m_wire)
        m_wire->datagram(m_now, wire, true, datagram);
    const std::optional<std::size_t> found = m_servers.find(*to);
    if (!found || m_servers.all[*found].datagram == nullptr)
        return unreachable();
    const TimePoint arrived = m_now + m_servers.network.latency;
    const Endpoint client = wire.phoneEnd;
    SessionOutput output;
    m_servers.all[*found].datagram->arrived(arrived, datagram, client, memory(slot, *found), output);
    if (output.refused)
        unreachable();
    traceFault(slot, *found, arrived, output.fault);
    if (!output.fault.empty() || output.refused || !m_sink.wants(EventKind::SyslogMessage))
        return;
    TraceEvent event =
        serverEvent(slot, *found, arrived, EventKind::SyslogMessage, serverExchange(slot, *found));
    event.from = client;
    event.to = *to;
    m_traffic.describeSyslog(event, datagram);
    m_sink.seen(event);
}

// --- SIP: conversations that servers begin ---

void VirtualShard::converse(Slot& slot, std::uint32_t number, std::optional<std::string_view> arrived)
{
    Conversation& talk = m_conversations.at(number);
    SessionOutput output;
    if (arrived) {
        traceServerSip(slot, talk, m_now, *arrived, false);
        talk.session->arrived(m_now, *arrived, output);
    } else {
        talk.session->woken(m_now, output);
    }
    for (SessionOutput::Datagram& datagram : output.datagrams) {
        const TimePoint sent = m_now + datagram.delay;
        traceServerSip(slot, talk, sent, datagram.bytes, true);
        if (m_wire)
            m_wire->datagram(sent + m_servers.network.latency,
                             line(slot, sipPort, m_servers.all[talk.server].at), false, datagram.bytes);
        m_sip.emplace(++m_numbers, SipOnItsWay{number, std::move(datagram.bytes)});
        push(slot, sent + m_servers.network.latency, SipToPhone, m_numbers);
    }
    if (output.finished) {
        m_replies.push_back({m_now, talk.phone, talk.ticket, std::nullopt});
        m_conversations.erase(number);
        return;
    }
    talk.wakeAt = output.wakeAt;
    if (output.wakeAt != TimePoint::max())
        push(slot, output.wakeAt, Conversing, number);
}

// Whoever asked hears the answer; nobody else listens to phones.
void VirtualShard::sendSip(PhoneIndex phone, const Endpoint& to, std::string_view datagram)
{
    Slot& slot = slotOf(phone);
    if (m_wire)
        m_wire->datagram(m_now, line(slot, sipPort, to), true, datagram);
    for (const auto& [number, talk] : m_conversations) {
        if (talk.phone != phone || m_servers.all[talk.server].at != to)
            continue;
        m_sip.emplace(++m_numbers, SipOnItsWay{number, std::string{datagram}});
        push(slot, m_now + m_servers.network.latency, SipToServer, m_numbers);
    }
}

void VirtualShard::traceServerSip(Slot& slot, const Conversation& talk, TimePoint at, std::string_view bytes,
                                  bool toPhone)
{
    const EventKind kind = sipEventKind(bytes);
    if (!m_sink.wants(kind))
        return;
    TraceEvent event = serverEvent(slot, talk.server, at, kind, talk.exchange);
    const Endpoint phone{slot.host.phone().address(), sipPort};
    event.from = toPhone ? m_servers.all[talk.server].at : phone;
    event.to = toPhone ? phone : m_servers.all[talk.server].at;
    if (m_traffic.describeSip(event, bytes))
        m_sink.seen(event);
}

// --- what servers saw ---

ExchangeId VirtualShard::serverExchange(Slot& slot, std::size_t server)
{
    return {static_cast<std::uint32_t>(server + 1),
            static_cast<std::uint32_t>(slot.host.index()) + firstPhoneActor, ++slot.serverExchanges};
}

TraceEvent VirtualShard::serverEvent(Slot& slot, std::size_t server, TimePoint at, EventKind kind,
                                     ExchangeId exchange)
{
    TraceEvent event;
    event.at = at;
    event.kind = kind;
    event.by = Observer::Server;
    event.order = {static_cast<std::uint32_t>(server + 1),
                   static_cast<std::uint32_t>(slot.host.index()) + firstPhoneActor, slot.serverEvents++};
    event.exchange = exchange;
    event.phone = slot.host.phone().mac();
    return event;
}

void VirtualShard::traceFault(Slot& slot, std::size_t server, TimePoint at, std::string_view fault)
{
    if (fault.empty() || !m_sink.wants(EventKind::ServerFault))
        return;
    TraceEvent event = serverEvent(slot, server, at, EventKind::ServerFault, {});
    m_traffic.describeFault(event, m_servers.all[server].name, fault);
    m_sink.seen(event);
}

void VirtualShard::traceServerDatagram(Slot& slot, const Flow& flow, TimePoint at, std::string_view bytes,
                                       const Endpoint& from, const Endpoint& to)
{
    const std::optional<EventKind> kind = tftpEventKind(bytes);
    if (!kind || !m_sink.wants(*kind))
        return;
    TraceEvent event = serverEvent(slot, flow.server, at, *kind, flow.exchange);
    event.from = from;
    event.to = to;
    if (m_traffic.describeTftp(event, bytes))
        m_sink.seen(event);
}

}  // namespace emulator
