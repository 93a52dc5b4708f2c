#include "emulator/runtime/http_client.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace emulator {

namespace {

// Our choice: how long an unbound connection waits for the server to close first, so that the port's TIME_WAIT is
// the server's; all unbound connections to one server share the ports of one address.
constexpr Duration patience = std::chrono::seconds{1};
constexpr std::size_t bufferBytes = 64u << 10;

}  // namespace

struct HttpClient::Call : SocketUser, TimerOwner {
    enum class Stage : std::uint8_t { Free, Waiting, Connecting, Sending, Receiving, Closing };

    Call(HttpClient& owner, std::uint32_t place)
        : client{owner},
          index{place},
          timer{owner.m_loop.addTimer(*this, 0)}
    {}

    void begin();
    bool open();
    void send();
    void readable() override;
    void writable() override;
    void timerDue(std::uint32_t tag, TimePoint now) override;
    void end(Result<HttpResponse> outcome);
    void close();
    void armTimer(TimePoint now);
    TimePoint deadline() const { return std::min(phaseEnds, totalEnds); }

    HttpClient& client;
    std::uint32_t index;
    std::uint32_t generation = 1;
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

HttpClient::~HttpClient()
{
    for (const auto& call : m_calls)
        m_loop.removeTimer(call->timer);
}

HttpClient::Call& HttpClient::freeCall()
{
    if (m_free.empty()) {
        m_free.push_back(static_cast<std::uint32_t>(m_calls.size()));
        m_calls.push_back(std::make_unique<Call>(*this, m_free.back()));
    }
    Call& call = *m_calls[m_free.back()];
    m_free.pop_back();
    return call;
}

CallId HttpClient::call(HttpCall asked, std::optional<IpAddress> from, Done done)
{
    Call& call = freeCall();
    call.asked = std::move(asked);
    call.from = from;
    call.done = std::move(done);
    ++m_running;
    const std::uint32_t generation = call.generation;
    call.begin();
    return CallId{std::uint64_t{generation} << 32 | call.index};
}

void HttpClient::cancel(CallId id)
{
    const auto index = static_cast<std::uint32_t>(id);
    if (index >= m_calls.size())
        return;
    Call& call = *m_calls[index];
    if (call.generation != static_cast<std::uint64_t>(id) >> 32 || call.stage == Call::Stage::Closing)
        return;
    call.done = nullptr;
    call.close();
}

void HttpClient::Call::begin()
{
    stage = Stage::Waiting;
    if (asked.tls) {
        client.m_loop.post([this, was = generation] {
            if (generation == was)
                end(fail(ErrorKind::Unsupported, "https is not emulated yet"));
        });
        return;
    }
    client.m_budget.take([this, was = generation] { return generation == was && open(); });
}

// Opens, connects and sends in one go: over loopback the connection stands when connect() returns, so that the
// request leaves without waiting for it. Whether it took a descriptor of the budget.
bool HttpClient::Call::open()
{
    const Endpoint& server = asked.server;
    const auto failed = [&](int number) {
        client.m_loop.post([this, was = generation, error = networkError(number, asked.server)] {
            if (generation == was)
                end(error);
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
    ++generation;
    if (generation == 0)
        generation = 1;
    client.m_free.push_back(index);
    --client.m_running;
    if (std::exchange(counted, false))
        client.m_budget.give();
}

}  // namespace emulator
