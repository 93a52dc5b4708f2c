// phonerig with phones that do something wrong, for tests of the comparison.
//
//   phonerig_deviating --list                                     name, scenario and description of each deviation
//   phonerig_deviating SCENARIO TARGET SEED PCAP [DEVIATION]       as `phonerig run`, with phones that deviate so

#include "tests/deviations/deviation.hpp"
#include "ui/cli/run_command.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

int list()
{
    for (const deviations::Deviation& one : deviations::allDeviations())
        std::printf("%.*s\t%.*s\t%.*s\n", static_cast<int>(one.name.size()), one.name.data(),
                    static_cast<int>(one.scenario.size()), one.scenario.data(),
                    static_cast<int>(one.description.size()), one.description.data());
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    if (words == std::vector<std::string>{"--list"})
        return list();
    if (words.size() != 4 && words.size() != 5) {
        std::fputs("expected --list, or SCENARIO TARGET SEED PCAP [DEVIATION]\n", stderr);
        return 2;
    }
    ui::RunOptions options;
    options.paths = {words[0]};
    options.on = words[1];
    options.seed = std::stoull(words[2]);
    options.pcap = words[3];
    if (words.size() == 5) {
        const deviations::Deviations all = deviations::allDeviations();
        const auto wanted = std::find_if(
            all.begin(), all.end(), [&](const deviations::Deviation& one) { return one.name == words[4]; });
        if (wanted == all.end()) {
            std::fprintf(stderr, "no deviation is called %s; see --list\n", words[4].c_str());
            return 2;
        }
        options.alter = wanted->alter;
    }
    return static_cast<int>(ui::run(options));
}
