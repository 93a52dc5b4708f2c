#include "emulator/runtime/virtual_shard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

constexpr std::uint16_t sipPort = virtualSipPort;

}  // namespace

std::optional<std::size_t> VirtualServers::find(const Endpoint& at) const
{
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].at == at)
            return i;
    return std::nullopt;
}

VirtualShard::VirtualShard(const VirtualServers& servers, TraceSink& sink, Seed seed)
    : m_servers{servers},
      m_sink{sink},
      m_traffic{fmt::format("{}", static_cast<std::uint64_t>(seed))}
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
            slot.host.woken(*this, m_now);
        break;
    case WakeFetch:
        if (flow != nullptr && flow->wakeToken == deadline.value)
            slot.host.fetchWoken(*this, m_now, flow->key);
        break;
    case Names:
        if (flow != nullptr && flow->namesToken == deadline.value) {
            const auto known = m_servers.network.names.find(flow->name);
            if (known != m_servers.network.names.end())
                slot.host.fetchEvent(*this, m_now, flow->key, LookedUp{known->second});
            else
                slot.host.fetchEvent(
                    *this, m_now, flow->key,
                    LookedUp{fail(ErrorKind::Unresolvable, fmt::format("{} has no address", flow->name))});
        }
        break;
    case Answer:
        if (flow != nullptr && flow->answerToken == deadline.value) {
            const HttpAnswered answer = std::move(*flow->answer);
            slot.host.fetchEvent(*this, m_now, flow->key, answer);
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
                slot.host.fetchEvent(*this, m_now, flow->key, DatagramRefused{datagram.from});
            else
                slot.host.fetchEvent(*this, m_now, flow->key, DatagramArrived{datagram.from, datagram.bytes});
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
        slot.host.feed(*this, m_now, posted.mapped());
        break;
    }
    case Browsed: {
        const auto browsing = m_browsing.extract(deadline.value);
        const Browsing& visit = browsing.mapped();
        const PhoneIndex phone = slot.host.index();
        slot.host.webRequest(
            *this, m_now, visit.request, visit.from, {slot.host.phone().address(), 80},
            [this, phone, ticket = visit.ticket](std::optional<HttpResponse> response) {
                m_replies.push_back({m_now + m_servers.network.latency, phone, ticket, std::move(response)});
            });
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
            slot.host.sipArrived(*this, m_now, arriving.mapped().bytes, m_servers.all[talk->second.server].at,
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
    flow.namesToken = push(slot, m_now + 2 * m_servers.network.latency, Names);
}

void VirtualShard::endFetch(PhoneIndex phone, FetchKey key)
{
    Slot& slot = slotOf(phone);
    if (slot.flow && slot.flow->key == key)
        slot.flow.reset();
}

ClientMemory& VirtualShard::memory(const Slot& slot, std::size_t server)
{
    const std::size_t servers = m_servers.all.size();
    if (m_memory.size() != m_slots.size() * servers)
        m_memory.assign(m_slots.size() * servers, {});
    return m_memory[static_cast<std::size_t>(&slot - m_slots.data()) * servers + server];
}

// --- HTTP: messages between phone and server, a handshake before the first ---

void VirtualShard::callHttp(PhoneIndex phone, FetchKey key, HttpCall call)
{
    Slot& slot = slotOf(phone);
    Flow& flow = flowOf(slot, key);
    Outcome end = outcome(slot, call);
    flow.answer.emplace(std::move(end.answer));
    flow.answerToken = push(slot, end.at, Answer);
}

VirtualShard::Outcome VirtualShard::outcome(Slot& slot, const HttpCall& call)
{
    const Duration latency = m_servers.network.latency;
    const TimePoint connected = m_now + 2 * latency;
    const TimePoint arrived = m_now + 3 * latency;
    const std::optional<std::size_t> server = m_servers.find(call.server);
    const auto refused = [&] {
        return Outcome{
            connected,
            {fail(ErrorKind::Unreachable, fmt::format("connection refused by {}", call.server.text()))}};
    };
    if (!server || m_servers.all[*server].http == nullptr)
        return refused();
    const Endpoint client{slot.host.phone().address(), firstEphemeralPort};
    HttpAnswer answer =
        m_servers.all[*server].http->respond(arrived, call.request, client, memory(slot, *server));
    if (answer.kind == HttpAnswer::Kind::Refused)
        return refused();

    const ExchangeId exchange = serverExchange(slot, *server);
    if (m_sink.wants(EventKind::HttpRequest)) {
        TraceEvent event = serverEvent(slot, *server, arrived, EventKind::HttpRequest, exchange);
        event.from = client;
        event.to = call.server;
        m_traffic.describe(event, call.request);
        m_traffic.describeUpload(event, call.request);
        m_sink.seen(event);
    }
    traceFault(slot, *server, arrived, answer.fault);
    if (answer.kind == HttpAnswer::Kind::Silent)
        return {connected + std::min(call.idleTimeout, call.totalTimeout),
                {fail(ErrorKind::TimedOut, fmt::format("no answer from {}", call.server.text()))}};
    if (answer.kind == HttpAnswer::Kind::Reset)
        return {arrived + latency,
                {fail(ErrorKind::Unreachable, fmt::format("connection reset by {}", call.server.text()))}};
    const TimePoint answered = arrived + answer.delay;
    if (m_sink.wants(EventKind::HttpResponse)) {
        TraceEvent event = serverEvent(slot, *server, answered, EventKind::HttpResponse, exchange);
        event.from = call.server;
        event.to = client;
        m_traffic.describe(event, answer.response);
        m_sink.seen(event);
    }
    return delivered(call, connected, answered + latency, answer);
}

VirtualShard::Outcome VirtualShard::delivered(const HttpCall& call, TimePoint connected, TimePoint firstByte,
                                              HttpAnswer& answer) const
{
    const auto late = [&](TimePoint at) {
        return Outcome{at, {fail(ErrorKind::TimedOut, fmt::format("no answer from {}", call.server.text()))}};
    };
    const TimePoint lastMoment = connected + call.totalTimeout;
    if (firstByte > connected + call.idleTimeout)
        return late(connected + std::min(call.idleTimeout, call.totalTimeout));
    const std::size_t bodyBytes = answer.response.body ? answer.response.body->size() : 0;
    const bool whole = answer.cutAfter == std::size_t(-1) && answer.drip == Duration{};
    if (whole && bodyBytes <= call.limits.bodyBytes)
        return {std::min(firstByte, lastMoment), {std::move(answer.response)}};

    // Anything unusual goes through the reader that real sockets use.
    const std::string bytes = encode(answer.response);
    const std::string_view sent = std::string_view{bytes}.substr(0, answer.cutAfter);
    if (answer.drip > call.idleTimeout)
        return late(firstByte + call.idleTimeout);
    const TimePoint end = firstByte + answer.drip * static_cast<std::int64_t>(sent.size());
    if (end > lastMoment)
        return late(lastMoment);
    HttpResponseReader reader{call.limits};
    Result<std::optional<HttpResponse>> read = reader.feed(sent);
    if (!read.has_value())
        return {end, {read.error()}};
    if (read->has_value())
        return {end, {std::move(**read)}};
    return {end, {reader.finish()}};
}

// --- datagrams ---

void VirtualShard::sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes)
{
    Slot& slot = slotOf(phone);
    Flow& flow = flowOf(slot, key);
    const TimePoint arrived = m_now + m_servers.network.latency;
    if (flow.phonePort == 0) {
        slot.lastPort =
            slot.lastPort == UINT16_MAX ? firstEphemeralPort : static_cast<std::uint16_t>(slot.lastPort + 1);
        flow.phonePort = slot.lastPort;
    }
    if (toSession(slot, flow, arrived, to, bytes))
        return;
    const std::optional<std::size_t> server = m_servers.find(to);
    SessionOutput output;
    if (!server || m_servers.all[*server].datagram == nullptr) {
        output.refused = true;
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
    Result<Endpoint> to = Endpoint::parse(server, 514);
    if (!to.has_value()) {
        const std::string_view name = server.substr(0, server.find(':'));
        const auto known = m_servers.network.names.find(std::string{name});
        if (known == m_servers.network.names.end() || known->second.empty())
            return;
        to = Endpoint::parse(known->second.front().text() + std::string{server.substr(name.size())}, 514);
    }
    const std::optional<std::size_t> found = to.has_value() ? m_servers.find(*to) : std::nullopt;
    if (!found || m_servers.all[*found].datagram == nullptr)
        return;
    const TimePoint arrived = m_now + m_servers.network.latency;
    const Endpoint client{slot.host.phone().address(), 514};
    SessionOutput output;
    m_servers.all[*found].datagram->arrived(arrived, datagram, client, memory(slot, *found), output);
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
