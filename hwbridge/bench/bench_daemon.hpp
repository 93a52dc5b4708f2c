#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/line_stream.hpp"
#include "hwbridge/bench/restorer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hwbridge {

struct BenchDaemonOptions {
    std::string socket;  // path of the Unix socket
    std::string state;   // folder of the journal
    struct Tcp {
        emulator::Endpoint at;
        TlsServer tls;
        std::string token;  // which clients have to say
    };
    std::optional<Tcp> tcp;
};

// `phonerig bench serve`: the one process that knows who may use which phone of a bench. At most 256 clients at a time,
// ten seconds to say hello.
class BenchDaemon {
public:
    // `restorer`, where there is one, outlives the daemon. Errors: of the journal and the sockets, each naming what
    // cannot be used.
    static emulator::Result<std::unique_ptr<BenchDaemon>> start(Inventory inventory,
                                                                const BenchDaemonOptions& options,
                                                                Restorer* restorer);
    ~BenchDaemon();

    std::vector<std::string> where() const;    // it answers: the socket, then "tls://ADDRESS:PORT"
    std::vector<std::string> notices() const;  // what is odd about what it remembers

    // Until `stop`, which is asked twenty times a second. Held leases stay in the journal for the next one.
    // Errors: Unreachable when the journal cannot be written: nothing more can be promised.
    emulator::Result<void> run(const std::function<bool()>& stop);

private:
    class Impl;
    explicit BenchDaemon(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

}  // namespace hwbridge
