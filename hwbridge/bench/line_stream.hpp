#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace hwbridge {

// Who hears what comes over a stream, on the thread of its io_context.
class LineUser {
public:
    virtual ~LineUser() = default;
    virtual void lineCame(std::string_view line) = 0;
    virtual void streamEnded(const emulator::Error& why) = 0;  // once, unless close() was first
};

// Lines over a socket that is open, both ways. Lines that come are at most `longest` bytes; a peer that does not take
// what is sent ends the stream once 8 MiB wait.
class LineStream {
public:
    virtual ~LineStream() = default;
    virtual void start(LineUser& user,
                       std::size_t longest) = 0;  // the user outlives the stream, or closes it
    virtual void send(std::string line) = 0;
    // The user hears nothing any more. `afterSending`: what waits is sent before, if the peer takes it within two seconds.
    virtual void close(bool afterSending) = 0;
};
using LineStreamPtr = std::shared_ptr<LineStream>;

// What lets clients in; ends with the object.
class LineDoor {
public:
    virtual ~LineDoor() = default;
    virtual std::string where() const = 0;  // for people: "/run/user/1/phonerig-bench.sock"
};
using LineDoorPtr = std::unique_ptr<LineDoor>;
// Every client that came. False: there are too many, it is sent away.
using LineGuest = std::function<bool(LineStreamPtr stream)>;

// A Unix socket for this user alone (mode 0600). What a killed daemon left at the path is replaced; one that answers is
// not. Errors: Unreachable, Refused, TooLarge for a path beyond 107 bytes.
emulator::Result<LineDoorPtr> openUnixDoor(boost::asio::io_context& context, const std::string& path,
                                           LineGuest guest);
emulator::Result<LineStreamPtr> connectUnix(boost::asio::io_context& context, const std::string& path);

// TCP, with TLS 1.2 or later, whose handshake has ten seconds.
struct TlsServer {
    std::string certificateFile;  // PEM, with its chain
    std::string keyFile;
};
emulator::Result<LineDoorPtr> openTlsDoor(boost::asio::io_context& context, const emulator::Endpoint& at,
                                          const TlsServer& server, LineGuest guest);
// `authorities`: a PEM file of who may have signed the daemon's certificate, which has to name `host`.
// Errors: Unreachable, Unresolvable, TimedOut, Refused for a certificate that is not trusted.
emulator::Result<LineStreamPtr> connectTls(boost::asio::io_context& context, const std::string& host,
                                           std::uint16_t port, const std::string& authorities);

}  // namespace hwbridge
