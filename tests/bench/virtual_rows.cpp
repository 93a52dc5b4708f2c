#include "tests/bench/child.hpp"
#include "tests/bench/plan.hpp"

#include <fmt/format.h>

#include <set>

namespace bench {

using namespace emulator;

namespace {

struct Day {
    std::size_t phones = 0;
    unsigned threads = 1;
    Samples seconds;
    std::map<std::string, double> last;
};

// A day once more. Returns the hash of its events.
Result<std::string> run(Day& day)
{
    Result<Child> child =
        Child::start(ownRole("virtual-day", {std::to_string(day.phones), std::to_string(day.threads)}));
    if (child.has_error())
        return child.error();
    const Result<std::string> output = child->rest(std::chrono::seconds{900});
    if (output.has_error())
        return output.error();
    day.last = numbers(*output);
    day.seconds.add(day.last["seconds"]);
    const std::size_t hash = output->find("hash=");
    return output->substr(hash, output->find('\n', hash) - hash);
}

}  // namespace

Result<void> measureVirtualTime(const Plan& plan, const RowSink& done)
{
    constexpr std::size_t fewPhones = 1000;
    for (const std::size_t phones : {fewPhones, plan.phones}) {
        const bool few = phones == fewPhones;
        if (!plan.wants(few ? "virtual-few" : "virtual-many"))
            continue;
        std::array<Day, 2> days{Day{phones, 1, {}, {}}, Day{phones, 2, {}, {}}};
        std::set<std::string> hashes;
        for (int i = 0; i < plan.rounds; ++i) {
            for (Day& day : days) {
                progress(fmt::format("virtual time, round {} of {}: {} phones, {} thread{}", i + 1,
                                     plan.rounds, phones, day.threads, day.threads == 1 ? "" : "s"));
                const Result<std::string> hash = run(day);
                if (hash.has_error())
                    return hash.error();
                hashes.insert(*hash);
            }
        }
        for (Day& day : days) {
            Row row;
            row.key = fmt::format("virtual-{}-{}", few ? "few" : "many", day.threads);
            row.name = fmt::format("a day of {} phones, {} thread{}", phones, day.threads,
                                   day.threads == 1 ? "" : "s");
            row.unit = "s";
            row.ours = day.seconds;
            if (phones == 100'000 && day.threads == 2)
                row.goal = Goal{Goal::Of::Ours, true, 9};
            if (hashes.size() != 1)
                row.trouble = "the events differ from run to run";
            row.note = fmt::format("{:.0f} x real time; {:.0f} resyncs, {:.0f} events, same hash for 1 and 2 "
                                   "threads: {}; {:.2f} s of it "
                                   "to build the fleet; {:.1f} s of CPU; {:.0f} MiB",
                                   86400 / day.seconds.median(), day.last["gets"], day.last["events"],
                                   hashes.size() == 1 ? "yes" : "NO", day.last["building"], day.last["cpu"],
                                   day.last["resident"] / (1 << 20));
            done(row);
        }
    }
    return {};
}

}  // namespace bench
