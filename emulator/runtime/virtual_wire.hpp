#pragma once

#include "emulator/protocol/http_message.hpp"
#include "emulator/runtime/wire_tap.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// What a virtual run knows of a wire that it does not have: turns the deliveries of one shard into what would have
// crossed each phone's port. Made only when somebody taps.
class VirtualWire {
public:
    explicit VirtualWire(Duration latency) : m_latency{latency} {}

    // One phone's side of a conversation.
    struct Line {
        std::uint32_t phone = 0;
        MacAddress mac;
        Endpoint phoneEnd;
        Endpoint peer;
    };

    void datagram(TimePoint at, const Line& line, bool fromPhone, std::string_view bytes);
    void unreachable(TimePoint at, const Line& line, std::string_view bytes);  // the phone's datagram

    // A connection that the phone opens. It is refused, or accepted and asked for something; then the server answers, and
    // one of the two ends it. Times are those at the phone's port.
    void refusedCall(TimePoint at, const Line& line);
    void call(TimePoint at, const Line& line, const HttpRequest& request);
    void answer(TimePoint at, const Line& line, std::string_view bytes);
    // A byte each `drip`, from `first` on, as far as it comes until `end`; all of them at `first` without drip.
    void answerSlowly(TimePoint first, TimePoint end, Duration drip, const Line& line,
                      std::string_view bytes);
    void reset(TimePoint at, const Line& line, bool fromPhone);
    // Both sides close: first the phone or the server.
    void finish(TimePoint at, const Line& line, bool phoneFirst);
    // The phone gives up what was going to happen after `now`; without power it does not even say so.
    void abandon(TimePoint now, const Line& line, bool powered);

    // A connection that a browser opens: `at` is when its request arrives. Without answer the phone resets it.
    void visit(TimePoint at, const Line& line, const HttpRequest& request);
    void refusedVisit(TimePoint at, const Line& line);
    void visitAnswered(TimePoint at, const Line& line, const HttpResponse& response);

    // Takes out what crossed at `until` or before, in no particular order between phones. Messages are made at most
    // `slack` after they crossed.
    void take(TimePoint until, std::vector<WireMessage>& out);
    static constexpr Duration slack(Duration latency) { return 3 * latency; }

private:
    void add(TimePoint at, const Line& line, WireMessage::Kind kind, bool fromPhone, std::string bytes = {});

    Duration m_latency;
    std::vector<WireMessage> m_messages;
    std::uint64_t m_sequence = 0;
};

}  // namespace emulator
