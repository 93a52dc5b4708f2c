#include "hwbridge/capture/process/interface_listener.hpp"

#include <fmt/format.h>

#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace hwbridge {

using namespace std::chrono_literals;

namespace {

// A block of the kernel's ring is handed over when it is full or the patience is over; on a machine with other work
// that may come late.
constexpr std::chrono::milliseconds quietEnd{250};
constexpr std::chrono::milliseconds countPeriod{100};
constexpr int packetsAtOnce = 4096;
constexpr std::size_t enough = 64u << 10;  // bytes that are worth a write

void say(const std::string& sentence)
{
    fmt::print(stderr, "{}\n", sentence);
}

std::string ownPath()
{
    char path[4096];
    const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
    return length > 0 ? std::string{path, static_cast<std::size_t>(length)} : "phonerig-capture";
}

std::string interfaceNames()
{
    std::string names;
    struct if_nameindex* const all = ::if_nameindex();
    for (const struct if_nameindex* one = all; one != nullptr && one->if_index != 0; ++one)
        names.append(one->if_name).append(", ");
    if (all != nullptr)
        ::if_freenameindex(all);
    return names + "any";
}

// Source: www.tcpdump.org/linktypes.html; raw IP is the one link whose number in files is another.
LinkType linkType(int dlt)
{
    return dlt == DLT_RAW ? LinkType::RawIp : static_cast<LinkType>(dlt);
}

// As a shell takes it for one word.
std::string shellWord(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return text.find_first_of(" \t\n'\"\\$`&|;<>()*?[]#~!{}") == std::string::npos ? text : quoted + "'";
}

ListenerExit cannotOpen(pcap_t* handle, const std::string& interface, int status)
{
    if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED) {
        say(fmt::format("capturing on {} takes a right that phonerig-capture lacks; this grants it: "
                        "sudo setcap cap_net_raw=ep {}",
                        interface, shellWord(ownPath())));
        return ListenerExit::NoRight;
    }
    const std::string_view detail = pcap_geterr(handle);
    say(fmt::format("cannot capture on {}: {}{}{}", interface, pcap_statustostr(status),
                    detail.empty() ? "" : ": ", detail));
    return status == PCAP_ERROR_NO_SUCH_DEVICE ? ListenerExit::NoInterface : ListenerExit::Failed;
}

