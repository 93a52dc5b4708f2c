#pragma once

#include "scenarios/engine/stage.hpp"

namespace scenarios {

// The plan of a NOTIFY with what only the stage knows.
fixtures::NotifyPlan completeNotify(fixtures::NotifyPlan plan, ActionId id, const emulator::Endpoint& proxy,
                                    const emulator::Endpoint& phone);

// How it went, as the result of an action.
emulator::Result<emulator::HttpResponse> notifyAnswer(const fixtures::NotifyResult& result);

}  // namespace scenarios
