#include "hwbridge/bench/announced_address.hpp"

#include "hwbridge/capture/live_capture.hpp"
#include "hwbridge/decode/decoder.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::EventKind;
using emulator::FieldName;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;

namespace {

constexpr auto listeningLooks = 100ms;  // at whether to stop

DecodeOptions decodingOf(const MacAddress& mac)
{
    DecodeOptions options;
    options.phones = {mac};
    return options;
}

// Its password is sent there: not to this machine, and to one phone only.
bool mayBeAPhones(const IpAddress& address)
{
    constexpr std::uint32_t firstMulticast = 0xe0000000;  // those above are reserved or broadcast
    return address.value != 0 && !address.isLoopback() && address.value < firstMulticast;
}

// What one phone announces, from the packets of a capture.
class Announcements final : public PacketSink, private emulator::TraceSink {
public:
    explicit Announcements(const MacAddress& mac)
        : m_mac{mac},
          m_decoder{static_cast<emulator::TraceSink&>(*this), decodingOf(mac)}
    {}

    void packetSeen(const Packet& packet) override { m_decoder.packetSeen(packet); }

    std::optional<IpAddress> await(std::chrono::milliseconds most)
    {
        std::unique_lock lock{m_mutex};
        m_came.wait_for(lock, most, [this] { return m_address.has_value(); });
        return m_address;
    }

private:
    bool wants(EventKind kind) const override
    {
        return kind == EventKind::LldpMessage || kind == EventKind::CdpMessage;
    }
    void seen(const emulator::TraceEvent& event) override
    {
        if (event.phone != m_mac)
            return;
        const bool lldp = event.kind == EventKind::LldpMessage;
        for (const FieldName field :
             {FieldName::Management, lldp ? FieldName::Chassis : FieldName::Addresses}) {
            const std::string_view text = event.text(field);
            const Result<IpAddress> address = IpAddress::parse(text.substr(0, text.find_first_of(" ,")));
            if (address.has_error() || !mayBeAPhones(*address))
                continue;
            const std::scoped_lock lock{m_mutex};
            m_address = *address;
            m_came.notify_all();
            return;
        }
    }

    const MacAddress m_mac;
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::optional<IpAddress> m_address;
    Decoder m_decoder;
};

}  // namespace

Result<IpAddress> announcedAddress(const std::string& interface, const MacAddress& mac, const Listening& how)
{
    Announcements announcements{mac};
    LiveOptions options;
    options.interface = interface;
    options.phones = {mac};
    const Result<std::unique_ptr<LiveCapture>> capture = LiveCapture::start(options, announcements);
    if (capture.has_error())
        return capture.error();
    const auto end = std::chrono::steady_clock::now() + how.limit;
    while (std::chrono::steady_clock::now() < end && !(how.stop && how.stop()) && !(*capture)->ended())
        if (const std::optional<IpAddress> address = announcements.await(listeningLooks))
            return *address;
    return emulator::fail(
        ErrorKind::TimedOut,
        fmt::format("no LLDP or CDP frame of it with an address was seen on {}", interface));
}

}  // namespace hwbridge
