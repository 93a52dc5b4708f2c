#pragma once

#include "emulator/base/url.hpp"
#include "emulator/protocol/http_message.hpp"
#include "hwbridge/drive/web_access.hpp"

#include <chrono>
#include <string>

namespace hwbridge {

// Sends one HTTP request over a connection of its own and reads the answer: no proxy, no second try, nothing kept.
// Waits on the calling thread; needs no event loop. `url`: whom to connect to; its path is not looked at. Of `access` the
// device's name, certificates, limit of bytes and `stop` count.
// Errors, one clear sentence each, beginning with the device's name: Unresolvable, Unreachable, Refused (the certificate;
// `stop` said so), TimedOut (at `deadline`), Corrupt (the connection ended in the middle), Malformed, TooLarge.
emulator::Result<emulator::HttpResponse> exchangeOverSocket(const WebAccess& access, const emulator::Url& url,
                                                            const emulator::HttpRequest& request,
                                                            std::chrono::steady_clock::time_point deadline);

}  // namespace hwbridge
