#include "scenarios/engine/rig_names.hpp"

#include "emulator/runtime/socket_address.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace scenarios {

namespace {

constexpr std::size_t headerBytes = 12;
constexpr std::size_t largest = 512;  // RFC 1035 section 2.3.4

unsigned word(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8 |
           static_cast<unsigned char>(bytes[at + 1]);
}

void append16(std::string& out, unsigned value)
{
    out += static_cast<char>(value >> 8 & 255);
    out += static_cast<char>(value & 255);
}

void append32(std::string& out, std::uint32_t value)
{
    append16(out, value >> 16);
    append16(out, value & 0xffff);
}

}  // namespace

std::string answerDns(std::string_view query, const RigNames& names)
{
    if (query.size() < headerBytes || query.size() > largest || (word(query, 2) & 0x8000) != 0 ||
        word(query, 4) != 1)
        return {};
    std::string name;
    std::size_t at = headerBytes;
    while (true) {
        if (at >= query.size())
            return {};
        const std::size_t length = static_cast<unsigned char>(query[at++]);
        if (length == 0)
            break;
        if (length > 63 || at + length > query.size())
            return {};
        name += name.empty() ? "" : ".";
        for (const char c : query.substr(at, length))
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        at += length;
    }
    if (at + 4 > query.size())
        return {};
    const unsigned type = word(query, at);
    at += 4;
    const auto known = names.find(name);
    const bool addresses = known != names.end() && type == 1;

    std::string answer{query.substr(0, 2)};
    // An authoritative answer; recursion is said to be there, so that no stub resolver looks further.
    append16(answer, 0x8480u | (word(query, 2) & 0x0100u) | (known == names.end() ? 3u : 0u));
    append16(answer, 1);
    append16(answer, addresses ? static_cast<unsigned>(known->second.size()) : 0);
    append32(answer, 0);
    answer.append(query.substr(headerBytes, at - headerBytes));
    if (addresses) {
        for (const emulator::IpAddress& address : known->second) {
            append16(answer, 0xc00c);  // the name of the question
            append16(answer, 1);
            append16(answer, 1);
            append32(answer, 60);
            append16(answer, 4);
            append32(answer, address.value);
        }
    }
    return answer;
}

RigNameServer::RigNameServer(int descriptor, emulator::Endpoint at, RigNames names)
    : m_descriptor{descriptor},
      m_at{at},
      m_names{std::move(names)}
{}

RigNameServer::~RigNameServer()
{
    if (!m_watch.isOpen() && m_descriptor >= 0)
        ::close(m_descriptor);
}

emulator::Result<std::unique_ptr<RigNameServer>> RigNameServer::open(emulator::EventLoop&, RigNames names)
{
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return emulator::systemError("open a socket for the rig's name server", errno);
    const sockaddr_in address = emulator::socketAddress({{0x7f000001}, 0});
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int number = errno;
        ::close(descriptor);
        return emulator::systemError("bind the rig's name server to 127.0.0.1", number);
    }
    return std::unique_ptr<RigNameServer>{
        new RigNameServer{descriptor, emulator::localEnd(descriptor), std::move(names)}};
}

void RigNameServer::listen(emulator::EventLoop& loop)
{
    m_watch = emulator::Watch{loop, m_descriptor, *this};
    m_watch.waitReadable();
}

void RigNameServer::readable()
{
    std::array<char, largest> in{};
    constexpr int atOnce = 64;
    for (int i = 0; i < atOnce; ++i) {
        sockaddr_in from{};
        socklen_t length = sizeof from;
        const ssize_t got =
            ::recvfrom(m_descriptor, in.data(), in.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
        if (got < 0)
            break;
        const std::string answer = answerDns({in.data(), static_cast<std::size_t>(got)}, m_names);
        if (!answer.empty())
            ::sendto(m_descriptor, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&from),
                     length);
    }
    m_watch.waitReadable();
}

}  // namespace scenarios
