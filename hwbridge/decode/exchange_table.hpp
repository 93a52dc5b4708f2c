#pragma once

#include "hwbridge/decode/bounded_table.hpp"

#include "emulator/base/ip_address.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace hwbridge {

// What a question is told by: a hash of the protocol, of the ends where they belong to it, and of its own number.
class ExchangeKey {
public:
    explicit ExchangeKey(std::string_view protocol) { add(protocol); }

    ExchangeKey& add(std::string_view bytes);
    ExchangeKey& add(std::uint64_t number);
    ExchangeKey& addEnds(const emulator::Endpoint& a, const emulator::Endpoint& b);  // in either order
    std::uint64_t hash() const { return m_hash; }

private:
    std::uint64_t m_hash = 0;
};

// A hash of bytes, to know a message again.
std::uint64_t hashOf(std::string_view bytes, std::uint64_t seed = 0);

// How exchanges of one protocol end.
struct ExchangeRule {
    std::chrono::seconds patience;  // quiet for longer: over
    bool endsWithAnswer = false;    // asked again after an answer: another exchange
};

// Numbers exchanges, and counts how often a message was seen in its own.
//
// Up to 32,768 exchanges are remembered (BoundedTable), of each its first eight different messages.
class ExchangeTable {
public:
    struct Sighting {
        std::uint32_t number = 0;
        std::uint32_t repeat = 0;  // how often this message was there before
    };
    enum class Side : std::uint8_t { Question, Answer };

    Sighting seen(const ExchangeKey& key, const ExchangeRule& rule, Side side, std::uint64_t message,
                  emulator::TimePoint now);
    // The number of an exchange that is known.
    std::optional<std::uint32_t> find(const ExchangeKey& key, emulator::TimePoint now);
    // A number of its own, for what nothing answers.
    std::uint32_t next() { return ++m_last; }

private:
    struct Message {
        std::uint32_t hash = 0;
        std::uint32_t times = 0;  // 0: a free place
    };
    struct Exchange {
        std::uint32_t number = 0;  // 0: none
        bool answered = false;
        emulator::TimePoint last{};
        std::array<Message, 8> messages{};
    };

    BoundedTable<Exchange, 4096> m_exchanges;
    std::uint32_t m_last = 0;
};

}  // namespace hwbridge
