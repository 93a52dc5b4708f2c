#pragma once

#include "emulator/profile/profile.hpp"
#include "emulator/profile/profile_reading.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Where a parameter's value came from.
enum class ValueSource : std::uint8_t { Factory, Set, Profile, Page, Keypad, Rule };
std::string_view name(ValueSource source);

// One application of one profile to what was there before. Immutable and interned (design decision D5): phones
// with the same history share the node.
struct AppliedLayer;
using AppliedState = std::shared_ptr<const AppliedLayer>;  // null: factory state

// Remembers, for one shard, which profile bytes were parsed and which state follows from which. Not thread-safe:
// one per shard and schema. It only saves time and memory; without it the same values would come out.
class ProfileCache {
public:
    explicit ProfileCache(std::shared_ptr<const ParameterSchema> schema);
    ~ProfileCache();
    ProfileCache(const ProfileCache&) = delete;
    ProfileCache& operator=(const ProfileCache&) = delete;

    // The profile in these bytes: opened and parsed once per way of reading it, found again by a keyed hash and
    // confirmed by comparing bytes, keys and aliases. What was asked for twice is kept longest; at most about 68 MiB
    // are kept. Errors: as readProfile.
    Result<std::shared_ptr<const Profile>> parse(std::string_view bytes, const ProfileReading& reading = {});

    // The state after `profile`, fetched from `url`, was applied on top of `before`. It is `before` itself when
    // every value, access and source would stay as it is.
    AppliedState applied(const AppliedState& before, const std::shared_ptr<const Profile>& profile,
                         std::string_view url);

    // A state that sets values before the first power-on (`--set`, `set:`), source Set. The values must have
    // passed checkedValue; of several for one id the last one counts.
    AppliedState preset(const std::vector<std::pair<ParamId, std::string>>& values);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// The parameters of one phone: factory defaults, applied profiles, and a small sorted overlay of its own changes.
// Copyable; a copy shares everything but the overlay. At most 8 layers lie between a value and its factory
// default. Sized for fleets: 24 bytes when the phone changed nothing itself.
class ParameterSet {
public:
    explicit ParameterSet(const ParameterSchema& schema, AppliedState initial = nullptr);

    // Valid until this set changes.
    std::string_view value(ParamId id) const;
    ValueSource source(ParamId id) const;
    std::string_view sourceUrl(ParamId id) const;  // of the profile that set it; empty otherwise
    UserAccess access(ParamId id) const;
    bool isYes(ParamId id) const { return value(id) == "Yes"; }

    // Changes one value on behalf of the page or keypad; the value must have passed checkedValue.
    void change(ParamId id, std::string value, ValueSource source);

    // Applies a profile: values in it win, except where its attributes let the phone's own change survive;
    // losers leave the overlay. Returns the ids whose value differs afterwards when `wantsChanges`.
    std::vector<ParamId> apply(const std::shared_ptr<const Profile>& profile, std::string_view url,
                               ProfileCache& cache, bool wantsChanges);

    // Back to factory defaults: layers and overlay are gone (MODEL-FACTORY-RESET).
    void reset();

    const ParameterSchema& schema() const;

    // Whether applying changed anything shows in these two: the layers, and how many values are the phone's own.
    const AppliedState& state() const { return m_state; }
    std::size_t ownCount() const;

    // What durable memory has to keep: every value that differs from its factory default, sorted by id.
    struct Kept {
        ParamId id{};
        std::string value;
        ValueSource source = ValueSource::Factory;
    };
    std::vector<Kept> kept() const;
    // Puts back what kept() gave, on top of factory defaults. URLs and access are as factory-fresh until the next
    // profile: durable memory does not hold them.
    void restore(const std::vector<Kept>& values);

    ParameterSet(const ParameterSet& other);
    ParameterSet(ParameterSet&& other) noexcept;
    ParameterSet& operator=(const ParameterSet& other);
    ParameterSet& operator=(ParameterSet&& other) noexcept;
    ~ParameterSet();

private:
    struct Own;
    struct Overlay;

    Overlay* overlay() const;
    const Own* findOwn(ParamId id) const;
    void setOverlay(std::unique_ptr<Overlay> overlay);

    AppliedState m_state;
    std::uintptr_t m_link;  // the schema; or, with the lowest bit set, the overlay, which knows the schema
};

// The configuration export of /admin/cfg.xml: <flat-profile> with every exported parameter in schema order, `ua`,
// sections as comments, passwords only as comments (public export form of the 7800 series).
struct ExportChoice {
    const std::vector<ParamId>* only = nullptr;  // these, sorted, and no comments; null: all
    std::function<std::string(const Parameter&, std::string_view value)> shown;  // empty: values as they are
};
std::string exportConfiguration(const ParameterSet& parameters, const ExportChoice& choice = {});

}  // namespace emulator
