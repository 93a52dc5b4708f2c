#pragma once

#include "emulator/protocol/http_message.hpp"
#include "tests/emulator/runtime/local_sockets.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

// An HTTP server on loopback that does to its n-th connection what the n-th function of its script does, and keeps what
// it was asked. When the script is over, connections are closed without a word.
class ScriptedServer {
public:
    using Act = std::function<void(const LocalSocket& client)>;

    explicit ScriptedServer(std::vector<Act> script)
        : m_thread{[this, script = std::move(script)] { serve(script); }}
    {}
    ~ScriptedServer()
    {
        m_over = true;
        LocalSocket::connected(m_listener.local());  // wakes it
        m_thread.join();
    }

    static Act says(std::string answer)
    {
        return [answer = std::move(answer)](const LocalSocket& client) { client.send(answer); };
    }
    static std::string page(std::string_view body, std::string_view fields = {},
                            std::string_view status = "200 OK")
    {
        return "HTTP/1.1 " + std::string{status} + "\r\nContent-Type: text/html\r\n" + std::string{fields} +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
    }

    std::string url(std::string_view scheme = "http") const
    {
        return std::string{scheme} + "://" + m_listener.local().text() + "/";
    }
    std::uint16_t port() const { return m_listener.local().port; }
    std::vector<std::string> requests() const
    {
        const std::scoped_lock lock{m_mutex};
        return m_requests;
    }

private:
    static std::string readRequest(const LocalSocket& client)
    {
        std::string request;
        emulator::HttpRequestReader reader;
        while (client.readable()) {
            std::array<char, 4096> bytes{};
            const ssize_t count = ::recv(client.number(), bytes.data(), bytes.size(), 0);
            if (count <= 0)
                break;
            const std::string_view piece{bytes.data(), static_cast<std::size_t>(count)};
            request += piece;
            const auto read = reader.feed(piece);
            if (!read.has_value() || read->has_value())
                break;
        }
        return request;
    }

    void serve(const std::vector<Act>& script)
    {
        for (std::size_t i = 0; !m_over; ++i) {
            pollfd wait{m_listener.number(), POLLIN, 0};
            ::poll(&wait, 1, -1);
            LocalSocket client = m_listener.accept();
            if (m_over)
                return;
            const std::string request = readRequest(client);
            {
                const std::scoped_lock lock{m_mutex};
                m_requests.push_back(request);
            }
            if (i < script.size())
                script[i](client);
        }
    }

    LocalSocket m_listener = LocalSocket::listening();
    mutable std::mutex m_mutex;
    std::vector<std::string> m_requests;
    std::atomic<bool> m_over = false;
    std::thread m_thread;
};

}  // namespace tests