WallNanoseconds wallNow()
{
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace

InterfaceListener::~InterfaceListener()
{
    if (m_pcap != nullptr)
        pcap_close(m_pcap);
}

ListenerExit InterfaceListener::open(const std::string& interface)
{
    m_interface = interface;
    // libpcap takes names of other things than network interfaces, too: USB buses, D-Bus, remote machines.
    if (interface != "any" && ::if_nametoindex(interface.c_str()) == 0) {
        say(fmt::format("found {}, expected an interface: {}", interface, interfaceNames()));
        return ListenerExit::NoInterface;
    }
    char problem[PCAP_ERRBUF_SIZE] = {};
    m_pcap = pcap_create(interface.c_str(), problem);
    if (m_pcap == nullptr) {
        say(fmt::format("cannot capture on {}: {}", interface, problem));
        return ListenerExit::Failed;
    }
    pcap_set_snaplen(m_pcap, snapLength);
    pcap_set_promisc(m_pcap, 1);
    pcap_set_buffer_size(m_pcap, ringBytes);
    pcap_set_timeout(m_pcap, patience);
    pcap_set_tstamp_precision(m_pcap, PCAP_TSTAMP_PRECISION_NANO);
    if (const int status = pcap_activate(m_pcap); status < 0)
        return cannotOpen(m_pcap, interface, status);
    // Of the two cooked links the newer one names the interface of each packet.
    if (pcap_datalink(m_pcap) == DLT_LINUX_SLL)
        pcap_set_datalink(m_pcap, DLT_LINUX_SLL2);
    m_link = linkType(pcap_datalink(m_pcap));
    return ListenerExit::Done;
}

ListenerExit InterfaceListener::filter(const std::vector<PhoneAddress>& phones)
{
    m_filter = captureFilter(phones, m_link == LinkType::Ethernet);
    if (m_filter.empty())
        return ListenerExit::Done;
    bpf_program program{};
    const bool good = pcap_compile(m_pcap, &program, m_filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0 &&
                      pcap_setfilter(m_pcap, &program) == 0;
    if (!good)
        say(fmt::format("{} cannot be filtered for these phones: {}", m_interface, pcap_geterr(m_pcap)));
    pcap_freecode(&program);
    return good ? ListenerExit::Done : ListenerExit::NoFilter;
}

void InterfaceListener::take(std::int64_t seconds, std::int64_t nanoseconds, std::uint32_t wireLength,
                             std::string_view bytes)
{
    Packet packet;
    packet.at = WallNanoseconds{std::chrono::seconds{seconds} + std::chrono::nanoseconds{nanoseconds}};
    packet.link = m_link;
    packet.wireLength = wireLength;
    packet.bytes = bytes;
    m_writer.addPacket(0, packet);
    ++m_counts.packets;
    // Processors note the time first and take their turn at the ring then.
    if (m_stopping && packet.at > m_stopAt + 1ms)
        m_isPast = true;
    if (m_writer.bytes().size() >= enough)
        flush();
}

bool InterfaceListener::flush()
{
    std::string_view bytes = m_writer.bytes();
    while (m_open && !bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            m_open = false;
        else
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    m_writer.clear();
    return m_open;
}

void InterfaceListener::count()
{
    m_lastCount = Clock::now();
    pcap_stat now{};
    if (pcap_stats(m_pcap, &now) != 0)
        return;
    const auto since = [](std::uint32_t& before, std::uint32_t value) {
        return static_cast<std::uint32_t>(value - std::exchange(before, value));
    };
    m_received += since(m_kernelReceived, now.ps_recv);
    const std::uint32_t noRoom = since(m_kernelDropped, now.ps_drop);
    m_noRoom += noRoom;
    m_counts.dropped += noRoom + std::uint64_t{since(m_interfaceDropped, now.ps_ifdrop)};
}

bool InterfaceListener::sayCounts()
{
    count();
    if (m_said != m_counts)
        m_writer.addCounts(0, wallNow(), m_counts);
    m_said = m_counts;
    return flush();
}

bool InterfaceListener::isDrained(int arrived)
{
    const Clock::time_point now = Clock::now();
    if (arrived > 0)
        m_lastArrival = now;
    if (m_isPast)
        return true;
    // On a loopback the kernel counts packets twice, which libpcap hands over once: there the quiet has to tell.
    return arrived == 0 &&
           (m_counts.packets + m_noRoom >= m_receivedAtStop || now - m_lastArrival > quietEnd);
}

ListenerExit InterfaceListener::listen()
{
    char problem[PCAP_ERRBUF_SIZE] = {};
    if (pcap_setnonblock(m_pcap, 1, problem) != 0) {
        say(fmt::format("cannot capture on {}: {}", m_interface, problem));
        return ListenerExit::Failed;
    }
    CaptureInterface interface;
    interface.link = m_link;
    interface.snapLength = snapLength;
    interface.name = m_interface;
    interface.filter = m_filter;
    m_writer.addInterface(interface);
    flush();  // says that we listen
    const int descriptor = pcap_get_selectable_fd(m_pcap);
    while (m_open) {
        pollfd waiting[] = {{descriptor, POLLIN, 0}, {m_stopping ? -1 : STDIN_FILENO, POLLIN, 0}};
        ::poll(waiting, 2, m_stopping ? patience : static_cast<int>(countPeriod.count()));
        if (waiting[1].revents != 0) {
            m_stopping = true;
            m_stopAt = wallNow();
            m_lastArrival = Clock::now();
            count();
            m_receivedAtStop = m_received;
        }
        const int arrived = pcap_dispatch(
            m_pcap, packetsAtOnce,
            [](unsigned char* self, const pcap_pkthdr* header, const unsigned char* bytes) {
                reinterpret_cast<InterfaceListener*>(self)->take(
                    header->ts.tv_sec, header->ts.tv_usec, header->len,
                    {reinterpret_cast<const char*>(bytes), header->caplen});
            },
            reinterpret_cast<unsigned char*>(this));
        if (arrived < 0) {
            say(fmt::format("capturing on {} ended: {}", m_interface, pcap_geterr(m_pcap)));
            sayCounts();
            return ListenerExit::Failed;
        }
        flush();
        if (m_stopping && isDrained(arrived))
            break;
        if (Clock::now() - m_lastCount >= countPeriod)
            sayCounts();
    }
    sayCounts();
    return ListenerExit::Done;
}

}  // namespace hwbridge
