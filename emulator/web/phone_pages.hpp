#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/protocol/http_message.hpp"

#include <vector>

namespace emulator {

// What the phone's web server does with one request: the answer, and what happens to the phone because of it. The
// events are fed to the phone first; the answer leaves when what they changed is remembered (design decision D14).
struct WebAnswer {
    HttpResponse response;
    std::vector<Event> events;
};

// The phone's web utility and URL commands. Pure: reads the phone, changes nothing itself.
// Source: WEB-* requirements; "Cisco IP Phone 7800 Series Multiplatform Phones Administration Guide", web page and
//         direct action URLs. Texts of the answer pages are ours; the guides do not print them.
WebAnswer answerWebRequest(const Phone& phone, TimePoint now, const HttpRequest& request,
                           IpAddress requester);

}  // namespace emulator
