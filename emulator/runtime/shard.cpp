#include "emulator/runtime/shard.hpp"

#include "emulator/runtime/virtual_shard.hpp"

#include <algorithm>
#include <utility>

namespace emulator {

namespace {

// Of all phones that are switched on at once, so many per turn, so that pages answer meanwhile.
constexpr std::uint32_t poweredPerTurn = 500;

}  // namespace

Shard::Shard(const FleetCommons& commons, unsigned number, TraceQueue::Producer& trace)
    : m_commons{commons},
      m_number{number},
      m_trace{trace},
      m_between{commons.fleet.between ? commons.fleet.between(*this) : nullptr},
      m_world{m_between ? *m_between : static_cast<PhoneWorld&>(*this)},
      m_traffic{},
      m_loop{commons.zero, this, commons.layout.count(number)},
      m_budget{m_loop, commons.fetchSockets, [this] { m_syslog->flush(); }},
      m_http{m_loop, m_budget},
      m_web{m_loop, *this, commons.webConnections},
      m_sip{m_loop, *this}
{}

Shard::~Shard()
{
    for (const std::unique_ptr<Flow>& flow : m_flows)
        flow->port.reset();
}

Result<void> Shard::open(std::vector<int> pages, std::vector<int> sip)
{
    m_web.listen(std::move(pages));
    m_sip.listen(std::move(sip));
    Result<std::unique_ptr<Resolver>> resolver = Resolver::open(m_loop, m_commons.options.dns);
    if (resolver.has_error())
        return resolver.error();
    m_resolver = std::move(*resolver);
    m_syslog.emplace(m_loop, m_resolver.get());
    if (const Result<void> opened = m_syslog->open(); opened.has_error())
        return opened.error();

    const std::uint32_t count = m_commons.layout.count(m_number);
    m_hosts.reserve(count);
    m_states.assign(count, PhoneState::Off);
    m_flowOf.assign(count, none);
    m_inState[static_cast<std::size_t>(PhoneState::Off)] = count;
    std::vector<AppliedState> initial;
    m_surroundings.reserve(m_commons.fleet.groups.size());
    for (const FleetGroup& group : m_commons.fleet.groups) {
        PhoneSurroundings& made = m_surroundings.emplace_back();
        made.model = group.model;
        made.start = m_commons.fleet.start;
        made.seed = m_commons.fleet.seed;
        made.bootTime = m_commons.fleet.bootTime;
        made.provisioningServer = group.provisioningServer;
        made.uniqueCertificate = group.uniqueCertificate;
        made.reportsChanges = m_trace.wants(EventKind::PhoneParam);
        for (std::size_t i = 0; i + 1 < m_surroundings.size() && made.profiles == nullptr; ++i)
            if (m_surroundings[i].model->schema == group.model->schema)
                made.profiles = m_surroundings[i].profiles;
        if (made.profiles == nullptr)
            made.profiles = m_caches.emplace_back(std::make_unique<ProfileCache>(group.model->schema)).get();
        const Result<ResyncParameters> ids = ResyncParameters::find(*group.model->schema);
        if (ids.has_error())
            return ids.error();
        made.ids = *ids;
        initial.push_back(group.set.empty() ? nullptr : made.profiles->preset(group.set));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const PhoneIndex phone = m_commons.layout.phoneAt({m_number, i});
        const std::size_t group = m_commons.layout.group(phone);
        m_hosts.emplace_back(Phone{m_surroundings[group], m_commons.layout.mac(phone),
                                   m_commons.layout.address(phone), initial[group]},
                             phone, firstPhoneActor + static_cast<std::uint32_t>(phone));
    }
    return {};
}

Result<void> Shard::restore(std::uint32_t local, std::string_view memory)
{
    return m_hosts[local].restore(memory);
}

void Shard::run()
{
    if (m_commons.options.powerOnAtStart)
        m_loop.post([this] { powerOn(0); });
    m_loop.run([this] {
        m_syslog->flush();
        m_droppedSyslog.store(m_syslog->dropped(), std::memory_order_relaxed);
        m_waitedForSockets.store(m_budget.waited(), std::memory_order_relaxed);
    });
}

void Shard::stop()
{
    {
        const std::lock_guard lock{m_inboxMutex};
        m_stopping = true;
    }
    m_inboxRoom.notify_all();
    m_loop.stop();
}

void Shard::powerOn(std::uint32_t from)
{
    const auto end =
        std::min<std::uint32_t>(from + poweredPerTurn, static_cast<std::uint32_t>(m_hosts.size()));
    for (std::uint32_t i = from; i < end; ++i)
        with(i, [&](PhoneHost& host, TimePoint now) { host.feed(m_world, now, PowerApplied{}); });
    if (end < m_hosts.size())
        m_loop.post([this, end] { powerOn(end); });
}

// --- what happens to phones ---

template <class Act>
void Shard::with(std::uint32_t local, Act act)
{
    PhoneHost& host = m_hosts[local];
    act(host, m_loop.now());
    if (!m_isTouched.empty() && !m_isTouched[local]) {
        m_isTouched[local] = true;
        m_touched.push_back(host.index());
    }
    const PhoneState after = host.phone().state();
    if (m_states[local] != after)
        stateChanged(local, std::exchange(m_states[local], after), after);
}

void Shard::takeTouched(std::vector<PhoneIndex>& to)
{
    to = std::exchange(m_touched, {});
    m_isTouched.assign(m_hosts.size(), false);
}

void Shard::stateChanged(std::uint32_t local, PhoneState before, PhoneState after)
{
    m_inState[static_cast<std::size_t>(before)].fetch_sub(1, std::memory_order_relaxed);
    m_inState[static_cast<std::size_t>(after)].fetch_add(1, std::memory_order_relaxed);
    if ((after == PhoneState::Off || after == PhoneState::Booting) && m_web.connections() != 0)
        m_web.phoneGone(m_hosts[local].index());
    if (before == PhoneState::Contacting && m_commons.options.countsResyncs) {
        const std::vector<ProvisioningOutcome> outcomes = m_hosts[local].phone().outcomes();
        const auto resync =
            std::find_if(outcomes.begin(), outcomes.end(), [](const auto& o) { return !o.firmware; });
        if (resync != outcomes.end())
            (resync->succeeded ? m_resyncs : m_failedResyncs).fetch_add(1, std::memory_order_relaxed);
    }
}

void Shard::post(std::uint32_t local, Event event)
{
    bool first = false;
    {
        std::unique_lock lock{m_inboxMutex};
        m_inboxRoom.wait(lock, [this] { return m_stopping || m_inbox.size() < maxInbox; });
        if (m_stopping)
            return;
        first = m_inbox.empty();
        m_inbox.push_back({local, std::move(event)});
    }
    if (first)
        m_loop.post([this] { takeInbox(); });
}

void Shard::takeInbox()
{
    std::vector<Posted> taken;
    {
        const std::lock_guard lock{m_inboxMutex};
        taken.swap(m_inbox);
    }
    m_inboxRoom.notify_all();
    for (const Posted& posted : taken)
        with(posted.local, [&](PhoneHost& host, TimePoint now) { host.feed(m_world, now, posted.event); });
}

void Shard::committed(std::span<const StateDatabase::Receipt> receipts)
{
    std::vector<std::uint32_t> mine;
    for (const StateDatabase::Receipt& receipt : receipts)
        if (receipt.shard == m_number)
            mine.push_back(local(receipt.phone));
    if (mine.empty())
        return;
    m_loop.post([this, phones = std::move(mine)] {
        for (const std::uint32_t phone : phones)
            with(phone, [&](PhoneHost& host, TimePoint now) { host.remembered(m_world, now); });
    });
}

void Shard::timerDue(std::uint32_t tag, TimePoint)
{
    if (tag < m_hosts.size()) {
        with(tag, [&](PhoneHost& host, TimePoint now) { host.woken(m_world, now); });
        return;
    }
    const Flow& due = *m_flows[tag - m_hosts.size()];
    if (due.local != none)
        with(due.local,
             [&, key = due.key](PhoneHost& host, TimePoint now) { host.fetchWoken(m_world, now, key); });
}

void Shard::fetchEvent(std::uint32_t local, FetchKey key, const FetchEvent& event)
{
    with(local, [&](PhoneHost& host, TimePoint now) { host.fetchEvent(m_world, now, key, event); });
}

// --- what phones ask of the world ---

void Shard::wakePhone(PhoneIndex phone, TimePoint at)
{
    m_loop.arm(local(phone), at);
}

std::uint32_t Shard::flowNumber(std::uint32_t local, FetchKey key) const
{
    const std::uint32_t number = m_flowOf[local];
    return number != none && m_flows[number]->key == key ? number : none;
}

Shard::Flow& Shard::flow(std::uint32_t local, FetchKey key)
{
    std::uint32_t number = m_flowOf[local];
    if (number != none) {
        if (m_flows[number]->key == key)
            return *m_flows[number];
        endFlow(number);
    }
    if (m_freeFlows.empty()) {
        m_freeFlows.push_back(static_cast<std::uint32_t>(m_flows.size()));
        Flow& made = *m_flows.emplace_back(std::make_unique<Flow>());
        made.timer = m_loop.addTimer(*this, static_cast<std::uint32_t>(m_hosts.size() + m_flows.size() - 1));
    }
    number = m_freeFlows.back();
    m_freeFlows.pop_back();
    m_flowOf[local] = number;
    Flow& made = *m_flows[number];
    made.local = local;
    made.key = key;
    return made;
}

void Shard::endFlow(std::uint32_t number)
{
    Flow& ended = *m_flows[number];
    m_flowOf[ended.local] = none;
    ended.local = none;
    m_loop.arm(ended.timer, TimePoint::max());
    if (ended.call != CallId::None)
        m_http.cancel(std::exchange(ended.call, CallId::None));
    ended.port.reset();
    ended.waits = false;
    ended.bytes = {};
    if (std::exchange(ended.budgeted, false))
        m_budget.give();
    m_freeFlows.push_back(number);
}

void Shard::endFetch(PhoneIndex phone, FetchKey key)
{
    const std::uint32_t number = flowNumber(local(phone), key);
    if (number != none)
        endFlow(number);
}

void Shard::wakeFetch(PhoneIndex phone, FetchKey key, TimePoint at)
{
    const std::uint32_t sleeper = local(phone);
    if (at == TimePoint::max() && flowNumber(sleeper, key) == none)
        return;
    m_loop.arm(flow(sleeper, key).timer, at);
}

void Shard::lookUp(PhoneIndex phone, FetchKey key, std::string_view host)
{
    m_resolver->lookUp(std::string{host}, [this, asker = local(phone), key](Result<NameAnswer> answer) {
        if (answer.has_value())
            fetchEvent(asker, key, LookedUp{std::move(answer->addresses)});
        else
            fetchEvent(asker, key, LookedUp{answer.error()});
    });
}

// Linux refuses loopback sources towards anything else (design decision D3).
std::optional<IpAddress> Shard::sourceTowards(PhoneIndex phone, IpAddress server)
{
    if (server.isLoopback())
        return m_commons.layout.address(phone);
    if (m_commons.sourcePrefix)
        return routedSource(phone);
    m_commons.say(
        "servers beyond loopback see all phones at this machine's own address (--source PREFIX gives "
        "each phone its own)");
    return std::nullopt;
}

IpAddress Shard::routedSource(PhoneIndex phone) const
{
    if (m_commons.options.device != "lo")
        return m_commons.layout.address(phone);
    return IpAddress{m_commons.sourcePrefix->value + static_cast<std::uint32_t>(phone)};
}

void Shard::callHttp(PhoneIndex phone, FetchKey key, HttpCall call)
{
    m_fetches.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t caller = local(phone);
    Flow& used = flow(caller, key);
    if (used.call != CallId::None)
        m_http.cancel(used.call);
    const std::optional<IpAddress> source = sourceTowards(phone, call.server.address);
    used.call = m_http.call(std::move(call), source, [this, caller, key](Result<HttpResponse> response) {
        const std::uint32_t number = flowNumber(caller, key);
        if (number == none)
            return;
        m_flows[number]->call = CallId::None;
        fetchEvent(caller, key, HttpAnswered{std::move(response)});
    });
}

void Shard::sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes)
{
    const std::uint32_t sender = local(phone);
    Flow& used = flow(sender, key);
    if (used.port) {
        if (const Result<void> sent = used.port->send(to, bytes); sent.has_error())
            m_loop.post([this, sender, key, to] { fetchEvent(sender, key, DatagramRefused{to}); });
        return;
    }
    used.bytes = bytes;
    used.to = to;
    if (std::exchange(used.waits, true))
        return;
    m_fetches.fetch_add(1, std::memory_order_relaxed);
    m_budget.take([this, sender, key] {
        const std::uint32_t number = flowNumber(sender, key);
        return number != none && openPort(number);
    });
}

