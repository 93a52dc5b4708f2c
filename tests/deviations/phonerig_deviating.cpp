// phonerig with phones that do something wrong, for tests of the comparison.
//
//   phonerig_deviating --list                                     name, scenario and description of each deviation
//   phonerig_deviating SCENARIO TARGET SEED PCAP [DEVIATION]       as `phonerig run`, with phones that deviate so
//   phonerig_deviating DEVIATION up OPTION...                      as `phonerig up`, likewise

#include "tests/deviations/deviation.hpp"
#include "ui/cli/command_line.hpp"
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

const deviations::Deviation* find(const deviations::Deviations& all, const std::string& name)
{
    const auto wanted = std::find_if(all.begin(), all.end(),
                                     [&](const deviations::Deviation& one) { return one.name == name; });
    if (wanted != all.end())
        return &*wanted;
    std::fprintf(stderr, "no deviation is called %s; see --list\n", name.c_str());
    return nullptr;
}

int up(int argc, char** argv)
{
    const deviations::Deviations all = deviations::allDeviations();
    const deviations::Deviation* const wanted = find(all, argv[1]);
    return wanted == nullptr ? 2 : ui::runCommandLine(argc - 1, argv + 1, wanted->alter);
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    if (words == std::vector<std::string>{"--list"})
        return list();
    if (words.size() >= 2 && words[1] == "up")
        return up(argc, argv);
    if (words.size() != 4 && words.size() != 5) {
        std::fputs("expected --list, SCENARIO TARGET SEED PCAP [DEVIATION], or DEVIATION up OPTION...\n",
                   stderr);
        return 2;
    }
    ui::RunOptions options;
    options.paths = {words[0]};
    options.on = words[1];
    options.seed = std::stoull(words[2]);
    options.pcap = words[3];
    if (words.size() == 5) {
        const deviations::Deviations all = deviations::allDeviations();
        const deviations::Deviation* const wanted = find(all, words[4]);
        if (wanted == nullptr)
            return 2;
        options.alter = wanted->alter;
    }
    return static_cast<int>(ui::run(options));
}
