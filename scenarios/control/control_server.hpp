#pragma once

#include "emulator/base/result.hpp"
#include "scenarios/control/window_service.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace scenarios::control {

// What an engine says on stderr once windows may come, followed by the socket's path. A window that started it waits for it.
inline constexpr std::string_view invitation = "windows are let in at ";

// The control protocol on a Unix socket for this user alone (mode 0600), on a thread of its own. Windows come and go;
// the engine does not notice. A window that does not read what it asked for is hung up on once 8 MiB wait.
class ControlServer {
public:
    static constexpr std::size_t mostWindows = 16;

    // Errors: Unreachable, Refused for a socket that somebody answers at, TooLarge for a path beyond 107 bytes.
    static emulator::Result<std::unique_ptr<ControlServer>> serve(const std::string& socket,
                                                                  std::unique_ptr<WindowService> service);
    // Before the engine goes. Answers those that wait and have something to hear.
    virtual ~ControlServer() = default;
};

}  // namespace scenarios::control
