#include "hwbridge/decode/exchange_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace hwbridge {

namespace {

std::uint64_t packed(const emulator::Endpoint& end)
{
    return std::uint64_t{end.address.value} << 16 | end.port;
}

}  // namespace

std::uint64_t hashOf(std::string_view bytes, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

ExchangeKey& ExchangeKey::add(std::string_view bytes)
{
    m_hash = hashOf(bytes, m_hash);
    return *this;
}

ExchangeKey& ExchangeKey::add(std::uint64_t number)
{
    m_hash = XXH3_64bits_withSeed(&number, sizeof number, m_hash);
    return *this;
}

ExchangeKey& ExchangeKey::addEnds(const emulator::Endpoint& a, const emulator::Endpoint& b)
{
    const std::uint64_t one = packed(a);
    const std::uint64_t other = packed(b);
    return add(std::min(one, other)).add(std::max(one, other));
}

ExchangeTable::Sighting ExchangeTable::seen(const ExchangeKey& key, const ExchangeRule& rule, Side side,
                                            std::uint64_t message, emulator::TimePoint now)
{
    Exchange* exchange = m_exchanges.find(key.hash(), now);
    const bool over =
        exchange != nullptr && (now - exchange->last > rule.patience ||
                                (rule.endsWithAnswer && exchange->answered && side == Side::Question));
    if (exchange == nullptr || over) {
        exchange = &m_exchanges.renew(key.hash(), now);
        exchange->number = next();
    }
    exchange->last = now;
    exchange->answered |= side == Side::Answer;
    const auto hash = static_cast<std::uint32_t>(message ^ message >> 32);
    for (Message& one : exchange->messages) {
        if (one.times > 0 && one.hash != hash)
            continue;
        one.hash = hash;
        return {exchange->number, one.times++};
    }
    return {exchange->number, 0};  // the ninth message of an exchange is not counted
}

std::optional<std::uint32_t> ExchangeTable::find(const ExchangeKey& key, emulator::TimePoint now)
{
    const Exchange* exchange = m_exchanges.find(key.hash(), now);
    if (exchange == nullptr)
        return std::nullopt;
    return exchange->number;
}

}  // namespace hwbridge
