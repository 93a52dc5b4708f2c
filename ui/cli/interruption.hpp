#pragma once

namespace ui {

// Turns SIGINT and SIGTERM into a question, so that a command ends by itself: servers closed, memory written. A second
// signal ends the process at once. SIGPIPE is ignored: writing to a closed pipe is an ordinary error.
void watchForInterruption();
bool interrupted();
// A descriptor that can be read from once interrupted() is true, for whoever waits for others too; it stays unread. -1
// before watchForInterruption().
int interruptionBell();

}  // namespace ui
