#include "tests/emulator/phone/phone_run.hpp"

#include "emulator/base/base64.hpp"
#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Settings = std::map<std::string, std::string>;

// A phone that resyncs only when told to. It has sent the report of its start, which the test forgets.
PhoneRun aReportingPhone(Settings set)
{
    set.try_emplace("Report_Rule", "http://r/report.xml");
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_Periodic", "0");
    set.try_emplace("Syslog_Server", "192.168.1.210");
    PhoneRun::Options options;
    options.set = std::move(set);
    PhoneRun run{options};
    run.serve("");
    run.powerOn();
    run.pass(2s);
    run.forget();
    return run;
}

std::vector<std::string> bodies(const PhoneRun& run)
{
    std::vector<std::string> all;
    for (const PhoneRun::Fetched& one : run.fetches)
        all.push_back(one.request.body ? *one.request.body : "(no body)");
    return all;
}

TEST(ReportTest, ACommandSendsTheWholeConfigurationWithoutPasswords)
{
    PhoneRun run = aReportingPhone({{"GPP_A", "ABC"},
                                    {"GPP_SA", "s3cret"},
                                    {"Admin_Password", "s3cret"},
                                    {"Profile_Rule", "[--key s3cret] http://p/x"}});
    run.feed(ReportCommanded{});
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].url, "http://r:80/report.xml");
    EXPECT_EQ(run.fetches[0].request.method, FetchMethod::Post);
    EXPECT_THAT(run.fetches[0].userAgent, HasSubstr("000e08abcdef"));
    const std::string body = bodies(run)[0];
    EXPECT_THAT(body, HasSubstr("<flat-profile>"));
    EXPECT_THAT(body, HasSubstr("<GPP_A ua=\"na\">ABC</GPP_A>"));
    EXPECT_THAT(body, HasSubstr("<Resync_Random_Delay ua=\"na\">2</Resync_Random_Delay>"));
    EXPECT_THAT(body, HasSubstr("[--key ***] http://p/x"));
    EXPECT_THAT(body, Not(HasSubstr("s3cret")));
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("Requesting report http://r:80/report.xml"),
                                         HasSubstr("Successful report http://r:80/report.xml")));
}

TEST(ReportTest, NoRuleMeansNoReport)
{
    PhoneRun run = aReportingPhone({{"Report_Rule", ""}});
    run.feed(ReportCommanded{});
    run.pass(48h);
    EXPECT_THAT(run.fetches, IsEmpty());
    EXPECT_THAT(run.lines, IsEmpty());
}

TEST(ReportTest, OnRequestARestartReportsOnce)
{
    PhoneRun run = aReportingPhone({});
    run.submit({{"GPP_A", "changed"}});
    run.pass(2h);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.feed(RebootCommanded{});
    run.pass(72h);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(ReportTest, TheReportOfARestartSurvivesTheResyncThatComesFirst)
{
    PhoneRun run = aReportingPhone(
        {{"Resync_On_Reset", "Yes"}, {"Resync_Random_Delay", "0"}, {"Profile_Rule", "http://p/basic.txt"}});
    run.serve(std::string{basicProfile});
    run.feed(RebootCommanded{});
    run.pass(5s);
    ASSERT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.fetches[0].url, "http://p:80/basic.txt");
    EXPECT_EQ(run.fetches[1].url, "http://r:80/report.xml");
    EXPECT_THAT(bodies(run)[1], HasSubstr(">12345678</GPP_A>"));
}

TEST(ReportTest, OnLocalChangeWaitsAndTakesLaterChangesAlong)
{
    PhoneRun run =
        aReportingPhone({{"Report_To_Server", "On Local Change"}, {"Upload_Delay_On_Local_Change", "90"}});
    run.pass(24h);
    EXPECT_THAT(run.fetches, IsEmpty());
    const TimePoint changed = run.now;
    run.submit({{"GPP_A", "one"}});
    run.pass(50s);
    run.submit({{"GPP_B", "two"}});
    run.pass(2h);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].at, changed + 90s);
    EXPECT_THAT(bodies(run)[0], AllOf(HasSubstr(">one</GPP_A>"), HasSubstr(">two</GPP_B>")));
}

