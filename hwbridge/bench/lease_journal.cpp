#include "hwbridge/bench/lease_journal.hpp"

#include "emulator/runtime/durable_database.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <optional>
#include <string_view>

namespace hwbridge {

namespace json = boost::json;
using emulator::DurableDatabase;
using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr emulator::DatabaseKind leaseRows{
    .file = "leases.db",
    .what = "lease journal",
    .folder = "the bench's state folder",
    .user = "daemon",
    .content = "leases",
    .applicationId = 0x70726c73,  // "prls"
    .schemaVersion = 1,
    .schema = "CREATE TABLE leases(phone TEXT PRIMARY KEY, state INTEGER NOT NULL, fence INTEGER NOT NULL, "
              "holder TEXT NOT NULL, reason TEXT NOT NULL, until INTEGER NOT NULL, saved TEXT NOT NULL, "
              "ended TEXT NOT NULL, quarantine TEXT NOT NULL) WITHOUT ROWID",
};
constexpr const char* upsertSql =
    "INSERT INTO leases VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(phone) DO UPDATE SET "
    "state=?2,fence=?3,holder=?4,reason=?5,until=?6,saved=?7,ended=?8,quarantine=?9";
constexpr const char* selectSql =
    "SELECT phone,state,fence,holder,reason,until,saved,ended,quarantine FROM leases ORDER BY phone";
// Journals of before there were checks in them get the table when they are opened.
constexpr const char* checksSql =
    "CREATE TABLE IF NOT EXISTS checks(phone TEXT PRIMARY KEY, at INTEGER NOT NULL, passed INTEGER NOT NULL) "
    "WITHOUT ROWID";
constexpr const char* keepCheckSql =
    "INSERT INTO checks VALUES(?1,?2,?3) ON CONFLICT(phone) DO UPDATE SET at=?2,passed=?3";

std::string print(const std::vector<SavedParameter>& parameters)
{
    json::array all;
    for (const SavedParameter& parameter : parameters)
        all.push_back(json::array{parameter.name, parameter.value});
    return json::serialize(all);
}

std::optional<std::vector<SavedParameter>> parse(std::string_view text)
{
    boost::system::error_code failed;
    const json::value root = json::parse(text, failed);
    if (failed || !root.is_array())
        return std::nullopt;
    std::vector<SavedParameter> parameters;
    for (const json::value& item : root.get_array()) {
        const json::array* const pair = item.if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string())
            return std::nullopt;
        parameters.push_back({std::string{(*pair)[0].get_string()}, std::string{(*pair)[1].get_string()}});
    }
    return parameters;
}

std::string column(sqlite3_stmt* row, int index)
{
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(row, index));
    return text == nullptr ? std::string{}
                           : std::string{text, static_cast<std::size_t>(sqlite3_column_bytes(row, index))};
}

}  // namespace

