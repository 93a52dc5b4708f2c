#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "emulator/profile/parameter_set.hpp"
#include "emulator/profile/profile_check.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/machine.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/samples.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <optional>

namespace bench {

using namespace emulator;

namespace {

constexpr std::size_t elements = 1400;
constexpr std::size_t bytes = 98'000;
constexpr std::string_view url = "http://192.0.2.11/profile.xml";

// Calls `work` for about `seconds`; returns the processor time of one call, in microseconds.
template <class Work>
double microseconds(double seconds, Work work)
{
    const double from = threadCpuSeconds();
    std::size_t calls = 0;
    double now = from;
    do {
        for (int i = 0; i < 8; ++i)
            work();
        calls += 8;
        now = threadCpuSeconds();
    } while (now - from < seconds);
    return 1e6 * (now - from) / static_cast<double>(calls);
}

// What anybody who reads XML with expat asks for: the elements and their text. They are counted, nothing else.
struct Count {
    std::size_t begun = 0;
    std::size_t ended = 0;
    std::size_t characters = 0;
};

bool bareExpat(const std::string& profile)
{
    Count count;
    XML_Parser parser = XML_ParserCreate(nullptr);
    XML_SetUserData(parser, &count);
    XML_SetElementHandler(
        parser, [](void* to, const XML_Char*, const XML_Char**) { ++static_cast<Count*>(to)->begun; },
        [](void* to, const XML_Char*) { ++static_cast<Count*>(to)->ended; });
    XML_SetCharacterDataHandler(parser, [](void* to, const XML_Char*, int length) {
        static_cast<Count*>(to)->characters += static_cast<std::size_t>(length);
    });
    const bool good = XML_Parse(parser, profile.data(), static_cast<int>(profile.size()), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return good && count.begun == elements + 1 && count.ended == count.begun && count.characters > 0;
}

// What `phonerig profile check` does with a file of 2,000 parameters, encrypted after gzip, one in fifty of them wrong.
Result<void> measureCheck(const Plan& plan, const RowSink& done)
{
    constexpr std::size_t parameters = 2000;
    constexpr std::size_t wrongOnes = parameters / 50;
    constexpr std::string_view ending = "</flat-profile>";
    const auto model = *fixtures::loadModel("CP-7861-3PCC");
    std::string profile = sampleProfile(*model->schema, parameters - wrongOnes, 0);
    profile.resize(profile.rfind(ending));
    for (std::size_t i = 0; i < wrongOnes; ++i)
        profile += fmt::format("<Profile_Rul_{}>/a.xml</Profile_Rul_{}>\n", i, i);
    profile += ending;
    constexpr std::string_view key = "MyOwnSecret";
    const std::string file = encryptSalted(gzip(profile), key, KeyDigest::Sha256, {});
    ProfileReading reading;
    reading.key = key;
    Samples ours;
    std::size_t seen = 0;
    std::size_t unknown = 0;
    for (int i = 0; i < plan.rounds && !interrupted(); ++i) {
        progress(fmt::format("profile check, round {} of {}", i + 1, plan.rounds));
        ours.add(microseconds(plan.seconds / 3,
                              [&] {
                                  const auto check = checkProfile(file, *model->schema, reading, {});
                                  unknown = check.has_value() ? check->unknown.size() : 0;
                                  seen = check.has_value() ? check->taken.size() + unknown : 0;
                              }) /
                 1000);
    }
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");
    Row row;
    row.key = "profile-check";
    row.name = "profile check of 2,000 parameters";
    row.unit = "ms";
    row.ours = ours;
    row.goal = Goal{Goal::Of::Ours, true, 10};
    if (seen != parameters || unknown != wrongOnes)
        row.trouble = fmt::format("{} of {} elements were seen", seen, parameters);
    row.note = fmt::format("{} bytes of XML, {} unknown names", profile.size(), unknown);
    done(row);
    return {};
}

}  // namespace

Result<void> measureProfile(const Plan& plan, const RowSink& done)
{
    if (plan.wants("profile-check"))
        if (const Result<void> measured = measureCheck(plan, done); measured.has_error())
            return measured;
    const bool wantsFirst = plan.wants("profile-first");
    const bool wantsAgain = plan.wants("profile-again");
    if (!wantsFirst && !wantsAgain)
        return {};
    const auto model = *fixtures::loadModel("CP-7861-3PCC");
    const std::string profile = sampleProfile(*model->schema, elements, bytes);
    Samples first;
    Samples expat;
    Samples again;
    std::size_t problems = 0;
    std::size_t taken = 0;
    bool same = true;
    bool read = true;
    ProfileCache warm{model->schema};
    ParameterSet phone{*model->schema};
    // Each fetch brings the bytes somewhere else in memory.
    const std::vector<std::string> copies(16, profile);
    std::size_t turn = 0;
    const auto apply = [&](ParameterSet& to, ProfileCache& cache) {
        const auto parsed = cache.parse(copies[turn++ % copies.size()]);
        if (parsed.has_error())
            return;
        problems = (*parsed)->problems.size();
        taken = (*parsed)->elements.size();
        to.apply(*parsed, url, cache, false);
    };
    apply(phone, warm);
    const AppliedState applied = phone.state();
    const double seconds = plan.seconds / 3;
    for (int i = 0; i < plan.rounds && !interrupted(); ++i) {
        progress(fmt::format("profile, round {} of {}", i + 1, plan.rounds));
        first.add(microseconds(seconds, [&] {
            ProfileCache cache{model->schema};
            ParameterSet fresh{*model->schema};
            apply(fresh, cache);
        }));
        expat.add(microseconds(seconds, [&] { read = bareExpat(copies[turn++ % copies.size()]) && read; }));
        again.add(microseconds(seconds, [&] {
            apply(phone, warm);
            same = same && phone.state() == applied;
        }));
    }
    if (interrupted())
        return fail(ErrorKind::Refused, "interrupted");

    const std::string size = fmt::format("{} bytes, {} elements", profile.size(), taken);
    std::string trouble;
    if (problems != 0 || taken != elements)
        trouble = fmt::format("{} of {} elements were taken", taken, elements);
    if (wantsFirst) {
        Row row;
        row.key = "profile-first";
        row.name = "profile of 98 kB, applied first";
        row.unit = "us";
        row.ours = first;
        row.peerName = "bare expat";
        row.peer = expat;
        row.goal = Goal{Goal::Of::Ratio, true, 1.4};
        row.trouble = read ? trouble : "expat does not read the profile";
        row.note = size;
        done(row);
    }
    if (wantsAgain) {
        Row row;
        row.key = "profile-again";
        row.name = "profile of 98 kB, applied again";
        row.unit = "us";
        row.ours = again;
        row.goal = Goal{Goal::Of::Ours, true, 10};
        row.trouble = same ? trouble : "it changed the phone";
        row.note = size;
        done(row);
    }
    return {};
}

}  // namespace bench