TEST(ReportTest, AChangeByAProfileIsNoLocalOne)
{
    PhoneRun run = aReportingPhone({{"Report_To_Server", "On Local Change"}});
    run.serve(std::string{basicProfile});
    run.resync("(b = \"x\";)! http://p/basic.txt");
    run.pass(24h);
    EXPECT_THAT(run.fetches, SizeIs(1));  // the resync itself
}

TEST(ReportTest, ALocalChangeThatRestartsThePhoneIsReportedAfterwards)
{
    PhoneRun run =
        aReportingPhone({{"Report_To_Server", "On Local Change"}, {"Upload_Delay_On_Local_Change", "60"}});
    run.submit({{"Profile_Rule", "(1 eq 2)? /x"}});
    ASSERT_EQ(run.phone->state(), PhoneState::Booting);
    run.pass(59s);
    EXPECT_THAT(run.fetches, IsEmpty());
    run.pass(5s);
    EXPECT_THAT(run.fetches, SizeIs(1));
}

TEST(ReportTest, PeriodicallyComesEveryPeriodWhateverHappens)
{
    PhoneRun run =
        aReportingPhone({{"Report_To_Server", "Periodically"}, {"Periodic_Upload_To_Server", "7200"}});
    run.answerTime = 0s;
    run.pass(24h);
    EXPECT_THAT(run.fetches, SizeIs(12));
    EXPECT_THAT(run.gaps(), Each(7200));
    run.refuse(ErrorKind::Unreachable);
    run.pass(24h);
    EXPECT_THAT(run.gaps(), AllOf(SizeIs(23), Each(7200)));
    run.forget();
    run.submit({{"Report_To_Server", "On Request"}});
    run.pass(24h);
    EXPECT_THAT(run.fetches, IsEmpty());
}

TEST(ReportTest, AProfileCanBeginAndEndPeriodicReports)
{
    PhoneRun run = aReportingPhone({});
    run.serve("<flat-profile><Report_To_Server>Periodically</Report_To_Server></flat-profile>");
    run.resync("http://p/x");
    run.pass(3h + 1min);
    EXPECT_THAT(run.fetches, SizeIs(4));
    run.serve("<flat-profile><Report_To_Server>On Request</Report_To_Server></flat-profile>");
    run.resync("http://p/x");
    run.pass(1s);
    run.forget();
    run.pass(24h);
    EXPECT_THAT(run.fetches, IsEmpty());
}

TEST(ReportTest, ADeltaTellsOnlyWhatChangedSinceTheLastReport)
{
    PhoneRun run =
        aReportingPhone({{"Report_Rule", "[--delta] http://r/report.xml"}, {"GPP_A", "A"}, {"GPP_D", "D"}});
    run.submit({{"GPP_B", "B"}, {"GPP_C", "C"}, {"GPP_D", ""}});
    run.feed(ReportCommanded{});
    run.pass(1s);
    run.submit({{"GPP_E", "E"}});
    run.refuse(ErrorKind::Unreachable);
    run.feed(ReportCommanded{});
    run.pass(1s);
    run.serve("");
    run.feed(ReportCommanded{});
    run.pass(1s);
    run.feed(ReportCommanded{});
    run.pass(1s);
    const std::string first = "<flat-profile>\n<GPP_B ua=\"na\">B</GPP_B>\n<GPP_C ua=\"na\">C</GPP_C>\n"
                              "<GPP_D ua=\"na\"/>\n</flat-profile>\n";
    const std::string second = "<flat-profile>\n<GPP_E ua=\"na\">E</GPP_E>\n</flat-profile>\n";
    EXPECT_THAT(bodies(run), ElementsAre(first, second, second, "<flat-profile>\n</flat-profile>\n"));
}

TEST(ReportTest, TwoRulesAreSentOneAfterAnotherEvenIfOneFails)
{
    PhoneRun run =
        aReportingPhone({{"Report_Rule", "[--status --uid joe --pwd s3cret] http://r/s.xml tftp://r/t.xml"}});
    run.feed(ReportCommanded{});
    run.pass(10s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_THAT(bodies(run)[0], HasSubstr("<Product_Name>CP-7832-3PCC</Product_Name>"));
    ASSERT_TRUE(run.fetches[0].request.credentials.has_value());
    EXPECT_EQ(run.fetches[0].request.credentials->user, "joe");
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Report failed: tftp://r:69/t.xml: reports go by HTTP")));
    run.forget();
    run.submit({{"Report_Rule", "http://down/a.xml [--status] http://r/s.xml"}});
    run.server = [](const Url& url) -> Result<SharedBytes> {
        if (url.host == "down")
            return fail(ErrorKind::Unreachable, "nobody listens");
        return shareBytes("");
    };
    run.feed(ReportCommanded{});
    run.pass(24h);
    ASSERT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.fetches[1].url, "http://r:80/s.xml");
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Report failed: Server not reachable")));
}

