#include "emulator/runtime/http_client.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>

namespace emulator {

namespace {

// Our choice: how long an unbound connection waits for the server to close first, so that the port's TIME_WAIT is
// the server's; all unbound connections to one server share the ports of one address.
constexpr Duration patience = std::chrono::seconds{1};
constexpr std::size_t bufferBytes = 64u << 10;
// A fleet that fetches all at once leaves as many ended calls behind; beyond these they are given back.
constexpr std::size_t maxSpare = 1024;
// A call's id is its number since the start above its place among the calls.
constexpr int placeBits = 24;

}  // namespace

struct HttpClient::Call : SocketUser, TimerOwner {
    enum class Stage : std::uint8_t { Free, Waiting, Connecting, Sending, Receiving, Closing };

    Call(HttpClient& owner, std::uint32_t place)
        : client{owner},
          index{place},
          timer{owner.m_loop.addTimer(*this, 0)}
    {}
    ~Call() override;

    void begin();
    bool open();
    void readable() override;
    void writable() override;
    void timerDue(std::uint32_t tag, TimePoint now) override;
    void end(Result<HttpResponse> outcome);
    void close();
    void armTimer(TimePoint now);
    TimePoint deadline() const { return std::min(phaseEnds, totalEnds); }

    HttpClient& client;
    std::uint32_t index;
    CallId id = CallId::None;
    TimerHeap::Slot timer;
    Stage stage = Stage::Free;
    bool counted = false;  // holds one of the budget
    bool gotBytes = false;
    HttpCall asked;
    std::optional<IpAddress> from;
    Done done;
    Watch socket;
    std::string out;
    std::size_t sent = 0;
    std::optional<HttpResponseReader> reader;
    TimePoint phaseEnds{};
    TimePoint totalEnds{};
    TimePoint armedAt = TimePoint::max();
};

HttpClient::HttpClient(EventLoop& loop, SocketBudget& budget)
    : m_loop{loop},
      m_budget{budget},
      m_buffer(bufferBytes)
{}

HttpClient::~HttpClient() = default;

HttpClient::Call::~Call()
{
    client.m_loop.removeTimer(timer);
}

HttpClient::Call& HttpClient::freeCall()
{
    if (m_free.empty()) {
        m_free.push_back(static_cast<std::uint32_t>(m_calls.size()));
        m_calls.emplace_back();
    }
    const std::uint32_t index = m_free.back();
    m_free.pop_back();
    if (m_calls[index])
        --m_spare;
    else
        m_calls[index] = std::make_unique<Call>(*this, index);
    return *m_calls[index];
}

HttpClient::Call* HttpClient::find(CallId id)
{
    const auto index = static_cast<std::size_t>(id) & ((std::size_t{1} << placeBits) - 1);
    Call* const call = id == CallId::None || index >= m_calls.size() ? nullptr : m_calls[index].get();
    return call != nullptr && call->id == id ? call : nullptr;
}

CallId HttpClient::call(HttpCall asked, std::optional<IpAddress> from, Done done)
{
    Call& call = freeCall();
    const CallId id{++m_begun << placeBits | call.index};
    call.id = id;
    call.asked = std::move(asked);
    call.from = from;
    call.done = std::move(done);
    ++m_running;
    call.begin();
    return id;
}

void HttpClient::cancel(CallId id)
{
    Call* const call = find(id);
    if (call == nullptr || call->stage == Call::Stage::Closing)
        return;
    call->done = nullptr;
    call->close();
}

// The places stay, so that ids keep their meaning; the first ones are filled again first.
void HttpClient::sweep()
{
    m_sweeps = false;
    std::sort(m_free.begin(), m_free.end(), std::greater<>{});
    for (std::size_t i = 0; i < m_free.size() && m_spare > maxSpare; ++i) {
        if (m_calls[m_free[i]]) {
            m_calls[m_free[i]].reset();
            --m_spare;
        }
    }
}

void HttpClient::Call::begin()
{
    stage = Stage::Waiting;
    if (asked.tls) {
        client.m_loop.post([&in = client, was = id] {
            if (Call* const call = in.find(was))
                call->end(fail(ErrorKind::Unsupported, "https is not emulated yet"));
        });
        return;
    }
    client.m_budget.take([&in = client, was = id] {
        Call* const call = in.find(was);
        return call != nullptr && call->open();
    });
}

// Opens, connects and sends in one go: over loopback the connection stands when connect() returns, so that the
// request leaves without waiting for it. Whether it took a descriptor of the budget.
bool HttpClient::Call::open()
{
    const Endpoint& server = asked.server;
    const auto failed = [&](int number) {
        client.m_loop.post([&in = client, was = id, error = networkError(number, asked.server)] {
            if (Call* const call = in.find(was))
                call->end(error);
        });
    };
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        failed(errno);
        return false;
    }
    counted = true;
    if (from) {
        // The port is chosen when connecting, so that each server address has all of them.
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        const sockaddr_in local = socketAddress({*from, 0});
        if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
            const int number = errno;
            ::close(descriptor);
            counted = false;
            failed(number);
            return false;
        }
    }
    const sockaddr_in remote = socketAddress(server);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0 &&
        errno != EINPROGRESS) {
        const int number = errno;
        ::close(descriptor);
        counted = false;
        failed(number);
        return false;
    }
    out = encode(asked.request);
    sent = 0;
    gotBytes = false;
    reader.emplace(asked.limits);
    const TimePoint now = client.m_loop.now();
    stage = Stage::Connecting;
    phaseEnds = now + asked.connectTimeout;
    totalEnds = now + asked.totalTimeout;
    const ssize_t count = ::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != ENOTCONN) {
        const int number = errno;
        ::close(descriptor);
        counted = false;
        failed(number);
        return false;
    }
    socket = Watch{client.m_loop, descriptor, *this};
    if (count > 0) {
        stage = Stage::Sending;
        phaseEnds = now + asked.idleTimeout;
        sent = static_cast<std::size_t>(count);
    }
    if (sent == out.size()) {
        stage = Stage::Receiving;
        socket.waitReadable();
    } else {
        socket.waitWritable();
    }
    armTimer(now);
    return true;
}

