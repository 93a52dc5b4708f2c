#include "tests/deviations/deviation.hpp"

#include "emulator/phone/model.hpp"

#include <algorithm>
#include <string>

namespace deviations {

namespace {

// The phones do what another value of their configuration would have told them.
std::function<void(emulator::Fleet&)> actsAsIf(std::string parameter, std::string value)
{
    return [parameter, value](emulator::Fleet& fleet) {
        for (emulator::FleetGroup& group : fleet.groups) {
            const emulator::ParamId id = group.model->schema->find(parameter).value();
            std::erase_if(group.set, [&](const auto& set) { return set.first == id; });
            group.set.emplace_back(id, value);
        }
    };
}

void reverseRules(emulator::Fleet& fleet)
{
    for (emulator::FleetGroup& group : fleet.groups) {
        const emulator::ParamId first = group.model->schema->find("Profile_Rule").value();
        const emulator::ParamId second = group.model->schema->find("Profile_Rule_B").value();
        for (auto& [id, value] : group.set)
            id = id == first ? second : id == second ? first : id;
    }
}

}  // namespace

Deviations scheduleDeviations()
{
    return {
        {"wrong-retry-time", "retry", "tries again after twice the time",
         actsAsIf("Resync_Error_Retry_Delay", "120")},
        {"periodic-too-early", "periodic", "resyncs after half the time",
         actsAsIf("Resync_Periodic", "1800")},
        {"no-retry", "retry", "does not try again", actsAsIf("Resync_Error_Retry_Delay", "0")},
        {"periodic-too-late", "periodic", "resyncs after a quarter of an hour more",
         actsAsIf("Resync_Periodic", "4500")},
        {"no-second-rule", "rules", "forgets its second profile rule", actsAsIf("Profile_Rule_B", "")},
        {"no-resync-on-reset", "http", "does not resync when it has started",
         actsAsIf("Resync_On_Reset", "No")},
        {"reversed-rules", "rules", "asks by its second profile rule first", reverseRules},
    };
}

}  // namespace deviations
