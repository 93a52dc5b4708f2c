#include "emulator/runtime/descriptor_shortage.hpp"

#include <atomic>
#include <cerrno>

namespace emulator {

namespace {

std::atomic<std::uint64_t> shortages{0};

}  // namespace

std::uint64_t descriptorShortages()
{
    return shortages.load(std::memory_order_relaxed);
}

void noteDescriptorShortage()
{
    shortages.fetch_add(1, std::memory_order_relaxed);
}

bool isDescriptorShortage(int number)
{
    return number == EMFILE || number == ENFILE;
}

}  // namespace emulator
