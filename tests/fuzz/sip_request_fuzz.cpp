#include "emulator/phone/sip_requests.hpp"
#include "emulator/protocol/sip_message.hpp"
#include "tests/emulator/phone/phone_run.hpp"
#include "tests/fuzz/target.hpp"

// Whatever comes to a phone's SIP port, it answers with SIP or not at all, and lives on.
FUZZ_TARGET(sip_request)
{
    using namespace emulator;
    using namespace std::chrono_literals;
    static const PhoneRun fresh = [] {
        PhoneRun::Options options;
        options.set = {{"Resync_On_Reset", "No"},
                       {"Auth_Resync-Reboot_1_", "No"},
                       {"User_ID_2_", "4712"},
                       {"CISCO_XML_EXE_Enable", "Yes"}};
        options.model = "CP-7841-3PCC";
        PhoneRun run{options};
        run.powerOn();
        run.pass(1s);
        return run;
    }();
    const std::string_view datagram = fuzz::text(data, size);
    Phone phone = *fresh.phone;
    const SipAnswer answer = answerSipRequest(phone, nullptr, TimePoint{2s}, datagram,
                                              {IpAddress::parse("192.0.2.1").value(), 5060});
    if (!answer.datagram.empty())
        fuzz::require(readSipLines(answer.datagram).has_value(), "an answer is SIP");
    for (const Event& event : answer.events)
        (void)phone.handle(TimePoint{2s}, event);
    return 0;
}