struct LeaseJournal::Impl {
    void bind(int index, const std::string& text) const
    {
        sqlite3_bind_text64(upsert.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    Result<void> write(const RememberLease& row)
    {
        const PhoneLease& lease = row.lease;
        bind(1, row.phone);
        sqlite3_bind_int64(upsert.get(), 2, static_cast<sqlite3_int64>(lease.state));
        sqlite3_bind_int64(upsert.get(), 3, static_cast<sqlite3_int64>(lease.fence));
        bind(4, lease.holder);
        bind(5, lease.reason);
        sqlite3_bind_int64(upsert.get(), 6, emulator::wallTime(zero, lease.until).time_since_epoch().count());
        bind(7, print(lease.saved));
        bind(8, lease.ended);
        bind(9, lease.quarantine);
        Result<void> written;
        if (sqlite3_step(upsert.get()) != SQLITE_DONE)
            written = database.error("write");
        sqlite3_reset(upsert.get());
        return written;
    }

    DurableDatabase database;
    DurableDatabase::Statement upsert;
    emulator::WallTime zero;
};

LeaseJournal::LeaseJournal(std::unique_ptr<Impl> impl) : m_impl{std::move(impl)} {}

LeaseJournal::~LeaseJournal() = default;

Result<std::unique_ptr<LeaseJournal>> LeaseJournal::open(const std::string& folder, emulator::WallTime zero)
{
    Result<DurableDatabase> database = DurableDatabase::open(folder, leaseRows);
    if (database.has_error())
        return database.error();
    if (const Result<void> made = database->execute(checksSql); made.has_error())
        return made.error();
    Result<DurableDatabase::Statement> upsert = database->prepare(upsertSql);
    if (upsert.has_error())
        return upsert.error();
    return std::unique_ptr<LeaseJournal>{
        new LeaseJournal{std::make_unique<Impl>(Impl{std::move(*database), std::move(*upsert), zero})}};
}

Result<std::map<std::string, PhoneLease>> LeaseJournal::read() const
{
    const Result<DurableDatabase::Statement> statement = m_impl->database.prepare(selectSql);
    if (statement.has_error())
        return statement.error();
    std::map<std::string, PhoneLease> all;
    sqlite3_stmt* const row = statement->get();
    for (;;) {
        const int stepped = sqlite3_step(row);
        if (stepped == SQLITE_DONE)
            return all;
        if (stepped != SQLITE_ROW)
            return m_impl->database.error("read");
        const std::string phone = column(row, 0);
        const sqlite3_int64 state = sqlite3_column_int64(row, 1);
        std::optional<std::vector<SavedParameter>> saved = parse(column(row, 6));
        if (state < 0 || state > static_cast<sqlite3_int64>(PhoneLease::State::Restoring) || !saved)
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("lease journal: the row of {} is none of ours", phone));
        PhoneLease lease;
        lease.state = static_cast<PhoneLease::State>(state);
        lease.fence = Fence{static_cast<std::uint64_t>(sqlite3_column_int64(row, 2))};
        lease.holder = column(row, 3);
        lease.reason = column(row, 4);
        const emulator::WallTime until{emulator::Duration{sqlite3_column_int64(row, 5)}};
        lease.until = emulator::TimePoint{until - m_impl->zero};
        lease.saved = *std::move(saved);
        lease.ended = column(row, 7);
        lease.quarantine = column(row, 8);
        all.emplace(phone, std::move(lease));
    }
}

Result<void> LeaseJournal::keep(std::span<const RememberLease> leases)
{
    if (const Result<void> begun = m_impl->database.beginTransaction(); begun.has_error())
        return begun;
    for (const RememberLease& lease : leases)
        if (Result<void> written = m_impl->write(lease); written.has_error()) {
            m_impl->database.rollBack();
            return written;
        }
    return m_impl->database.commit();
}

Result<std::map<std::string, LastCheck>> LeaseJournal::checks() const
{
    const Result<DurableDatabase::Statement> statement =
        m_impl->database.prepare("SELECT phone,at,passed FROM checks");
    if (statement.has_error())
        return statement.error();
    std::map<std::string, LastCheck> all;
    sqlite3_stmt* const row = statement->get();
    int stepped = sqlite3_step(row);
    for (; stepped == SQLITE_ROW; stepped = sqlite3_step(row))
        all[column(row, 0)] = {emulator::WallTime{emulator::Duration{sqlite3_column_int64(row, 1)}},
                               sqlite3_column_int64(row, 2) != 0};
    if (stepped != SQLITE_DONE)
        return m_impl->database.error("read");
    return all;
}

Result<void> LeaseJournal::keepCheck(const std::string& phone, const LastCheck& check)
{
    const Result<DurableDatabase::Statement> statement = m_impl->database.prepare(keepCheckSql);
    if (statement.has_error())
        return statement.error();
    sqlite3_bind_text64(statement->get(), 1, phone.data(), phone.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    sqlite3_bind_int64(statement->get(), 2, check.at.time_since_epoch().count());
    sqlite3_bind_int64(statement->get(), 3, check.passed ? 1 : 0);
    return sqlite3_step(statement->get()) == SQLITE_DONE ? Result<void>{} : m_impl->database.error("write");
}

}  // namespace hwbridge
