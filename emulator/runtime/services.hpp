#pragma once

#include "emulator/base/boxed.hpp"
#include "emulator/base/ip_address.hpp"
#include "emulator/base/time_point.hpp"
#include "emulator/protocol/http_message.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace emulator {

// What a server remembers of one client, kept by whoever runs the server: faults count per phone (design decision
// D6), so that phones on different shards do not meet in a server's counters.
struct ClientStore;
struct ClientMemory {
    std::uint32_t script = 0;   // which fault script the counter belongs to
    std::uint32_t faulted = 0;  // how often that script's fault was applied
    Boxed<ClientStore> store{};
};

// What an HTTP server keeps of a client that uploads, or asks for what is made for it.
struct ClientStore {
    std::map<std::string, SharedBytes, std::less<>> uploads;     // by path
    std::map<std::string, std::uint32_t, std::less<>> counts;    // requests, by path
    std::map<std::string, ClientMemory, std::less<>> upstreams;  // of a proxy, by host and port
};

// What becomes of one HTTP request.
struct HttpAnswer {
    // Reset: after the request was read. Refused: as if nobody listened, before it was sent.
    enum class Kind : std::uint8_t { Respond, Silent, Reset, Refused };
    Kind kind = Kind::Respond;
    HttpResponse response;
    Duration delay{};  // before the first byte
    std::size_t cutAfter =
        std::size_t(-1);     // bytes of the encoded answer after which the connection is closed
    Duration drip{};         // not zero: one byte each time
    std::string_view fault;  // name of the fault that was applied; empty: none, and when Refused
};

// An HTTP server without sockets: a pure answer, but for the counters in `memory`. Thread-safe as long as it is not
// reconfigured meanwhile.
class HttpService {
public:
    virtual ~HttpService() = default;
    virtual HttpAnswer respond(TimePoint now, const HttpRequest& request, const Endpoint& client,
                               ClientMemory& memory) const = 0;
};

// Datagrams that a server sends back, and when it wants to be woken.
struct SessionOutput {
    struct Datagram {
        Duration delay{};
        std::string bytes;
    };
    boost::container::small_vector<Datagram, 1> datagrams;
    TimePoint wakeAt = TimePoint::max();
    bool finished = false;
    bool refused = false;    // as if nobody listened: the client learns "port unreachable"
    std::string_view fault;  // as in HttpAnswer
};

// One conversation of a datagram server with one client, on a port of its own (RFC 1350 section 4). Each call sets
// `output.wakeAt` anew. While a session lives, what its client sends from the same port to the server's own port
// goes to the session, too: a repeated request is its business. If that finishes the session without a datagram,
// the request is a new one and is handed to the service.
class DatagramSession {
public:
    virtual ~DatagramSession() = default;
    virtual void arrived(TimePoint now, std::string_view datagram, SessionOutput& output) = 0;
    virtual void woken(TimePoint now, SessionOutput& output) = 0;
};

// A datagram server without sockets. A datagram to its port either begins a session (TFTP) or is taken silently
// (syslog: null); with null `output` holds what goes back from the server's own port. Null with a fault and nothing
// to send: the datagram is lost (a syslog line is then not seen by its server).
class DatagramService {
public:
    virtual ~DatagramService() = default;
    virtual std::unique_ptr<DatagramSession> arrived(TimePoint now, std::string_view datagram,
                                                     const Endpoint& client, ClientMemory& memory,
                                                     SessionOutput& output) const = 0;
};

}  // namespace emulator
