// HTTP between phones and servers of a virtual run: messages, with a handshake before the first.

#include "emulator/runtime/virtual_shard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

void VirtualShard::callHttp(PhoneIndex phone, FetchKey key, HttpCall call)
{
    Slot& slot = slotOf(phone);
    Flow& flow = flowOf(slot, key);
    flow.called = call.server;
    flow.callPort = nextPort(slot);
    Outcome end = outcome(slot, call, {slot.host.phone().address(), flow.callPort});
    flow.answer.emplace(std::move(end.answer));
    flow.answerToken = push(slot, end.at, Answer);
}

VirtualShard::Outcome VirtualShard::outcome(Slot& slot, const HttpCall& call, const Endpoint& client)
{
    const VirtualWire::Line wire = line(slot, client.port, call.server);
    const Duration latency = m_servers.network.latency;
    const TimePoint connected = m_now + 2 * latency;
    const TimePoint arrived = m_now + 3 * latency;
    const std::optional<std::size_t> server = m_servers.find(call.server);
    const auto refused = [&] {
        if (m_wire)
            m_wire->refusedCall(m_now, wire);
        return Outcome{
            connected,
            {fail(ErrorKind::Unreachable, fmt::format("connection refused by {}", call.server.text()))}};
    };
    if (!server || m_servers.all[*server].http == nullptr)
        return refused();
    HttpAnswer answer =
        m_servers.all[*server].http->respond(arrived, call.request, client, memory(slot, *server));
    if (answer.kind == HttpAnswer::Kind::Refused)
        return refused();

    if (m_wire)
        m_wire->call(m_now, wire, call.request);
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
        return gaveUp(wire, call, connected + std::min(call.idleTimeout, call.totalTimeout));
    if (answer.kind == HttpAnswer::Kind::Reset) {
        if (m_wire)
            m_wire->reset(arrived + latency, wire, false);
        return {arrived + latency,
                {fail(ErrorKind::Unreachable, fmt::format("connection reset by {}", call.server.text()))}};
    }
    const TimePoint answered = arrived + answer.delay;
    if (m_sink.wants(EventKind::HttpResponse)) {
        TraceEvent event = serverEvent(slot, *server, answered, EventKind::HttpResponse, exchange);
        event.from = call.server;
        event.to = client;
        m_traffic.describe(event, answer.response);
        m_sink.seen(event);
    }
    return delivered(wire, call, connected, answered + latency, answer);
}

// The phone closes what has not come in time.
VirtualShard::Outcome VirtualShard::gaveUp(const VirtualWire::Line& line, const HttpCall& call, TimePoint at)
{
    if (m_wire)
        m_wire->finish(at, line, true);
    return {at, {fail(ErrorKind::TimedOut, fmt::format("no answer from {}", call.server.text()))}};
}

VirtualShard::Outcome VirtualShard::delivered(const VirtualWire::Line& line, const HttpCall& call,
                                              TimePoint connected, TimePoint firstByte, HttpAnswer& answer)
{
    const TimePoint lastMoment = connected + call.totalTimeout;
    if (firstByte > connected + call.idleTimeout)
        return gaveUp(line, call, connected + std::min(call.idleTimeout, call.totalTimeout));
    const std::size_t bodyBytes = answer.response.body ? answer.response.body->size() : 0;
    const bool whole = answer.cutAfter == std::size_t(-1) && answer.drip == Duration{};
    if (whole && bodyBytes <= call.limits.bodyBytes) {
        const TimePoint end = std::min(firstByte, lastMoment);
        if (m_wire) {
            m_wire->answer(end, line, encode(answer.response));
            m_wire->finish(end, line,
                           !answer.response.untilClose &&
                               keepsAlive(answer.response.minor, answer.response.fields));
        }
        return {end, {std::move(answer.response)}};
    }

    // Anything unusual goes through the reader that real sockets use.
    const std::string bytes = encode(answer.response);
    const std::string_view sent = std::string_view{bytes}.substr(0, answer.cutAfter);
    if (answer.drip > call.idleTimeout)
        return gaveUp(line, call, firstByte + call.idleTimeout);
    const TimePoint end = firstByte + answer.drip * static_cast<std::int64_t>(sent.size());
    if (m_wire)
        m_wire->answerSlowly(firstByte, std::min(end, lastMoment), answer.drip, line, sent);
    if (end > lastMoment)
        return gaveUp(line, call, lastMoment);
    HttpResponseReader reader{call.limits};
    Result<std::optional<HttpResponse>> read = reader.feed(sent);
    const bool complete = read.has_value() && read->has_value();
    if (m_wire) {
        if (read.has_error())
            m_wire->reset(end, line, true);
        else
            m_wire->finish(end, line, complete);
    }
    if (!read.has_value())
        return {end, {read.error()}};
    if (complete)
        return {end, {std::move(**read)}};
    return {end, {reader.finish()}};
}

}  // namespace emulator
