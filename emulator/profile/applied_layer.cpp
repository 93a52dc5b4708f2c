#include "emulator/profile/applied_layer.hpp"

#include "emulator/base/chance.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <limits>

namespace emulator {

namespace {

using Values = std::shared_ptr<const ProfileValues>;
using Entry = ProfileValues::Entry;

constexpr std::size_t maxOrigins = std::numeric_limits<std::uint8_t>::max();

char letterOf(ValueSource source)
{
    return static_cast<char>('A' + static_cast<int>(source));
}

// What the upper of two layers hides of the lower.
enum class Hidden : std::uint8_t { Nothing, Some, All };

Hidden hiddenBy(const ProfileValues& upper, const ProfileValues& lower)
{
    if (&upper == &lower)
        return Hidden::All;
    // The shorter list is walked: one of them is often the three values of one phone.
    if (upper.size() < lower.size()) {
        const auto hides = [&](const Entry& entry) {
            const Entry* const below = lower.find(ParamId{entry.id});
            return below != nullptr && (below->aspects() & entry.aspects()) != 0;
        };
        const std::span<const Entry> entries = upper.entries();
        return std::any_of(entries.begin(), entries.end(), hides) ? Hidden::Some : Hidden::Nothing;
    }
    bool some = false;
    bool all = true;
    for (const Entry& entry : lower.entries()) {
        const Entry* const above = upper.find(ParamId{entry.id});
        const int hidden = above == nullptr ? 0 : above->aspects() & entry.aspects();
        some = some || hidden != 0;
        all = all && hidden == entry.aspects();
    }
    if (all)
        return Hidden::All;
    return some ? Hidden::Some : Hidden::Nothing;
}

// The bits of AppliedLayer::visible for values over that base.
std::uint8_t visibleOver(const AppliedLayer* base, const ProfileValues& values)
{
    unsigned visible = 1;
    if (base == nullptr)
        return static_cast<std::uint8_t>(visible);
    unsigned below = base->visible;
    for (const AppliedLayer* layer = base; layer != nullptr; layer = layer->base.get(), below >>= 1) {
        const unsigned depth = static_cast<unsigned>(base->layers - layer->layers) + 1;
        if ((below & 1u) != 0 && hiddenBy(values, *layer->values) == Hidden::Nothing)
            visible |= 1u << depth;
    }
    return static_cast<std::uint8_t>(visible);
}

// Whether laying these values over a state would change nothing, as far as can be said at once.
enum class Standing : std::uint8_t {
    Unknown,
    Hidden,   // they are a layer of it, which others hide in part: laying them over changes it
    Visible,  // they are a layer of it, all to be seen: nothing would change
};

Standing standing(const AppliedLayer* state, const ProfileValues& values, const Origin& origin)
{
    unsigned visible = state == nullptr ? 0u : state->visible;
    for (; state != nullptr; state = state->base.get(), visible >>= 1)
        if (*state->values == values && state->isFrom({&origin, 1}))
            return (visible & 1u) != 0 ? Standing::Visible : Standing::Hidden;
    return Standing::Unknown;
}

bool showsAlready(const AppliedLayer* state, const ProfileValues& values, const Origin& origin)
{
    for (const Entry& entry : values.entries()) {
        const ParamId id{entry.id};
        if (entry.hasValue()) {
            const LayerEntry shown = findValue(state, id);
            if (!shown || shown.text() != values.text(entry) || shown.origin().source != origin.source ||
                shown.origin().url != origin.url)
                return false;
        }
        if (entry.hasAccess()) {
            const LayerEntry shown = findAccess(state, id);
            if (!shown || shown.entry->access() != entry.access())
                return false;
        }
    }
    return true;
}

// One layer of a chain that is being rearranged: either there already, or to be made.
struct Piece {
    Values values;
    std::vector<Origin> origins;
};

std::vector<Origin> originsOf(const AppliedLayer& layer)
{
    std::vector<Origin> origins;
    for (std::size_t i = 0; i < layer.originCount; ++i)
        origins.push_back(layer.origin(i));
    return origins;
}

// The number of that origin in the list, which it may extend. When the list is full, URLs are forgotten.
std::uint8_t numberOf(const Origin& origin, std::vector<Origin>& origins)
{
    const auto same = [&](const Origin& known) {
        return known.source == origin.source && known.url == origin.url;
    };
    const auto found = std::find_if(origins.begin(), origins.end(), same);
    if (found != origins.end())
        return static_cast<std::uint8_t>(found - origins.begin());
    constexpr std::size_t sources = 6;  // room for each source without a URL
    if (origins.size() < maxOrigins - sources || origin.url.empty()) {
        origins.push_back(origin);
        return static_cast<std::uint8_t>(origins.size() - 1);
    }
    return numberOf({origin.source, {}}, origins);
}

struct WithText {
    void operator()(AppliedLayer* layer) const
    {
        std::destroy_at(layer);
        ::operator delete(layer);
    }
};

// A layer with room for its text behind it.
std::shared_ptr<AppliedLayer> allocateLayer(std::string_view text)
{
    void* const block = ::operator new(sizeof(AppliedLayer) + text.size());
    std::memcpy(static_cast<char*>(block) + sizeof(AppliedLayer), text.data(), text.size());
    return {new (block) AppliedLayer, WithText{}};
}

// What shows of two neighbouring layers, as one.
Piece merged(const Piece& upper, const Piece& lower)
{
    Piece result;
    std::vector<ProfileValues::Item> items;
    const auto take = [&](ProfileValues::Item item, const Piece& from) {
        if (item.value)
            item.origin = numberOf(from.origins[item.origin], result.origins);
        items.push_back(item);
    };
    const std::span<const Entry> above = upper.values->entries();
    const std::span<const Entry> below = lower.values->entries();
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < above.size() || j < below.size()) {
        if (j == below.size() || (i < above.size() && above[i].id < below[j].id)) {
            take(upper.values->item(above[i++]), upper);
        } else if (i == above.size() || below[j].id < above[i].id) {
            take(lower.values->item(below[j++]), lower);
        } else {
            ProfileValues::Item item = upper.values->item(above[i++]);
            const ProfileValues::Item hidden = lower.values->item(below[j++]);
            if (!item.access)
                item.access = hidden.access;
            const bool valueIsBelow = !item.value && hidden.value;
            if (valueIsBelow) {
                item.value = hidden.value;
                item.origin = hidden.origin;
            }
            take(item, valueIsBelow ? lower : upper);
        }
    }
    if (result.origins.empty())
        result.origins.push_back({});
    result.values = ProfileValues::pack(items);
    return result;
}

// Merges the two neighbours below the top that hold the fewest values: large layers are shared by many phones and
// stay so, and the newest profile stays recognisable.
void mergeSmallest(std::vector<Piece>& pieces)
{
    std::size_t best = 1;
    const auto sizeAt = [&](std::size_t i) {
        return pieces[i].values->size() + pieces[i + 1].values->size();
    };
    for (std::size_t i = 2; i + 1 < pieces.size(); ++i)
        if (sizeAt(i) < sizeAt(best))
            best = i;
    pieces[best] = merged(pieces[best], pieces[best + 1]);
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(best) + 1);
}

}  // namespace

