#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/runtime/event_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

// A name's addresses, in the order of the answer, and for how long they hold.
struct NameAnswer {
    std::vector<IpAddress> addresses;
    Duration lifetime{};
};

// DNS A lookups of one shard, by c-ares (DNS-A-ONLY, DNS-NO-SRV). Nothing is kept between lookups: each phone asks
// for itself, so that a name server sees a fleet as it would see real phones.
// Our choices: a query is repeated after 1.5 s, three times in all; names are asked as written, without search list;
// with a server named by --dns the hosts file is not read.
// Errors of a lookup: Unresolvable (no such name, no A record, no name server answers); Malformed.
class Resolver {
public:
    using Done = std::function<void(Result<NameAnswer>)>;

    // Errors: Unsupported, when c-ares does not start.
    static Result<std::unique_ptr<Resolver>> open(EventLoop& loop, std::optional<Endpoint> server);
    ~Resolver();

    // `done` is called once, never from inside this call. Numeric addresses are answered without a query.
    void lookUp(const std::string& host, Done done);

    // A query number has 16 bits: more lookups than these wait for earlier ones.
    static constexpr std::size_t maxAtOnce = 1000;

private:
    struct Impl;
    explicit Resolver(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace emulator