TEST(ReportTest, AKeyEncryptsTheReport)
{
    PhoneRun run = aReportingPhone({{"Report_Rule", "[--key $SA] http://r/report.xml"},
                                    {"GPP_SA", "test123"},
                                    {"GPP_A", "inside"},
                                    {"HTTP_Report_Method", "PUT"}});
    run.feed(ReportCommanded{});
    run.pass(1s);
    ASSERT_THAT(run.fetches, SizeIs(1));
    EXPECT_EQ(run.fetches[0].request.method, FetchMethod::Put);
    const Result<std::string> plain = decryptSalted(bodies(run)[0], "test123", KeyDigest::Md5);
    ASSERT_TRUE(plain.has_value());
    EXPECT_THAT(*plain, AllOf(HasSubstr(">inside</GPP_A>"), Not(HasSubstr("test123"))));
}

TEST(ReportTest, AnIkmEncryptsReportsWithoutAKeyAsRfc8188Says)
{
    PhoneRun run = aReportingPhone({{"Report_Rule", "http://r/report.xml [--status] http://r/status.xml"},
                                    {"IKM_HTTP_Encrypt_Content", "plain words"},
                                    {"GPP_A", "inside"}});
    run.feed(ReportCommanded{});
    run.pass(2s);
    run.feed(ReportCommanded{});
    run.pass(2s);
    ASSERT_THAT(run.fetches, SizeIs(4));
    std::set<std::string> salts;
    for (const PhoneRun::Fetched& one : run.fetches) {
        EXPECT_EQ(one.request.coding, ContentCoding::Aes128Gcm);
        salts.insert(one.request.body->substr(0, 16));
    }
    EXPECT_THAT(salts, SizeIs(4));
    const Result<std::string> plain = decryptAes128Gcm(bodies(run)[0], "plain words");
    ASSERT_TRUE(plain.has_value());
    EXPECT_THAT(*plain, AllOf(HasSubstr(">inside</GPP_A>"), Not(HasSubstr("plain words"))));
    const Result<std::string> status = decryptAes128Gcm(bodies(run)[1], "plain words");
    ASSERT_TRUE(status.has_value());
    EXPECT_THAT(*status, HasSubstr("<Product_Name>CP-7832-3PCC</Product_Name>"));
}

TEST(ReportTest, AnIkmInBase64MeansTheBytesAndAKeyGoesFirst)
{
    PhoneRun run = aReportingPhone({{"Report_Rule", "http://r/a.xml [--key test123] http://r/b.xml"},
                                    {"IKM_HTTP_Encrypt_Content", "yqdlZ-tYemfogSmv7Ws5PQ"}});
    run.feed(ReportCommanded{});
    run.pass(2s);
    ASSERT_THAT(run.fetches, SizeIs(2));
    const std::string bytes = base64Decoded("yqdlZ+tYemfogSmv7Ws5PQ==").value();
    EXPECT_TRUE(decryptAes128Gcm(bodies(run)[0], bytes).has_value());
    EXPECT_EQ(run.fetches[1].request.coding, ContentCoding::Identity);
    EXPECT_TRUE(decryptSalted(bodies(run)[1], "test123", KeyDigest::Md5).has_value());
}

TEST(ReportTest, AReportWaitsForARunningResyncAndLightsNoLed)
{
    PhoneRun run = aReportingPhone({});
    run.answerTime = 5s;
    run.resync("http://p/basic.txt");
    run.feed(ReportCommanded{});
    run.pass(4s);
    EXPECT_THAT(run.fetches, SizeIs(1));
    run.pass(2s);
    ASSERT_THAT(run.fetches, SizeIs(2));
    EXPECT_EQ(run.fetches[1].url, "http://r:80/report.xml");
    run.pass(10s);
    run.leds.clear();
    run.feed(ReportCommanded{});
    run.pass(10s);
    EXPECT_THAT(run.leds, IsEmpty());
}

}  // namespace
}  // namespace emulator
