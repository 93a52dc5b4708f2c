#pragma once

#include "hwbridge/drive/phone_driver.hpp"
#include "hwbridge/power/phone_wire.hpp"
#include "scenarios/engine/bench_place.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace scenarios {

// What a person at one real phone does, one thing after the other, on a thread of its own: such things wait.
class BenchHands {
public:
    using Outcome = emulator::Result<emulator::HttpResponse>;
    using Presets = std::vector<std::pair<std::string, std::string>>;

    // `place` and `wire` outlive this object.
    BenchHands(const BenchPlace& place, hwbridge::PhoneWire& wire);
    ~BenchHands();  // ends what is waited for, and a power command within its own limit; what is queued is left undone

    // Before the first step, on the calling thread: submits what the page shows otherwise, and leaves the phone without
    // power where it can be switched, so that the scenario switches it on. Without, it waits until the phone is quiet.
    // Errors, one sentence each: those of PhoneDriver and VerifiedPower; Refused: BenchPlace::lost() said why.
    emulator::Result<void> prepare(const Presets& presets);

    // Queues one of PowerOn, PowerOff, Browse and Submit; `done` is called on the thread of the hands.
    void act(Action action, std::function<void(Outcome)> done);

private:
    void work();
    emulator::Result<void> makeReady(const Presets& presets);
    Outcome carryOut(const Action& action);
    emulator::Result<void> switchPower(hwbridge::PowerAction action);
    Outcome powerOn();
    Outcome powerOff();
    Outcome browse(const emulator::HttpRequest& request);
    Outcome submit(const Submit& submit);
    emulator::Result<void> submitPresets(const Presets& presets);
    emulator::Result<void> awaitPage();
    void awaitQuiet();
    emulator::Result<void> askPage(std::chrono::milliseconds timeout);
    emulator::Result<void> mayTouch() const;
    bool isOver() const;
    hwbridge::WebAccess web() const;

    const BenchPlace& m_place;
    hwbridge::PhoneWire& m_wire;
    bool m_on = true;

    struct Job {
        Action action;
        std::function<void(Outcome)> done;
    };
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::deque<Job> m_jobs;
    std::atomic<bool> m_ending{false};
    std::thread m_thread;  // last: begins when the others are there
};

}  // namespace scenarios
