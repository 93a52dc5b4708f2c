#include "emulator/runtime/web_server.hpp"

#include "emulator/runtime/descriptor_shortage.hpp"
#include "emulator/runtime/socket_address.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace emulator {

namespace {

constexpr Duration idleBrowser = std::chrono::seconds{20};
constexpr HttpLimits limits{.headerBytes = 16u << 10, .bodyBytes = 1u << 20};
constexpr std::size_t readBytes = 64u << 10;

// Closes with a reset: the peer sees that nobody is there, and no TIME_WAIT stays behind.
void resetAndClose(int descriptor)
{
    const linger now{1, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(descriptor);
}

HttpResponse refusal(const Error& error)
{
    HttpResponse response;
    response.status = error.kind == ErrorKind::TooLarge ? 413 : 400;
    response.fields.add("Content-Type", "text/plain");
    response.fields.add("Connection", "close");
    response.body = shareBytes(error.detail + "\n");
    return response;
}

}  // namespace

struct WebServer::Listener : SocketUser {
    Listener(WebServer& owner, int descriptor) : server{owner}, socket{owner.m_loop, descriptor, *this}
    {
        socket.waitReadable();
    }
    void readable() override
    {
        // A bounded number at a time: phones and other connections want their turn as well.
        for (int i = 0; i < 64; ++i) {
            const int descriptor =
                ::accept4(socket.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                server.accepted(descriptor);
                continue;
            }
            if (isDescriptorShortage(errno)) {
                server.makeRoom();
                return;
            }
            if (errno != ECONNABORTED && errno != EINTR)
                break;
        }
        socket.waitReadable();
    }
    WebServer& server;
    Watch socket;
};

struct WebServer::Connection : SocketUser, std::enable_shared_from_this<Connection> {
    Connection(WebServer& owner, PhoneIndex number, int descriptor, const Endpoint& remote)
        : server{owner},
          phone{number},
          peer{remote},
          reader{limits},
          socket{owner.m_loop, descriptor, *this}
    {}

    void active()
    {
        lastActive = server.m_loop.now();
        server.m_connections.splice(server.m_connections.end(), server.m_connections, self);
    }

    void readable() override
    {
        const auto keep = shared_from_this();
        std::vector<char>& buffer = server.m_buffer;
        const ssize_t count = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
        if (count < 0 && errno == EAGAIN) {
            socket.waitReadable();
            return;
        }
        if (count <= 0) {
            end();
            return;
        }
        if (!inRequest) {
            inRequest = true;
            active();
        }
        take({buffer.data(), static_cast<std::size_t>(count)});
    }

    void take(std::string_view bytes)
    {
        Result<std::optional<HttpRequest>> fed = reader.feed(bytes);
        if (fed.has_error()) {
            closing = true;
            write(encode(refusal(fed.error())));
            return;
        }
        if (!fed->has_value()) {
            socket.waitReadable();
            return;
        }
        inRequest = false;
        answering = true;
        active();
        const HttpRequest& request = **fed;
        closing = !keepsAlive(request.minor, request.fields);
        server.m_phones.webRequest(phone, request, peer,
                                   [weak = weak_from_this(), head = request.method == "HEAD",
                                    minor = request.minor](std::optional<HttpResponse> response) {
                                       if (const auto connection = weak.lock())
                                           connection->answer(std::move(response), head, minor);
                                   });
    }

    void answer(std::optional<HttpResponse> response, bool head, int minor)
    {
        if (!socket.isOpen() || !answering)
            return;
        answering = false;
        if (!response) {
            reset();
            return;
        }
        if (!keepsAlive(response->minor, response->fields))
            closing = true;
        if (closing && response->fields.first("Connection").empty())
            response->fields.add("Connection", "close");
        else if (minor == 0 && !closing)
            response->fields.add("Connection", "keep-alive");
        std::string bytes = encode(*response);
        if (head)
            bytes.resize(bytes.size() - (response->body ? response->body->size() : 0));
        write(std::move(bytes));
    }

    void write(std::string bytes)
    {
        out = std::move(bytes);
        written = 0;
        writable();
    }

