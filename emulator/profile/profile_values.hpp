#pragma once

#include "emulator/profile/profile.hpp"

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>

namespace emulator {

// The values of one profile, packed into one block of memory: what a fleet keeps per distinct profile. Immutable.
// Two or three values take about a hundred bytes, also when every phone has its own.
class ProfileValues {
public:
    // One value to be packed. Without a value only the access is overridden, and the other way round.
    struct Item {
        ParamId id{};
        std::optional<std::string_view> value;
        std::optional<UserAccess> access;
        std::uint8_t origin = 0;  // which of the layer's origins gave the value
    };

    // One packed value.
    struct Entry {
        std::uint16_t id = 0;
        std::uint8_t bits = 0;
        std::uint8_t origin = 0;
        std::uint32_t textEnd = 0;  // the text begins where that of the entry before ends

        static constexpr std::uint8_t valueBit = 1;
        static constexpr std::uint8_t accessBit = 2;
        bool hasValue() const { return (bits & valueBit) != 0; }
        bool hasAccess() const { return (bits & accessBit) != 0; }
        UserAccess access() const { return static_cast<UserAccess>(bits >> 2); }
        std::uint8_t aspects() const { return bits & (valueBit | accessBit); }
    };

    // Packs items that are sorted by id, each id once, at most 65,535 and 4 GiB of text.
    static std::shared_ptr<const ProfileValues> pack(std::span<const Item> items);

    std::size_t size() const { return m_count; }
    std::span<const Entry> entries() const { return {firstEntry(), m_count}; }
    const Entry* find(ParamId id) const  // null when the profile does not name it
    {
        const auto wanted = static_cast<std::uint16_t>(id);
        if ((m_mask >> (wanted & 63u) & 1u) == 0)
            return nullptr;
        if (m_indexSize == 0)
            return search(wanted);
        const std::size_t place = wanted < m_indexSize ? index()[wanted] : 0u;
        return place == 0 ? nullptr : firstEntry() + (place - 1);
    }
    std::string_view text(const Entry& entry) const
    {
        const std::uint32_t begin = &entry == firstEntry() ? 0 : (&entry - 1)->textEnd;
        return {firstText() + begin, entry.textEnd - begin};
    }
    Item item(const Entry& entry) const;
    bool operator==(const ProfileValues& other) const;

private:
    ProfileValues() = default;
    const Entry* firstEntry() const { return std::launder(reinterpret_cast<const Entry*>(this + 1)); }
    const std::uint16_t* index() const
    {
        return reinterpret_cast<const std::uint16_t*>(firstEntry() + m_count);
    }
    const char* firstText() const { return reinterpret_cast<const char*>(index() + m_indexSize); }
    const Entry* search(std::uint16_t id) const;

    // In memory the entries follow, then for many values an index by id (place + 1, or 0), then the text.
    std::uint64_t m_mask = 0;  // bit id % 64 of every id: most look-ups of other ids end here
    std::uint16_t m_count = 0;
    std::uint16_t m_indexSize = 0;  // highest id + 1, or 0 without an index
    std::uint32_t m_textBytes = 0;
};

// An element as layers hold it: with preserve-value only its access counts.
ProfileValues::Item packable(const ProfileElement& element);

}  // namespace emulator
