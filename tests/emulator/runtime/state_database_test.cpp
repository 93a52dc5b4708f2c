#include "emulator/runtime/state_database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

namespace emulator {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class StateDatabaseTest : public testing::Test {
protected:
    StateDatabaseTest()
    {
        std::string name = fs::temp_directory_path() / "state-XXXXXX";
        m_top = ::mkdtemp(name.data());
        m_folder = m_top / "state";
    }
    ~StateDatabaseTest() override { fs::remove_all(m_top); }

    std::unique_ptr<StateDatabase> open() const
    {
        Result<std::unique_ptr<StateDatabase>> opened = StateDatabase::open(m_folder);
        EXPECT_TRUE(opened.has_value()) << opened.error().detail;
        return std::move(*opened);
    }
    static std::map<std::uint64_t, std::string> rows(const StateDatabase& database)
    {
        std::map<std::uint64_t, std::string> all;
        const Result<void> read =
            database.forEach([&](const MacAddress& mac, std::string_view memory) -> Result<void> {
                all[mac.number()] = memory;
                return {};
            });
        EXPECT_TRUE(read.has_value());
        return all;
    }

    fs::path m_top;
    fs::path m_folder;
};

MacAddress mac(std::uint64_t number)
{
    return MacAddress{}.plus(number);
}

TEST_F(StateDatabaseTest, GivesBackWhatWasKeptTheLastValueOfEach)
{
    {
        const auto database = open();
        database->begin([](std::span<const StateDatabase::Receipt>) {});
        database->keep(mac(0x000e08000001), "first", {});
        database->keep(mac(0x000e08000002), std::string("with\0zero", 9), {});
        database->keep(mac(0x000e08000001), "second", {});
        database->keep(mac(0xffffffffffff), "", {});
    }
    const std::map<std::uint64_t, std::string> expected{
        {0x000e08000001, "second"}, {0x000e08000002, std::string("with\0zero", 9)}, {0xffffffffffff, ""}};
    EXPECT_EQ(rows(*open()), expected);
}

TEST_F(StateDatabaseTest, GivesOneReceiptPerWriteInOrder)
{
    std::mutex mutex;
    std::condition_variable came;
    std::vector<std::uint32_t> phones;
    const auto database = open();
    database->begin([&](std::span<const StateDatabase::Receipt> receipts) {
        const std::lock_guard lock{mutex};
        for (const StateDatabase::Receipt& receipt : receipts)
            phones.push_back(static_cast<std::uint32_t>(receipt.phone));
        came.notify_one();
    });
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        database->keep(mac(i % 7), "x", {0, PhoneIndex{i}});
        expected.push_back(i);
    }
    std::unique_lock lock{mutex};
    EXPECT_TRUE(came.wait_for(lock, 30s, [&] { return phones.size() == 1000; }));
    EXPECT_EQ(phones, expected);
}

TEST_F(StateDatabaseTest, IsReadableByItsOwnerOnly)
{
    const auto database = open();
    const auto mode = [](const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777;
    };
    EXPECT_EQ(mode(m_folder), 0700u);
    for (const fs::directory_entry& entry : fs::directory_iterator{m_folder})
        EXPECT_EQ(mode(entry.path()), 0600u) << entry.path();
}

TEST_F(StateDatabaseTest, TwoRunsDoNotShareAFolder)
{
    const auto first = open();
    const Result<std::unique_ptr<StateDatabase>> second = StateDatabase::open(m_folder);
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().kind, ErrorKind::Refused);
    EXPECT_NE(second.error().detail.find(std::to_string(::getpid())), std::string::npos)
        << second.error().detail;
}

// The child writes as fast as it can and says on a pipe what it was told is safe; it is killed in the middle.
TEST_F(StateDatabaseTest, AKilledProcessLosesNothingThatWasAcknowledged)
{
    for (int round = 0; round < 3; ++round) {
        int pipes[2];
        ASSERT_EQ(::pipe(pipes), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(pipes[0]);
            auto opened = StateDatabase::open(m_folder);
            if (opened.has_error())
                ::_exit(1);
            StateDatabase& database = **opened;
            database.begin([&](std::span<const StateDatabase::Receipt> receipts) {
                for (const StateDatabase::Receipt& receipt : receipts)
                    if (::write(pipes[1], &receipt.phone, sizeof receipt.phone) < 0)
                        ::_exit(2);
            });
            for (std::uint32_t i = 0;; ++i) {
                database.keep(mac(i), "round " + std::to_string(round) + " value " + std::to_string(i),
                              {0, PhoneIndex{i}});
                if (i % 50 == 0)
                    std::this_thread::yield();
            }
        }
        ::close(pipes[1]);
        std::uint32_t acknowledged = 0;
        std::uint32_t number = 0;
        bool killed = false;
        while (::read(pipes[0], &number, sizeof number) == sizeof number) {
            acknowledged = number + 1;
            if (acknowledged > 2000 && !std::exchange(killed, true))
                ::kill(child, SIGKILL);
        }
        ::close(pipes[0]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        const auto found = rows(*open());
        for (std::uint32_t i = 0; i < acknowledged; ++i) {
            const auto row = found.find(i);
            ASSERT_NE(row, found.end()) << "row " << i << " of " << acknowledged;
            ASSERT_EQ(row->second, "round " + std::to_string(round) + " value " + std::to_string(i));
        }
    }
}

TEST_F(StateDatabaseTest, AFileThatIsNoDatabaseIsMalformedAndLeftAlone)
{
    fs::create_directories(m_folder);
    std::ofstream{m_folder / "phones.db"} << std::string(5000, 'x');
    const Result<std::unique_ptr<StateDatabase>> opened = StateDatabase::open(m_folder);
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().kind, ErrorKind::Malformed);
    EXPECT_EQ(fs::file_size(m_folder / "phones.db"), 5000u);
}

TEST_F(StateDatabaseTest, AnotherProgramsDatabaseAndALaterVersionAreRefused)
{
    const auto execute = [&](const char* sql) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open((m_folder / "phones.db").c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    };
    open().reset();
    execute("PRAGMA user_version=2");
    Result<std::unique_ptr<StateDatabase>> opened = StateDatabase::open(m_folder);
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().kind, ErrorKind::Unsupported);
    execute("PRAGMA application_id=1; PRAGMA user_version=1");
    opened = StateDatabase::open(m_folder);
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().kind, ErrorKind::Malformed);
}

TEST_F(StateDatabaseTest, AFolderThatCannotBeMadeSaysWhich)
{
    std::ofstream{m_folder} << "a file";
    const Result<std::unique_ptr<StateDatabase>> opened = StateDatabase::open(m_folder / "below");
    ASSERT_TRUE(opened.has_error());
    EXPECT_NE(opened.error().detail.find(m_folder.string()), std::string::npos);
}

}  // namespace
}  // namespace emulator
