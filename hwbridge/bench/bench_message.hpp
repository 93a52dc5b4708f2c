#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hwbridge {

// What a bench's daemon and its clients say to each other: one JSON object per line, docs/bench.md has them all. A
// client's message has an `id` of its own choice and a `do`; the answers have that id. Within version 1 keys are added,
// never renamed.
inline constexpr int benchProtocolVersion = 1;
inline constexpr std::size_t longestBenchLine = 256u << 10;  // bytes, of a client's. Our choice.
inline constexpr std::size_t longestBenchAnswer =
    4u << 20;  // of the daemon's: a thousand phones with their tags

// The first thing that a client says.
struct BenchHello {
    int version = benchProtocolVersion;
    std::string holder;  // "user@host"
    std::string token;   // over TCP
};
struct BenchList {
    std::string restored;  // a phone: answered when it is not, or no longer, being put back; empty: at once
};
struct ClientMessage {
    std::uint64_t id = 0;
    // Commands, holders and who kicks are filled in by the daemon, which knows whose connection it is. Of LeaseEvent
    // only what a client may say.
    std::variant<BenchHello, BenchList, LeaseEvent> wish;
};

struct BenchWelcome {
    std::string bench;
    int version = benchProtocolVersion;
    emulator::Duration heartbeat{};
    bool restores = false;  // saved parameters can be put back; else none are taken
};
// A phone as `bench list` shows it.
struct BenchRow {
    std::string phone;
    std::string model;
    std::string mac;      // empty: not known
    std::string address;  // likewise
    std::vector<std::string> tags;
    std::string state;  // "free", "held", "restoring", "quarantined"; empty: no daemon was asked
    Fence fence{};      // of the current or last lease; 0: it had none
    std::string holder;
    std::string reason;
    std::optional<emulator::WallTime> until;
    std::string why;                            // it is quarantined, or how its last lease ended
    std::uint64_t waiting = 0;                  // requests in the queue that it would fulfil
    std::string next;                           // who asked the oldest of them
    std::optional<emulator::WallTime> checked;  // when its last check was over; empty: none is known
    bool passed = false;                        // that check
};
BenchRow rowOf(const BenchPhone& phone);  // what the inventory says of it
struct BenchRows {
    std::vector<BenchRow> phones;
};
struct BenchGrant {
    Fence lease{};
    std::string phone;
    emulator::WallTime until{};
};
struct BenchWaits {
    std::uint64_t position = 0;
};
struct BenchDone {};
struct BenchRefusal {
    emulator::Error error;
};
struct BenchEnd {  // unasked: that lease is over
    Fence lease{};
    std::string phone;
    std::string why;
};
struct ServerMessage {
    std::uint64_t id = 0;  // of the client's message; 0 for what nobody asked
    std::variant<BenchWelcome, BenchRows, BenchGrant, BenchWaits, BenchDone, BenchRefusal, BenchEnd> what;
};

// Errors: Malformed, saying what was found and what was expected.
emulator::Result<ClientMessage> readClientMessage(std::string_view line);
emulator::Result<ServerMessage> readServerMessage(std::string_view line);
std::string print(const ClientMessage& message);  // without '\n'
std::string print(const ServerMessage& message);

}  // namespace hwbridge