// The deadline moves with every byte; the timer only when it fires too early.
void HttpClient::Call::armTimer(TimePoint now)
{
    if (armedAt <= deadline() && armedAt > now)
        return;
    armedAt = deadline();
    client.m_loop.arm(timer, armedAt);
}

void HttpClient::Call::timerDue(std::uint32_t, TimePoint now)
{
    armedAt = TimePoint::max();
    if (stage == Stage::Closing) {
        close();
        return;
    }
    if (deadline() > now) {
        armTimer(now);
        return;
    }
    const std::string at = asked.server.text();
    if (stage == Stage::Connecting)
        end(fail(ErrorKind::TimedOut, "no connection to " + at));
    else if (phaseEnds <= now)
        end(fail(ErrorKind::TimedOut, "no answer from " + at));
    else
        end(fail(ErrorKind::TimedOut, "the answer from " + at + " takes too long"));
}

void HttpClient::Call::writable()
{
    if (stage == Stage::Connecting) {
        int number = 0;
        socklen_t size = sizeof number;
        ::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &number, &size);
        if (number != 0) {
            end(networkError(number, asked.server));
            return;
        }
        stage = Stage::Sending;
    }
    if (stage != Stage::Sending)
        return;
    const ssize_t count = ::send(socket.descriptor(), out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN) {
        end(networkError(errno, asked.server));
        return;
    }
    sent += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    const TimePoint now = client.m_loop.now();
    phaseEnds = now + asked.idleTimeout;
    if (sent == out.size()) {
        stage = Stage::Receiving;
        socket.waitReadable();
    } else {
        socket.waitWritable();
    }
    armTimer(now);
}

void HttpClient::Call::readable()
{
    std::vector<char>& buffer = client.m_buffer;
    const ssize_t count = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
    if (stage == Stage::Closing) {
        if (count > 0 || (count < 0 && errno == EAGAIN))
            socket.waitReadable();
        else
            close();
        return;
    }
    if (count < 0) {
        if (errno == EAGAIN) {
            socket.waitReadable();
            return;
        }
        if (gotBytes && errno == ECONNRESET)
            end(fail(ErrorKind::Corrupt, "the answer from " + asked.server.text() + " was cut off"));
        else
            end(networkError(errno, asked.server));
        return;
    }
    if (count == 0) {
        if (!gotBytes)
            end(fail(ErrorKind::Unreachable,
                     asked.server.text() + " closed the connection without an answer"));
        else
            end(reader->finish());
        return;
    }
    gotBytes = true;
    Result<std::optional<HttpResponse>> fed =
        reader->feed(std::string_view{buffer.data(), static_cast<std::size_t>(count)});
    if (fed.has_error()) {
        end(fed.error());
        return;
    }
    if (fed->has_value()) {
        end(std::move(**fed));
        return;
    }
    const TimePoint now = client.m_loop.now();
    phaseEnds = now + asked.idleTimeout;
    socket.waitReadable();
    armTimer(now);
}

void HttpClient::Call::end(Result<HttpResponse> outcome)
{
    const Done tell = std::exchange(done, nullptr);
    const bool serverCloses =
        socket.isOpen() && !from && outcome.has_value() && !keepsAlive(outcome->minor, outcome->fields);
    if (serverCloses) {
        stage = Stage::Closing;
        phaseEnds = totalEnds = client.m_loop.now() + patience;
        armedAt = phaseEnds;
        client.m_loop.arm(timer, armedAt);
        socket.waitReadable();
    } else {
        close();
    }
    if (tell)
        tell(std::move(outcome));
}

void HttpClient::Call::close()
{
    socket.close();
    if (armedAt != TimePoint::max()) {
        armedAt = TimePoint::max();
        client.m_loop.arm(timer, TimePoint::max());
    }
    reader.reset();
    done = nullptr;
    stage = Stage::Free;
    id = CallId::None;
    asked = HttpCall{};
    client.m_free.push_back(index);
    --client.m_running;
    ++client.m_spare;
    if (client.m_spare > 2 * maxSpare && !std::exchange(client.m_sweeps, true))
        client.m_loop.post([&in = client] { in.sweep(); });
    if (std::exchange(counted, false))
        client.m_budget.give();
}

}  // namespace emulator
