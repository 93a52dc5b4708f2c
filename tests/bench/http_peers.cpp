#include "tests/bench/http_peers.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace bench {

using namespace emulator;

namespace {

int boundSocket(int type, Endpoint at)
{
    const int made = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const sockaddr_in address = socketAddress(at);
    ::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return made;
}

const IpAddress loopback{0x7f000001};

std::uint16_t freePort()
{
    const int probe = boundSocket(SOCK_STREAM, {loopback, 0});
    const std::uint16_t port = localEnd(probe).port;
    ::close(probe);
    return port;
}

bool accepts(const Endpoint& at)
{
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = socketAddress(at);
    const bool connected = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return connected;
}

std::string wholeFile(const std::filesystem::path& path)
{
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "phonerig-bench-XXXXXX").string();
    m_path = ::mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

Result<std::unique_ptr<Nginx>> Nginx::start(const std::filesystem::path& folder, int core)
{
    const std::string root = folder.string();
    const Endpoint at{loopback, freePort()};
    // Set up to cost as little as nginx can: the client is what is measured.
    std::ofstream{folder / "nginx.conf"} << "daemon off;\nmaster_process off;\npid nginx.pid;\n"
                                            "error_log stderr crit;\n"
                                            "events { worker_connections 8192; multi_accept on; }\n"
                                            "http {\n"
                                            "    access_log off;\n"
                                            "    client_body_temp_path body;\n    proxy_temp_path proxy;\n"
                                            "    fastcgi_temp_path fastcgi;\n    uwsgi_temp_path uwsgi;\n"
                                            "    scgi_temp_path scgi;\n"
                                            "    open_file_cache max=16;\n"
                                            "    types { text/xml xml; }\n"
                                            "    server { listen "
                                         << at.text() << " backlog=4096 deferred; root " << root
                                         << "; }\n}\n";
    Result<Child> started = Child::start(
        {"nginx", "-e", root + "/nginx.log", "-p", root + "/", "-c", root + "/nginx.conf"}, core);
    if (started.has_error())
        return started.error();
    for (int i = 0; i < 500 && started->running() && !interrupted(); ++i) {
        if (accepts(at))
            return std::unique_ptr<Nginx>{new Nginx{std::move(*started), at}};
        ::poll(nullptr, 0, 10);
    }
    return fail(ErrorKind::Unreachable, "nginx does not answer: " + wholeFile(folder / "nginx.log"));
}

DatagramHole::DatagramHole() : m_socket{boundSocket(SOCK_DGRAM, {loopback, 0})}, m_at{localEnd(m_socket)} {}

DatagramHole::~DatagramHole()
{
    ::close(m_socket);
}

}  // namespace bench
