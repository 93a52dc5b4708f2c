#pragma once

#include "emulator/protocol/fetch.hpp"
#include "emulator/runtime/event_loop.hpp"
#include "emulator/runtime/socket_budget.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace emulator {

// Tells one call from all others of its client.
enum class CallId : std::uint64_t { None = 0 };

// Makes HTTP calls, one new connection each, on one loop. Used by shards, and by the browser of scenarios on real
// sockets.
// Errors of a call: Unreachable (refused, reset or closed before the first byte, no route, no port); TimedOut (each
//         of the call's three times); Corrupt (cut off); Malformed, TooLarge as HttpResponseReader; Unsupported (TLS).
class HttpClient {
public:
    using Done = std::function<void(Result<HttpResponse>)>;

    // `budget` must outlive the client.
    HttpClient(EventLoop& loop, SocketBudget& budget);
    ~HttpClient();

    // Calls from that local address, or from any that fits. `done` is called once, never from inside this call,
    // unless the call is cancelled first.
    CallId call(HttpCall call, std::optional<IpAddress> from, Done done);
    void cancel(CallId id);  // nothing happens when it has ended

    std::size_t running() const { return m_running; }

private:
    struct Call;
    Call& freeCall();
    Call* find(CallId id);  // null when it has ended
    void sweep();

    EventLoop& m_loop;
    SocketBudget& m_budget;
    std::vector<std::unique_ptr<Call>> m_calls;
    std::vector<std::uint32_t> m_free;
    std::vector<char> m_buffer;
    std::size_t m_running = 0;
    std::size_t m_spare = 0;  // ended calls that are kept for the next ones
    std::uint64_t m_begun = 0;
    bool m_sweeps = false;
};

}  // namespace emulator
