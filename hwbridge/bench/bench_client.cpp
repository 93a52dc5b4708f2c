#include "hwbridge/bench/bench_client.hpp"

#include "hwbridge/bench/line_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::Duration;
using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto answerLimit = 10s;
constexpr Duration slice = 50ms;

}  // namespace

class BenchClient::Impl final : public LineUser {
public:
    explicit Impl(std::unique_ptr<boost::asio::io_context> context, LineStreamPtr stream)
        : m_context{std::move(context)},
          m_stream{std::move(stream)}
    {
        m_stream->start(*this, longestBenchAnswer);
    }
    ~Impl() override { m_stream->close(false); }

    std::uint64_t send(decltype(ClientMessage::wish) wish)
    {
        const std::uint64_t id = ++m_lastId;
        m_stream->send(print(ClientMessage{id, std::move(wish)}));
        return id;
    }

    std::vector<ServerMessage> hear(Duration most)
    {
        const auto end = Clock::now() + most;
        m_context->restart();
        while (m_heard.empty() && !m_ended && m_context->run_one_until(end) > 0) {}
        m_context->poll();
        return std::exchange(m_heard, {});
    }

    const std::optional<Error>& ended() const { return m_ended; }

    void lineCame(std::string_view line) override
    {
        Result<ServerMessage> message = readServerMessage(line);
        if (message.has_value()) {
            m_heard.push_back(std::move(*message));
        } else if (!m_ended) {
            m_ended = emulator::fail(ErrorKind::Corrupt, "the bench daemon: " + message.error().detail);
            m_stream->close(false);
        }
    }
    void streamEnded(const Error& why) override { m_ended = why; }

    BenchWelcome welcome;

private:
    std::unique_ptr<boost::asio::io_context> m_context;
    LineStreamPtr m_stream;
    std::uint64_t m_lastId = 0;
    std::vector<ServerMessage> m_heard;
    std::optional<Error> m_ended;
};

BenchClient::BenchClient(std::unique_ptr<Impl> impl) : m_impl{std::move(impl)} {}

BenchClient::~BenchClient() = default;

Result<std::unique_ptr<BenchClient>> BenchClient::connect(const BenchAddress& address,
                                                          const std::string& holder, Duration most)
{
    auto context = std::make_unique<boost::asio::io_context>(1);
    Result<LineStreamPtr> stream =
        address.host.empty() ? connectUnix(*context, address.socket)
                             : connectTls(*context, address.host, address.port, address.authorities);
    if (stream.has_error())
        return stream.error();
    std::unique_ptr<BenchClient> client{
        new BenchClient{std::make_unique<Impl>(std::move(context), std::move(*stream))}};
    const Result<Answer> answer = client->ask(BenchHello{benchProtocolVersion, holder, address.token}, most);
    if (answer.has_error())
        return answer.error();
    const auto* const welcome = std::get_if<BenchWelcome>(&*answer);
    if (welcome == nullptr)
        return emulator::fail(ErrorKind::Corrupt, "the bench daemon answered, but did not greet");
    client->m_impl->welcome = *welcome;
    return client;
}

const BenchWelcome& BenchClient::welcome() const
{
    return m_impl->welcome;
}

std::uint64_t BenchClient::send(decltype(ClientMessage::wish) wish)
{
    return m_impl->send(std::move(wish));
}

std::vector<ServerMessage> BenchClient::hear(Duration most)
{
    return m_impl->hear(most);
}

const std::optional<Error>& BenchClient::ended() const
{
    return m_impl->ended();
}

Result<BenchClient::Answer> BenchClient::ask(decltype(ClientMessage::wish) wish, Duration most)
{
    const std::uint64_t id = send(std::move(wish));
    for (const auto end = Clock::now() + most; Clock::now() < end;) {
        for (ServerMessage& message : hear(std::min(slice, most))) {
            if (message.id != id && message.id != 0)
                continue;
            if (auto* const refusal = std::get_if<BenchRefusal>(&message.what))
                return std::move(refusal->error);
            if (message.id == id)
                return std::move(message.what);
        }
        if (ended())
            return *ended();
    }
    return emulator::fail(ErrorKind::TimedOut, fmt::format("the bench daemon did not answer for {:.3g} s",
                                                           std::chrono::duration<double>{most}.count()));
}

Result<BenchGrant> BenchClient::lease(const LeaseRequest& request,
                                      const std::function<void(std::uint64_t)>& waits,
                                      const std::function<bool()>& stop)
{
    const std::uint64_t id = send(LeaseEvent{request});
    const auto end = Clock::now() + answerLimit;
    bool queued = false;
    while (!stop() && (queued || Clock::now() < end)) {
        for (ServerMessage& message : hear(slice)) {
            if (message.id != id)
                continue;
            if (const auto* const place = std::get_if<BenchWaits>(&message.what)) {
                queued = true;
                waits(place->position);
            } else if (const auto* const grant = std::get_if<BenchGrant>(&message.what)) {
                return *grant;
            } else if (auto* const refusal = std::get_if<BenchRefusal>(&message.what)) {
                return std::move(refusal->error);
            }
        }
        if (ended())
            return *ended();
    }
    return stop() ? emulator::fail(ErrorKind::Refused, "interrupted while waiting for a phone")
                  : emulator::fail(ErrorKind::TimedOut, "the bench daemon did not answer for 10 s");
}

}  // namespace hwbridge