Origin AppliedLayer::origin(std::size_t index) const
{
    const char* at = text();
    for (; index > 0; --index)
        at += std::strlen(at) + 1;
    return {static_cast<ValueSource>(*at - 'A'), std::string_view{at + 1}};
}

bool AppliedLayer::isFrom(std::span<const Origin> wanted) const
{
    if (originCount != wanted.size())
        return false;
    const char* at = text();
    for (const Origin& one : wanted) {
        const std::size_t length = std::strlen(at + 1);
        if (letterOf(one.source) != *at || one.url != std::string_view{at + 1, length})
            return false;
        at += length + 2;
    }
    return true;
}

AppliedState makeLayer(AppliedState base, Values values, const std::vector<Origin>& origins)
{
    assert(!origins.empty() && origins.size() <= maxOrigins);
    std::string text;
    for (const Origin& origin : origins) {
        text += letterOf(origin.source);
        text += origin.url.substr(0, origin.url.find('\0'));
        text += '\0';
    }
    const std::shared_ptr<AppliedLayer> layer = allocateLayer(text);
    layer->visible = visibleOver(base.get(), *values);
    layer->layers = static_cast<std::uint8_t>((base == nullptr ? 0 : base->layers) + 1);
    assert(layer->layers <= AppliedLayer::maxLayers);
    layer->base = std::move(base);
    layer->values = std::move(values);
    layer->originCount = static_cast<std::uint8_t>(origins.size());
    return layer;
}

AppliedState LayerTable::make(AppliedState base, Values values, const std::vector<Origin>& origins)
{
    const auto mixed = [](const auto* pointer) { return mixBits(reinterpret_cast<std::uintptr_t>(pointer)); };
    const std::uint64_t key = mixBits(mixed(base.get()) + 3 * mixed(values.get()) +
                                      std::hash<std::string_view>{}(origins.front().url));
    auto& latest = m_latest[key % sets];
    auto* place = &latest[key / sets % places];
    for (auto& one : latest) {
        const AppliedState layer = one.lock();
        if (layer == nullptr)
            place = &one;
        else if (layer->base == base && layer->values == values && layer->isFrom(origins))
            return layer;
    }
    AppliedState layer = makeLayer(std::move(base), std::move(values), origins);
    *place = layer;
    return layer;
}

AppliedState layOver(const AppliedState& before, const Values& values, const Origin& origin,
                     LayerTable& table)
{
    const Standing stands = standing(before.get(), *values, origin);
    if (stands == Standing::Visible ||
        (stands == Standing::Unknown && showsAlready(before.get(), *values, origin)))
        return before;

    // The layers that are still to be seen, from the top. Those below the lowest that is gone stay as they are.
    std::vector<AppliedState> kept;
    std::size_t changed = 0;  // how many of `kept`, from the top, need a new base
    for (AppliedState layer = before; layer != nullptr; layer = layer->base) {
        if (hiddenBy(*values, *layer->values) == Hidden::All)
            changed = kept.size();
        else
            kept.push_back(layer);
    }
    std::vector<Piece> pieces{{values, {origin}}};
    const bool tooMany = kept.size() + 1 > AppliedLayer::maxLayers;
    const std::size_t rebuilt = tooMany ? kept.size() : changed;
    for (std::size_t i = 0; i < rebuilt; ++i)
        pieces.push_back({kept[i]->values, originsOf(*kept[i])});
    AppliedState state = rebuilt < kept.size() ? kept[rebuilt] : nullptr;
    if (tooMany)
        mergeSmallest(pieces);
    for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece)
        state = table.make(std::move(state), piece->values, piece->origins);
    return state;
}

}  // namespace emulator
