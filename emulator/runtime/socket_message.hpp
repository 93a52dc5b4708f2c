#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>

namespace emulator {

// A datagram together with what the kernel says of it, or is told of it, beside its bytes.
class SocketMessage {
public:
    SocketMessage(char* bytes, std::size_t size) : m_piece{bytes, size}
    {
        m_header.msg_name = &m_peer;
        m_header.msg_namelen = sizeof m_peer;
        m_header.msg_iov = &m_piece;
        m_header.msg_iovlen = 1;
    }
    SocketMessage(const SocketMessage&) = delete;
    SocketMessage& operator=(const SocketMessage&) = delete;

    // As recvmsg returns.
    ssize_t receive(int descriptor, int flags)
    {
        m_header.msg_control = m_control.data();
        m_header.msg_controllen = m_control.size();
        return ::recvmsg(descriptor, &m_header, flags);
    }
    const sockaddr_in& peer() const { return m_peer; }

    // Of a received one; nothing when the kernel said nothing of that type.
    template <class Value>
    std::optional<Value> said(int level, int type)
    {
        for (cmsghdr* one = CMSG_FIRSTHDR(&m_header); one != nullptr; one = CMSG_NXTHDR(&m_header, one)) {
            if (one->cmsg_level != level || one->cmsg_type != type)
                continue;
            Value value{};
            std::memcpy(&value, CMSG_DATA(one), sizeof value);
            return value;
        }
        return std::nullopt;
    }

    // As sendmsg returns.
    template <class Value>
    ssize_t sendWith(int descriptor, const sockaddr_in& to, int level, int type, const Value& value)
    {
        static_assert(CMSG_SPACE(sizeof value) <= controlBytes);
        m_peer = to;
        m_header.msg_control = m_control.data();
        m_header.msg_controllen = CMSG_SPACE(sizeof value);
        cmsghdr* const one = CMSG_FIRSTHDR(&m_header);
        one->cmsg_level = level;
        one->cmsg_type = type;
        one->cmsg_len = CMSG_LEN(sizeof value);
        std::memcpy(CMSG_DATA(one), &value, sizeof value);
        return ::sendmsg(descriptor, &m_header, MSG_NOSIGNAL);
    }

private:
    static constexpr std::size_t controlBytes = 256;
    sockaddr_in m_peer{};
    iovec m_piece{};
    alignas(cmsghdr) std::array<char, controlBytes> m_control{};
    msghdr m_header{};
};

}  // namespace emulator
