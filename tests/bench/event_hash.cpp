#include "tests/bench/event_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <numeric>

namespace bench {

using namespace emulator;

void EventHash::seen(const TraceEvent& event)
{
    // What is not text, as numbers.
    std::uint64_t mac = 0;
    if (event.phone)
        for (const std::uint8_t octet : event.phone->octets)
            mac = mac << 8 | octet;
    const std::array<std::uint64_t, 8> fixed{
        static_cast<std::uint64_t>(event.at.time_since_epoch().count()),
        static_cast<std::uint64_t>(event.kind) << 8 | static_cast<std::uint64_t>(event.by),
        std::uint64_t{event.order.actor} << 32 | event.order.about,
        event.order.sequence,
        std::uint64_t{event.exchange.actor} << 32 | event.exchange.number,
        mac,
        std::uint64_t{event.from.address.value} << 16 | event.from.port,
        std::uint64_t{event.to.address.value} << 16 | event.to.port,
    };
    XXH64_hash_t hash = XXH3_64bits(fixed.data(), sizeof fixed);
    for (const Field& field : event.fields) {
        const auto seed = hash + static_cast<std::uint64_t>(field.name);
        if (const auto* const text = std::get_if<std::string_view>(&field.value)) {
            hash = XXH3_64bits_withSeed(text->data(), text->size(), seed);
        } else {
            const std::int64_t number = std::get<std::int64_t>(field.value);
            hash = XXH3_64bits_withSeed(&number, sizeof number, seed);
        }
    }
    m_sum += hash;
    ++m_events[static_cast<std::size_t>(event.kind)];
}

std::uint64_t EventHash::events() const
{
    return std::accumulate(m_events.begin(), m_events.end(), std::uint64_t{0});
}

void EventHash::add(const EventHash& other)
{
    m_sum += other.m_sum;
    for (std::size_t i = 0; i < m_events.size(); ++i)
        m_events[i] += other.m_events[i];
}

}  // namespace bench
