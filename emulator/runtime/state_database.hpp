#pragma once

#include "emulator/base/mac_address.hpp"
#include "emulator/base/result.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace emulator {

// What phones remember across runs and power cuts (design decision D14): one SQLite database in a folder of its own
// (WAL, mode 0600), keyed by MAC, written by one thread that commits what has come meanwhile as one group.
// What receipts() was told of survives a killed process and a crashed machine.
class StateDatabase {
public:
    // Makes the folder (mode 0700) and the database where they are missing, and locks it for this process.
    // Errors: Refused when another process has it; Unreachable when it cannot be opened or written; Malformed when
    //         it is no database of ours; Unsupported when a later version wrote it.
    static Result<std::unique_ptr<StateDatabase>> open(const std::string& folder);
    ~StateDatabase();  // writes what waits, then closes

    // Hands over every row, in order of the MACs; the first error ends it. Only before begin().
    using Row = std::function<Result<void>(const MacAddress& mac, std::string_view memory)>;
    Result<void> forEach(const Row& row) const;

    // For whom something was written.
    struct Receipt {
        std::uint32_t shard = 0;
        PhoneIndex phone{};
    };
    // Starts the writer. `committed` is called on its thread after each commit, with one receipt per keep(), in order.
    void begin(std::function<void(std::span<const Receipt>)> committed);
    void keep(const MacAddress& mac, std::string memory, Receipt receipt);  // from any thread

    // What keeps the writer from writing, while it does; it tries again every second, and nothing is acknowledged.
    std::optional<Error> trouble() const;

private:
    struct Impl;
    explicit StateDatabase(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace emulator
