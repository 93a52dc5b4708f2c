#include "hwbridge/bench/lease_journal.hpp"

#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::TimePoint;
using emulator::WallTime;

const WallTime noon{1'700'000'000s};

std::unique_ptr<LeaseJournal> open(const TemporaryFolder& folder, WallTime zero = noon)
{
    emulator::Result<std::unique_ptr<LeaseJournal>> journal = LeaseJournal::open(folder / "state", zero);
    EXPECT_TRUE(journal.has_value()) << journal.error().detail;
    return std::move(*journal);
}

PhoneLease aLease()
{
    return {PhoneLease::State::Held,
            Fence{7},
            "me@here",
            "\"why\"\nnot",
            TimePoint{} + 90s,
            {},
            {{"GPP_A", "a\"b\\c\n\u00e4"}, {"GPP_B", std::string("nul\0l", 5)}},
            "",
            ""};
}

TEST(LeaseJournalTest, GivesBackWhatWasKeptTheLastOfEachPhone)
{
    const TemporaryFolder folder;
    PhoneLease later = aLease();
    later.fence = Fence{8};
    later.quarantine = "no page";
    {
        const auto journal = open(folder);
        const std::vector<RememberLease> first{{"alice", aLease()}, {"bob", aLease()}};
        ASSERT_TRUE(journal->keep(first).has_value());
        const std::vector<RememberLease> second{{"bob", later}};
        ASSERT_TRUE(journal->keep(second).has_value());
    }
    const std::map<std::string, PhoneLease> expected{{"alice", aLease()}, {"bob", later}};
    EXPECT_EQ(open(folder)->read().value(), expected);
}

TEST(LeaseJournalTest, GivesBackTheLastCheckOfEachPhone)
{
    const TemporaryFolder folder;
    {
        const auto journal = open(folder);
        EXPECT_TRUE(journal->checks().value().empty());
        ASSERT_TRUE(journal->keepCheck("alice", {noon, true}).has_value());
        ASSERT_TRUE(journal->keepCheck("bob", {noon, true}).has_value());
        ASSERT_TRUE(journal->keepCheck("bob", {noon + 1s, false}).has_value());
    }
    const std::map<std::string, LastCheck> expected{{"alice", {noon, true}}, {"bob", {noon + 1s, false}}};
    EXPECT_EQ(open(folder)->checks().value(), expected);
}

TEST(LeaseJournalTest, CountsTheEndOfALeaseByTheCalendar)
{
    const TemporaryFolder folder;
    const std::vector<RememberLease> one{{"alice", aLease()}};
    ASSERT_TRUE(open(folder)->keep(one).has_value());
    EXPECT_EQ(open(folder, noon + 60s)->read().value().at("alice").until, TimePoint{} + 30s);
}

TEST(LeaseJournalTest, IsReadableByItsOwnerOnlyAndHasOneDaemon)
{
    const TemporaryFolder folder;
    const auto journal = open(folder);
    struct stat file {};
    ASSERT_EQ(::stat((folder / "state/leases.db").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600u);
    const auto second = LeaseJournal::open(folder / "state", noon);
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().detail.find("is in use by another daemon (process "), std::string::npos)
        << second.error().detail;
}

TEST(LeaseJournalTest, RefusesRowsThatAreNoneOfOurs)
{
    const TemporaryFolder folder;
    const std::vector<RememberLease> one{{"alice", aLease()}};
    ASSERT_TRUE(open(folder)->keep(one).has_value());
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "state/leases.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, "UPDATE leases SET saved='[[1]]'", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
    EXPECT_EQ(open(folder)->read().error().kind, emulator::ErrorKind::Malformed);
}

}  // namespace
}  // namespace hwbridge
