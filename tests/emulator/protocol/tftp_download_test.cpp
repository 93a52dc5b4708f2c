#include "emulator/protocol/tftp_download.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <utility>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Endpoint server{{0xc0a801c8}, 69};
constexpr Endpoint transfer{{0xc0a801c8}, 40001};
constexpr Endpoint stranger{{0xc0a801c8}, 40002};
constexpr Endpoint elsewhere{{0xc0a80163}, 40001};

// A download with the clock and the server in the hands of the test.
class TftpDownloadTest : public testing::Test {
protected:
    // What was sent since the last look, as "to: bytes".
    struct Sent {
        Endpoint to;
        std::string bytes;
        bool operator==(const Sent&) const = default;
        friend void PrintTo(const Sent& sent, std::ostream* out)
        {
            *out << sent.to.text() << ' ' << testing::PrintToString(sent.bytes);
        }
    };

    void begin(std::size_t limit = 4u << 20, std::string file = "basic.txt")
    {
        m_download.emplace(server, std::move(file), limit);
        take([&](FetchSteps& steps) { return m_download->begin(m_now, steps); });
    }

    void arrive(Endpoint from, const TftpPacket& packet) { arriveBytes(from, encode(packet)); }

    void arriveBytes(Endpoint from, std::string_view bytes)
    {
        take([&](FetchSteps& steps) { return m_download->arrived(m_now, from, bytes, steps); });
    }

    void arriveData(std::uint16_t block, std::string_view bytes) { arrive(transfer, TftpData{block, bytes}); }

    // Lets the wait that was asked for end, unless the download is over; whether there was one.
    bool waitEnds()
    {
        if (m_outcome.has_value() || !m_wait.has_value())
            return false;
        m_now = *m_wait;
        m_wait.reset();
        take([&](FetchSteps& steps) { return m_download->waitOver(m_now, steps); });
        return true;
    }

    // Waits until something is sent or the download ends.
    void waitForSending()
    {
        while (m_sent.empty() && waitEnds()) {}
    }

    std::vector<Sent> sent() { return std::exchange(m_sent, {}); }

    // The file that came; another text while there is none.
    std::string file() const
    {
        if (!m_outcome.has_value())
            return "(unfinished)";
        return m_outcome->has_value() ? ***m_outcome : "(failed)";
    }

    std::optional<ErrorKind> failure() const
    {
        if (!m_outcome.has_value() || m_outcome->has_value())
            return std::nullopt;
        return m_outcome->error().kind;
    }

    static Sent ack(std::uint16_t block, Endpoint to = transfer) { return {to, encode(TftpAck{block})}; }
    static Sent request() { return {server, encode(TftpRead{.file = "basic.txt"})}; }

    std::optional<TftpDownload> m_download;
    TimePoint m_now{};
    std::optional<TimePoint> m_wait;
    TftpDownload::Outcome m_outcome;
    std::vector<Sent> m_sent;

private:
    template <class Action>
    void take(Action action)
    {
        FetchSteps steps;
        TftpDownload::Outcome outcome = action(steps);
        for (FetchStep& step : steps) {
            if (auto* datagram = std::get_if<SendDatagram>(&step))
                m_sent.push_back({datagram->to, std::move(datagram->bytes)});
            else
                m_wait = std::get<WaitUntil>(step).at;
        }
        if (outcome.has_value())
            m_outcome = std::move(outcome);
    }
};

const std::string fullBlock(512, 'x');

TEST_F(TftpDownloadTest, ReadsAFileInOctetModeBlocksOf512BytesAndAShortLastOne)
{
    COVERS("TFTP-RFC1350");
    begin();
    EXPECT_THAT(sent(), ElementsAre(Sent{server, "\0\1basic.txt\0octet\0"s}));
    arriveData(1, fullBlock);
    EXPECT_THAT(sent(), ElementsAre(ack(1)));
    EXPECT_FALSE(m_outcome.has_value());
    arriveData(2, "end");
    EXPECT_THAT(sent(), ElementsAre(ack(2)));
    EXPECT_EQ(file(), fullBlock + "end");
}

