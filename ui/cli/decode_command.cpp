#include "ui/cli/decode_command.hpp"

#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/decode/decoder.hpp"
#include "ui/cli/decode_ladder.hpp"
#include "ui/cli/decode_lines.hpp"
#include "ui/cli/event_lines.hpp"
#include "ui/cli/interruption.hpp"
#include "ui/cli/terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace ui {

using namespace emulator;
using namespace hwbridge;

namespace {

// "2026-01-01T00:00:00.500000Z", without decimals where they are 0: a capture begins at any microsecond.
std::string startText(WallTime wall)
{
    std::string text = printWallTime(wall);
    if (const int microsecond = civilTime(wall).microsecond; microsecond != 0)
        text.insert(text.size() - 1, fmt::format(".{:06}", microsecond));
    return text;
}

// The first packet's time is what `run.begin` tells.
class Beginning : public PacketSink {
public:
    Beginning(Decoder& decoder, EventLines* lines) : m_decoder{decoder}, m_lines{lines} {}

    void packetSeen(const Packet& packet) override
    {
        if (m_lines != nullptr && !m_begun)
            begin(std::chrono::floor<Duration>(packet.at));
        m_decoder.packetSeen(packet);
    }
    // Also of a capture without packets.
    void begin(WallTime wall)
    {
        if (m_lines != nullptr && !m_begun)
            m_lines->begin("capture", Seed{0}, startText(wall));
        m_begun = true;
    }

private:
    Decoder& m_decoder;
    EventLines* m_lines;
    bool m_begun = false;
};

}  // namespace

ExitCode decode(const DecodeCommandOptions& options)
{
    watchForInterruption();
    DecodeOptions decoding;
    for (const std::string& text : options.phones) {
        const Result<PhoneAddress> phone = parsePhoneAddress(text);
        if (!phone.has_value()) {
            say("decode: --phone: " + phone.error().detail);
            return ExitCode::Usage;
        }
        decoding.phones.push_back(*phone);
    }
    Result<std::unique_ptr<CaptureReader>> reader = CaptureReader::open(options.file);
    if (!reader.has_value()) {
        say("decode: " + reader.error().detail);
        return ExitCode::Usage;
    }
    CaptureReader& capture = **reader;
    decoding.names = &capture.facts().names;
    EventLines json{STDOUT_FILENO};
    DecodeLines text{STDOUT_FILENO};
    DecodeLadder ladder{STDOUT_FILENO, decoding.phones};
    TraceSink& sink = options.json     ? static_cast<TraceSink&>(json)
                      : options.ladder ? static_cast<TraceSink&>(ladder)
                                       : text;
    Decoder decoder{sink, std::move(decoding)};
    Beginning first{decoder, options.json ? &json : nullptr};
    Result<bool> read = true;
    const auto isOpen = [&] { return options.json ? json.isOpen() : text.isOpen(); };
    while (read.has_value() && *read && isOpen() && !interrupted())
        read = capture.readSome(first);
    first.begin({});
    decoder.end();
    if (options.json) {
        if (read.has_value() && !interrupted())
            json.end(decoder.last());
        json.flush();
    } else if (options.ladder) {
        ladder.end();
    } else {
        text.end();
    }
    if (!options.json)
        text.counts(decoder.counters(), capture.facts());
    else if (const std::string left = leftBehindText(decoder.counters(), capture.facts()); !left.empty())
        say("decode: no event tells " + left);
    if (interrupted())
        return ExitCode::Interrupted;
    if (read.has_error()) {
        say("decode: " + read.error().detail);
        return ExitCode::Usage;
    }
    return ExitCode::Passed;
}

}  // namespace ui
