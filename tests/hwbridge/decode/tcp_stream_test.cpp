#include "hwbridge/decode/tcp_stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace hwbridge;

namespace {

class Reading : public StreamReader {
public:
    void bytes(std::string_view bytes, const Moment& moment) override
    {
        text += bytes;
        packets.push_back(moment.packet);
    }
    void gap(std::uint64_t missing, bool cut, const Moment&) override
    {
        text += (cut ? "<cut " : "<gap ") + std::to_string(missing) + ">";
    }
    std::string text;
    std::vector<std::uint64_t> packets;  // that brought the bytes
};

class TcpStreamTest : public testing::Test {
protected:
    TcpStream::Seen add(std::uint32_t sequence, std::string_view bytes, bool fin = false,
                        std::size_t missing = 0)
    {
        TcpView view;
        view.sequence = sequence;
        view.payload = bytes;
        view.fin = fin;
        view.missing = missing;
        return stream.segment(view, {++packet}, read);
    }
    void syn(std::uint32_t sequence)
    {
        TcpView view;
        view.sequence = sequence;
        view.syn = true;
        stream.segment(view, {}, read);
    }
    void pass(int packets)
    {
        for (int i = 0; i < packets; ++i)
            stream.packetPassed({}, read);
    }

    TcpStream stream;
    Reading read;
    std::uint64_t packet = 0;
};

using Seen = TcpStream::Seen;

TEST_F(TcpStreamTest, PutsEarlySegmentsInOrder)
{
    syn(99);
    EXPECT_EQ(add(106, "!"), Seen::New);
    EXPECT_EQ(add(103, "def"), Seen::New);
    EXPECT_EQ(read.text, "");
    EXPECT_EQ(add(100, "abc"), Seen::New);
    EXPECT_EQ(read.text, "abcdef!");
}

TEST_F(TcpStreamTest, ReadsEarlySegmentsWhenTheHoleBeforeThemIsFilled)
{
    syn(99);
    add(106, "!");
    add(103, "def");
    add(100, "abc");
    EXPECT_EQ(read.packets, (std::vector<std::uint64_t>{3, 3, 3}));
}

TEST_F(TcpStreamTest, ReadsSegmentsBehindAHoleThatIsGivenUpAsOfTheirOwnTime)
{
    syn(99);
    add(103, "def");
    add(106, "!");
    stream.flush({9}, read);
    EXPECT_EQ(read.text, "<gap 3>def!");
    EXPECT_EQ(read.packets, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(TcpStreamTest, ReadsBytesOnceHoweverOftenTheyAreSent)
{
    syn(99);
    add(100, "abc");
    EXPECT_EQ(add(100, "abc"), Seen::Again);
    EXPECT_EQ(add(101, "bcde"), Seen::New);
    add(110, "z");
    EXPECT_EQ(add(110, "z"), Seen::Again);
    EXPECT_EQ(read.text, "abcde");
}

TEST_F(TcpStreamTest, KeepsTheFirstCopyAndSaysWhenAnotherDiffers)
{
    syn(99);
    add(100, "abc");
    EXPECT_EQ(add(101, "XXde"), Seen::Conflict);
    EXPECT_EQ(read.text, "abcde");
    add(110, "kl");
    EXPECT_EQ(add(109, "jKlm"), Seen::Conflict);
    EXPECT_EQ(add(105, "fghi"), Seen::New);
    EXPECT_EQ(read.text, "abcdefghijklm");
}

TEST_F(TcpStreamTest, FillsTheHolesBetweenSegmentsThatWait)
{
    syn(99);
    add(102, "c");
    add(104, "e");
    add(106, "g");
    EXPECT_EQ(add(101, "bcdefgh"), Seen::New);
    EXPECT_EQ(add(100, "a"), Seen::New);
    EXPECT_EQ(read.text, "abcdefgh");
}

TEST_F(TcpStreamTest, WrapsItsNumbers)
{
    syn(0xffff'fffe);
    add(1, "cd");
    add(0xffff'ffff, "ab");
    EXPECT_EQ(read.text, "abcd");
}

TEST_F(TcpStreamTest, StartsInTheMiddleWhereItsFirstBytesWere)
{
    add(500, "middle");
    EXPECT_EQ(read.text, "middle");
    EXPECT_FALSE(stream.fromStart());
}

TEST_F(TcpStreamTest, GivesUpAHoleThatTheReceiverAcknowledged)
{
    syn(99);
    add(100, "abc");
    add(106, "g");
    stream.acknowledged(107);
    pass(TcpStream::patience);
    EXPECT_EQ(read.text, "abc");
    pass(1);
    EXPECT_EQ(read.text, "abc<gap 3>g");
}

TEST_F(TcpStreamTest, WaitsForAHoleThatIsFilledInTime)
{
    syn(99);
    stream.acknowledged(104);
    pass(TcpStream::patience);
    add(100, "abcd");
    pass(100);
    EXPECT_EQ(read.text, "abcd");
}

TEST_F(TcpStreamTest, TakesAnAcknowledgedByteThatNobodySentForTheFin)
{
    syn(99);
    add(100, "abc");
    stream.acknowledged(104);
    pass(TcpStream::patience + 1);
    EXPECT_EQ(read.text, "abc");
    EXPECT_TRUE(stream.finished());
}

TEST_F(TcpStreamTest, TellsWhatTheCaptureCutOff)
{
    syn(99);
    add(100, "abc", false, 7);
    add(110, "k");
    EXPECT_EQ(read.text, "abc<cut 7>k");
}

TEST_F(TcpStreamTest, ComparesNothingWithWhatTheCaptureCutOff)
{
    syn(99);
    add(100, "abc", false, 7);
    EXPECT_EQ(add(107, "hij"), Seen::Again);
}

TEST_F(TcpStreamTest, ComparesWhatItRemembersOfALongSegment)
{
    std::string bytes(TcpStream::rememberedBytes + 1000, 'x');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>('a' + i % 23);
    syn(99);
    add(100, bytes);
    EXPECT_EQ(add(100, bytes), Seen::Again);
    std::string other = bytes;
    other[999] = '!';
    EXPECT_EQ(add(100, other), Seen::Again);  // that is forgotten
    other = bytes;
    other[1000] = '!';
    EXPECT_EQ(add(100, other), Seen::Conflict);
}

TEST_F(TcpStreamTest, BelievesTheFirstFin)
{
    syn(99);
    add(103, "", true);
    add(106, "", true);
    add(100, "abc");
    EXPECT_TRUE(stream.finished());
}

TEST_F(TcpStreamTest, MissesNothingWhenTheFinWasAcknowledgedBeforeItCame)
{
    syn(99);
    add(100, "abc");
    stream.acknowledged(104);
    add(103, "", true);
    pass(TcpStream::patience + 1);
    EXPECT_EQ(read.text, "abc");
}

TEST_F(TcpStreamTest, FinishesWithTheFinOnceAllBeforeItWasRead)
{
    syn(99);
    add(103, "def", true);
    EXPECT_FALSE(stream.finished());
    add(100, "abc");
    EXPECT_TRUE(stream.finished());
    stream.acknowledged(107);
    pass(100);
    EXPECT_EQ(read.text, "abcdef");
}

TEST_F(TcpStreamTest, ReadsWhatWaitsAtTheEnd)
{
    syn(99);
    add(103, "d");
    add(106, "g");
    stream.flush({}, read);
    EXPECT_EQ(read.text, "<gap 3>d<gap 2>g");
}

TEST_F(TcpStreamTest, TakesNoKeepAliveForData)
{
    syn(99);
    add(100, "abc");
    EXPECT_EQ(add(102, "\xff"), Seen::Again);
    EXPECT_EQ(read.text, "abc");
}

TEST_F(TcpStreamTest, HoldsOnlySoMuch)
{
    syn(99);
    const std::string kilobyte(1024, 'x');
    for (std::uint32_t i = 1; i < 2000; ++i)
        add(100 + i * 2048, kilobyte);
    EXPECT_LT(stream.held(), 2 * TcpStream::mostWaitingBytes);
    EXPECT_TRUE(read.text.starts_with("<gap 2048>"));
}

TEST_F(TcpStreamTest, HoldsOnlySoManySegments)
{
    syn(99);
    for (std::uint32_t i = 1; i <= TcpStream::mostWaiting; ++i)
        add(100 + 2 * i, "x");
    EXPECT_EQ(read.text, "");
    add(100 + 2 * (TcpStream::mostWaiting + 1), "x");
    EXPECT_TRUE(read.text.starts_with("<gap 2>x"));
}

TEST_F(TcpStreamTest, SurvivesAnyNumbers)
{
    std::uint32_t random = 1;
    const std::string bytes(300, 'y');
    for (int i = 0; i < 20'000; ++i) {
        random = random * 1664525 + 1013904223;
        const std::uint32_t sequence = (random & 3) != 0 ? random >> 20 : random;
        add(sequence, std::string_view{bytes}.substr(0, random >> 8 & 255), (random >> 6 & 63) == 0,
            (random >> 16 & 31) == 0 ? random >> 24 : 0);
        if ((random >> 4 & 7) == 0)
            stream.acknowledged(random >> 19);
        stream.packetPassed({}, read);
        read.text.clear();
    }
    stream.flush({}, read);
    EXPECT_LT(stream.held(), 2 * TcpStream::mostWaitingBytes);
}

}  // namespace
