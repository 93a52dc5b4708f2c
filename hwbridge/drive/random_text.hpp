#pragma once

#include <cstddef>
#include <string>

namespace hwbridge {

// So many hexadecimal digits that nobody can guess: nonces of ours, branches and tags of SIP.
std::string randomText(std::size_t digits);

}  // namespace hwbridge
