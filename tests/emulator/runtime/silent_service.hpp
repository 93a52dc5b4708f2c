#pragma once

#include "emulator/runtime/services.hpp"

namespace emulator {

// A server that takes every datagram and says nothing.
class TakesAll : public DatagramService {
public:
    std::unique_ptr<DatagramSession> arrived(TimePoint, std::string_view, const Endpoint&, ClientMemory&,
                                             SessionOutput&) const override
    {
        return nullptr;
    }
};

}  // namespace emulator
