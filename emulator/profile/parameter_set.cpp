#include "emulator/profile/applied_layer.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace emulator {

std::string_view name(ValueSource source)
{
    switch (source) {
    case ValueSource::Factory:
        return "factory";
    case ValueSource::Set:
        return "set";
    case ValueSource::Profile:
        return "profile";
    case ValueSource::Page:
        return "page";
    case ValueSource::Keypad:
        return "keypad";
    case ValueSource::Rule:
        return "rule";
    }
    return "";
}

namespace {

constexpr std::uintptr_t overlayBit = 1;

// What "changed by the user" means for user-pref.
bool isByUser(ValueSource source)
{
    return source == ValueSource::Page || source == ValueSource::Keypad;
}

}  // namespace

struct ParameterSet::Own {
    ParamId id{};
    ValueSource source = ValueSource::Factory;
    std::string value;
};

struct ParameterSet::Overlay {
    const ParameterSchema* schema;
    std::vector<Own> values;  // sorted by id

    std::vector<Own>::iterator place(ParamId id)
    {
        return std::lower_bound(values.begin(), values.end(), id,
                                [](const Own& own, ParamId wanted) { return own.id < wanted; });
    }
};

ParameterSet::ParameterSet(const ParameterSchema& schema, AppliedState initial)
    : m_state{std::move(initial)},
      m_link{reinterpret_cast<std::uintptr_t>(&schema)}
{
    static_assert(alignof(ParameterSchema) > overlayBit && alignof(Overlay) > overlayBit);
    static_assert(sizeof(ParameterSet) <= 24);
}

ParameterSet::ParameterSet(const ParameterSet& other)
    : m_state{other.m_state},
      m_link{reinterpret_cast<std::uintptr_t>(&other.schema())}
{
    if (const Overlay* const theirs = other.overlay())
        setOverlay(std::make_unique<Overlay>(*theirs));
}

// A set that was moved from is a factory-fresh one.
ParameterSet::ParameterSet(ParameterSet&& other) noexcept
    : m_state{std::move(other.m_state)},
      m_link{other.m_link}
{
    other.m_link = reinterpret_cast<std::uintptr_t>(&schema());
}

ParameterSet& ParameterSet::operator=(const ParameterSet& other)
{
    if (this != &other)
        *this = ParameterSet{other};
    return *this;
}

ParameterSet& ParameterSet::operator=(ParameterSet&& other) noexcept
{
    std::swap(m_state, other.m_state);
    std::swap(m_link, other.m_link);
    return *this;
}

ParameterSet::~ParameterSet()
{
    delete overlay();
}

ParameterSet::Overlay* ParameterSet::overlay() const
{
    return (m_link & overlayBit) == 0 ? nullptr : reinterpret_cast<Overlay*>(m_link & ~overlayBit);
}

// Null or an empty overlay leaves the schema alone in the link.
void ParameterSet::setOverlay(std::unique_ptr<Overlay> overlay)
{
    const ParameterSchema& theSchema = schema();
    Overlay* const old = this->overlay();
    if (overlay == nullptr || overlay->values.empty()) {
        m_link = reinterpret_cast<std::uintptr_t>(&theSchema);
    } else {
        overlay->values.shrink_to_fit();
        m_link = reinterpret_cast<std::uintptr_t>(overlay.release()) | overlayBit;
    }
    delete old;
}

const ParameterSchema& ParameterSet::schema() const
{
    const Overlay* const own = overlay();
    return own == nullptr ? *reinterpret_cast<const ParameterSchema*>(m_link) : *own->schema;
}

const ParameterSet::Own* ParameterSet::findOwn(ParamId id) const
{
    Overlay* const own = overlay();
    if (own == nullptr)
        return nullptr;
    const auto place = own->place(id);
    return place != own->values.end() && place->id == id ? &*place : nullptr;
}

std::size_t ParameterSet::ownCount() const
{
    const Overlay* const own = overlay();
    return own == nullptr ? 0 : own->values.size();
}

std::string_view ParameterSet::value(ParamId id) const
{
    if (const Own* const own = findOwn(id))
        return own->value;
    if (const LayerEntry found = findValue(m_state.get(), id))
        return found.text();
    return schema().at(id).factory;
}

ValueSource ParameterSet::source(ParamId id) const
{
    if (const Own* const own = findOwn(id))
        return own->source;
    if (const LayerEntry found = findValue(m_state.get(), id))
        return found.origin().source;
    return ValueSource::Factory;
}

