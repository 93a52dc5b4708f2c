#include "hwbridge/bench/asio_line_stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <set>

namespace hwbridge {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;
using ErrorCode = boost::system::error_code;
using TlsSocket = ssl::stream<tcp::socket>;
using TlsLines = AsioLineStream<TlsSocket>;

namespace {

constexpr auto handshakeLimit = std::chrono::seconds{10};
constexpr std::size_t mostHandshakes = 32;  // at once; later ones wait with the kernel

ssl::context atLeastTls12(ssl::context::method method)
{
    ssl::context context{method};
    ::SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    return context;
}

// A client that is not in yet.
struct Handshake {
    Handshake(tcp::socket accepted, ssl::context& context)
        : limit{accepted.get_executor()},
          socket{std::move(accepted), context}
    {}
    boost::asio::steady_timer limit;
    TlsSocket socket;
};

class TlsDoor final : public LineDoor {
public:
    TlsDoor(boost::asio::io_context& context, LineGuest guest)
        : m_tls{atLeastTls12(ssl::context::tls_server)},
          m_acceptor{context},
          m_again{context},
          m_guest{std::move(guest)}
    {}
    std::string where() const override { return m_where; }

    Result<void> open(const emulator::Endpoint& at, const TlsServer& server)
    {
        ErrorCode error;
        m_tls.use_certificate_chain_file(server.certificateFile, error);
        if (error)
            return emulator::fail(ErrorKind::Malformed, fmt::format("{}: {}, expected a certificate in PEM",
                                                                    server.certificateFile, error.message()));
        m_tls.use_private_key_file(server.keyFile, ssl::context::pem, error);
        if (error)
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("{}: {}, expected the certificate's private key in PEM",
                                              server.keyFile, error.message()));
        const tcp::endpoint where{boost::asio::ip::address_v4{at.address.value}, at.port};
        m_acceptor.open(where.protocol(), error);
        if (!error)
            m_acceptor.set_option(boost::asio::socket_base::reuse_address{true}, error);
        if (!error)
            m_acceptor.bind(where, error);
        if (!error)
            m_acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
        if (error)
            return emulator::fail(ErrorKind::Unreachable,
                                  fmt::format("cannot listen on {}: {}", at.text(), error.message()));
        m_where = emulator::Endpoint{at.address, m_acceptor.local_endpoint().port()}.text();
        accept();
        return {};
    }

private:
    void accept()
    {
        if (m_handshakes.size() >= mostHandshakes)
            return;
        m_acceptor.async_accept([this](const ErrorCode& error, tcp::socket socket) {
            if (error == boost::asio::error::operation_aborted)
                return;
            if (error) {
                m_again.expires_after(acceptAgainAfter);
                m_again.async_wait([this](const ErrorCode& stopped) {
                    if (!stopped)
                        accept();
                });
                return;
            }
            shake(std::make_shared<Handshake>(std::move(socket), m_tls));
            accept();
        });
    }

    void shake(const std::shared_ptr<Handshake>& guest)
    {
        m_handshakes.insert(guest);
        guest->limit.expires_after(handshakeLimit);
        guest->limit.async_wait([guest](const ErrorCode& stopped) {
            ErrorCode ignored;
            if (!stopped)
                guest->socket.lowest_layer().close(ignored);
        });
        guest->socket.async_handshake(ssl::stream_base::server, [this, guest](const ErrorCode& error) {
            guest->limit.cancel();
            const bool wasFull = m_handshakes.size() >= mostHandshakes;
            m_handshakes.erase(guest);
            if (!error) {
                auto stream = std::make_shared<TlsLines>(std::move(guest->socket));
                if (!m_guest(stream))
                    stream->close(true);
            }
            if (wasFull)
                accept();
        });
    }

    ssl::context m_tls;
    tcp::acceptor m_acceptor;
    boost::asio::steady_timer m_again;
    std::set<std::shared_ptr<Handshake>> m_handshakes;
    LineGuest m_guest;
    std::string m_where;
};

// Runs what was begun on the context until `done` or the limit. False: the limit.
bool runUntil(boost::asio::io_context& context, const bool& done)
{
    const auto end = std::chrono::steady_clock::now() + handshakeLimit;
    context.restart();
    while (!done && std::chrono::steady_clock::now() < end)
        context.run_one_until(end);
    return done;
}

}  // namespace

Result<LineDoorPtr> openTlsDoor(boost::asio::io_context& context, const emulator::Endpoint& at,
                                const TlsServer& server, LineGuest guest)
{
    auto door = std::make_unique<TlsDoor>(context, std::move(guest));
    if (const Result<void> opened = door->open(at, server); opened.has_error())
        return opened.error();
    return LineDoorPtr{std::move(door)};
}

Result<LineStreamPtr> connectTls(boost::asio::io_context& context, const std::string& host,
                                 std::uint16_t port, const std::string& authorities)
{
    ssl::context tls = atLeastTls12(ssl::context::tls_client);
    ErrorCode error;
    tls.load_verify_file(authorities, error);
    if (error)
        return emulator::fail(ErrorKind::Malformed,
                              fmt::format("{}: {}, expected certificates in PEM that may sign the daemon's",
                                          authorities, error.message()));
    const std::string where = fmt::format("{}:{}", host, port);
    tcp::resolver resolver{context};
    const auto addresses = resolver.resolve(host, std::to_string(port), error);
    if (error)
        return emulator::fail(ErrorKind::Unresolvable, fmt::format("{}: {}", where, error.message()));
    TlsSocket socket{context, tls};
    socket.set_verify_mode(ssl::verify_peer);
    socket.set_verify_callback(ssl::host_name_verification{host});
    ::SSL_set_tlsext_host_name(socket.native_handle(), host.c_str());

    bool done = false;
    const auto finish = [&](const ErrorCode& outcome) {
        error = outcome;
        done = true;
    };
    boost::asio::async_connect(socket.lowest_layer(), addresses,
                               [&](const ErrorCode& outcome, const tcp::endpoint&) {
                                   if (outcome)
                                       return finish(outcome);
                                   socket.async_handshake(ssl::stream_base::client, finish);
                               });
    if (!runUntil(context, done)) {
        socket.lowest_layer().close(error);
        context.restart();
        while (!done)
            context.run_one();  // what was begun hears of it before its variables go
        return emulator::fail(ErrorKind::TimedOut, fmt::format("no bench daemon answers at {}", where));
    }
    if (error)
        return emulator::fail(
            error.category() == boost::asio::error::get_ssl_category() ? ErrorKind::Refused
                                                                       : ErrorKind::Unreachable,
            fmt::format("no bench daemon that can be trusted at {}: {}", where, error.message()));
    return LineStreamPtr{std::make_shared<TlsLines>(std::move(socket))};
}

}  // namespace hwbridge
