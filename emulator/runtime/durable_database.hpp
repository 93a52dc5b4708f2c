#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace emulator {

// What a database is for: told from all others by its application id, from later forms of itself by its version.
struct DatabaseKind {
    const char* file;       // its name in the folder: "phones.db"
    const char* what;       // in sentences: "state database"
    const char* folder;     // "the state folder"
    const char* user;       // "run": who else may have it
    const char* content;    // "phones' memory"
    int applicationId = 0;  // four letters
    int schemaVersion = 1;
    const char* schema;  // the SQL that makes its tables
};

// One SQLite database in a folder of its own (WAL, synchronous, mode 0600), locked for one process. What a transaction
// has committed survives a killed process and a crashed machine (design decision D14).
class DurableDatabase {
public:
    struct FinalizeStatement {
        void operator()(sqlite3_stmt* statement) const;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

    // Makes the folder (mode 0700) and the database where they are missing, and locks it for this process.
    // Errors: Refused when another process has it; Unreachable when it cannot be opened or written; Malformed when
    //         it is no database of that kind; Unsupported when a later version wrote it.
    static Result<DurableDatabase> open(const std::string& folder, const DatabaseKind& kind);
    ~DurableDatabase();
    DurableDatabase(DurableDatabase&& other) noexcept;
    DurableDatabase& operator=(DurableDatabase&&) = delete;

    Result<void> execute(const char* sql);
    Result<std::int64_t> number(const char* sql);  // the first column of the first row
    Result<Statement> prepare(const char* sql) const;
    Error error(const std::string& what) const;  // what SQLite says of the last call

    // Between them all or nothing. A commit that fails is rolled back.
    Result<void> beginTransaction();
    Result<void> commit();
    void rollBack();

private:
    struct CloseDatabase {
        void operator()(sqlite3* database) const;
    };
    explicit DurableDatabase(const DatabaseKind& kind) : m_kind{kind} {}
    Result<void> takeLock(const std::string& folder);
    Result<void> openFile();
    Result<void> prepareSchema();

    DatabaseKind m_kind;
    std::string m_file;
    int m_lock = -1;
    std::unique_ptr<sqlite3, CloseDatabase> m_database;
};

}  // namespace emulator
