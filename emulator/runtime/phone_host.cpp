#include "emulator/runtime/phone_host.hpp"

#include "emulator/protocol/rig_user_agent.hpp"

#include "emulator/base/overloaded.hpp"
#include "emulator/provisioning/profile_rule.hpp"

#include <deque>

namespace emulator {

static_assert(PhoneHost::rigUserAgent == emulator::rigUserAgent);

struct PhoneHost::Held {
    std::deque<HeldItem> items;
};

PhoneHost::PhoneHost(Phone phone, PhoneIndex index, std::uint32_t actor)
    : m_phone{std::move(phone)},
      m_index{index},
      m_actor{actor}
{}

PhoneHost::~PhoneHost() = default;
PhoneHost::PhoneHost(PhoneHost&&) noexcept = default;
PhoneHost& PhoneHost::operator=(PhoneHost&&) noexcept = default;

Result<void> PhoneHost::restore(std::string_view memory)
{
    return m_phone.restore(memory);
}

void PhoneHost::feed(PhoneWorld& world, TimePoint now, const Event& event)
{
    if (holds() && std::holds_alternative<PowerRemoved>(event)) {
        hold(PowerCut{});
        return;
    }
    carryOut(world, now, m_phone.handle(now, event));
}

// --- effects ---

void PhoneHost::hold(HeldItem item)
{
    m_held->items.push_back(std::move(item));
}

void PhoneHost::carryOut(PhoneWorld& world, TimePoint now, Effects effects)
{
    for (Effect& effect : effects) {
        if (holds())
            hold(std::move(effect));
        else
            carryOut(world, now, effect);
    }
}

void PhoneHost::carryOut(PhoneWorld& world, TimePoint now, Effect& effect)
{
    tracePhone(world, now, effect);
    std::visit(Overloaded{
                   [&](const Remember&) {
                       if (world.keepsMemory() && !world.remember(m_index, m_phone.memory()))
                           m_held = std::make_unique<Held>();
                   },
                   [&](FetchFile& e) { startFetch(world, now, e); },
                   [&](const CancelFetch& e) {
                       if (e.request == m_request)
                           stopFetch(world);
                   },
                   [&](const SendSyslog& e) { sendSyslog(world, now, e); },
                   [&](const WakeAt& e) { world.wakePhone(m_index, e.at); },
                   [](const ShowLed&) {},
                   [](const ShowDisplay&) {},
                   [](const LineChanged&) {},
                   [](const StateEntered&) {},
                   [](const ParametersChanged&) {},
               },
               effect);
}

void PhoneHost::remembered(PhoneWorld& world, TimePoint now)
{
    if (!holds())
        return;
    std::deque<HeldItem> items = std::move(m_held->items);
    m_held.reset();
    while (!items.empty()) {
        HeldItem item = std::move(items.front());
        items.pop_front();
        std::visit(Overloaded{
                       [&](Effect& effect) { carryOut(world, now, effect); },
                       [&](Answer& waiting) { answer(world, now, std::move(waiting)); },
                       [&](SipReply& waiting) { answer(world, now, waiting); },
                       [&](PowerCut&) { feed(world, now, PowerRemoved{}); },
                   },
                   item);
        if (holds()) {  // another write began: the rest waits for it, before anything newer
            for (HeldItem& newer : m_held->items)
                items.push_back(std::move(newer));
            m_held->items = std::move(items);
            return;
        }
    }
}

// --- fetches ---

void PhoneHost::startFetch(PhoneWorld& world, TimePoint now, FetchFile& effect)
{
    stopFetch(world);
    m_request = effect.request;
    ++m_fetchKey;
    m_fetchExchange = ++m_exchange;
    m_fetch = std::make_unique<Fetch>(std::move(effect.fetch));
    take(world, now, m_fetch->begin(now));
}

void PhoneHost::stopFetch(PhoneWorld& world)
{
    if (!m_fetch)
        return;
    m_fetch.reset();
    world.endFetch(m_index, FetchKey{m_fetchKey});
}

void PhoneHost::fetchEvent(PhoneWorld& world, TimePoint now, FetchKey key, const FetchEvent& event)
{
    if (!m_fetch || key != FetchKey{m_fetchKey})
        return;
    const FetchEvent* const heard = world.arriving(m_index, key, event);
    if (heard == nullptr)
        return;
    traceAnswer(world, now, *heard);
    take(world, now, m_fetch->handle(now, *heard));
}

void PhoneHost::take(PhoneWorld& world, TimePoint now, FetchSteps steps)
{
    const FetchKey key{m_fetchKey};
    for (FetchStep& step : steps) {
        if (!m_fetch || key != FetchKey{m_fetchKey})
            return;  // the phone dropped this fetch meanwhile
        std::visit(Overloaded{
                       [&](LookUp& lookUp) {
                           if (world.trace().wants(EventKind::DnsQuery)) {
                               TraceEvent event =
                                   traceEvent(now, EventKind::DnsQuery, {m_actor, 0, m_fetchExchange});
                               event.add(FieldName::Name, lookUp.host);
                               world.trace().seen(event);
                           }
                           world.lookUp(m_index, key, lookUp.host);
                       },
                       [&](Addressed& addressed) {
                           feed(world, now, FetchAddressed{m_request, addressed.server, &m_fetch->url()});
                       },
                       [&](HttpCall& call) {
                           m_fetchPeer = call.server;
                           if (world.trace().wants(EventKind::HttpRequest)) {
                               TraceEvent event =
                                   traceEvent(now, EventKind::HttpRequest, {m_actor, 0, m_fetchExchange});
                               event.from = {m_phone.address(), 0};
                               event.to = call.server;
                               world.traffic().describe(event, call.request);
                               world.trace().seen(event);
                           }
                           world.callHttp(m_index, key, std::move(call));
                       },
                       [&](SendDatagram& datagram) {
                           traceDatagram(world, now, datagram.bytes, {m_phone.address(), 0}, datagram.to);
                           world.sendDatagram(m_index, key, datagram.to, datagram.bytes);
                       },
                       [&](WaitUntil& wait) { world.wakeFetch(m_index, key, wait.at); },
                       [&](FetchDone& done) {
                           const FetchFinished finished{m_request, std::move(done.file), done.coding};
                           stopFetch(world);
                           feed(world, now, finished);
                       },
                   },
                   step);
    }
}

void PhoneHost::sendSyslog(PhoneWorld& world, TimePoint now, const SendSyslog& effect)
{
    if (world.trace().wants(EventKind::SyslogMessage)) {
        TraceEvent event = traceEvent(now, EventKind::SyslogMessage, nextExchange());
        event.from = {m_phone.address(), 514};
        if (const Result<Endpoint> to = Endpoint::parse(effect.server, 514); to.has_value())
            event.to = *to;
        world.traffic().describeSyslog(event, effect.datagram);
        world.trace().seen(event);
    }
    world.sendSyslog(m_index, effect.server, effect.datagram);
}

// --- pages ---

void PhoneHost::webRequest(PhoneWorld& world, TimePoint now, const HttpRequest& request, const Endpoint& from,
                           const Endpoint& to, Reply reply)
{
    if (!m_phone.answersWeb()) {
        reply(std::nullopt);
        return;
    }
    const bool rigRead = request.fields.first("User-Agent") == rigUserAgent;
    const ExchangeId exchange = rigRead ? ExchangeId{} : nextExchange();
    if (!rigRead && world.trace().wants(EventKind::HttpRequest)) {
        TraceEvent event = traceEvent(now, EventKind::HttpRequest, exchange);
        event.from = from;
        event.to = to;
        world.traffic().describe(event, request);
        world.trace().seen(event);
    }
    WebAnswer web = answerWebRequest(m_phone, now, request, from.address);
    for (const Event& event : web.events)
        feed(world, now, event);
    Answer waiting{std::move(web.response), std::move(reply), exchange, from, to};
    if (holds())
        hold(std::move(waiting));
    else
        answer(world, now, std::move(waiting));
}

void PhoneHost::answer(PhoneWorld& world, TimePoint now, Answer answer)
{
    if (answer.exchange != ExchangeId{} && world.trace().wants(EventKind::HttpResponse)) {
        TraceEvent event = traceEvent(now, EventKind::HttpResponse, answer.exchange);
        event.from = answer.to;
        event.to = answer.from;
        world.traffic().describe(event, answer.response);
        world.trace().seen(event);
    }
    answer.reply(std::move(answer.response));
}

// --- SIP ---

void PhoneHost::sipArrived(PhoneWorld& world, TimePoint now, std::string_view datagram, const Endpoint& from,
                           const Endpoint& at)
{
    if (!m_phone.answersWeb())
        return;
    const ExchangeId exchange = nextExchange();
    traceSip(world, now, datagram, exchange, from, at);
    SipAnswer sip = answerSipRequest(m_phone, m_sipMemory ? &*m_sipMemory : nullptr, now, datagram, from);
    if (sip.transaction != 0)
        m_sipMemory.ensure().note(sip.transaction, now);
    for (const Event& event : sip.events)
        feed(world, now, event);
    if (sip.datagram.empty())
        return;
    SipReply reply{std::move(sip.datagram), exchange, at, sip.to};
    if (holds())
        hold(std::move(reply));
    else
        answer(world, now, reply);
}

void PhoneHost::answer(PhoneWorld& world, TimePoint now, const SipReply& reply)
{
    traceSip(world, now, reply.datagram, reply.exchange, reply.from, reply.to);
    world.sendSip(m_index, reply.to, reply.datagram);
}

// --- trace ---

void PhoneHost::traceSip(PhoneWorld& world, TimePoint now, std::string_view datagram, ExchangeId exchange,
                         const Endpoint& from, const Endpoint& to)
{
    const EventKind kind = sipEventKind(datagram);
    if (!world.trace().wants(kind))
        return;
    TraceEvent event = traceEvent(now, kind, exchange);
    event.from = from;
    event.to = to;
    if (world.traffic().describeSip(event, datagram))
        world.trace().seen(event);
}

ExchangeId PhoneHost::nextExchange()
{
    return {m_actor, 0, ++m_exchange};
}

TraceEvent PhoneHost::traceEvent(TimePoint now, EventKind kind, ExchangeId exchange)
{
    TraceEvent event;
    event.at = now;
    event.kind = kind;
    event.by = Observer::Phone;
    event.order = {m_actor, 0, m_sequence++};
    event.exchange = exchange;
    event.phone = m_phone.mac();
    return event;
}

void PhoneHost::tracePhone(PhoneWorld& world, TimePoint now, const Effect& effect)
{
    TraceSink& sink = world.trace();
    if (const auto* led = std::get_if<ShowLed>(&effect); led && sink.wants(EventKind::PhoneLed)) {
        TraceEvent event = traceEvent(now, EventKind::PhoneLed, {});
        event.add(FieldName::Led, "mute");
        event.add(FieldName::State, name(led->led));
        if (led->led != MuteLed::Off)
            event.add(FieldName::Color, color(led->led));
        sink.seen(event);
    } else if (const auto* call = std::get_if<LineChanged>(&effect);
               call && sink.wants(EventKind::PhoneCall)) {
        TraceEvent event = traceEvent(now, EventKind::PhoneCall, {});
        event.add(FieldName::Line, call->line);
        event.add(FieldName::State, call->busy ? "connected" : "idle");
        sink.seen(event);
    } else if (const auto* display = std::get_if<ShowDisplay>(&effect);
               display && sink.wants(EventKind::PhoneDisplay)) {
        TraceEvent event = traceEvent(now, EventKind::PhoneDisplay, {});
        event.add(FieldName::Text, display->text);
        if (display->pressed)
            event.add(FieldName::Source, "keys");
        if (display->refused)
            event.add(FieldName::Error, "no such item");
        sink.seen(event);
    } else if (const auto* entered = std::get_if<StateEntered>(&effect);
               entered && sink.wants(EventKind::PhoneState)) {
        TraceEvent event = traceEvent(now, EventKind::PhoneState, {});
        event.add(FieldName::State, name(entered->state));
        sink.seen(event);
    } else if (const auto* changed = std::get_if<ParametersChanged>(&effect);
               changed && sink.wants(EventKind::PhoneParam)) {
        const ParameterSet& parameters = m_phone.parameters();
        for (const ParamId id : changed->ids) {
            const Parameter& parameter = parameters.schema().at(id);
            TraceEvent event = traceEvent(now, EventKind::PhoneParam, {});
            event.add(FieldName::Param, parameter.name);
            const std::string_view value = parameters.value(id);
            const std::string shown =
                parameter.type == ParamType::Rule ? withoutSecrets(value) : std::string{};
            event.add(FieldName::Value, parameter.secret                    ? std::string_view{"(secret)"}
                                        : parameter.type == ParamType::Rule ? std::string_view{shown}
                                                                            : value);
            event.add(FieldName::Source, name(parameters.source(id)));
            sink.seen(event);
        }
    }
}

void PhoneHost::traceDatagram(PhoneWorld& world, TimePoint now, std::string_view datagram,
                              const Endpoint& from, const Endpoint& to)
{
    const std::optional<EventKind> kind = tftpEventKind(datagram);
    if (!kind || !world.trace().wants(*kind))
        return;
    TraceEvent event = traceEvent(now, *kind, {m_actor, 0, m_fetchExchange});
    event.from = from;
    event.to = to;
    if (world.traffic().describeTftp(event, datagram))
        world.trace().seen(event);
}

void PhoneHost::traceAnswer(PhoneWorld& world, TimePoint now, const FetchEvent& answer)
{
    TraceSink& sink = world.trace();
    if (const auto* datagram = std::get_if<DatagramArrived>(&answer)) {
        traceDatagram(world, now, datagram->bytes, datagram->from, {m_phone.address(), 0});
    } else if (const auto* http = std::get_if<HttpAnswered>(&answer);
               http && sink.wants(EventKind::HttpResponse)) {
        TraceEvent event = traceEvent(now, EventKind::HttpResponse, {m_actor, 0, m_fetchExchange});
        event.from = m_fetchPeer;
        event.to = {m_phone.address(), 0};
        // error() returns a copy: it has to live until the sink has looked.
        const Error error = http->response.has_error() ? http->response.error() : Error{};
        if (http->response.has_value())
            world.traffic().describe(event, *http->response);
        else
            event.add(FieldName::Error, error.detail);
        sink.seen(event);
    } else if (const auto* looked = std::get_if<LookedUp>(&answer);
               looked && sink.wants(EventKind::DnsResponse)) {
        TraceEvent event = traceEvent(now, EventKind::DnsResponse, {m_actor, 0, m_fetchExchange});
        std::string text;
        if (looked->addresses.has_value()) {
            for (const IpAddress address : *looked->addresses)
                text += (text.empty() ? "" : " ") + address.text();
            event.add(FieldName::Addresses, text);
        } else {
            text = looked->addresses.error().detail;
            event.add(FieldName::Error, text);
        }
        sink.seen(event);
    }
}

}  // namespace emulator
