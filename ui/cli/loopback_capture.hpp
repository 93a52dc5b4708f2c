#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"
#include "hwbridge/capture/live_capture.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ui {

// Neighbouring addresses as prefixes, as few as it takes.
std::vector<hwbridge::PhoneAddress> prefixesOf(emulator::IpAddress first, std::size_t count);

// Captures what phones at these addresses and whoever talks to them say on the loopback. Listens when it returns.
// Errors: as hwbridge::LiveCapture::start.
emulator::Result<std::unique_ptr<hwbridge::LiveCapture>> captureLoopback(
    std::vector<hwbridge::PhoneAddress> phones, hwbridge::PacketSink& sink,
    std::function<void(const hwbridge::CaptureCounts&)> afterBatch = {});

// Whether this user may, tried out. Errors: as above, among them the command that grants the right.
emulator::Result<void> mayCaptureLoopback();

// How a capture ended, and what has to be said of that: nothing when it saw everything.
struct CaptureEnd {
    std::uint64_t dropped = 0;
    std::string notice;
};
CaptureEnd endCapture(hwbridge::LiveCapture& capture);

}  // namespace ui
