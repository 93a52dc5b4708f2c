#include "emulator/profile/profile_values.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <type_traits>

namespace emulator {

namespace {

// From here on a direct index is worth its two bytes per parameter of the schema; below, a short search is as fast.
constexpr std::size_t leastIndexed = 100;

std::uint64_t maskOf(std::uint16_t id)
{
    return std::uint64_t{1} << (id & 63u);
}

std::uint8_t bitsOf(const ProfileValues::Item& item)
{
    unsigned bits = item.value ? ProfileValues::Entry::valueBit : 0u;
    if (item.access)
        bits |= ProfileValues::Entry::accessBit | static_cast<unsigned>(*item.access) << 2;
    return static_cast<std::uint8_t>(bits);
}

}  // namespace

static_assert(std::is_trivially_destructible_v<ProfileValues>, "its memory is released without a destructor");
static_assert(sizeof(ProfileValues) == 16 && sizeof(ProfileValues::Entry) == 8);

std::shared_ptr<const ProfileValues> ProfileValues::pack(std::span<const Item> items)
{
    std::size_t textBytes = 0;
    for (const Item& item : items)
        textBytes += item.value ? item.value->size() : 0;
    assert(items.size() <= std::numeric_limits<std::uint16_t>::max());
    assert(textBytes <= std::numeric_limits<std::uint32_t>::max());
    const std::size_t indexSize =
        items.size() < leastIndexed ? 0 : static_cast<std::size_t>(items.back().id) + 1;
    const std::size_t bytes =
        sizeof(ProfileValues) + items.size() * sizeof(Entry) + indexSize * sizeof(std::uint16_t) + textBytes;

    // Zeroes between the parts make equal values equal bytes.
    void* const block = ::operator new(bytes);
    std::memset(block, 0, bytes);
    auto* const values = new (block) ProfileValues;
    values->m_count = static_cast<std::uint16_t>(items.size());
    values->m_indexSize = static_cast<std::uint16_t>(indexSize);
    values->m_textBytes = static_cast<std::uint32_t>(textBytes);
    auto* const entries = reinterpret_cast<Entry*>(values + 1);
    auto* const places = reinterpret_cast<std::uint16_t*>(entries + items.size());
    char* const text = reinterpret_cast<char*>(places + indexSize);
    std::size_t end = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Item& item = items[i];
        const auto id = static_cast<std::uint16_t>(item.id);
        if (item.value && !item.value->empty()) {
            std::memcpy(text + end, item.value->data(), item.value->size());
            end += item.value->size();
        }
        new (entries + i) Entry{id, bitsOf(item), item.origin, static_cast<std::uint32_t>(end)};
        values->m_mask |= maskOf(id);
        if (indexSize != 0)
            places[id] = static_cast<std::uint16_t>(i + 1);
    }
    return {values,
            [](const ProfileValues* packed) { ::operator delete(const_cast<ProfileValues*>(packed)); }};
}

const ProfileValues::Entry* ProfileValues::search(std::uint16_t id) const
{
    const std::span<const Entry> all = entries();
    const auto found =
        std::lower_bound(all.begin(), all.end(), id,
                         [](const Entry& entry, std::uint16_t sought) { return entry.id < sought; });
    return found != all.end() && found->id == id ? &*found : nullptr;
}

ProfileValues::Item ProfileValues::item(const Entry& entry) const
{
    Item item;
    item.id = ParamId{entry.id};
    if (entry.hasValue())
        item.value = text(entry);
    if (entry.hasAccess())
        item.access = entry.access();
    item.origin = entry.origin;
    return item;
}

bool ProfileValues::operator==(const ProfileValues& other) const
{
    if (this == &other)
        return true;
    if (m_mask != other.m_mask || m_count != other.m_count || m_textBytes != other.m_textBytes)
        return false;
    const char* const begin = reinterpret_cast<const char*>(firstEntry());
    const auto bytes = static_cast<std::size_t>(firstText() - begin) + m_textBytes;
    return m_indexSize == other.m_indexSize && std::memcmp(begin, other.firstEntry(), bytes) == 0;
}

}  // namespace emulator
