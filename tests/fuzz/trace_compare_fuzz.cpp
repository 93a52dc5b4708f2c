#include "emulator/trace/ndjson_reader.hpp"
#include "hwbridge/compare/comparison.hpp"
#include "hwbridge/compare/rules_reader.hpp"
#include "tests/fuzz/target.hpp"

namespace {

// What can be read of a trace before its first wrong line.
hwbridge::TraceStore storeOf(std::string_view text)
{
    hwbridge::TraceStore store;
    emulator::NdjsonReader reader{store};
    if (!reader.read(text).has_error())
        (void)reader.finish();
    return store;
}

}  // namespace

// The first piece is one trace, the rest another.
FUZZ_TARGET(trace_compare)
{
    using namespace hwbridge;
    fuzz::Pieces pieces{fuzz::text(data, size)};
    const std::string_view first = pieces.piece();
    const std::size_t begin = std::min(size, first.size() + 2);
    const TraceStore a = storeOf(first);
    const TraceStore b = storeOf(fuzz::text(data, size).substr(begin));
    const Rules& rules = defaultRules();
    const auto forth = compareTraces(a, b, rules);
    fuzz::require(forth.has_value(), "two traces can be compared");
    for (const LayerScore& score : forth->scores)
        fuzz::require(score.percent() >= 0 && score.percent() <= 100, "a score is a part of 100");
    const auto same = compareTraces(a, a, rules);
    fuzz::require(same.has_value() && same->isEqual(), "a trace does not differ from itself");
    return 0;
}
