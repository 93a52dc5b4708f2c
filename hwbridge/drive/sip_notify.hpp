#pragma once

#include "hwbridge/drive/notify_transaction.hpp"

#include <string>

namespace hwbridge {

// Sends a NOTIFY to the SIP port of a phone (UDP) and waits on the calling thread until the phone has answered.
// `phone`: "192.0.2.7" or "192.0.2.7:5061"; the usual port is 5060.
// Errors: those of NotifyTransaction; Malformed: the address, an event with line breaks; Unreachable: nobody listens there.
emulator::Result<void> sendNotify(const std::string& device, const std::string& phone,
                                  const NotifyCommand& command);

}  // namespace hwbridge
