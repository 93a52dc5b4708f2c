#pragma once

#include "hwbridge/compare/comparison.hpp"
#include "hwbridge/compare/text_pattern.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hwbridge {

// A difference between a real phone and its twin that is known and has a reason.
struct KnownDeviation {
    std::string name;                      // of its own, for reports
    std::string model;                     // "CP-7832-3PCC"; empty: of any
    std::string firmware;                  // part of its load name, or its version; empty: any
    std::optional<DifferenceKind> change;  // "field"; empty: any
    std::string kind;                      // "http.request"
    std::string field;                     // "user_agent", "header Accept"; empty: any
    std::optional<TextPattern> twin;       // found in the twin's value; empty: any
    std::optional<TextPattern> real;
    std::string why;
};

// Known deviations, or what is wrong with their file: "FILE:LINE:COLUMN: found …, expected …".
struct KnownReading {
    std::optional<std::vector<KnownDeviation>> known;
    std::vector<std::string> problems;
};

// Reads a file of them (docs/bench.md). At most 1 MiB and 1,000 deviations.
KnownReading readKnownDeviations(const std::string& file, std::string_view text);

// A comparison's roots, told apart. Numbers of findings, and of known deviations.
struct SortedRoots {
    struct Expected {
        std::size_t finding = 0;
        std::size_t known = 0;
    };
    std::vector<std::size_t> unexpected;
    std::vector<Expected> expected;
    // Those of this model and firmware that did not show although exchanges of their kind were compared: they may be gone.
    std::vector<std::size_t> gone;
};

// `model`, `firmware`: of the real phone.
SortedRoots sortRoots(const Comparison& comparison, const std::vector<KnownDeviation>& known,
                      std::string_view model, std::string_view firmware);

}  // namespace hwbridge
