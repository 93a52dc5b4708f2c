#pragma once

#include "hwbridge/capture/pcapng_writer.hpp"
#include "hwbridge/capture/phone_address.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct pcap;

namespace hwbridge {

// How the process ends: LiveCapture tells by it what was wrong. The sentence is on its standard error.
enum class ListenerExit : int {
    Done = 0,
    Failed = 1,       // the interface went away, or anything unforeseen
    Usage = 2,        // called with other words than LiveCapture's
    NoRight = 3,      // to capture
    NoInterface = 4,  // of that name
    NoFilter = 5,     // the interface cannot be filtered so
};

// One interface, listened to with libpcap.
class InterfaceListener {
public:
    static constexpr int ringBytes = 64 << 20;  // 210,000 packets/s without loss were seen with that
    static constexpr int snapLength = 262'144;
    // How long the kernel gathers packets before it hands them over. Units: milliseconds.
    static constexpr int patience = 20;

    ~InterfaceListener();
    InterfaceListener() = default;
    InterfaceListener(const InterfaceListener&) = delete;
    InterfaceListener& operator=(const InterfaceListener&) = delete;

    ListenerExit open(const std::string& interface);               // takes the right to capture
    ListenerExit filter(const std::vector<PhoneAddress>& phones);  // takes none
    // Writes pcapng to standard output until standard input ends, then what was captured before.
    ListenerExit listen();

private:
    void take(std::int64_t seconds, std::int64_t nanoseconds, std::uint32_t wireLength,
              std::string_view bytes);
    bool flush();
    void count();  // asks for what the kernel lost
    bool sayCounts();
    bool isDrained(int arrived);

    using Clock = std::chrono::steady_clock;

    pcap* m_pcap = nullptr;
    std::string m_interface;
    std::string m_filter;
    LinkType m_link = LinkType::Ethernet;
    PcapngWriter m_writer{"phonerig-capture"};
    bool m_open = true;  // somebody reads

    CaptureCounts m_counts;
    CaptureCounts m_said;
    std::uint64_t m_received = 0;        // by the kernel, those it dropped included
    std::uint64_t m_noRoom = 0;          // of those, the ones it dropped
    std::uint32_t m_kernelReceived = 0;  // libpcap's counters, which wrap
    std::uint32_t m_kernelDropped = 0;
    std::uint32_t m_interfaceDropped = 0;
    Clock::time_point m_lastCount{};

    bool m_stopping = false;
    WallNanoseconds m_stopAt{};
    Clock::time_point m_lastArrival{};
    bool m_isPast = false;  // a packet later than m_stopAt was seen
    std::uint64_t m_receivedAtStop = 0;
};

}  // namespace hwbridge
