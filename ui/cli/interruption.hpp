#pragma once

namespace ui {

// Turns SIGINT and SIGTERM into a question, so that a command ends by itself: servers closed, memory written. A second
// signal ends the process at once. SIGPIPE is ignored: writing to a closed pipe is an ordinary error.
void watchForInterruption();
bool interrupted();

}  // namespace ui