// Opens the port of a fetch and sends what waited for it. Whether it took a descriptor.
bool Shard::openPort(std::uint32_t number)
{
    Flow& used = *m_flows[number];
    used.waits = false;
    const PhoneIndex phone = m_hosts[used.local].index();
    auto port = std::make_unique<DatagramPort>(m_loop, static_cast<DatagramPort::Listener&>(*this), number);
    Result<void> opened = port->open(sourceTowards(phone, used.to.address));
    if (opened.has_value())
        opened = port->send(used.to, std::exchange(used.bytes, {}));
    if (opened.has_error()) {
        m_commons.say(opened.error().detail);
        m_loop.post([this, sender = used.local, key = used.key, to = used.to] {
            fetchEvent(sender, key, DatagramRefused{to});
        });
        return false;
    }
    used.port = std::move(port);
    used.budgeted = true;
    return true;
}

void Shard::datagramArrived(std::uint32_t tag, const Endpoint& from, std::string_view bytes)
{
    const Flow& used = *m_flows[tag];
    fetchEvent(used.local, used.key, DatagramArrived{from, bytes});
}

void Shard::datagramRefused(std::uint32_t tag, const Endpoint& by)
{
    const Flow& used = *m_flows[tag];
    fetchEvent(used.local, used.key, DatagramRefused{by});
}

