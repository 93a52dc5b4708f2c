#include "emulator/runtime/net_fleet.hpp"

#include "emulator/runtime/machine_limits.hpp"
#include "emulator/runtime/phone_ports.hpp"
#include "emulator/runtime/shard.hpp"

#include <algorithm>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>

namespace emulator {

namespace {

// Descriptors for everything that is neither a phone's connection nor a fetch: servers, files, the program itself.
constexpr std::size_t reservedDescriptors = 128;

unsigned shardsFor(const NetOptions& options, std::size_t phones)
{
    const unsigned wanted =
        options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
    return static_cast<unsigned>(
        std::min<std::size_t>(std::min(wanted, 64u), std::max<std::size_t>(phones, 1)));
}

// The first phone's source address in "10.20.0.0/16".
Result<IpAddress> firstSource(const std::string& prefix, std::size_t phones)
{
    const std::size_t slash = prefix.find('/');
    const Result<IpAddress> address = IpAddress::parse(std::string_view{prefix}.substr(0, slash));
    const Result<std::uint16_t> length = slash == std::string::npos
                                             ? Result<std::uint16_t>{std::uint16_t{32}}
                                             : parsePort(std::string_view{prefix}.substr(slash + 1));
    if (address.has_error() || length.has_error() || *length > 32)
        return fail(ErrorKind::Malformed,
                    "--source \"" + prefix + "\": expected auto or a prefix such as 10.20.0.0/16");
    const std::uint64_t room = std::uint64_t{1} << (32 - *length);
    const std::uint64_t from = address->value & (room - 1);
    if (from + phones > room)
        return fail(ErrorKind::Malformed,
                    "--source " + prefix + " has no room for " + std::to_string(phones) + " phones");
    return *address;
}

class SocketFleet : public NetFleet {
public:
    ~SocketFleet() override
    {
        for (const auto& shard : m_shards)
            shard->stop();
        for (std::thread& thread : m_threads)
            thread.join();
        m_state.reset();  // while there are shards to be told
    }

    Result<void> open(Fleet fleet, NetOptions options, TraceQueue& trace)
    {
        const std::size_t descriptors = raiseOpenFiles();
        const std::size_t usable =
            descriptors > 2 * reservedDescriptors ? descriptors - reservedDescriptors : descriptors / 2;
        Result<FleetLayout> layout =
            FleetLayout::make(fleet, shardsFor(options, fleet.size()), options.device);
        if (layout.has_error())
            return layout.error();
        m_commons.layout = std::move(*layout);
        m_commons.fleet = std::move(fleet);
        m_commons.options = std::move(options);
        m_commons.zero = EventLoop::Clock::now();
        m_commons.say = [this](std::string text) { say(std::move(text)); };
        m_commons.passOn = [this](IpAddress address, int descriptor) {
            m_shards[m_commons.layout.place(*m_commons.layout.find(address)).shard]->adopt(descriptor);
        };
        m_commons.passOnSip = [this](IpAddress called, const Endpoint& from, std::string_view datagram) {
            m_shards[m_commons.layout.place(*m_commons.layout.find(called)).shard]->adoptSip(
                called, from, std::string{datagram});
        };
        if (m_commons.options.sourcePrefix) {
            const Result<IpAddress> first =
                firstSource(*m_commons.options.sourcePrefix, m_commons.layout.size());
            if (first.has_error())
                return first.error();
            m_commons.sourcePrefix = *first;
        } else if (m_commons.options.device != "lo") {
            m_commons.sourcePrefix = m_commons.layout.base();
        }
        std::size_t listening = 0;
        const auto openPorts = [&](PortKind kind, std::uint16_t port) {
            Result<PhonePorts> opened =
                openPhonePorts(m_commons.layout, kind, port, usable / 2 - std::min(usable / 2, listening),
                               m_commons.options.device);
            if (opened.has_error())
                return opened;
            if (!opened->notice.empty())
                say(opened->notice);
            for (const std::vector<int>& shard : opened->listeners)
                listening += shard.size();
            return opened;
        };
        Result<PhonePorts> ports = openPorts(PortKind::Pages, m_commons.options.webPort);
        if (ports.has_error())
            return ports.error();
        m_commons.webPort = ports->port;
        Result<PhonePorts> sip = openPorts(PortKind::Sip, m_commons.options.sipPort);
        if (sip.has_error())
            return sip.error();
        m_commons.sipPort = sip->port;
        const std::size_t left = (usable - std::min(usable, listening)) / m_commons.layout.shards();
        m_commons.webConnections = std::max<std::size_t>(left / 4, 4);
        m_commons.fetchSockets = std::max<std::size_t>(left - left / 4, 4);

        if (!m_commons.options.stateFolder.empty()) {
            Result<std::unique_ptr<StateDatabase>> state = StateDatabase::open(m_commons.options.stateFolder);
            if (state.has_error())
                return state.error();
            m_state = std::move(*state);
            m_commons.state = m_state.get();
        }
        for (unsigned i = 0; i < m_commons.layout.shards(); ++i) {
            m_shards.push_back(std::make_unique<Shard>(m_commons, i, trace.addProducer()));
            const Result<void> opened = m_shards.back()->open(std::exchange(ports->listeners[i], {}),
                                                              std::exchange(sip->listeners[i], {}));
            if (opened.has_error())
                return opened.error();
        }
        if (m_state) {
            if (const Result<void> restored = restore(); restored.has_error())
                return restored.error();
            m_state->begin([this](std::span<const StateDatabase::Receipt> receipts) {
                for (const auto& shard : m_shards)
                    shard->committed(receipts);
            });
        }
        for (const auto& shard : m_shards)
            m_threads.emplace_back([one = shard.get()] { one->run(); });
        return {};
    }

