#include "hwbridge/compare/folding.hpp"

#include "hwbridge/compare/rules_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Which differences are one, and which follows from which, told slot by slot.

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::Observer;
using testing::ElementsAre;

Difference field(std::string name, std::string a, std::string b)
{
    Difference difference;
    difference.what = DifferenceKind::Field;
    difference.kind = EventKind::HttpRequest;
    difference.field = std::move(name);
    difference.fromPhone = true;
    difference.a = {true, std::move(a), std::nullopt};
    difference.b = {true, std::move(b), std::nullopt};
    return difference;
}
// What may follow from others.
Difference outcome(std::string name, std::string a, std::string b)
{
    Difference difference = field(std::move(name), std::move(a), std::move(b));
    difference.kind = EventKind::HttpResponse;
    difference.fromPhone = false;
    difference.mayFollow = true;
    return difference;
}
Difference exchange(DifferenceKind what, std::uint64_t group, std::uint64_t key = 1)
{
    Difference difference;
    difference.what = what;
    difference.kind = EventKind::SyslogMessage;
    difference.whole = difference.fromPhone = difference.mayFollow = true;
    difference.key = key;
    difference.group = group;
    return difference;
}
Difference message(DifferenceKind what, std::string detail)
{
    Difference difference = exchange(what, 0);
    difference.whole = false;
    difference.detail = std::move(detail);
    return difference;
}
Difference time(TimeRelation relation, std::string a, std::uint64_t group = 0)
{
    Difference difference = field(std::string{name(relation)}, std::move(a), "9 s");
    difference.what = DifferenceKind::Timing;
    difference.group = group;
    return difference;
}
Difference at(std::size_t message, Difference difference)
{
    difference.message = message;
    return difference;
}
Difference answered(Difference difference)
{
    difference.fromPhone = !difference.fromPhone;
    return difference;
}
Difference replaced(std::string a, std::string b, Difference difference)
{
    difference.fragmentA = std::move(a);
    difference.fragmentB = std::move(b);
    return difference;
}

class Told {
public:
    Told() { by(Observer::Wire, 0); }
    Told& by(Observer observer, std::size_t phone)
    {
        m_folding.begin(observer, phone);
        return *this;
    }
    Told& slot(std::vector<Difference> differences)
    {
        ++m_second;
        const RunTime now{1, emulator::TimePoint{std::chrono::seconds{m_second}}};
        m_folding.add(std::move(differences), {now, now}, static_cast<std::uint64_t>(m_second));
        return *this;
    }
    Told& equal(int slots)
    {
        for (int i = 0; i < slots; ++i)
            slot({});
        return *this;
    }
    // How often each was seen, and "of N" for what follows from the Nth.
    std::string text() const
    {
        std::string all;
        for (const Finding& finding : m_folding.findings())
            all += std::to_string(finding.count) +
                   (finding.root ? " of " + std::to_string(*finding.root) : std::string{}) + "; ";
        return all;
    }
    const Folding& folding() const { return m_folding; }

private:
    Folding m_folding{defaultRules()};
    int m_second = 0;
};

// Both in places of their own, far from each other.
std::string apart(const Difference& one, const Difference& other)
{
    return Told{}.slot({one}).equal(4).slot({other}).text();
}

constexpr const char* same = "2; ";
constexpr const char* two = "1; 1; ";

TEST(FoldingTest, ADifferenceIsTheSameAgainWhenKindFieldSenderAndChangeAre)
{
    EXPECT_EQ(apart(field("host", "x", "y"), field("host", "x", "y")), same);
    EXPECT_EQ(apart(field("host", "x", "y"), field("minor", "x", "y")), two);
    EXPECT_EQ(apart(field("host", "x", "y"), field("host", "x", "z")), two);
    EXPECT_EQ(apart(field("host", "x", "y"), field("host", "z", "y")), two);
    EXPECT_EQ(apart(field("host", "x", "y"), answered(field("host", "x", "y"))), two);
    EXPECT_EQ(apart(outcome("host", "x", "y"), answered(field("host", "x", "y"))), two);
}

TEST(FoldingTest, OfAChangedTextOnlyTheChangeCounts)
{
    const auto path = [](std::string a, std::string b, std::string from, std::string to) {
        return replaced(std::move(from), std::move(to), field("target", std::move(a), std::move(b)));
    };
    EXPECT_EQ(apart(path("/a/1", "/b/1", "a", "b"), path("/a/2", "/b/2", "a", "b")), same);
    EXPECT_EQ(apart(path("/a/1", "/b/1", "a", "b"), path("/a/2", "/2", "a", "")), two);
    EXPECT_EQ(apart(path("/a/1", "/1", "a", ""), path("/c/2", "/2", "c", "")), two);
    EXPECT_EQ(apart(path("/1", "/b/1", "", "b"), path("/2", "/c/2", "", "c")), two);
}

