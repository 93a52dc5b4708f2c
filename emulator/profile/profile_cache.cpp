#include "emulator/profile/applied_layer.hpp"

#include "emulator/base/chance.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <list>
#include <map>
#include <unordered_map>

namespace emulator {

namespace {

// Bytes and parsed forms that are kept. A fleet whose phones each fetch their own small profile must not fill
// memory with them, so what was asked for only once has a small room of its own.
constexpr std::size_t roomForOnce = 4u << 20;
constexpr std::size_t roomForOften = 64u << 20;

struct Known {
    std::uint64_t hash = 0;
    std::string bytes;
    std::string identity;  // readingIdentity
    Result<std::shared_ptr<const Profile>> profile;
    std::size_t cost = 0;
    bool often = false;
};
using Knowns = std::list<Known>;

std::shared_ptr<const ProfileValues> valuesOf(const Profile& profile)
{
    if (profile.values != nullptr)
        return profile.values;
    std::vector<ProfileValues::Item> items;
    for (const ProfileElement& element : profile.elements)
        items.push_back(packable(element));
    return ProfileValues::pack(items);
}

std::size_t costOf(std::string_view bytes, const Result<std::shared_ptr<const Profile>>& profile)
{
    constexpr std::size_t overhead = 300;  // list and table nodes, reference counts
    std::size_t cost = 2 * bytes.size() + overhead;
    if (profile.has_value())
        cost += (*profile)->elements.size() * (sizeof(ProfileElement) + sizeof(ProfileValues::Entry)) +
                (*profile)->problems.size() * 2 * sizeof(ProfileProblem);
    return cost;
}

}  // namespace

struct ProfileCache::Impl {
    explicit Impl(std::shared_ptr<const ParameterSchema> theirs) : schema{std::move(theirs)}
    {
        // The key only has to be hard to guess for whoever writes profiles; no output depends on it.
        hashKey = mixBits(reinterpret_cast<std::uintptr_t>(this));
    }

    Known* find(std::string_view bytes, std::string_view identity)
    {
        const auto isIt = [&](const Known& known) {
            return known.bytes == bytes && known.identity == identity;
        };
        // A fleet fetches one profile over and over: comparing with the last common one saves the hash.
        if (lastOften != nullptr && isIt(*lastOften))
            return lastOften;
        const std::uint64_t seed =
            identity.empty() ? hashKey : XXH3_64bits_withSeed(identity.data(), identity.size(), hashKey);
        hash = XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
        const auto found = table.find(hash);
        return found != table.end() && isIt(*found->second) ? &*found->second : nullptr;
    }

    void touch(Known& known)
    {
        if (&known == lastOften)
            return;
        lastOften = &known;
        Knowns& from = known.often ? often : once;
        std::size_t& fromUsed = known.often ? oftenUsed : onceUsed;
        const auto place = table.find(known.hash)->second;
        fromUsed -= known.cost;
        often.splice(often.begin(), from, place);
        oftenUsed += known.cost;
        known.often = true;
        shrink(often, oftenUsed, roomForOften);
    }

    Known& add(std::string_view bytes, std::string identity, Result<std::shared_ptr<const Profile>> profile)
    {
        if (const auto old = table.find(hash); old != table.end())
            forget(old->second);
        const std::size_t cost = costOf(bytes, profile);
        once.push_front({hash, std::string{bytes}, std::move(identity), std::move(profile), cost, false});
        table[hash] = once.begin();
        onceUsed += cost;
        shrink(once, onceUsed, roomForOnce);
        return once.front();
    }

    // Drops what was not asked for longest; the newest stays even if it fills the room alone.
    void shrink(Knowns& knowns, std::size_t& used, std::size_t room)
    {
        while (used > room && knowns.size() > 1)
            forget(std::prev(knowns.end()));
    }

    void forget(Knowns::iterator known)
    {
        if (lastOften == &*known)
            lastOften = nullptr;
        table.erase(known->hash);
        (known->often ? oftenUsed : onceUsed) -= known->cost;
        (known->often ? often : once).erase(known);
    }

    std::shared_ptr<const ParameterSchema> schema;
    std::uint64_t hashKey = 0;
    Knowns once;   // newest first
    Knowns often;  // latest asked for first
    std::size_t onceUsed = 0;
    std::size_t oftenUsed = 0;
    std::unordered_map<std::uint64_t, Knowns::iterator> table;
    std::uint64_t hash = 0;      // of the bytes last looked for in the table
    Known* lastOften = nullptr;  // the one of `often` that was asked for last
    LayerTable layers;
};

ProfileCache::ProfileCache(std::shared_ptr<const ParameterSchema> schema)
    : m_impl{std::make_unique<Impl>(std::move(schema))}
{}

ProfileCache::~ProfileCache() = default;

Result<std::shared_ptr<const Profile>> ProfileCache::parse(std::string_view bytes,
                                                           const ProfileReading& reading)
{
    std::string identity = readingIdentity(bytes, reading);
    if (Known* const known = m_impl->find(bytes, identity); known != nullptr) {
        m_impl->touch(*known);
        return known->profile;
    }
    Result<std::shared_ptr<const Profile>> profile = readProfile(bytes, *m_impl->schema, reading);
    if (bytes.size() > maxProfileBytes)
        return profile;
    return m_impl->add(bytes, std::move(identity), std::move(profile)).profile;
}

AppliedState ProfileCache::applied(const AppliedState& before, const std::shared_ptr<const Profile>& profile,
                                   std::string_view url)
{
    const std::shared_ptr<const ProfileValues> values = valuesOf(*profile);
    if (values->size() == 0)
        return before;
    const Origin origin{ValueSource::Profile, url};
    return layOver(before, values, origin, m_impl->layers);
}

AppliedState ProfileCache::preset(const std::vector<std::pair<ParamId, std::string>>& values)
{
    if (values.empty())
        return nullptr;
    std::map<ParamId, std::string_view> byId;
    for (const auto& [id, value] : values)
        byId[id] = value;
    std::vector<ProfileValues::Item> items;
    for (const auto& [id, value] : byId)
        items.push_back({id, value, std::nullopt, 0});
    return m_impl->layers.make(nullptr, ProfileValues::pack(items), {{ValueSource::Set, {}}});
}

}  // namespace emulator
