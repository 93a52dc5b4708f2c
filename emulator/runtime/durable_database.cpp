#include "emulator/runtime/durable_database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace emulator {

namespace {

// The process that wrote its number into the lock file, for the sentence.
std::string owner(int lock)
{
    char text[16]{};
    const ssize_t size = ::pread(lock, text, sizeof text - 1, 0);
    return size > 0 ? " (process " + std::string{text, static_cast<std::size_t>(size)} + ")" : "";
}

}  // namespace

void DurableDatabase::FinalizeStatement::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

void DurableDatabase::CloseDatabase::operator()(sqlite3* database) const
{
    sqlite3_close(database);
}

DurableDatabase::DurableDatabase(DurableDatabase&& other) noexcept
    : m_kind{other.m_kind},
      m_file{std::move(other.m_file)},
      m_lock{std::exchange(other.m_lock, -1)},
      m_database{std::move(other.m_database)}
{}

DurableDatabase::~DurableDatabase()
{
    m_database.reset();
    if (m_lock >= 0)
        ::close(m_lock);  // and with it the lock
}

Result<DurableDatabase> DurableDatabase::open(const std::string& folder, const DatabaseKind& kind)
{
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed)) {
        std::filesystem::create_directories(folder, failed);
        if (!failed)
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    }
    if (failed)
        return fail(ErrorKind::Unreachable,
                    "cannot make " + std::string{kind.folder} + " " + folder + ": " + failed.message());
    DurableDatabase database{kind};
    database.m_file = folder + "/" + kind.file;
    if (const Result<void> locked = database.takeLock(folder); locked.has_error())
        return locked.error();
    if (const Result<void> opened = database.openFile(); opened.has_error())
        return opened.error();
    return database;
}

Error DurableDatabase::error(const std::string& what) const
{
    const int code = sqlite3_errcode(m_database.get());
    return fail(
        code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? ErrorKind::Malformed : ErrorKind::Unreachable,
        std::string{m_kind.what} + " " + m_file + ": " + what + ": " + sqlite3_errmsg(m_database.get()));
}

Result<void> DurableDatabase::execute(const char* sql)
{
    if (sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return error(sql);
    return {};
}

Result<std::int64_t> DurableDatabase::number(const char* sql)
{
    const Result<Statement> statement = prepare(sql);
    if (statement.has_error())
        return statement.error();
    if (sqlite3_step(statement->get()) != SQLITE_ROW)
        return error(sql);
    return sqlite3_column_int64(statement->get(), 0);
}

Result<DurableDatabase::Statement> DurableDatabase::prepare(const char* sql) const
{
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(m_database.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
        return error(sql);
    return Statement{raw};
}

Result<void> DurableDatabase::beginTransaction()
{
    return execute("BEGIN IMMEDIATE");
}

Result<void> DurableDatabase::commit()
{
    Result<void> ended = execute("COMMIT");
    if (ended.has_error())
        rollBack();
    return ended;
}

void DurableDatabase::rollBack()
{
    sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> DurableDatabase::takeLock(const std::string& folder)
{
    const std::string path = folder + "/lock";
    m_lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_lock < 0)
        return fail(ErrorKind::Unreachable, "cannot open " + path + ": " + std::strerror(errno));
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorKind::Refused, std::string{m_kind.folder} + " " + folder + " is in use by another " +
                                            m_kind.user + owner(m_lock));
    const std::string pid = std::to_string(::getpid());
    if (::ftruncate(m_lock, 0) != 0 || ::pwrite(m_lock, pid.data(), pid.size(), 0) < 0)
        return fail(ErrorKind::Unreachable, "cannot write " + path + ": " + std::strerror(errno));
    return {};
}

Result<void> DurableDatabase::openFile()
{
    // Made by us first: SQLite gives its own files (WAL and its index) the mode of the database.
    const int made = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made < 0)
        return fail(ErrorKind::Unreachable, "cannot open " + m_file + ": " + std::strerror(errno));
    const bool privateFile = ::fchmod(made, 0600) == 0;
    const int number = errno;
    ::close(made);
    if (!privateFile)
        return fail(ErrorKind::Unreachable, "cannot make " + m_file + " private: " + std::strerror(number));
    sqlite3* raw = nullptr;
    const int opened =
        sqlite3_open_v2(m_file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    m_database.reset(raw);
    if (opened != SQLITE_OK)
        return error("open");
    return prepareSchema();
}

Result<void> DurableDatabase::prepareSchema()
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
    if (*version > m_kind.schemaVersion && *application == m_kind.applicationId)
        return fail(ErrorKind::Unsupported, std::string{m_kind.what} + " " + m_file +
                                                " was written by a later version (schema " +
                                                std::to_string(*version) + ", this one knows " +
                                                std::to_string(m_kind.schemaVersion) + ")");
    if (*version == 0 && *application == 0) {
        const Result<std::int64_t> tables = number("SELECT count(*) FROM sqlite_master");
        if (tables.has_value() && *tables == 0) {
            const std::string sql = "BEGIN IMMEDIATE;" + std::string{m_kind.schema} +
                                    ";PRAGMA application_id=" + std::to_string(m_kind.applicationId) +
                                    ";PRAGMA user_version=" + std::to_string(m_kind.schemaVersion) +
                                    ";COMMIT";
            return execute(sql.c_str());
        }
    }
    if (*application != m_kind.applicationId)
        return fail(ErrorKind::Malformed, m_file + " is a database, but not one of " + m_kind.content);
    return {};
}

}  // namespace emulator