TEST(FoldingTest, WhatOneSideLacksIsTheSameWhateverItsValue)
{
    const auto lacks = [](bool a, std::string value) {
        Difference difference = field("header Accept", value, value);
        (a ? difference.a : difference.b).present = false;
        return difference;
    };
    EXPECT_EQ(apart(lacks(true, "x"), lacks(true, "y")), same);
    EXPECT_EQ(apart(lacks(false, "x"), lacks(false, "y")), same);
    EXPECT_EQ(apart(lacks(true, "x"), lacks(false, "x")), two);
    EXPECT_EQ(apart(lacks(true, "x"), field("header Accept", "x", "x")), two);
}

TEST(FoldingTest, ExchangesAreTheSameBySort)
{
    using enum DifferenceKind;
    for (const DifferenceKind what : {Missing, Extra, Order}) {
        EXPECT_EQ(apart(exchange(what, 1, 5), exchange(what, 1, 6)), same) << name(what);
        EXPECT_EQ(apart(exchange(what, 1), exchange(what, 2)), two) << name(what);
    }
    EXPECT_EQ(apart(exchange(Missing, 1), exchange(Extra, 1)), two);
}

TEST(FoldingTest, MessagesAreTheSameByWhatIsSaidOfThem)
{
    using enum DifferenceKind;
    for (const DifferenceKind what : {Missing, Extra}) {
        EXPECT_EQ(apart(message(what, ""), message(what, "")), same) << name(what);
        EXPECT_EQ(apart(message(what, ""), message(what, "retransmission")), two) << name(what);
    }
}

TEST(FoldingTest, TimesAreTheSameByWhatTheyAreBetweenPausesBySort)
{
    using enum TimeRelation;
    EXPECT_EQ(apart(time(Answer, "1 s", 1), time(Answer, "2 s", 2)), same);
    EXPECT_EQ(apart(time(Repeat, "1 s", 1), time(Repeat, "2 s", 2)), same);
    EXPECT_EQ(apart(time(Answer, "1 s"), time(Repeat, "1 s")), two);
    EXPECT_EQ(apart(time(Pause, "1 s", 1), time(Pause, "2 s", 1)), same);
    EXPECT_EQ(apart(time(Pause, "1 s", 1), time(Pause, "1 s", 2)), two);
}

// Both in one exchange.
std::string together(const Difference& one, const Difference& other)
{
    return Told{}.slot({one, other}).text();
}

constexpr const char* follows = "1; 1 of 0; ";

TEST(FoldingTest, WhatStandsInALaterMessageOfTheExchangeFollows)
{
    EXPECT_EQ(together(at(0, field("host", "x", "y")), at(1, field("minor", "x", "y"))), follows);
    EXPECT_EQ(together(at(1, field("host", "x", "y")), at(1, field("minor", "x", "y"))), two);
    EXPECT_EQ(together(at(1, field("host", "x", "y")), at(0, field("minor", "x", "y"))), two);
}

TEST(FoldingTest, InOneMessageTheRulesSayWhatFollows)
{
    EXPECT_EQ(together(field("user_agent", "x", "y"), field("header User-Agent", "x", "z")), follows);
    EXPECT_EQ(together(field("user_agent", "x", "y"), field("header Accept", "x", "z")), two);
    EXPECT_EQ(together(field("header User-Agent", "x", "z"), field("user_agent", "x", "y")), two);
    const auto answer = [](std::string name) {
        Difference difference = outcome(std::move(name), "x", "y");
        difference.mayFollow = false;
        return difference;
    };
    EXPECT_EQ(together(answer("error"), answer("minor")), follows);  // all
    EXPECT_EQ(together(answer("status"), answer("header Server")), follows);
    EXPECT_EQ(together(answer("status"), answer("minor")), two);
    Difference sip = answer("reason");
    sip.kind = EventKind::SipResponse;
    EXPECT_EQ(together(answer("status"), sip), two);
}

TEST(FoldingTest, OfWhatComesTooLateOrElsewhereOnlyOutcomesFollow)
{
    const Difference pause = time(TimeRelation::Pause, "1 s");
    const Difference moved = exchange(DifferenceKind::Order, 1);
    for (const Difference& first : {pause, moved}) {
        EXPECT_EQ(together(first, at(1, outcome("status", "200", "404"))), follows);
        EXPECT_EQ(together(first, at(1, field("host", "x", "y"))), two);
    }
    EXPECT_EQ(together(time(TimeRelation::Repeat, "1 s"), at(1, field("host", "x", "y"))), follows);
}

TEST(FoldingTest, WhatAPhoneSaysOfItsOwnAccordFollowsFromNoEarlierExchange)
{
    const auto after = [](const Difference& one, const Difference& other) {
        return Told{}.slot({one}).slot({other}).text();
    };
    const Difference missing = exchange(DifferenceKind::Missing, 1);
    EXPECT_EQ(after(missing, outcome("status", "200", "404")), follows);
    EXPECT_EQ(after(missing, time(TimeRelation::Answer, "1 s")), follows);
    EXPECT_EQ(after(missing, field("host", "x", "y")), two);
    EXPECT_EQ(after(time(TimeRelation::Pause, "1 s"), outcome("status", "200", "404")), follows);
    EXPECT_EQ(after(field("host", "x", "y"), outcome("status", "200", "404")),
              two);  // no chain begins with it
    EXPECT_EQ(after(outcome("status", "200", "404"), exchange(DifferenceKind::Extra, 1)), follows);
}

