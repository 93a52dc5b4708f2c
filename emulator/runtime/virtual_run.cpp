#include "emulator/runtime/virtual_run.hpp"

#include "emulator/runtime/virtual_shard.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>
#include <tuple>

namespace emulator {

namespace {

// A shard's end of the trace: what happened so far, kept until the window is over.
class BufferSink : public TraceSink {
public:
    explicit BufferSink(TraceSink& final) : m_final{final} {}
    bool wants(EventKind kind) const override { return m_final.wants(kind); }
    void seen(const TraceEvent& event) override { buffer.add(event); }
    TraceBuffer buffer;

private:
    TraceSink& m_final;
};

bool earlier(const TraceEvent* a, const TraceEvent* b)
{
    return std::tie(a->at, a->order) < std::tie(b->at, b->order);
}

}  // namespace

struct VirtualRun::Impl {
    struct Shard {
        std::unique_ptr<BufferSink> buffered;  // null: the shard has a sink of its own
        std::vector<std::unique_ptr<ProfileCache>> profiles;
        std::vector<std::unique_ptr<PhoneSurroundings>> surroundings;
        std::unique_ptr<VirtualShard> phones;
    };
    struct Waiting {
        std::function<void(TimePoint, std::optional<HttpResponse>)> reply;
    };

    Impl(const Fleet& fleet, VirtualNetwork network, unsigned threads, TraceSink& sink,
         const ShardSinks& ownSinks, WireTap* tap);
    ~Impl();

    void addShard(const Fleet& fleet, std::size_t first, std::size_t end, TraceSink* own);
    std::pair<VirtualShard&, std::size_t> find(PhoneIndex phone);
    TimePoint nextDeadline() const;
    void runShards(TimePoint deadline);
    bool handOver(TimePoint deadline);
    void handOverWire(TimePoint until);
    void work(std::size_t shard);

    VirtualServers servers;
    TraceSink& sink;
    WireTap* tap;  // null: nobody taps
    std::vector<Shard> shards;
    std::vector<std::size_t> firsts;  // first phone of each shard
    std::size_t phones = 0;
    TimePoint now{};
    std::map<std::uint64_t, Waiting> waiting;
    std::uint64_t tickets = 0;
    std::vector<VirtualReply> replies;  // not yet due
    TraceBuffer early;                  // events of the next window that a shard saw already
    bool handedSomething = false;

    // One thread per shard beside the caller's, which runs shard 0.
    std::vector<std::thread> threads;
    std::unique_ptr<std::barrier<>> barrier;
    std::atomic<bool> ending{false};
    TimePoint workUntil{};
};

VirtualRun::Impl::Impl(const Fleet& fleet, VirtualNetwork network, unsigned threadCount, TraceSink& finalSink,
                       const ShardSinks& ownSinks, WireTap* wireTap)
    : sink{finalSink},
      tap{wireTap},
      phones{fleet.size()}
{
    servers.network = std::move(network);
    const std::size_t count = std::clamp<std::size_t>(threadCount, 1, std::max<std::size_t>(phones, 1));
    shards.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        firsts.push_back(phones * i / count);
        addShard(fleet, firsts.back(), phones * (i + 1) / count, ownSinks ? &ownSinks(i) : nullptr);
    }
    if (count > 1) {
        barrier = std::make_unique<std::barrier<>>(static_cast<std::ptrdiff_t>(count));
        for (std::size_t i = 1; i < count; ++i)
            threads.emplace_back([this, i] { work(i); });
    }
}

VirtualRun::Impl::~Impl()
{
    if (barrier) {
        ending = true;
        barrier->arrive_and_wait();
        for (std::thread& thread : threads)
            thread.join();
    }
    handOverWire(now);
}

