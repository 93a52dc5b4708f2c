#include "emulator/web/phone_pages.hpp"
#include "tests/emulator/phone/phone_run.hpp"
#include "tests/fuzz/target.hpp"

// Whatever a browser asks of a phone, one complete answer comes and the phone lives on.
FUZZ_TARGET(web_request)
{
    using namespace emulator;
    using namespace std::chrono_literals;
    static const PhoneRun fresh = [] {
        PhoneRun run{{.set = {{"Resync_On_Reset", "No"}}}};
        run.powerOn();
        run.pass(1s);
        return run;
    }();
    HttpRequestReader reader;
    Result<std::optional<HttpRequest>> request = reader.feed(fuzz::text(data, size));
    if (!request.has_value() || !request->has_value())
        return 0;
    Phone phone = *fresh.phone;
    const WebAnswer answer =
        answerWebRequest(phone, TimePoint{2s}, **request, IpAddress::parse("192.0.2.1").value());
    fuzz::require(answer.response.status >= 200 && answer.response.status < 600, "one answer");
    for (const Event& event : answer.events)
        (void)phone.handle(TimePoint{2s}, event);
    (void)answerWebRequest(phone, TimePoint{3s}, HttpRequest{}, IpAddress::parse("192.0.2.1").value());
    return 0;
}