TEST_F(TftpDownloadTest, EndsAFileOfWholeBlocksWithAnEmptyOne)
{
    COVERS("TFTP-RFC1350");
    begin();
    arriveData(1, fullBlock);
    EXPECT_FALSE(m_outcome.has_value());
    arriveData(2, "");
    EXPECT_EQ(file().size(), 512u);
}

TEST_F(TftpDownloadTest, ReadsAnEmptyFile)
{
    begin();
    arriveData(1, "");
    EXPECT_EQ(file(), "");
}

TEST_F(TftpDownloadTest, KeepsToThePortThatAnsweredFirst)
{
    begin();
    arriveData(1, fullBlock);
    sent();
    arrive(stranger, TftpData{2, "from another port"});
    arrive(elsewhere, TftpData{2, "from another host"});
    EXPECT_THAT(sent(), ElementsAre(Sent{stranger, "\0\5\0\5unknown transfer\0"s},
                                    Sent{elsewhere, "\0\5\0\5unknown transfer\0"s}));
    arrive(stranger, TftpError{TftpErrorCode::FileNotFound, "not yours"});
    arriveBytes(stranger, "garbage");
    EXPECT_THAT(sent(), IsEmpty()) << "an error is never answered by an error";
    arriveData(2, "end");
    EXPECT_THAT(sent(), ElementsAre(ack(2)));
    EXPECT_EQ(file(), fullBlock + "end");
}

TEST_F(TftpDownloadTest, AnswersTheRequestsSecondAnswerWithUnknownTransfer)
{
    begin();
    waitForSending();
    sent();
    arriveData(1, fullBlock);
    arrive(stranger, TftpData{1, fullBlock});
    EXPECT_THAT(sent(), ElementsAre(ack(1), Sent{stranger, "\0\5\0\5unknown transfer\0"s}));
}

TEST_F(TftpDownloadTest, PassesOverAnotherHostBeforeTheServerAnswers)
{
    begin();
    sent();
    arriveBytes(elsewhere, "garbage");
    arrive(elsewhere, TftpError{TftpErrorCode::FileNotFound, "no"});
    EXPECT_THAT(sent(), IsEmpty());
    EXPECT_FALSE(m_outcome.has_value());
    arriveData(1, "file");
    EXPECT_EQ(file(), "file");
}

TEST_F(TftpDownloadTest, AcknowledgesARepeatedBlockAgainWithoutMovingOn)
{
    COVERS("TFTP-RFC1350");
    begin();
    arriveData(1, fullBlock);
    arriveData(1, fullBlock);
    arriveData(1, fullBlock);
    arriveData(2, fullBlock);
    sent();
    arriveData(2, fullBlock);
    EXPECT_THAT(sent(), ElementsAre(ack(2))) << "one for one: no flood can grow";
    arriveData(1, fullBlock);
    EXPECT_THAT(sent(), IsEmpty()) << "an older block is not repeated by a server that heard us";
    arriveData(3, "end");
    EXPECT_EQ(file(), fullBlock + fullBlock + "end");
}

TEST_F(TftpDownloadTest, PassesOverBlocksAhead)
{
    begin();
    sent();
    arriveData(2, "too early");
    arriveData(0, "never");
    EXPECT_THAT(sent(), IsEmpty());
    arriveData(1, "file");
    EXPECT_EQ(file(), "file");
}

TEST_F(TftpDownloadTest, GoesOnWithBlock0After65535)
{
    begin(64u << 20);
    for (int block = 1; block <= 65535; ++block)
        arriveData(static_cast<std::uint16_t>(block), fullBlock);
    sent();
    arriveData(65535, fullBlock);
    EXPECT_THAT(sent(), ElementsAre(ack(65535)));
    arriveData(0, fullBlock);
    EXPECT_THAT(sent(), ElementsAre(ack(0)));
    arriveData(0, fullBlock);
    EXPECT_THAT(sent(), ElementsAre(ack(0)));
    arriveData(1, "end");
    EXPECT_EQ(file().size(), 65536u * 512 + 3);
}

