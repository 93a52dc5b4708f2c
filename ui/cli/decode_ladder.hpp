#pragma once

#include "emulator/trace/trace_event.hpp"
#include "hwbridge/capture/phone_address.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ui {

// What `decode --ladder` prints: for each phone a lane, one per machine it talks to, and a line per message.
// Shape:
//   phone 00:0e:08:00:00:01
//                10.0.0.1          10.0.0.2
//     0.003000      |---------------->|            4  http   GET /basic.txt HTTP/1.1, 0 bytes
// Bounded: the first `mostRows` messages of a capture; the others are counted. A phone that the user named by an address
// whose MAC nobody knows has its ladder, too.
class DecodeLadder : public emulator::TraceSink {
public:
    static constexpr std::size_t mostRows = 100'000;
    static constexpr std::size_t mostLanes = 6;  // the phone's included; more machines share the last

    DecodeLadder(int descriptor, std::vector<hwbridge::PhoneAddress> phones)
        : m_descriptor{descriptor},
          m_phones{std::move(phones)}
    {}

    bool wants(emulator::EventKind) const override { return true; }
    void seen(const emulator::TraceEvent& event) override;
    void end();

private:
    struct Row {
        emulator::TimePoint at{};
        std::int64_t packet = 0;
        std::size_t lane = 0;  // of the other end; 0: it is about the phone alone
        bool fromPhone = false;
        std::string text;
    };
    struct Ladder {
        std::vector<std::string> lanes;
        std::vector<Row> rows;
    };

    bool isNamed(const emulator::Endpoint& end) const;
    static std::size_t laneOf(Ladder& ladder, const std::string& name);
    static std::string drawn(const Ladder& ladder, const Row& row);

    int m_descriptor;
    std::vector<hwbridge::PhoneAddress> m_phones;
    std::map<std::string, Ladder> m_ladders;
    std::map<emulator::MacAddress, emulator::IpAddress> m_addresses;
    std::size_t m_rows = 0;
    std::uint64_t m_leftOut = 0;
    std::uint64_t m_ofNobody = 0;
};

}  // namespace ui