    void writable() override
    {
        const auto keep = shared_from_this();
        while (written < out.size()) {
            const ssize_t count =
                ::send(socket.descriptor(), out.data() + written, out.size() - written, MSG_NOSIGNAL);
            if (count < 0) {
                if (errno == EAGAIN)
                    socket.waitWritable();
                else
                    end();
                return;
            }
            written += static_cast<std::size_t>(count);
        }
        out = {};
        active();
        if (closing) {
            end();
            return;
        }
        // A pipelined request may be there already; it is looked at in a turn of its own.
        server.m_loop.post([weak = weak_from_this()] {
            if (const auto connection = weak.lock(); connection && connection->socket.isOpen())
                connection->take({});
        });
    }

    void reset()
    {
        if (socket.isOpen())
            resetAndClose(socket.release());
        remove();
    }

    void end()
    {
        socket.close();
        remove();
    }

    void remove()
    {
        if (std::exchange(listed, false))
            server.m_connections.erase(self);
    }

    WebServer& server;
    PhoneIndex phone;
    Endpoint peer;
    HttpRequestReader reader;
    Connections::iterator self;
    TimePoint lastActive{};
    std::string out;
    std::size_t written = 0;
    bool listed = true;
    bool inRequest = false;  // its first byte has come
    bool answering = false;  // the phone has it
    bool closing = false;    // after the answer
    Watch socket;
};

WebServer::WebServer(EventLoop& loop, Phones& phones, std::size_t maxConnections)
    : m_loop{loop},
      m_phones{phones},
      m_maxConnections{maxConnections},
      m_timer{loop.addTimer(*this, 0)},
      m_pause{loop.addTimer(*this, pauseTag)},
      m_buffer(readBytes)
{}

WebServer::~WebServer()
{
    m_listeners.clear();
    while (!m_connections.empty())
        m_connections.front()->end();
    m_loop.removeTimer(m_timer);
    m_loop.removeTimer(m_pause);
}

void WebServer::listen(std::vector<int> descriptors)
{
    for (const int descriptor : descriptors)
        m_listeners.push_back(std::make_unique<Listener>(*this, descriptor));
}

void WebServer::accepted(int descriptor)
{
    const IpAddress called = localEnd(descriptor).address;
    if (!m_phones.phoneAnswering(called)) {
        if (!m_phones.passOn(called, descriptor))
            resetAndClose(descriptor);
        return;
    }
    adopt(descriptor);
}

void WebServer::adopt(int descriptor)
{
    const std::optional<PhoneIndex> phone = m_phones.phoneAnswering(localEnd(descriptor).address);
    if (!phone) {
        resetAndClose(descriptor);
        return;
    }
    if (m_connections.size() >= m_maxConnections) {
        noteDescriptorShortage();
        m_connections.front()->reset();
    }
    sockaddr_in remote{};
    socklen_t size = sizeof remote;
    ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&remote), &size);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto connection = std::make_shared<Connection>(*this, *phone, descriptor, endpointOf(remote));
    connection->lastActive = m_loop.now();
    connection->self = m_connections.insert(m_connections.end(), connection);
    connection->socket.waitReadable();
    armTimer();
}

void WebServer::armTimer()
{
    if (m_armed || m_connections.empty())
        return;
    m_armed = true;
    m_loop.arm(m_timer, m_connections.front()->lastActive + idleBrowser);
}

// No descriptor is left in the whole process: the connection idle longest goes, and listeners are asked again when
// others had time to give theirs back.
void WebServer::makeRoom()
{
    noteDescriptorShortage();
    if (!m_connections.empty())
        m_connections.front()->reset();
    m_loop.arm(m_pause, m_loop.now() + std::chrono::milliseconds{50});
}

void WebServer::timerDue(std::uint32_t tag, TimePoint now)
{
    if (tag == pauseTag) {
        for (const std::unique_ptr<Listener>& listener : m_listeners)
            listener->socket.waitReadable();
        return;
    }
    m_armed = false;
    while (!m_connections.empty() && m_connections.front()->lastActive + idleBrowser <= now)
        m_connections.front()->end();
    armTimer();
}

void WebServer::phoneGone(PhoneIndex phone)
{
    for (auto it = m_connections.begin(); it != m_connections.end();) {
        const std::shared_ptr<Connection> connection = *it++;
        if (connection->phone != phone)
            continue;
        if (connection->out.empty() && !connection->answering)
            connection->reset();
        else
            connection->closing = true;
    }
}

}  // namespace emulator