std::string_view ParameterSet::sourceUrl(ParamId id) const
{
    if (findOwn(id) != nullptr)
        return {};
    if (const LayerEntry found = findValue(m_state.get(), id))
        return found.origin().url;
    return {};
}

UserAccess ParameterSet::access(ParamId id) const
{
    if (const LayerEntry found = findAccess(m_state.get(), id))
        return found.entry->access();
    return schema().at(id).access;
}

void ParameterSet::change(ParamId id, std::string value, ValueSource source)
{
    value.shrink_to_fit();
    Overlay* const own = overlay();
    if (own == nullptr) {
        auto fresh = std::make_unique<Overlay>(Overlay{&schema(), {}});
        fresh->values.push_back({id, source, std::move(value)});
        setOverlay(std::move(fresh));
        return;
    }
    const auto place = own->place(id);
    if (place != own->values.end() && place->id == id) {
        place->source = source;
        place->value = std::move(value);
        return;
    }
    own->values.reserve(own->values.size() +
                        1);  // one more, not twice as many: a fleet has a million of these
    own->values.insert(own->place(id), {id, source, std::move(value)});
}

std::vector<ParamId> ParameterSet::apply(const std::shared_ptr<const Profile>& profile, std::string_view url,
                                         ProfileCache& cache, bool wantsChanges)
{
    const AppliedState before = m_state;
    m_state = cache.applied(before, profile, url);

    const std::vector<ProfileElement>& elements = profile->elements;
    const auto loses = [&](const Own& own) {
        const auto element =
            std::lower_bound(elements.begin(), elements.end(), own.id,
                             [](const ProfileElement& one, ParamId wanted) { return one.id < wanted; });
        return element != elements.end() && element->id == own.id && !element->attributes.preserveValue &&
               !(element->attributes.userPreference && isByUser(own.source));
    };
    std::vector<Own> losers;
    if (Overlay* const own = overlay()) {
        const auto kept = std::stable_partition(own->values.begin(), own->values.end(),
                                                [&](const Own& one) { return !loses(one); });
        losers.assign(std::make_move_iterator(kept), std::make_move_iterator(own->values.end()));
        own->values.erase(kept, own->values.end());
        if (own->values.empty())
            setOverlay(nullptr);
    }
    std::vector<ParamId> changes;
    if (!wantsChanges || (before == m_state && losers.empty()))
        return changes;
    const auto layered = [&](const AppliedState& state, ParamId id) {
        const LayerEntry found = findValue(state.get(), id);
        return found ? found.text() : std::string_view{schema().at(id).factory};
    };
    for (const ProfileElement& element : elements) {
        if (findOwn(element.id) != nullptr)
            continue;
        const auto loser =
            std::find_if(losers.begin(), losers.end(), [&](const Own& own) { return own.id == element.id; });
        const std::string_view old = loser != losers.end() ? loser->value : layered(before, element.id);
        if (old != layered(m_state, element.id))
            changes.push_back(element.id);
    }
    return changes;
}

void ParameterSet::reset()
{
    m_state = nullptr;
    setOverlay(nullptr);
}

std::vector<ParameterSet::Kept> ParameterSet::kept() const
{
    std::vector<Kept> result;
    const std::span<const Parameter> all = schema().all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const ParamId id{static_cast<std::uint16_t>(i)};
        const std::string_view current = value(id);
        if (current != all[i].factory)
            result.push_back({id, std::string{current}, source(id)});
    }
    return result;
}

void ParameterSet::restore(const std::vector<Kept>& values)
{
    reset();
    auto own = std::make_unique<Overlay>(Overlay{&schema(), {}});
    std::vector<Origin> origins;
    std::vector<ProfileValues::Item> items;
    for (const Kept& kept : values) {
        assert(items.empty() || items.back().id < kept.id);
        if (isByUser(kept.source)) {
            own->values.push_back({kept.id, kept.source, kept.value});
            continue;
        }
        const auto known = std::find_if(origins.begin(), origins.end(),
                                        [&](const Origin& origin) { return origin.source == kept.source; });
        const auto number = static_cast<std::uint8_t>(known - origins.begin());
        if (known == origins.end())
            origins.push_back({kept.source, {}});
        items.push_back({kept.id, kept.value, std::nullopt, number});
    }
    setOverlay(std::move(own));
    if (!items.empty())
        m_state = makeLayer(nullptr, ProfileValues::pack(items), origins);
}

}  // namespace emulator
