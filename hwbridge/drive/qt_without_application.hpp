#pragma once

namespace hwbridge {

// Sockets of Qt wait on the calling thread and need no application object. Qt says once that it misses one, which means
// nothing here and would stand among a user's messages; this keeps it from doing so where no application is.
void useQtWithoutApplication();

}  // namespace hwbridge
