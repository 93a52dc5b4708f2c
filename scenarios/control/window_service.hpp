#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace scenarios::control {

// An engine's side of the control protocol without sockets: lines of windows in, lines out. One thread.
class WindowService {
public:
    enum class ClientId : std::uint32_t {};
    using Send = std::function<void(ClientId client, std::string line)>;

    virtual ~WindowService() = default;
    virtual std::string hello() const = 0;
    virtual ClientId join() = 0;
    virtual void leave(ClientId client) = 0;

    // Every command gets exactly one result: here, or in a turn when it waits for something. A window that leaves takes
    // its questions along.
    virtual std::optional<std::string> lineCame(ClientId client, std::string_view line) = 0;

    // To be called 30 times a second while there are clients (design decision D13): answers those that wait and have
    // something to hear, and all that wait for changes since a second.
    virtual void turn(const Send& send) = 0;

protected:
    static constexpr unsigned quietTurns = 30;
};

}  // namespace scenarios::control
