#include "hwbridge/bench/bench_daemon.hpp"

#include "hwbridge/bench/bench_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <map>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::ErrorKind;
using emulator::Result;
using emulator::TimePoint;

namespace {

constexpr std::size_t mostClients = 256;
constexpr auto helloLimit = 10s;
constexpr auto restoreLimit =
    170s;  // below LeaseLimits::restoring, so that the restorer's own reason is the one told

}  // namespace

class BenchDaemon::Impl final : public BenchOutbox, public std::enable_shared_from_this<Impl> {
public:
    Impl(Inventory inventory, std::unique_ptr<LeaseJournal> journal, emulator::WallTime zero,
         Restorer* restorer)
        : m_restorer{restorer},
          m_timer{m_context},
          m_service{std::move(inventory), std::move(journal), {zero, restorer != nullptr}, *this}
    {}

    Result<void> open(const BenchDaemonOptions& options)
    {
        if (const Result<void> begun = m_service.begin(now()); begun.has_error())
            return begun;
        Result<LineDoorPtr> door = openUnixDoor(
            m_context, options.socket, [this](LineStreamPtr stream) { return came(std::move(stream), {}); });
        if (door.has_error())
            return door.error();
        m_where.push_back((*door)->where());
        m_doors.push_back(std::move(*door));
        if (options.tcp) {
            const std::string& token = options.tcp->token;
            door =
                openTlsDoor(m_context, options.tcp->at, options.tcp->tls,
                            [this, token](LineStreamPtr stream) { return came(std::move(stream), token); });
            if (door.has_error())
                return door.error();
            m_where.push_back("tls://" + (*door)->where());
            m_doors.push_back(std::move(*door));
        }
        arm();
        return {};
    }

    Result<void> run(const std::function<bool()>& stop)
    {
        while (!stop()) {
            m_context.restart();
            m_context.run_for(50ms);
            if (m_service.trouble())
                return *m_service.trouble();
        }
        return {};
    }

    const std::vector<std::string>& where() const { return m_where; }
    std::vector<std::string> notices() const
    {
        std::vector<std::string> notices;
        for (const std::string& name : m_service.strays())
            notices.push_back(
                fmt::format("{} is not in the inventory any more, and parameters of it were never put "
                            "back",
                            name));
        return notices;
    }

    void send(ClientId client, std::string line) override
    {
        if (const auto known = m_clients.find(client); known != m_clients.end())
            known->second->stream->send(std::move(line));
    }
    void hangUp(ClientId client) override
    {
        if (const auto known = m_clients.find(client); known != m_clients.end())
            known->second->stream->close(true);
        forget(client);
    }
    void restore(const RestorePhone& order) override
    {
        const auto done = [weak = weak_from_this(), order](const Result<void>& outcome) {
            if (const std::shared_ptr<Impl> self = weak.lock())
                boost::asio::post(self->m_context, [weak, order, outcome] {
                    if (const std::shared_ptr<Impl> alive = weak.lock())
                        alive->restored({order.phone, order.fence,
                                         outcome.has_error() ? outcome.error().detail : std::string{}});
                });
        };
        if (m_restorer == nullptr)
            done(emulator::fail(ErrorKind::Unsupported, "this daemon cannot put parameters back"));
        else
            m_restorer->restore(*m_service.phone(order.phone), order.parameters, restoreLimit, done);
    }

private:
    struct Client final : public LineUser {
        Client(Impl& daemon, ClientId number, LineStreamPtr opened)
            : impl{daemon},
              id{number},
              stream{std::move(opened)},
              limit{daemon.m_context}
        {}
        void lineCame(std::string_view line) override { impl.said(id, line); }
        void streamEnded(const emulator::Error&) override { impl.forget(id); }
        Impl& impl;
        ClientId id;
        LineStreamPtr stream;
        boost::asio::steady_timer limit;
    };

    TimePoint now() const
    {
        return TimePoint{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - m_begun)};
    }

    bool came(LineStreamPtr stream, std::optional<std::string> token)
    {
        if (m_clients.size() >= mostClients) {
            stream->send(print(ServerMessage{
                0, BenchRefusal{emulator::fail(
                       ErrorKind::Refused,
                       fmt::format("{} clients are here already, expected fewer", mostClients))}}));
            return false;
        }
        const ClientId id{++m_lastClient};
        const auto client = std::make_shared<Client>(*this, id, std::move(stream));
        m_clients[id] = client;
        m_service.came(id, std::move(token));
        client->limit.expires_after(helloLimit);
        client->limit.async_wait([this, id](const boost::system::error_code& stopped) {
            if (!stopped && !m_service.knows(id))
                hangUp(id);
        });
        client->stream->start(*client, longestBenchLine);
        return true;
    }

    void said(ClientId id, std::string_view line)
    {
        const std::shared_ptr<Client> held =
            m_clients.at(id);  // it may be hung up on while it is listened to
        turn([&](TimePoint begun) { m_service.said(begun, id, line); });
    }

    void forget(ClientId id)
    {
        const auto known = m_clients.find(id);
        if (known == m_clients.end())
            return;
        // Later: whoever calls may be one of its own functions.
        boost::asio::post(m_context, [client = std::move(known->second)] { client->limit.cancel(); });
        m_clients.erase(known);
        turn([&](TimePoint begun) { m_service.gone(begun, id); });
    }

    void restored(const PhoneRestored& event)
    {
        turn([&](TimePoint begun) { m_service.restored(begun, event); });
    }

    // A journal on a slow disk takes seconds, in which renewals wait in their sockets.
    template <typename Work>
    void turn(const Work& work)
    {
        const TimePoint begun = now();
        work(begun);
        m_service.wasDeaf(now() - begun);
        arm();
    }

    void arm()
    {
        const std::optional<TimePoint> next = m_service.nextDeadline();
        if (!next) {
            m_timer.cancel();
            return;
        }
        m_timer.expires_at(m_begun + next->time_since_epoch());
        m_timer.async_wait([this](const boost::system::error_code& stopped) {
            if (stopped)
                return;
            turn([this](TimePoint begun) { m_service.timePassed(begun); });
        });
    }

    const std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
    Restorer* m_restorer;
    boost::asio::io_context m_context{1};
    boost::asio::steady_timer m_timer;
    BenchService m_service;
    std::map<ClientId, std::shared_ptr<Client>> m_clients;
    std::uint64_t m_lastClient = 0;
    std::vector<std::string> m_where;
    std::vector<LineDoorPtr> m_doors;
};

BenchDaemon::BenchDaemon(std::shared_ptr<Impl> impl) : m_impl{std::move(impl)} {}

BenchDaemon::~BenchDaemon() = default;

Result<std::unique_ptr<BenchDaemon>> BenchDaemon::start(Inventory inventory,
                                                        const BenchDaemonOptions& options, Restorer* restorer)
{
    const auto zero = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    Result<std::unique_ptr<LeaseJournal>> journal = LeaseJournal::open(options.state, zero);
    if (journal.has_error())
        return journal.error();
    auto impl = std::make_shared<Impl>(std::move(inventory), std::move(*journal), zero, restorer);
    if (const Result<void> opened = impl->open(options); opened.has_error())
        return opened.error();
    return std::unique_ptr<BenchDaemon>{new BenchDaemon{std::move(impl)}};
}

std::vector<std::string> BenchDaemon::where() const
{
    return m_impl->where();
}

std::vector<std::string> BenchDaemon::notices() const
{
    return m_impl->notices();
}

Result<void> BenchDaemon::run(const std::function<bool()>& stop)
{
    return m_impl->run(stop);
}

}  // namespace hwbridge