void VirtualRun::Impl::addShard(const Fleet& fleet, std::size_t first, std::size_t end, TraceSink* own)
{
    Shard& shard = shards.emplace_back();
    if (own == nullptr)
        shard.buffered = std::make_unique<BufferSink>(sink);
    TraceSink& shardSink = own != nullptr ? *own : *shard.buffered;
    shard.phones = std::make_unique<VirtualShard>(
        servers, shardSink, fleet,
        tap != nullptr ? std::make_unique<VirtualWire>(servers.network.latency) : nullptr);
    std::size_t groupStart = 0;
    for (const FleetGroup& group : fleet.groups) {
        const std::size_t from = std::max(first, groupStart);
        const std::size_t to = std::min(end, groupStart + group.count);
        if (from < to) {
            shard.profiles.push_back(std::make_unique<ProfileCache>(group.model->schema));
            auto& surroundings = *shard.surroundings.emplace_back(std::make_unique<PhoneSurroundings>());
            surroundings.model = group.model;
            surroundings.profiles = shard.profiles.back().get();
            surroundings.ids = ResyncParameters::find(*group.model->schema).value();
            surroundings.start = fleet.start;
            surroundings.seed = fleet.seed;
            surroundings.bootTime = fleet.bootTime;
            surroundings.provisioningServer = group.provisioningServer;
            surroundings.uniqueCertificate = group.uniqueCertificate;
            surroundings.reportsChanges = shardSink.wants(EventKind::PhoneParam);
            const AppliedState initial =
                group.set.empty() ? nullptr : shard.profiles.back()->preset(group.set);
            for (std::size_t i = from; i < to; ++i) {
                const auto offset = static_cast<std::uint32_t>(i - groupStart);
                shard.phones->add(surroundings, group.firstMac.plus(offset),
                                  IpAddress{group.firstAddress.value + offset},
                                  PhoneIndex{static_cast<std::uint32_t>(i)}, initial);
            }
        }
        groupStart += group.count;
    }
}

std::pair<VirtualShard&, std::size_t> VirtualRun::Impl::find(PhoneIndex phone)
{
    const auto index = static_cast<std::size_t>(phone);
    const auto above = std::upper_bound(firsts.begin(), firsts.end(), index);
    const auto shard = static_cast<std::size_t>(above - firsts.begin()) - 1;
    return {*shards[shard].phones, index - firsts[shard]};
}

TimePoint VirtualRun::Impl::nextDeadline() const
{
    TimePoint next = TimePoint::max();
    for (const Shard& shard : shards)
        next = std::min(next, shard.phones->nextDeadline());
    for (const VirtualReply& reply : replies)
        next = std::min(next, reply.at);
    for (const TraceEvent& event : early.events())
        next = std::min(next, event.at);
    return next;
}

void VirtualRun::Impl::work(std::size_t shard)
{
    while (true) {
        barrier->arrive_and_wait();
        if (ending)
            return;
        shards[shard].phones->runUntil(workUntil);
        barrier->arrive_and_wait();
    }
}

void VirtualRun::Impl::runShards(TimePoint deadline)
{
    workUntil = deadline;
    if (barrier)
        barrier->arrive_and_wait();
    shards.front().phones->runUntil(deadline);
    if (barrier)
        barrier->arrive_and_wait();
}

void VirtualRun::Impl::handOverWire(TimePoint until)
{
    if (tap == nullptr)
        return;
    std::vector<WireMessage> messages;
    for (const Shard& shard : shards)
        shard.phones->wire()->take(until, messages);
    std::sort(messages.begin(), messages.end(), [](const WireMessage& a, const WireMessage& b) {
        return std::tie(a.at, a.phone, a.sequence) < std::tie(b.at, b.phone, b.sequence);
    });
    for (const WireMessage& message : messages)
        tap->crossed(message);
}