TEST(FoldingTest, TheSameReplacementInAnotherTextFollows)
{
    const Difference path = replaced("basic", "wrong", field("target", "/basic", "/wrong"));
    EXPECT_EQ(apart(path, replaced("basic", "wrong", field("text", "of basic", "of wrong"))), follows);
    EXPECT_EQ(apart(path, replaced("basic", "", field("text", "of basic", "of"))), two);
    EXPECT_EQ(apart(field("target", "1", "2"), field("text", "1", "2")), two);
}

TEST(FoldingTest, AChainIsBrokenByEqualExchangesInARowOnly)
{
    const Difference missing = exchange(DifferenceKind::Missing, 1);
    const Difference status = outcome("status", "200", "404");
    EXPECT_EQ(Told{}.slot({missing}).equal(3).slot({missing}).equal(3).slot({status}).text(), "2; 1 of 0; ");
    EXPECT_EQ(Told{}.slot({missing}).equal(3).slot({missing}).equal(4).slot({status}).text(), "2; 1; ");
}

TEST(FoldingTest, WhatAnotherObserverSawOfTheSamePhoneIsNotCountedOnceMore)
{
    const Difference agent = field("user_agent", "x", "y");
    const Told told = Told{}
                          .slot({agent})
                          .by(Observer::Server, 0)
                          .slot({agent})
                          .slot({agent})
                          .by(Observer::Server, 1)
                          .slot({agent});
    ASSERT_EQ(told.folding().findings().size(), 1u);
    const Finding& finding = told.folding().findings().front();
    EXPECT_EQ(finding.count, 2u);  // once of either phone
    EXPECT_EQ(finding.by, Observer::Wire);
    EXPECT_THAT(finding.seenBy, ElementsAre(Observer::Server));
    EXPECT_EQ(finding.more.size(), 1u);
}

TEST(FoldingTest, WhatLiesBetweenTheEndsOfAChainIsOfItForAnotherObserver)
{
    const Difference missing = exchange(DifferenceKind::Missing, 1);
    const auto roots = [&](int second) {
        Told told;  // a chain from 1 s to 9 s
        told.slot({missing}).equal(3).slot({missing}).equal(3).slot({missing});
        const RunTime now{1, emulator::TimePoint{std::chrono::seconds{second}}};
        Folding folding = told.folding();
        folding.begin(Observer::Phone, 0);
        folding.add({outcome("state", "off", "on")}, {now, now}, 1);
        return folding.findings().back().root;
    };
    EXPECT_EQ(roots(5), 0u);
    EXPECT_EQ(roots(10), 0u);
    EXPECT_EQ(roots(11), std::nullopt);
}

TEST(FoldingTest, SevenMorePlacesOfADifferenceAreListedAndAllAreCounted)
{
    Told told;
    for (int i = 0; i < 12; ++i)
        told.slot({field("host", "x", "y")});
    EXPECT_EQ(told.folding().findings().front().count, 12u);
    EXPECT_EQ(told.folding().findings().front().more.size(), mostPlaces);
}

TEST(FoldingTest, DifferencesBeyondTheFirstTwoThousandAreCounted)
{
    Told told;
    for (std::uint64_t i = 0; i < mostFindings + 3; ++i)
        told.slot({exchange(DifferenceKind::Missing, i)});
    EXPECT_EQ(told.folding().findings().size(), mostFindings);
    EXPECT_EQ(told.folding().unlisted(), 3u);
    EXPECT_THAT(told.folding().lastFindings(), testing::IsEmpty());
}

TEST(FoldingTest, KnowsWhereTheDifferencesOfTheLastSlotWent)
{
    Told told;
    told.slot({field("host", "x", "y"), field("minor", "1", "0"), field("host", "x", "y")});
    EXPECT_THAT(told.folding().lastFindings(), ElementsAre(0u, 1u));
    EXPECT_THAT(told.equal(1).folding().lastFindings(), testing::IsEmpty());
    EXPECT_THAT(told.slot({field("minor", "1", "0")}).folding().lastFindings(), ElementsAre(1u));
}

TEST(FoldingTest, WhatFollowsIsListedWithItsRootAndNeverHasFollowersOfItsOwn)
{
    Told told;
    told.slot({exchange(DifferenceKind::Missing, 1)})
        .slot({outcome("status", "200", "404")})
        .slot({exchange(DifferenceKind::Extra, 2)});
    EXPECT_EQ(told.text(), "1; 1 of 0; 1 of 0; ");
    EXPECT_THAT(told.folding().findings()[0].followers, ElementsAre(1u, 2u));
    EXPECT_THAT(told.folding().findings()[1].followers, testing::IsEmpty());
}

}  // namespace
}  // namespace hwbridge
