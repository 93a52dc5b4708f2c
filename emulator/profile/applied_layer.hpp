#pragma once

#include "emulator/profile/parameter_set.hpp"
#include "emulator/profile/profile_values.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Where the values of one layer came from. A layer of one profile has one; layers that were merged have several.
struct Origin {
    ValueSource source = ValueSource::Factory;
    std::string_view url;  // of a profile
};

// The layers between a value and its factory default: each is one profile over what was there before. A profile
// that all layers above hide is gone, so the same profiles in turn, for ever, make no more layers than profiles.
// Immutable, shared between phones.
struct AppliedLayer {
    static constexpr std::size_t maxLayers = 8;

    AppliedState base;  // null: factory defaults
    std::shared_ptr<const ProfileValues> values;
    std::uint8_t originCount = 0;
    std::uint8_t layers = 0;   // this one and those below
    std::uint8_t visible = 0;  // bit d: nothing of the layer d below this one is hidden by those above it

    // Behind the layer, in its block of memory, stands its text: for each origin a letter for its source, the URL,
    // and a 0. A fleet has a million of these.
    const char* text() const { return reinterpret_cast<const char*>(this + 1); }
    Origin origin(std::size_t index) const;
    bool isFrom(std::span<const Origin> wanted) const;  // these are its origins
};

// What a state says about one parameter: null for nothing. The layer is that which holds the entry.
struct LayerEntry {
    const AppliedLayer* layer = nullptr;
    const ProfileValues::Entry* entry = nullptr;

    explicit operator bool() const { return entry != nullptr; }
    std::string_view text() const { return layer->values->text(*entry); }
    Origin origin() const { return layer->origin(entry->origin); }
};

inline LayerEntry findValue(const AppliedLayer* state, ParamId id)
{
    for (; state != nullptr; state = state->base.get())
        if (const ProfileValues::Entry* const entry = state->values->find(id);
            entry != nullptr && entry->hasValue())
            return {state, entry};
    return {};
}

inline LayerEntry findAccess(const AppliedLayer* state, ParamId id)
{
    for (; state != nullptr; state = state->base.get())
        if (const ProfileValues::Entry* const entry = state->values->find(id);
            entry != nullptr && entry->hasAccess())
            return {state, entry};
    return {};
}

// A layer of its own over `base`. Precondition: 1 to 255 origins, base below maxLayers.
AppliedState makeLayer(AppliedState base, std::shared_ptr<const ProfileValues> values,
                       const std::vector<Origin>& origins);

// Remembers the latest layers, so that phones with the same layers share them. Holds none alive.
class LayerTable {
public:
    // As makeLayer, or the layer that was made so before.
    AppliedState make(AppliedState base, std::shared_ptr<const ProfileValues> values,
                      const std::vector<Origin>& origins);

private:
    // A layer may stand in any place of one set, so that a few that are alive do not push one another out. Fewer places
    // only cost a few doubled layers; of a fleet whose phones each have layers of their own, few can be shared anyway.
    static constexpr std::size_t sets = 256;
    static constexpr std::size_t places = 4;
    std::vector<std::array<std::weak_ptr<const AppliedLayer>, places>> m_latest{sets};
};

// The state after `values` were laid over `before`: `before` itself if everything shows already; without layers
// that nothing of is left to see; with the two smallest neighbours merged where there would be too many.
AppliedState layOver(const AppliedState& before, const std::shared_ptr<const ProfileValues>& values,
                     const Origin& origin, LayerTable& table);

}  // namespace emulator
