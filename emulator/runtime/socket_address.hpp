#pragma once

#include "emulator/base/ip_address.hpp"
#include "emulator/base/result.hpp"

#include <netinet/in.h>

#include <string>

namespace emulator {

sockaddr_in socketAddress(const Endpoint& endpoint);
Endpoint endpointOf(const sockaddr_in& address);
Endpoint localEnd(int descriptor);  // 0.0.0.0:0 when it has none

// What a failed system call means to a phone, with the server in the detail: "connection refused by 10.0.0.1:80".
// Errors: Unreachable for whatever keeps packets from getting through, also the lack of a local port. The lack of a
// descriptor is counted (descriptor_shortage.hpp), here and in systemError().
Error networkError(int number, const Endpoint& server);

// A system call of the rig itself failed: "cannot <what>: <reason>". Errors: Unreachable.
Error systemError(const std::string& what, int number);

}  // namespace emulator
