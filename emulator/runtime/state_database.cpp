#include "emulator/runtime/state_database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace emulator {

namespace {

constexpr int schemaVersion = 1;
constexpr int applicationId = 0x70726967;  // "prig"
constexpr std::size_t maxGroup = 10'000;  // rows per commit, so that the first of them need not wait for long

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// The process that wrote its number into the lock file, for the sentence.
std::string owner(int lock)
{
    char text[16]{};
    const ssize_t size = ::pread(lock, text, sizeof text - 1, 0);
    return size > 0 ? " (process " + std::string{text, static_cast<std::size_t>(size)} + ")" : "";
}

}  // namespace

struct StateDatabase::Impl {
    struct Write {
        MacAddress mac;
        std::string memory;
        Receipt receipt;
    };

    ~Impl()
    {
        upsert.reset();
        database.reset();
        if (lock >= 0)
            ::close(lock);  // and with it the lock
    }

    Error error(const std::string& what) const
    {
        const int code = sqlite3_errcode(database.get());
        return fail(code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? ErrorKind::Malformed
                                                                    : ErrorKind::Unreachable,
                    "state database " + file + ": " + what + ": " + sqlite3_errmsg(database.get()));
    }

    Result<void> execute(const char* sql)
    {
        if (sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            return error(sql);
        return {};
    }

    Result<std::int64_t> number(const char* sql)
    {
        sqlite3_stmt* raw = nullptr;
        if (sqlite3_prepare_v2(database.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
            return error(sql);
        const Statement statement{raw};
        if (sqlite3_step(raw) != SQLITE_ROW)
            return error(sql);
        return sqlite3_column_int64(raw, 0);
    }

    Result<Statement> prepare(const char* sql) const
    {
        sqlite3_stmt* raw = nullptr;
        if (sqlite3_prepare_v2(database.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
            return error(sql);
        return Statement{raw};
    }

    Result<void> takeLock(const std::string& folder)
    {
        const std::string path = folder + "/lock";
        lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (lock < 0)
            return fail(ErrorKind::Unreachable, "cannot open " + path + ": " + std::strerror(errno));
        if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
            return fail(ErrorKind::Refused,
                        "the state folder " + folder + " is in use by another run" + owner(lock));
        const std::string pid = std::to_string(::getpid());
        if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0)
            return fail(ErrorKind::Unreachable, "cannot write " + path + ": " + std::strerror(errno));
        return {};
    }

    Result<void> openFile()
    {
        // Made by us first: SQLite gives its own files (WAL and its index) the mode of the database.
        const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (made < 0)
            return fail(ErrorKind::Unreachable, "cannot open " + file + ": " + std::strerror(errno));
        const bool privateFile = ::fchmod(made, 0600) == 0;
        const int number = errno;
        ::close(made);
        if (!privateFile)
            return fail(ErrorKind::Unreachable, "cannot make " + file + " private: " + std::strerror(number));
        sqlite3* raw = nullptr;
        const int opened =
            sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        database.reset(raw);
        if (opened != SQLITE_OK)
            return error("open");
        return prepareSchema();
    }

    Result<void> prepareSchema()
    {
        for (const char* sql :
             {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA locking_mode=EXCLUSIVE"})
            if (const Result<void> done = execute(sql); done.has_error())
                return done.error();
        const Result<std::int64_t> version = number("PRAGMA user_version");
        if (version.has_error())
            return version.error();
        const Result<std::int64_t> application = number("PRAGMA application_id");
        if (application.has_error())
            return application.error();
        if (*version > schemaVersion && *application == applicationId)
            return fail(ErrorKind::Unsupported, "state database " + file +
                                                    " was written by a later version (schema " +
                                                    std::to_string(*version) + ", this one knows " +
                                                    std::to_string(schemaVersion) + ")");
        if (*version == 0 && *application == 0) {
            const Result<std::int64_t> tables = number("SELECT count(*) FROM sqlite_master");
            if (tables.has_value() && *tables == 0) {
                const std::string sql = "BEGIN IMMEDIATE;"
                                        "CREATE TABLE phones(mac INTEGER PRIMARY KEY, memory BLOB NOT NULL);"
                                        "PRAGMA application_id=" +
                                        std::to_string(applicationId) +
                                        ";PRAGMA user_version=" + std::to_string(schemaVersion) + ";COMMIT";
                if (const Result<void> made = execute(sql.c_str()); made.has_error())
                    return made.error();
                return prepareUpsert();
            }
        }
        if (*application != applicationId)
            return fail(ErrorKind::Malformed, file + " is a database, but not one of phones' memory");
        return prepareUpsert();
    }

    Result<void> prepareUpsert()
    {
        Result<Statement> made = prepare(
            "INSERT INTO phones(mac, memory) VALUES(?1, ?2) ON CONFLICT(mac) DO UPDATE SET memory=?2");
        if (made.has_error())
            return made.error();
        upsert = std::move(*made);
        return {};
    }

    Result<void> write(const std::vector<Write>& group)
    {
        if (const Result<void> begun = execute("BEGIN IMMEDIATE"); begun.has_error())
            return begun.error();
        for (const Write& row : group) {
            sqlite3_bind_int64(upsert.get(), 1, static_cast<sqlite3_int64>(row.mac.number()));
            sqlite3_bind_blob64(upsert.get(), 2, row.memory.data(), row.memory.size(), SQLITE_STATIC);
            const bool stepped = sqlite3_step(upsert.get()) == SQLITE_DONE;
            if (!stepped) {
                Error failed = error("write");
                sqlite3_reset(upsert.get());
                sqlite3_exec(database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
                return failed;
            }
            sqlite3_reset(upsert.get());
        }
        if (const Result<void> ended = execute("COMMIT"); ended.has_error()) {
            sqlite3_exec(database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
            return ended.error();
        }
        return {};
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

    std::string file;
    int lock = -1;
    Database database;
    Statement upsert;
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
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed)) {
        std::filesystem::create_directories(folder, failed);
        if (!failed)
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    }
    if (failed)
        return fail(ErrorKind::Unreachable,
                    "cannot make the state folder " + folder + ": " + failed.message());
    auto impl = std::make_unique<Impl>();
    impl->file = folder + "/phones.db";
    if (const Result<void> locked = impl->takeLock(folder); locked.has_error())
        return locked.error();
    if (const Result<void> opened = impl->openFile(); opened.has_error())
        return opened.error();
    return std::unique_ptr<StateDatabase>{new StateDatabase{std::move(impl)}};
}

Result<void> StateDatabase::forEach(const Row& row) const
{
    Result<Statement> statement = m_impl->prepare("SELECT mac, memory FROM phones ORDER BY mac");
    if (statement.has_error())
        return statement.error();
    sqlite3_stmt* const rows = statement->get();
    for (;;) {
        const int step = sqlite3_step(rows);
        if (step == SQLITE_DONE)
            return {};
        if (step != SQLITE_ROW)
            return m_impl->error("read");
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
