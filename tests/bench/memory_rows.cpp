#include "tests/bench/child.hpp"
#include "tests/bench/plan.hpp"

#include <fmt/format.h>

namespace bench {

using namespace emulator;

namespace {

Result<std::map<std::string, double>> fleet(std::size_t phones, int port)
{
    Result<Child> child =
        Child::start(ownRole("idle-fleet", {std::to_string(phones), "127.0.0.1:" + std::to_string(port)}));
    if (child.has_error())
        return child.error();
    const Result<std::string> output = child->rest(std::chrono::seconds{900});
    if (output.has_error())
        return output.error();
    return numbers(*output);
}

}  // namespace

Result<void> measureMemory(const Plan& plan, const RowSink& done)
{
    if (!plan.wants("memory"))
        return {};
    Result<Child> server = Child::start(ownRole("profile-server", {}));
    if (server.has_error())
        return server.error();
    const Result<std::optional<std::string>> said = server->line(std::chrono::seconds{30});
    if (said.has_error())
        return said.error();
    const auto port = static_cast<int>(numbers(said->value_or(""))["port"]);

    progress("memory: 1 phone");
    Result<std::map<std::string, double>> one = fleet(1, port);
    if (one.has_error())
        return one.error();
    progress(fmt::format("memory: {} phones", plan.phones));
    Result<std::map<std::string, double>> many = fleet(plan.phones, port);
    if (many.has_error())
        return many.error();

    Row row;
    row.key = "memory";
    row.name = fmt::format("memory per idle phone of {}", plan.phones);
    row.unit = "bytes";
    row.ours.add(((*many)["resident"] - (*one)["resident"]) / static_cast<double>(plan.phones - 1));
    row.goal = Goal{Goal::Of::Ours, true, 2048};
    if ((*many)["settled"] != 1 || (*many)["answering"] != static_cast<double>(plan.phones))
        row.trouble = fmt::format("only {:.0f} phones resynced and {:.0f} answer", (*many)["resyncs"],
                                  (*many)["answering"]);
    row.note = fmt::format(
        "base size {:.1f} MiB with one phone, {:.1f} MiB with all; all listen, and have resynced in "
        "{:.0f} s, {:.0f} resyncs failed on the way",
        (*one)["resident"] / (1 << 20), (*many)["resident"] / (1 << 20), (*many)["seconds"],
        (*many)["failed"]);
    done(row);
    return {};
}

}  // namespace bench
