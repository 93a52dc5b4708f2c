#include "hwbridge/bench/asio_line_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hwbridge {

using boost::asio::local::stream_protocol;
using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;
using ErrorCode = boost::system::error_code;

namespace {

Result<stream_protocol::endpoint> endpoint(const std::string& path)
{
    constexpr std::size_t longest = sizeof sockaddr_un{}.sun_path - 1;
    if (path.empty() || path.size() > longest)
        return emulator::fail(
            ErrorKind::TooLarge,
            fmt::format("found a socket path of {} bytes, expected 1 to {}: {}", path.size(), longest, path));
    return stream_protocol::endpoint{path};
}

Error cannot(std::string_view what, const std::string& path, const std::string& why)
{
    return emulator::fail(ErrorKind::Unreachable, fmt::format("cannot {} {}: {}", what, path, why));
}

class UnixDoor final : public LineDoor {
public:
    UnixDoor(boost::asio::io_context& context, std::string path, LineGuest guest)
        : m_acceptor{context},
          m_again{context},
          m_path{std::move(path)},
          m_guest{std::move(guest)}
    {}
    ~UnixDoor() override
    {
        if (m_bound)
            ::unlink(m_path.c_str());
    }
    std::string where() const override { return m_path; }

    Result<void> open(const stream_protocol::endpoint& at)
    {
        ErrorCode error;
        m_acceptor.open(at.protocol(), error);
        // The file has its mode from the beginning: between bind() and chmod() anybody could connect.
        const mode_t before = ::umask(0177);
        if (!error)
            m_acceptor.bind(at, error);
        ::umask(before);
        m_bound = !error;
        if (!error)
            m_acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
        if (error)
            return cannot("listen on", m_path, error.message());
        accept();
        return {};
    }

private:
    void accept()
    {
        m_acceptor.async_accept([this](const ErrorCode& error, stream_protocol::socket socket) {
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
            auto stream = std::make_shared<AsioLineStream<stream_protocol::socket>>(std::move(socket));
            if (!m_guest(stream))
                stream->close(true);
            accept();
        });
    }

    stream_protocol::acceptor m_acceptor;
    boost::asio::steady_timer m_again;
    std::string m_path;
    LineGuest m_guest;
    bool m_bound = false;
};

}  // namespace

Result<LineDoorPtr> openUnixDoor(boost::asio::io_context& context, const std::string& path, LineGuest guest)
{
    const Result<stream_protocol::endpoint> at = endpoint(path);
    if (at.has_error())
        return at.error();
    struct stat file {};
    if (::lstat(path.c_str(), &file) == 0) {
        if (!S_ISSOCK(file.st_mode))
            return cannot("listen on", path, "it is a file, expected a socket or nothing");
        stream_protocol::socket probe{context};
        ErrorCode error;
        probe.connect(*at, error);
        if (!error)
            return emulator::fail(ErrorKind::Refused,
                                  fmt::format("{} belongs to another daemon, which answers", path));
        if (error != boost::asio::error::connection_refused || ::unlink(path.c_str()) != 0)
            return cannot("replace", path, error.message());
    }
    auto door = std::make_unique<UnixDoor>(context, path, std::move(guest));
    if (const Result<void> opened = door->open(*at); opened.has_error())
        return opened.error();
    return LineDoorPtr{std::move(door)};
}

Result<LineStreamPtr> connectUnix(boost::asio::io_context& context, const std::string& path)
{
    const Result<stream_protocol::endpoint> at = endpoint(path);
    if (at.has_error())
        return at.error();
    stream_protocol::socket socket{context};
    ErrorCode error;
    socket.connect(*at, error);
    if (error)
        return emulator::fail(
            ErrorKind::Unreachable,
            fmt::format("no bench daemon answers at {} ({}); phonerig bench serve starts one", path,
                        error.message()));
    return LineStreamPtr{std::make_shared<AsioLineStream<stream_protocol::socket>>(std::move(socket))};
}

}  // namespace hwbridge