TEST_F(TftpDownloadTest, RepeatsTheRequestFiveTimesInAllAndGivesUpAfterTenSeconds)
{
    begin();
    std::vector<TimePoint> times;
    while (!m_outcome.has_value()) {
        for (const Sent& one : sent()) {
            EXPECT_EQ(one, request());
            times.push_back(m_now);
        }
        ASSERT_TRUE(waitEnds());
    }
    const TimePoint start{};
    EXPECT_THAT(times, ElementsAre(start, start + 2s, start + 4s, start + 6s, start + 8s));
    EXPECT_EQ(m_now, start + 10s);
    EXPECT_EQ(failure(), ErrorKind::TimedOut);
}

TEST_F(TftpDownloadTest, RepeatsTheLastAcknowledgementWhenTheServerFallsSilent)
{
    begin();
    m_now += 500ms;
    arriveData(1, fullBlock);
    sent();
    waitForSending();
    EXPECT_EQ(m_now, TimePoint{} + 2500ms) << "two seconds after the block, not after the request";
    EXPECT_THAT(sent(), ElementsAre(ack(1)));
    while (!m_outcome.has_value())
        ASSERT_TRUE(waitEnds());
    EXPECT_EQ(failure(), ErrorKind::TimedOut);
    EXPECT_EQ(m_now, TimePoint{} + 10500ms);
}

TEST_F(TftpDownloadTest, StartsCountingAnewWithEachBlock)
{
    begin();
    for (std::uint16_t block = 1; block <= 20; ++block) {
        for (int i = 0; i < 4; ++i) {
            sent();
            waitForSending();
        }
        arriveData(block, fullBlock);
    }
    EXPECT_FALSE(m_outcome.has_value());
}

TEST_F(TftpDownloadTest, GivesUpOnAServerThatOnlyRepeatsItself)
{
    begin();
    arriveData(1, fullBlock);
    while (!m_outcome.has_value()) {
        arriveData(1, fullBlock);
        ASSERT_TRUE(waitEnds());
    }
    EXPECT_EQ(failure(), ErrorKind::TimedOut);
    EXPECT_LE(m_now, TimePoint{} + 30s);
}

TEST_F(TftpDownloadTest, GivesUpOnAServerThatDripsForTooLong)
{
    begin();
    for (std::uint16_t block = 1; !m_outcome.has_value(); ++block) {
        arriveData(block, fullBlock);
        ASSERT_LT(block, 10000);
        ASSERT_TRUE(waitEnds());
    }
    EXPECT_EQ(failure(), ErrorKind::TimedOut);
    EXPECT_LE(m_now, TimePoint{} + tftpTotalTime + tftpResendAfter);
}

TEST_F(TftpDownloadTest, PassesOverAnEarlyEndOfTheWait)
{
    begin();
    sent();
    m_now += 1s;
    FetchSteps steps;
    EXPECT_FALSE(m_download->waitOver(m_now, steps).has_value());
    EXPECT_THAT(steps, IsEmpty());
}

TEST_F(TftpDownloadTest, TakesErrorOneForNotFoundAndAnyOtherForARefusal)
{
    for (const int code : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535}) {
        m_outcome.reset();
        begin();
        sent();
        arrive(transfer, TftpError{static_cast<TftpErrorCode>(code), "the reason"});
        EXPECT_EQ(failure(), code == 1 ? ErrorKind::NotFound : ErrorKind::Refused) << code;
        EXPECT_THAT(m_outcome->error().detail, HasSubstr("the reason"));
        EXPECT_THAT(sent(), IsEmpty());
    }
}

TEST_F(TftpDownloadTest, ShowsAServersWordsInPrintableForm)
{
    begin();
    arrive(transfer, TftpError{TftpErrorCode::NotDefined, "a\r\nb\x1b[2J\xff" + std::string(1000, 'c')});
    EXPECT_THAT(m_outcome->error().detail, HasSubstr("a??b?[2J?ccc"));
    EXPECT_LT(m_outcome->error().detail.size(), 200u);
}

