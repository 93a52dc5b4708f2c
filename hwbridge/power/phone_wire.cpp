#include "hwbridge/power/phone_wire.hpp"

#include "hwbridge/decode/ip_view.hpp"
#include "hwbridge/decode/link_view.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace hwbridge {

using emulator::TimePoint;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mostSigns = 10'000;
constexpr auto linkInterval = 100ms;   // between two looks at the link
constexpr auto latestDelivery = 1min;  // of a packet; beyond it a clock has jumped

// How long ago a packet was on the wire: captures hand them over late.
emulator::Duration ageOf(const Packet& packet)
{
    const auto age = std::chrono::duration_cast<emulator::Duration>(
        std::chrono::system_clock::now().time_since_epoch() - packet.at.time_since_epoch());
    return age >= emulator::Duration{} && age < latestDelivery ? age : emulator::Duration{};
}

bool isDhcpOfAClient(const LinkView& link)
{
    constexpr std::uint8_t udpProtocol = 17;
    IpView ip;
    UdpView udp;
    return link.protocol == NetworkProtocol::Ipv4 && viewIp(ip, link.payload).empty() &&
           ip.protocol == udpProtocol && !ip.isFragment() && viewUdp(udp, ip.payload, ip.missing).empty() &&
           udp.source == 68 && udp.destination == 67;
}

}  // namespace

std::optional<bool> carrierOf(const std::string& interface)
{
    // Asked of the kernel itself: /sys shows the network namespace that it was mounted in.
    ifreq request{};
    if (interface.empty() || interface.size() >= sizeof request.ifr_name)
        return std::nullopt;
    interface.copy(request.ifr_name, interface.size());
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return std::nullopt;
    const int status = ::ioctl(socket, SIOCGIFFLAGS, &request);
    ::close(socket);
    if (status != 0)
        return std::nullopt;
    return (request.ifr_flags & IFF_UP) != 0 && (request.ifr_flags & IFF_RUNNING) != 0;
}

PhoneWire::PhoneWire(emulator::MacAddress mac, std::string interface)
    : m_mac{mac},
      m_interface{std::move(interface)},
      m_link{m_interface.empty() ? std::nullopt : carrierOf(m_interface)}
{}

TimePoint PhoneWire::now() const
{
    return TimePoint{
        std::chrono::duration_cast<emulator::Duration>(std::chrono::steady_clock::now() - m_start)};
}

void PhoneWire::note(WireSign::Kind kind, TimePoint at)
{
    const std::scoped_lock lock{m_mutex};
    if (kind == WireSign::Kind::Packet || kind == WireSign::Kind::Dhcp)
        m_heard = at;
    if (m_signs.size() < mostSigns)
        m_signs.push_back({kind, at});
    m_came.notify_all();
}

void PhoneWire::packetSeen(const Packet& packet)
{
    const LinkView link = viewLink(packet.link, packet.bytes);
    if (link.source == m_mac)
        note(isDhcpOfAClient(link) ? WireSign::Kind::Dhcp : WireSign::Kind::Packet, now() - ageOf(packet));
}

bool PhoneWire::heardSince(TimePoint at) const
{
    const std::scoped_lock lock{m_mutex};
    return m_heard && *m_heard >= at;
}

void PhoneWire::lookAtLink()
{
    const std::optional<bool> link = m_interface.empty() ? std::nullopt : carrierOf(m_interface);
    if (link && link != std::exchange(m_link, link))
        note(*link ? WireSign::Kind::LinkUp : WireSign::Kind::LinkDown, now());
}

void PhoneWire::forgetSigns()
{
    lookAtLink();
    const std::scoped_lock lock{m_mutex};
    m_signs.clear();
}

std::vector<WireSign> PhoneWire::await(TimePoint until)
{
    for (;;) {
        lookAtLink();
        std::unique_lock lock{m_mutex};
        if (!m_signs.empty() || now() >= until)
            return std::exchange(m_signs, {});
        const emulator::Duration left = until - now();
        m_came.wait_for(lock, m_interface.empty() ? left : std::min<emulator::Duration>(left, linkInterval),
                        [&] { return !m_signs.empty(); });
    }
}

}  // namespace hwbridge