void Shard::sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram)
{
    const std::optional<IpAddress> routed =
        m_commons.sourcePrefix ? std::optional{routedSource(phone)} : std::nullopt;
    m_syslog->send(server, m_commons.layout.address(phone), routed, datagram);
}

bool Shard::remember(PhoneIndex phone, std::string memory)
{
    m_commons.state->keep(m_commons.layout.mac(phone), std::move(memory), {m_number, phone});
    return false;
}

// --- pages ---

std::optional<PhoneIndex> Shard::phoneAnswering(IpAddress address)
{
    const std::optional<PhoneIndex> phone = m_commons.layout.find(address);
    if (!phone)
        return std::nullopt;
    const FleetLayout::Place place = m_commons.layout.place(*phone);
    if (place.shard != m_number || !m_hosts[place.local].phone().answersWeb())
        return std::nullopt;
    return phone;
}

bool Shard::passOn(IpAddress address, int descriptor)
{
    const std::optional<PhoneIndex> phone = m_commons.layout.find(address);
    if (!phone || m_commons.layout.place(*phone).shard == m_number)
        return false;
    m_commons.passOn(address, descriptor);
    return true;
}

void Shard::adopt(int descriptor)
{
    m_loop.post([this, descriptor] { m_web.adopt(descriptor); });
}

