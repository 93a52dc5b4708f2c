#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/runtime/event_loop.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace emulator {

// The UDP side of the phones' SIP for one shard: one socket for all its phones (phone_ports.hpp). A datagram comes
// with the address that it was sent to, an answer leaves from it.
class SipPort {
public:
    struct Phones {
        virtual ~Phones() = default;
        virtual void sipArrived(IpAddress called, const Endpoint& from, std::string_view datagram) = 0;
    };

    SipPort(EventLoop& loop, Phones& phones);
    ~SipPort();

    void listen(std::vector<int> descriptors);  // takes them
    // What does not fit into the socket's buffer is lost on the way, as datagrams are: whoever asked asks again.
    void send(IpAddress from, const Endpoint& to, std::string_view datagram);

private:
    struct Socket;

    EventLoop& m_loop;
    Phones& m_phones;
    std::vector<std::unique_ptr<Socket>> m_sockets;
};

}  // namespace emulator
