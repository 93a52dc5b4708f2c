#pragma once

#include "hwbridge/bench/line_splitter.hpp"
#include "hwbridge/bench/line_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <optional>

namespace hwbridge {

inline constexpr auto acceptAgainAfter = std::chrono::milliseconds{100};  // when descriptors ran out

// A LineStream on any stream of Asio. Included by unix_lines.cpp and tls_lines.cpp only.
template <class Socket>
class AsioLineStream final : public LineStream, public std::enable_shared_from_this<AsioLineStream<Socket>> {
public:
    explicit AsioLineStream(Socket socket) : m_socket{std::move(socket)}, m_linger{m_socket.get_executor()} {}

    void start(LineUser& user, std::size_t longest) override
    {
        m_user = &user;
        m_splitter.emplace(longest);
        read();
    }

    void send(std::string line) override
    {
        if (m_closed || m_closing)
            return;
        m_waitingBytes += line.size() + 1;
        if (m_waitingBytes > mostWaiting)
            return end(emulator::fail(emulator::ErrorKind::TooLarge,
                                      "the other side does not take what it is sent"));
        m_waiting.push_back(std::move(line) + "\n");
        if (m_waiting.size() == 1)
            write();
    }

    void close(bool afterSending) override
    {
        m_user = nullptr;
        if (!afterSending || m_waiting.empty())
            return shut();
        m_closing = true;
        m_linger.expires_after(lingerLimit);
        m_linger.async_wait([self = this->shared_from_this()](const ErrorCode& stopped) {
            if (!stopped)
                self->shut();
        });
    }

private:
    static constexpr std::size_t mostWaiting = 8u << 20;
    static constexpr auto lingerLimit = std::chrono::seconds{2};  // our choice
    using ErrorCode = boost::system::error_code;

    void read()
    {
        m_socket.async_read_some(boost::asio::buffer(m_in), [self = this->shared_from_this()](
                                                                const ErrorCode& error, std::size_t bytes) {
            self->came(error, bytes);
        });
    }

    void came(const ErrorCode& error, std::size_t bytes)
    {
        if (m_closed)
            return;
        if (error)
            return end(
                emulator::fail(emulator::ErrorKind::Unreachable, "the connection ended: " + error.message()));
        if (m_user != nullptr) {
            const emulator::Result<void> cut =
                m_splitter->feed({m_in.data(), bytes}, [this](std::string_view line) {
                    m_user->lineCame(line);
                    return m_user != nullptr && !m_closed;
                });
            if (cut.has_error())
                return end(cut.error());
        }
        if (!m_closed)
            read();
    }

    void write()
    {
        boost::asio::async_write(
            m_socket, boost::asio::buffer(m_waiting.front()),
            [self = this->shared_from_this()](const ErrorCode& error, std::size_t) { self->written(error); });
    }

    void written(const ErrorCode& error)
    {
        if (m_closed)
            return;
        if (error)
            return end(
                emulator::fail(emulator::ErrorKind::Unreachable, "the connection ended: " + error.message()));
        m_waitingBytes -= m_waiting.front().size();
        m_waiting.pop_front();
        if (!m_waiting.empty())
            write();
        else if (m_closing)
            shut();
    }

    void end(const emulator::Error& why)
    {
        shut();
        if (LineUser* const user = std::exchange(m_user, nullptr))
            user->streamEnded(why);
    }

    void shut()
    {
        if (std::exchange(m_closed, true))
            return;
        m_linger.cancel();
        ErrorCode ignored;
        m_socket.lowest_layer().close(ignored);
    }

    Socket m_socket;
    boost::asio::steady_timer m_linger;
    LineUser* m_user = nullptr;
    std::optional<LineSplitter> m_splitter;
    std::array<char, 8192> m_in{};
    std::deque<std::string> m_waiting;
    std::size_t m_waitingBytes = 0;
    bool m_closing = false;
    bool m_closed = false;
};

}  // namespace hwbridge
