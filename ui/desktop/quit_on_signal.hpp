#pragma once

namespace ui {

// From now on Ctrl-C and SIGTERM close the window as its user would, so that the engine it brought along ends with it.
void quitOnSignal();

}  // namespace ui