    TimePoint now() const override
    {
        return TimePoint{std::chrono::duration_cast<Duration>(EventLoop::Clock::now() - m_commons.zero)};
    }
    std::size_t size() const override { return m_commons.layout.size(); }
    std::uint16_t webPort() const override { return m_commons.webPort; }
    std::uint16_t sipPort() const override { return m_commons.sipPort; }

    void post(PhoneIndex phone, Event event) override
    {
        const FleetLayout::Place place = m_commons.layout.place(phone);
        m_shards[place.shard]->post(place.local, std::move(event));
    }

    std::size_t answering() const override
    {
        std::size_t sum = 0;
        for (const auto& shard : m_shards)
            sum += shard->answering();
        return sum;
    }

    std::optional<MacAddress> macAt(IpAddress address) const override
    {
        const std::optional<PhoneIndex> phone = m_commons.layout.find(address);
        return phone ? std::optional{m_commons.layout.mac(*phone)} : std::nullopt;
    }

    FleetCounters counters() const override
    {
        FleetCounters sum;
        for (const auto& shard : m_shards)
            shard->addTo(sum);
        return sum;
    }

    std::vector<std::string> notices() const override
    {
        std::vector<std::string> all;
        {
            const std::lock_guard lock{m_noticesMutex};
            all = m_notices;
        }
        if (counters().waitedForSockets != 0)
            all.push_back(
                "fetches waited for file descriptors: the limit of open files is too low for so many at "
                "once (phonerig doctor says how to raise it)");
        if (m_state)
            if (const std::optional<Error> trouble = m_state->trouble())
                all.push_back("phones wait for their memory: " + trouble->detail);
        return all;
    }

    Duration worstLag() override
    {
        Duration worst{};
        for (const auto& shard : m_shards)
            worst = std::max(worst, shard->worstLag());
        return worst;
    }

    std::vector<PhoneSnapshot> snapshot(PhoneIndex first, std::size_t count) const override
    {
        const auto begin = static_cast<std::uint32_t>(first);
        if (begin >= size())
            return {};
        return snapshots(std::min(count, size() - begin), [begin](std::size_t i) {
            return PhoneIndex{begin + static_cast<std::uint32_t>(i)};
        });
    }

    std::vector<PhoneSnapshot> snapshot(std::span<const PhoneIndex> phones) const override
    {
        return snapshots(phones.size(), [phones](std::size_t i) { return phones[i]; });
    }

    std::vector<PhoneIndex> touched() override
    {
        std::vector<std::vector<PhoneIndex>> byShard(m_shards.size());
        onShards([&](unsigned s) { m_shards[s]->takeTouched(byShard[s]); });
        std::vector<PhoneIndex> all;
        for (const std::vector<PhoneIndex>& some : byShard)
            all.insert(all.end(), some.begin(), some.end());
        return all;
    }

    void look(PhoneIndex phone, const std::function<void(const Phone&)>& see) const override
    {
        const FleetLayout::Place place = m_commons.layout.place(phone);
        std::latch done{1};
        m_shards[place.shard]->look([&] {
            see(m_shards[place.shard]->phone(place.local));
            done.count_down();
        });
        done.wait();
    }

private:
    // Does `work` for every shard on its own thread; returns when all have done it.
    template <class Work>
    void onShards(Work work) const
    {
        std::latch done{static_cast<std::ptrdiff_t>(m_shards.size())};
        for (unsigned s = 0; s < m_shards.size(); ++s)
            m_shards[s]->look([&, s] {
                work(s);
                done.count_down();
            });
        done.wait();
    }

    // Each shard fills in its own phones.
    template <class IndexOf>
    std::vector<PhoneSnapshot> snapshots(std::size_t count, IndexOf indexOf) const
    {
        std::vector<PhoneSnapshot> all(count);
        onShards([&](unsigned s) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                const PhoneIndex index = indexOf(i);
                const FleetLayout::Place place = m_commons.layout.place(index);
                if (place.shard == s)
                    all[i] = snapshotOf(index, m_shards[s]->phone(place.local));
            }
        });
        return all;
    }

    Result<void> restore()
    {
        return m_state->forEach([this](const MacAddress& mac, std::string_view memory) -> Result<void> {
            const std::optional<PhoneIndex> phone = m_commons.layout.find(mac);
            if (!phone)
                return {};  // of a larger fleet; its memory stays
            const FleetLayout::Place place = m_commons.layout.place(*phone);
            const Result<void> taken = m_shards[place.shard]->restore(place.local, memory);
            if (taken.has_error())
                return fail(ErrorKind::Malformed, "state folder " + m_commons.options.stateFolder +
                                                      ": memory of phone " + mac.colons() + ": " +
                                                      taken.error().detail);
            return {};
        });
    }

    void say(std::string text)
    {
        const std::lock_guard lock{m_noticesMutex};
        if (std::find(m_notices.begin(), m_notices.end(), text) == m_notices.end() &&
            m_notices.size() < maxNotices)
            m_notices.push_back(std::move(text));
    }

    static constexpr std::size_t maxNotices = 100;
    FleetCommons m_commons;
    mutable std::mutex m_noticesMutex;
    std::vector<std::string> m_notices;
    std::vector<std::unique_ptr<Shard>> m_shards;
    std::unique_ptr<StateDatabase> m_state;
    std::vector<std::thread> m_threads;
};

}  // namespace

Result<std::unique_ptr<NetFleet>> NetFleet::open(Fleet fleet, NetOptions options, TraceQueue& trace)
{
    auto made = std::make_unique<SocketFleet>();
    if (const Result<void> opened = made->open(std::move(fleet), std::move(options), trace);
        opened.has_error())
        return opened.error();
    return std::unique_ptr<NetFleet>{std::move(made)};
}

}  // namespace emulator
