#include "ui/cli/loopback_capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace ui {

std::vector<hwbridge::PhoneAddress> prefixesOf(emulator::IpAddress first, std::size_t count)
{
    std::vector<hwbridge::PhoneAddress> prefixes;
    std::uint64_t at = first.value;
    std::uint64_t left = std::min<std::uint64_t>(count, (std::uint64_t{1} << 32) - at);
    while (left > 0) {
        // As large as its place allows, and as what is left fills.
        const int aligned = at == 0 ? 32 : std::countr_zero(at);
        const int fits = static_cast<int>(std::bit_width(left)) - 1;
        const auto size = static_cast<unsigned>(std::min(aligned, fits));
        prefixes.emplace_back(hwbridge::AddressRange{{static_cast<std::uint32_t>(at)}, 32 - size});
        at += std::uint64_t{1} << size;
        left -= std::uint64_t{1} << size;
    }
    return prefixes;
}

emulator::Result<std::unique_ptr<hwbridge::LiveCapture>> captureLoopback(
    std::vector<hwbridge::PhoneAddress> phones, hwbridge::PacketSink& sink,
    std::function<void(const hwbridge::CaptureCounts&)> afterBatch)
{
    hwbridge::LiveOptions options;
    options.interface = "lo";
    options.phones = std::move(phones);
    options.afterBatch = std::move(afterBatch);
    return hwbridge::LiveCapture::start(options, sink);
}

emulator::Result<void> mayCaptureLoopback()
{
    struct Nobody : hwbridge::PacketSink {
        void packetSeen(const hwbridge::Packet&) override {}
    } nobody;
    constexpr emulator::IpAddress silent{0x7fffffff};
    const auto started = captureLoopback(prefixesOf(silent, 1), nobody);
    if (started.has_error())
        return started.error();
    return {};
}

CaptureEnd endCapture(hwbridge::LiveCapture& capture)
{
    const auto stopped = capture.stop();
    CaptureEnd end{capture.counts().dropped, {}};
    if (stopped.has_error())
        end.notice = fmt::format("the capture ended early: {}", stopped.error().detail);
    else if (end.dropped > 0)
        end.notice = fmt::format("the capture lost {} packets", end.dropped);
    return end;
}

}  // namespace ui
