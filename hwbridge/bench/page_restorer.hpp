#pragma once

#include "hwbridge/bench/restorer.hpp"

#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

namespace hwbridge {

// Puts parameters back on the phone's own configuration page, as a person with a browser would: makes sure that it is
// the right phone, submits what the page shows otherwise, and reads the page until it shows all of them. A phone that does
// not answer, as while it reboots, is asked again, and its power is switched on once where the inventory says how. Each phone has a thread of its own.
// Secrets, which no page shows, are submitted and not read back. Errors, to `done`: those of PhoneDriver; TimedOut: the page
// never showed them.
class PageRestorer final : public Restorer {
public:
    ~PageRestorer() override;  // ends what is waited for, and a power command within its own limit

    void restore(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                 emulator::Duration limit, std::function<void(emulator::Result<void>)> done) override;

private:
    using Clock = std::chrono::steady_clock;

    emulator::Result<void> putBack(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                                   Clock::time_point end);
    bool endsWithin(Clock::duration pause);

    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_ending = false;
    std::vector<std::future<void>> m_running;  // last, so that they end while the others are there
};

}  // namespace hwbridge
