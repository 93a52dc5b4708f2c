#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease.hpp"

#include <functional>

namespace hwbridge {

// Puts a phone back as it was found before a lease.
class Restorer {
public:
    virtual ~Restorer() = default;

    // Submits the parameters to the phone and reads them back. `done` is called once, from any thread: nothing means
    // that all of them are back. Doing it again has to give the same: a daemon that was killed meanwhile asks anew.
    // After `limit` the phone is not touched any more, whatever came of it.
    virtual void restore(const BenchPhone& phone, const std::vector<SavedParameter>& parameters,
                         emulator::Duration limit, std::function<void(emulator::Result<void>)> done) = 0;
};

}  // namespace hwbridge