TEST_F(TftpDownloadTest, RefusesOptionsThatItDidNotAskFor)
{
    begin();
    sent();
    arrive(transfer, TftpOack{{{"blksize", "1428"}}});
    const std::vector<Sent> answer = sent();
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_EQ(std::get<TftpError>(*decodeTftp(answer[0].bytes)).code, TftpErrorCode::OptionRefused);
    EXPECT_EQ(failure(), ErrorKind::Malformed);
}

TEST_F(TftpDownloadTest, FailsOnWhatNoServerMaySend)
{
    for (const std::string& bytes :
         {""s, "\0"s, "\0\3\0"s, "\0\7"s, encode(TftpData{1, std::string(513, 'x')}), encode(TftpAck{0}),
          encode(TftpRead{.file = "a"}), encode(TftpWrite{.file = "a"})}) {
        m_outcome.reset();
        begin();
        sent();
        arriveBytes(transfer, bytes);
        EXPECT_EQ(failure(), ErrorKind::Malformed) << testing::PrintToString(bytes);
        const std::vector<Sent> answer = sent();
        ASSERT_EQ(answer.size(), 1u);
        EXPECT_EQ(std::get<TftpError>(*decodeTftp(answer[0].bytes)).code, TftpErrorCode::IllegalOperation);
    }
}

TEST_F(TftpDownloadTest, FailsWhereNobodyListens)
{
    begin();
    FetchSteps steps;
    EXPECT_FALSE(m_download->refused(stranger).has_value());
    const TftpDownload::Outcome outcome = m_download->refused(server);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->error().kind, ErrorKind::Unreachable);
}

TEST_F(TftpDownloadTest, EndsAtTheLimit)
{
    begin(1000);
    arriveData(1, fullBlock);
    sent();
    arriveData(2, std::string(489, 'y'));
    EXPECT_EQ(failure(), ErrorKind::TooLarge);
    const std::vector<Sent> answer = sent();
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_EQ(std::get<TftpError>(*decodeTftp(answer[0].bytes)).code, TftpErrorCode::DiskFull);

    m_outcome.reset();
    begin(1000);
    arriveData(1, fullBlock);
    arriveData(2, std::string(488, 'y'));
    EXPECT_EQ(file().size(), 1000u);
}

TEST_F(TftpDownloadTest, RefusesANameThatNoRequestHolds)
{
    begin(1000, std::string(503, 'x'));
    EXPECT_FALSE(m_outcome.has_value());
    EXPECT_EQ(sent().at(0).bytes.size(), 512u);
    begin(1000, std::string(504, 'x'));
    EXPECT_EQ(failure(), ErrorKind::Malformed);
    EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(TftpDownloadTest, EndsInBoundedTimeWhateverArrives)
{
    RandomBytes random{5};
    const Endpoint senders[] = {server, transfer, stranger, elsewhere};
    for (int round = 0; round < 3000; ++round) {
        m_outcome.reset();
        m_wait.reset();
        const TimePoint start = m_now;
        begin(3000);
        std::uint16_t block = 1;
        for (int i = 0; !m_outcome.has_value(); ++i) {
            ASSERT_LT(i, 10000);
            const Endpoint from = senders[random.upTo(3)];
            switch (random.upTo(5)) {
            case 0:
                arriveBytes(from, random.octets(random.upTo(20)));
                break;
            case 1:
                arriveBytes(from, random.damaged(encode(TftpData{block, fullBlock}), 3));
                break;
            case 2:
                arrive(transfer, TftpData{block++, fullBlock});
                break;
            case 3:
                arrive(from, TftpData{static_cast<std::uint16_t>(random.upTo(5)), fullBlock});
                break;
            default:
                waitEnds();
            }
            ASSERT_LE(sent().size(), 2u) << "one packet never draws a flood";
        }
        if (m_outcome->has_value()) {
            ASSERT_LE(file().size(), 3000u);
        }
        ASSERT_LE(m_now, start + tftpTotalTime + tftpResendAfter);
    }
}

}  // namespace
}  // namespace emulator
