#include "hwbridge/bench/inventory.hpp"
#include "tests/fuzz/target.hpp"

FUZZ_TARGET(bench_inventory)
{
    const hwbridge::InventoryReading reading = hwbridge::readInventory("bench.yaml", fuzz::text(data, size));
    fuzz::require(reading.inventory.has_value() == reading.problems.empty(),
                  "either an inventory or problems");
    if (reading.inventory)
        for (const hwbridge::BenchPhone& phone : reading.inventory->phones)
            fuzz::require(phone.mac.has_value() || phone.address.has_value(),
                          "a phone can be told from others");
    return 0;
}
