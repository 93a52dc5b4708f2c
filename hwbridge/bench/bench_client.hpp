#pragma once

#include "hwbridge/bench/bench_message.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hwbridge {

// Where a bench's daemon answers: at a Unix socket, or over TLS when `host` is not empty.
struct BenchAddress {
    std::string socket;
    std::string host;
    std::uint16_t port = 0;
    std::string authorities;  // PEM file of who may have signed its certificate
    std::string token;
};

// One connection to the daemon, for one thread.
class BenchClient {
public:
    // Connects and says hello, to which an answer comes within `most`. Errors: Unreachable, TimedOut, Refused, as
    // LineStream and the daemon say.
    static emulator::Result<std::unique_ptr<BenchClient>> connect(
        const BenchAddress& address, const std::string& holder,
        emulator::Duration most = std::chrono::seconds{10});
    ~BenchClient();

    const BenchWelcome& welcome() const;

    // Asks and waits for the answer, ten seconds unless told otherwise. Errors: the daemon's; TimedOut; Unreachable.
    using Answer = decltype(ServerMessage::what);
    emulator::Result<Answer> ask(decltype(ClientMessage::wish) wish,
                                 emulator::Duration most = std::chrono::seconds{10});

    // Asks for a phone. With `request.wait` as long as it takes: `waits` is told the place in the queue, and `stop`
    // is asked twenty times a second. Errors: as ask(); Refused when stopped.
    emulator::Result<BenchGrant> lease(const LeaseRequest& request,
                                       const std::function<void(std::uint64_t)>& waits,
                                       const std::function<bool()>& stop);

    // For those who do not want to wait for answers: sends, and hears what has come within `most`.
    std::uint64_t send(decltype(ClientMessage::wish) wish);  // the id that the answer will have
    std::vector<ServerMessage> hear(emulator::Duration most);
    const std::optional<emulator::Error>& ended() const;  // why the connection has ended

private:
    class Impl;
    explicit BenchClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hwbridge
