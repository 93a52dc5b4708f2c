#pragma once

namespace hwbridge {

// Keeps the right to capture (CAP_NET_RAW) and what it takes to become somebody else; gives up every other one, and
// that of getting new ones by starting programs. False: the system refused.
bool keepOnlyCapture();

// Gives up all rights; root becomes nobody, where there is one. False: some are left.
bool dropAllRights();

}  // namespace hwbridge