// Hands over, in order, what was seen until `deadline`, and keeps the rest. True when there was anything.
bool VirtualRun::Impl::handOver(TimePoint deadline)
{
    std::vector<const TraceEvent*> due;
    std::vector<const TraceEvent*> later;
    const auto sort = [&](const TraceBuffer& buffer) {
        for (const TraceEvent& event : buffer.events())
            (event.at <= deadline ? due : later).push_back(&event);
    };
    sort(early);
    for (Shard& shard : shards) {
        if (shard.buffered)
            sort(shard.buffered->buffer);
        for (VirtualReply& reply : shard.phones->takeReplies())
            replies.push_back(std::move(reply));
    }
    std::sort(due.begin(), due.end(), earlier);
    for (const TraceEvent* event : due)
        sink.seen(*event);
    TraceBuffer rest;
    for (const TraceEvent* event : later)
        rest.add(*event);
    early = std::move(rest);
    for (Shard& shard : shards)
        if (shard.buffered)
            shard.buffered->buffer.clear();

    std::vector<VirtualReply> ready;
    const auto notDue = std::partition(replies.begin(), replies.end(),
                                       [&](const VirtualReply& reply) { return reply.at <= deadline; });
    ready.assign(std::make_move_iterator(replies.begin()), std::make_move_iterator(notDue));
    replies.erase(replies.begin(), notDue);
    std::sort(ready.begin(), ready.end(), [](const VirtualReply& a, const VirtualReply& b) {
        return std::tie(a.at, a.phone, a.ticket) < std::tie(b.at, b.phone, b.ticket);
    });
    for (VirtualReply& reply : ready) {
        const auto asker = waiting.extract(reply.ticket);
        if (asker && asker.mapped().reply)
            asker.mapped().reply(reply.at, std::move(reply.response));
    }
    return !due.empty() || !ready.empty();
}

VirtualRun::VirtualRun(Fleet fleet, VirtualNetwork network, unsigned threads, TraceSink& sink,
                       const ShardSinks& ownSinks, WireTap* tap)
    : m_impl{std::make_unique<Impl>(fleet, std::move(network), threads, sink, ownSinks, tap)}
{}

VirtualRun::~VirtualRun() = default;

void VirtualRun::addHttp(std::string name, const Endpoint& at, const HttpService& service)
{
    m_impl->servers.all.push_back({std::move(name), at, &service, nullptr});
}

void VirtualRun::addDatagram(std::string name, const Endpoint& at, const DatagramService& service)
{
    m_impl->servers.all.push_back({std::move(name), at, nullptr, &service});
}

TimePoint VirtualRun::now() const
{
    return m_impl->now;
}

std::size_t VirtualRun::size() const
{
    return m_impl->phones;
}

void VirtualRun::post(PhoneIndex phone, Event event)
{
    const auto [shard, index] = m_impl->find(phone);
    shard.post(index, m_impl->now, std::move(event));
}

void VirtualRun::browse(PhoneIndex phone, HttpRequest request, const Endpoint& from,
                        std::function<void(TimePoint, std::optional<HttpResponse>)> reply)
{
    const std::uint64_t ticket = ++m_impl->tickets;
    m_impl->waiting.emplace(ticket, Impl::Waiting{std::move(reply)});
    const auto [shard, index] = m_impl->find(phone);
    shard.browse(index, m_impl->now, std::move(request), from, ticket);
}

void VirtualRun::converse(PhoneIndex phone, const Endpoint& server, std::unique_ptr<DatagramSession> session,
                          std::function<void(TimePoint)> done)
{
    const std::uint64_t ticket = ++m_impl->tickets;
    m_impl->waiting.emplace(
        ticket, Impl::Waiting{[done = std::move(done)](TimePoint at, const std::optional<HttpResponse>&) {
            done(at);
        }});
    const auto [shard, index] = m_impl->find(phone);
    shard.converse(index, m_impl->now, m_impl->servers.find(server).value(), std::move(session), ticket);
}

const Phone& VirtualRun::phone(PhoneIndex phone) const
{
    const auto [shard, index] = m_impl->find(phone);
    return shard.phone(index);
}

void VirtualRun::runUntil(TimePoint deadline, const std::function<bool()>& stop, Duration window)
{
    Impl& run = *m_impl;
    // Without anybody to ask, a window is as long as memory for its events allows: about a minute of a fleet's life.
    const Duration step = stop ? window : Duration{std::chrono::minutes{1}};
    while (run.now < deadline) {
        const TimePoint next = run.nextDeadline();
        if (next > deadline)
            break;
        // Windows lie on a grid from time zero, so that they do not depend on who looks when.
        const auto start = std::max(next, run.now).time_since_epoch() / step * step;
        const TimePoint end = std::min(deadline, TimePoint{start + step});
        run.runShards(end);
        const bool something = run.handOver(end);
        run.now = end;
        run.handOverWire(end - VirtualWire::slack(run.servers.network.latency));
        if (stop && something && stop())
            return;
    }
    run.now = std::max(run.now, deadline);
}

}  // namespace emulator
