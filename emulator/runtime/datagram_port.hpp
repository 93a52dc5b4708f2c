#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/runtime/event_loop.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace emulator {

// A UDP port of its own for one fetch. Tells also of ICMP "port unreachable" (IP_RECVERR).
class DatagramPort : SocketUser {
public:
    // Both are called on the loop's thread and may destroy the port.
    struct Listener {
        virtual ~Listener() = default;
        virtual void datagramArrived(std::uint32_t tag, const Endpoint& from, std::string_view bytes) = 0;
        virtual void datagramRefused(std::uint32_t tag, const Endpoint& by) = 0;
    };

    DatagramPort(EventLoop& loop, Listener& listener, std::uint32_t tag)
        : m_loop{loop},
          m_listener{listener},
          m_tag{tag}
    {}

    // Binds a free port of that address, or of any. Errors: Unreachable.
    Result<void> open(std::optional<IpAddress> local);
    bool isOpen() const { return m_socket.isOpen(); }
    Endpoint local() const;
    // Errors: Unreachable. A full buffer is a datagram lost on the way: no error.
    Result<void> send(const Endpoint& to, std::string_view bytes);

private:
    void readable() override;
    std::optional<Endpoint> nextRefusal();

    EventLoop& m_loop;
    Listener& m_listener;
    std::uint32_t m_tag;
    Watch m_socket;
};

}  // namespace emulator
