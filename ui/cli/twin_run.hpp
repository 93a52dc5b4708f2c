#pragma once

#include "emulator/base/result.hpp"
#include "hwbridge/compare/known_deviations.hpp"
#include "scenarios/engine/run_result.hpp"
#include "scenarios/engine/twin_phone.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ui {

// A folder for one scenario's files of both sides, which goes with it.
class TwinFolder {
public:
    // Errors: Refused, with the system's reason.
    static emulator::Result<TwinFolder> make();
    ~TwinFolder();
    TwinFolder(TwinFolder&& other) noexcept : m_path{std::exchange(other.m_path, {})} {}
    TwinFolder& operator=(TwinFolder&&) = delete;

    std::filesystem::path realEvents() const { return m_path / "real.ndjson"; }
    std::filesystem::path twinEvents() const { return m_path / "twin.ndjson"; }
    std::filesystem::path twinPackets() const { return m_path / "twin.pcapng"; }
    std::filesystem::path identity() const { return m_path / "phone.json"; }

private:
    explicit TwinFolder(std::filesystem::path path) : m_path{std::move(path)} {}
    std::filesystem::path m_path;
};

// What is known of the differences between real phones and their twins, and what of it a run has seen.
class KnownDeviations {
public:
    // Errors: Malformed; what is wrong with the file was said.
    static emulator::Result<KnownDeviations> read(const std::string& file);

    const std::vector<hwbridge::KnownDeviation>& all() const { return m_all; }
    void note(const hwbridge::SortedRoots& sorted);
    // A sentence for each that should have shown in this run, and did not.
    std::vector<std::string> gone() const;

private:
    enum class Seen : std::uint8_t { NotAsked, Gone, Shown };
    std::vector<hwbridge::KnownDeviation> m_all;
    std::vector<Seen> m_seen;
};

// What is asked of the twin's side.
struct TwinWish {
    std::string scenario;  // its file, or its name in the library
    std::uint64_t seed = 0;
    bool strict = false;
    std::string artefacts;  // path of reports and packets without their endings; empty: none
    KnownDeviations* known = nullptr;
};

// Plays the scenario on the twin, in a process and a network of its own, and compares what both did: what there is to say
// is added to `result`, which is the real phone's.
// Errors, one sentence each: the twin cannot be made; Refused: interrupted.
emulator::Result<void> playTwin(const TwinWish& wish, const scenarios::TwinIdentity& identity,
                                const TwinFolder& folder, scenarios::CaseResult& result);

}  // namespace ui
