#include "emulator/runtime/phone_snapshot.hpp"

#include <algorithm>

namespace emulator {

namespace {

// "resync succeeded", "upgrade failed: REASON".
std::string lastResultOf(const Phone& phone)
{
    const std::vector<ProvisioningOutcome> outcomes = phone.outcomes();
    const auto last = std::max_element(
        outcomes.begin(), outcomes.end(),
        [](const ProvisioningOutcome& a, const ProvisioningOutcome& b) { return a.at < b.at; });
    if (last == outcomes.end())
        return {};
    std::string text = last->firmware ? "upgrade" : "resync";
    text += last->succeeded ? " succeeded" : " failed";
    if (!last->succeeded && !last->reason.empty())
        text += ": " + last->reason;
    return text;
}

}  // namespace

PhoneSnapshot snapshotOf(PhoneIndex index, const Phone& phone)
{
    PhoneSnapshot seen;
    seen.index = index;
    seen.mac = phone.mac();
    seen.address = phone.address();
    seen.state = phone.state();
    seen.led = phone.muteLed();
    seen.ledSince = phone.ledSince();
    seen.nextResync = phone.nextResync();
    seen.firmware = phone.firmware().load;
    seen.lastResult = lastResultOf(phone);
    std::string_view lines = phone.messages().text();
    if (!lines.empty())
        lines.remove_suffix(1);  // the last line's end
    seen.lastMessage = lines.substr(lines.rfind('\n') + 1);
    return seen;
}

}  // namespace emulator
