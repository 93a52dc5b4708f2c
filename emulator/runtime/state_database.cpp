#include "emulator/runtime/state_database.hpp"

#include "emulator/runtime/durable_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace emulator {

namespace {

constexpr DatabaseKind phonesMemory{
    .file = "phones.db",
    .what = "state database",
    .folder = "the state folder",
    .user = "run",
    .content = "phones' memory",
    .applicationId = 0x70726967,  // "prig"
    .schemaVersion = 1,
    .schema = "CREATE TABLE phones(mac INTEGER PRIMARY KEY, memory BLOB NOT NULL)",
};
constexpr std::size_t maxGroup = 10'000;  // rows per commit, so that the first of them need not wait for long

}  // namespace

struct StateDatabase::Impl {
    struct Write {
        MacAddress mac;
        std::string memory;
        Receipt receipt;
    };

    Impl(DurableDatabase opened, DurableDatabase::Statement prepared)
        : database{std::move(opened)},
          upsert{std::move(prepared)}
    {}

    Result<void> write(const std::vector<Write>& group)
    {
        if (const Result<void> begun = database.beginTransaction(); begun.has_error())
            return begun.error();
        for (const Write& row : group) {
            sqlite3_bind_int64(upsert.get(), 1, static_cast<sqlite3_int64>(row.mac.number()));
            sqlite3_bind_blob64(upsert.get(), 2, row.memory.data(), row.memory.size(), SQLITE_STATIC);
            const bool stepped = sqlite3_step(upsert.get()) == SQLITE_DONE;
            if (!stepped) {
                Error failed = database.error("write");
                sqlite3_reset(upsert.get());
                database.rollBack();
                return failed;
            }
            sqlite3_reset(upsert.get());
        }
        return database.commit();
    }

    void run()
    {
        std::vector<Write> group;
        std::vector<Receipt> receipts;
        std::unique_lock guard{mutex};
        for (;;) {
            came.wait(guard, [&] { return stopping || !waiting.empty(); });
            if (waiting.empty())
                return;
            const std::size_t count = std::min(waiting.size(), maxGroup);
            group.assign(std::make_move_iterator(waiting.begin()),
                         std::make_move_iterator(waiting.begin() + static_cast<std::ptrdiff_t>(count)));
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
            for (;;) {
                guard.unlock();
                Result<void> written = write(group);
                guard.lock();
                if (written.has_value())
                    break;
                current = written.error();
                if (came.wait_for(guard, std::chrono::seconds{1}, [&] { return stopping; }))
                    return;  // nothing of the group was acknowledged
            }
            current.reset();
            receipts.clear();
            for (const Write& row : group)
                receipts.push_back(row.receipt);
            guard.unlock();
            committed(receipts);
            guard.lock();
        }
    }

    DurableDatabase database;
    DurableDatabase::Statement upsert;
    std::function<void(std::span<const Receipt>)> committed;
    mutable std::mutex mutex;
    std::condition_variable came;
    std::deque<Write> waiting;
    std::optional<Error> current;
    bool stopping = false;
    std::thread writer;
};

StateDatabase::StateDatabase(std::unique_ptr<Impl> impl) : m_impl{std::move(impl)} {}

StateDatabase::~StateDatabase()
{
    if (!m_impl->writer.joinable())
        return;
    {
        const std::lock_guard guard{m_impl->mutex};
        m_impl->stopping = true;
    }
    m_impl->came.notify_one();
    m_impl->writer.join();
}

Result<std::unique_ptr<StateDatabase>> StateDatabase::open(const std::string& folder)
{
    Result<DurableDatabase> database = DurableDatabase::open(folder, phonesMemory);
    if (database.has_error())
        return database.error();
    Result<DurableDatabase::Statement> upsert = database->prepare(
        "INSERT INTO phones(mac, memory) VALUES(?1, ?2) ON CONFLICT(mac) DO UPDATE SET memory=?2");
    if (upsert.has_error())
        return upsert.error();
    return std::unique_ptr<StateDatabase>{
        new StateDatabase{std::make_unique<Impl>(std::move(*database), std::move(*upsert))}};
}

Result<void> StateDatabase::forEach(const Row& row) const
{
    Result<DurableDatabase::Statement> statement =
        m_impl->database.prepare("SELECT mac, memory FROM phones ORDER BY mac");
    if (statement.has_error())
        return statement.error();
    sqlite3_stmt* const rows = statement->get();
    for (;;) {
        const int step = sqlite3_step(rows);
        if (step == SQLITE_DONE)
            return {};
        if (step != SQLITE_ROW)
            return m_impl->database.error("read");
        const void* bytes = sqlite3_column_blob(rows, 1);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(rows, 1));
        const std::string_view memory{size == 0 ? "" : static_cast<const char*>(bytes), size};
        if (Result<void> taken =
                row(MacAddress{}.plus(static_cast<std::uint64_t>(sqlite3_column_int64(rows, 0))), memory);
            taken.has_error())
            return taken;
    }
}

void StateDatabase::begin(std::function<void(std::span<const Receipt>)> committed)
{
    m_impl->committed = std::move(committed);
    m_impl->writer = std::thread{[impl = m_impl.get()] { impl->run(); }};
}

void StateDatabase::keep(const MacAddress& mac, std::string memory, Receipt receipt)
{
    bool first = false;
    {
        const std::lock_guard guard{m_impl->mutex};
        first = m_impl->waiting.empty();
        m_impl->waiting.push_back({mac, std::move(memory), receipt});
    }
    if (first)
        m_impl->came.notify_one();
}

std::optional<Error> StateDatabase::trouble() const
{
    const std::lock_guard guard{m_impl->mutex};
    return m_impl->current;
}

}  // namespace emulator