void Shard::webRequest(PhoneIndex phone, const HttpRequest& request, const Endpoint& from,
                       WebServer::Reply reply)
{
    const Endpoint to{m_commons.layout.address(phone), m_commons.webPort};
    with(local(phone), [&](PhoneHost& host, TimePoint now) {
        host.webRequest(m_world, now, request, from, to, std::move(reply));
    });
}

// --- SIP ---

void Shard::sipArrived(IpAddress called, const Endpoint& from, std::string_view datagram)
{
    const std::optional<PhoneIndex> phone = m_commons.layout.find(called);
    if (!phone)
        return;
    const FleetLayout::Place place = m_commons.layout.place(*phone);
    if (place.shard != m_number) {
        m_commons.passOnSip(called, from, datagram);
        return;
    }
    with(place.local, [&](PhoneHost& host, TimePoint now) {
        host.sipArrived(m_world, now, datagram, from, {called, m_commons.sipPort});
    });
}

void Shard::adoptSip(IpAddress called, const Endpoint& from, std::string datagram)
{
    m_loop.post([this, called, from, bytes = std::move(datagram)] { sipArrived(called, from, bytes); });
}

void Shard::sendSip(PhoneIndex phone, const Endpoint& to, std::string_view datagram)
{
    m_sip.send(m_commons.layout.address(phone), to, datagram);
}

// --- for other threads ---

std::size_t Shard::answering() const
{
    return m_commons.layout.count(m_number) -
           m_inState[static_cast<std::size_t>(PhoneState::Off)].load(std::memory_order_relaxed) -
           m_inState[static_cast<std::size_t>(PhoneState::Booting)].load(std::memory_order_relaxed);
}

void Shard::addTo(FleetCounters& counters) const
{
    for (std::size_t i = 0; i < m_inState.size(); ++i)
        counters.inState[i] += m_inState[i].load(std::memory_order_relaxed);
    counters.fetches += m_fetches.load(std::memory_order_relaxed);
    counters.resyncs += m_resyncs.load(std::memory_order_relaxed);
    counters.failedResyncs += m_failedResyncs.load(std::memory_order_relaxed);
    counters.droppedSyslog += m_droppedSyslog.load(std::memory_order_relaxed);
    counters.waitedForSockets += m_waitedForSockets.load(std::memory_order_relaxed);
}

}  // namespace emulator
