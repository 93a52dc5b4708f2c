#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Settings = std::map<std::string, std::string>;

// A phone that has booted and waits for a command.
PhoneRun anIdlePhone(Settings set = {}, std::string firmware = {})
{
    set.try_emplace("Resync_On_Reset", "No");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.firmware = std::move(firmware);
    PhoneRun run{options};
    run.serve(std::string{basicProfile});
    run.powerOn();
    run.pass(1s);
    run.forget();
    return run;
}

constexpr const char* basicUrl = "tftp://192.168.1.200/basic.txt";

TEST(SyslogTest, AResyncSaysThatItBeginsAndHowItEnded)
{
    COVERS("SYSLOG-TWO-MSGS", "SYSLOG-REQUEST-DEFAULT", "SYSLOG-SUCCESS-DEFAULT", "SYSLOG-REQUEST-DASHES",
           "SYSLOG-PORT-SHOWN", "SYSLOG-DEFAULT-USED", "MACRO-SCHEME", "MACRO-SERVIP", "MACRO-PORT",
           "MACRO-PATH", "MACRO-MAC", "MACRO-SCOPE-LOG", "MODEL-78XX");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}});
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_THAT(
        run.texts(),
        ElementsAre("CP-7832-3PCC 00:0e:08:ab:cd:ef -- Requesting resync tftp://192.168.1.200:69/basic.txt",
                    "CP-7832-3PCC 00:0e:08:ab:cd:ef -- Successful resync tftp://192.168.1.200:69/basic.txt"));
    EXPECT_EQ(run.lines[0].server, "192.168.1.210");
    run.forget();
    run.resync("http://prov.telco.com:8080/basic.txt");
    run.pass(1s);
    run.resync("https://prov.telco.com/a/b.txt");
    run.pass(1s);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("Requesting resync http://192.168.1.200:8080/basic.txt"),
                                         HasSubstr("Successful resync http://192.168.1.200:8080/basic.txt"),
                                         HasSubstr("Requesting resync https://192.168.1.200:443/a/b.txt"),
                                         HasSubstr("Successful resync https://192.168.1.200:443/a/b.txt")));
}

TEST(SyslogTest, AFailureNamesItsCause)
{
    COVERS("SYSLOG-FAILURE-DEFAULT", "MACRO-ERR", "DNS-A-EXHAUSTED");
    std::set<std::string> reasons;
    for (const ErrorKind kind : {ErrorKind::NotFound, ErrorKind::Unreachable, ErrorKind::TimedOut}) {
        PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}});
        run.refuse(kind);
        run.resync(basicUrl);
        run.pass(1s);
        ASSERT_THAT(run.lines, SizeIs(2));
        const std::string start = "CP-7832-3PCC 00:0e:08:ab:cd:ef -- Resync failed: ";
        ASSERT_TRUE(run.lines[1].text.starts_with(start)) << run.lines[1].text;
        EXPECT_GT(run.lines[1].text.size(), start.size());
        reasons.insert(run.lines[1].text);
    }
    EXPECT_EQ(reasons.size(), 3u);
}

TEST(SyslogTest, AnUnresolvableNameStillGivesBothMessages)
{
    COVERS("DNS-UNRESOLVABLE");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}, {"Resync_Error_Retry_Delay", "60"}});
    run.refuse(ErrorKind::Unresolvable);
    run.resolves = false;
    run.answerTime = 0s;
    run.resync("http://prov.telco.com/basic.txt");
    run.pass(1s);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("-- Requesting resync http://prov.telco.com:80/basic.txt"),
                                         HasSubstr("-- Resync failed: Server name not resolved")));
    EXPECT_EQ(run.phone->nextResync() - run.fetches.at(0).at, 60s);
    EXPECT_EQ(run.phone->muteLed(), MuteLed::SlowBlink);
}

TEST(SyslogTest, AClearedMessageIsNotSentAndTheOthersAre)
{
    COVERS("SYSLOG-CLEARED", "PARAM-LOG-REQUEST-MSG", "PARAM-LOG-SUCCESS-MSG", "PARAM-LOG-FAILURE-MSG");
    const auto said = [](const char* cleared, ErrorKind* error) {
        PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}, {cleared, ""}});
        if (error != nullptr)
            run.refuse(*error);
        run.resync(basicUrl);
        run.pass(1s);
        return run.texts();
    };
    ErrorKind missing = ErrorKind::NotFound;
    EXPECT_THAT(said("Log_Request_Msg", nullptr), ElementsAre(HasSubstr("Successful")));
    EXPECT_THAT(said("Log_Success_Msg", nullptr), ElementsAre(HasSubstr("Requesting")));
    EXPECT_THAT(said("Log_Failure_Msg", &missing), ElementsAre(HasSubstr("Requesting")));
    EXPECT_THAT(said("Log_Failure_Msg", nullptr), SizeIs(2));
}

TEST(SyslogTest, TheAdministratorsTextsAreExpandedAndSent)
{
    COVERS("SYSLOG-PARAMS");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"},
                                {"Log_Request_Msg", "R $MA $PATH"},
                                {"Log_Success_Msg", "S $MAU $SCHEME"},
                                {"Log_Failure_Msg", "F $SN $ERR"}});
    run.resync(basicUrl);
    run.pass(1s);
    run.refuse(ErrorKind::NotFound);
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_THAT(run.texts(), ElementsAre("R 000e08abcdef /basic.txt", "S 000E08ABCDEF tftp",
                                         "R 000e08abcdef /basic.txt", "F 88012BABCDEF File not found"));
}

TEST(SyslogTest, WithoutAServerNothingIsSent)
{
    COVERS("SYSLOG-DISABLED");
    PhoneRun run = anIdlePhone();
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_THAT(run.lines, IsEmpty());
    EXPECT_EQ(run.value("GPP_A"), "12345678");
}

TEST(SyslogTest, TheDebugServerGetsACopy)
{
    COVERS("SYSLOG-ALSO-DEBUG");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}, {"Debug_Server", "192.168.1.211"}});
    run.resync(basicUrl);
    run.pass(1s);
    std::map<std::string, std::vector<std::string>> byServer;
    for (const auto& line : run.lines)
        byServer[line.server].push_back(line.text);
    EXPECT_THAT(byServer["192.168.1.210"], SizeIs(2));
    EXPECT_EQ(byServer["192.168.1.210"], byServer["192.168.1.211"]);
}

TEST(SyslogTest, DetailGrowsWithTheDebugLevelAndGoesToTheDebugServerAlone)
{
    COVERS("SYSLOG-DEBUG-INSTEAD", "SYSLOG-DEBUG-LEVEL");
    std::size_t before = 0;
    for (const char* level : {"0", "1", "2", "3"}) {
        PhoneRun run = anIdlePhone({{"Debug_Server", "192.168.1.211"}, {"Debug_Level", level}}, "11.0.1");
        run.resync(basicUrl);
        run.pass(1s);
        EXPECT_GT(run.lines.size(), before) << level;
        before = run.lines.size();
        EXPECT_THAT(run.texts(), Contains(HasSubstr("Requesting resync")));
    }
    PhoneRun run = anIdlePhone({}, "11.0.1");
    EXPECT_FALSE(checkedValue(run.phone->model().schema->at(run.id("Debug_Level")), "4").has_value());
    PhoneRun syslogOnly = anIdlePhone({{"Syslog_Server", "192.168.1.210"}, {"Debug_Level", "3"}}, "11.0.1");
    syslogOnly.resync(basicUrl);
    syslogOnly.pass(1s);
    EXPECT_THAT(syslogOnly.lines, SizeIs(2));
}

struct IdentifierRow {
    const char* id;
    const char* choice;
    const char* text;
};

class IdentifierTest : public ::testing::TestWithParam<IdentifierRow> {};

TEST_P(IdentifierTest, FollowsTheTimeStamp)
{
    COVERS(GetParam().id);
    PhoneRun run =
        anIdlePhone({{"Syslog_Server", "192.168.1.210"}, {"Syslog_Identifier", GetParam().choice}});
    run.resync(basicUrl);
    run.pass(1s);
    for (const auto& line : run.lines) {
        const std::string_view text = line.datagram;
        const std::string_view stamp = text.substr(text.find('>') + 1, 15);
        EXPECT_EQ(stamp, "Jan  1 00:00:01");
        const std::string_view rest = text.substr(text.find('>') + 17);
        EXPECT_TRUE(rest.starts_with(std::string{GetParam().text} + "CP-7832-3PCC 00:0e:08:ab:cd:ef -- "))
            << rest;
    }
    EXPECT_THAT(run.lines, SizeIs(2));
}

INSTANTIATE_TEST_SUITE_P(Choices, IdentifierTest,
                         ::testing::Values(IdentifierRow{"SYSLOG-IDENT-NONE", "None", ""},
                                           IdentifierRow{"SYSLOG-IDENT-MA", "$MA", "000e08abcdef "},
                                           IdentifierRow{"SYSLOG-IDENT-MAU", "$MAU", "000E08ABCDEF "},
                                           IdentifierRow{"SYSLOG-IDENT-MAC", "$MAC", "00:0e:08:ab:cd:ef "},
                                           IdentifierRow{"SYSLOG-IDENT-SN", "$SN", "88012BABCDEF "}));

TEST(SyslogTest, AFactoryFreshPhoneUsesNoIdentifier)
{
    COVERS("SYSLOG-IDENT-DEFAULT", "SYSLOG-IDENT-POSITION");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}});
    EXPECT_EQ(run.value("Syslog_Identifier"), "None");
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_EQ(run.lines.at(0).datagram,
              "<133>Jan  1 00:00:01 CP-7832-3PCC 00:0e:08:ab:cd:ef -- Requesting resync "
              "tftp://192.168.1.200:69/basic.txt");
}

TEST(SyslogTest, EveryModelHasTheTextsOfTheGuide)
{
    COVERS("SYSLOG-REQUEST-DEFAULT", "SYSLOG-SUCCESS-DEFAULT", "SYSLOG-FAILURE-DEFAULT",
           "SYSLOG-IDENT-DEFAULT");
    for (const char* model : {"CP-7832-3PCC", "CP-7841-3PCC", "CP-8851-3PCC"}) {
        PhoneRun run{{.model = model}};
        EXPECT_EQ(run.value("Log_Request_Msg"), "$PN $MAC -- Requesting resync $SCHEME://$SERVIP:$PORT$PATH");
        EXPECT_EQ(run.value("Log_Success_Msg"), "$PN $MAC -- Successful resync $SCHEME://$SERVIP:$PORT$PATH");
        EXPECT_EQ(run.value("Log_Failure_Msg"), "$PN $MAC -- Resync failed: $ERR");
        EXPECT_EQ(run.value("Syslog_Identifier"), "None");
    }
}

TEST(SyslogTest, TheLinesHaveTheShapeOfTheGuidesSamples)
{
    COVERS("SYSLOG-SAMPLE-REQUEST", "SYSLOG-SAMPLE-SUCCESS");
    // The samples were made with texts of the administrator: without the port, and without the dashes.
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"},
                                {"Log_Request_Msg", "$PN $MAC Requesting resync $SCHEME://$SERVIP$PATH"},
                                {"Log_Success_Msg", "$PN $MAC Successful resync $SCHEME://$SERVIP$PATH"}});
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_THAT(
        run.texts(),
        ElementsAre("CP-7832-3PCC 00:0e:08:ab:cd:ef Requesting resync tftp://192.168.1.200/basic.txt",
                    "CP-7832-3PCC 00:0e:08:ab:cd:ef Successful resync tftp://192.168.1.200/basic.txt"));
}

TEST(SyslogTest, BootingIsReportedBesideResyncs)
{
    COVERS("SYSLOG-CRITICAL-EVENTS");
    PhoneRun run = anIdlePhone({{"Syslog_Server", "192.168.1.210"}});
    run.feed(RebootCommanded{});
    run.pass(1s);
    EXPECT_THAT(run.texts(), ElementsAre(HasSubstr("System started: ip@127.78.0.1, firmware sip7832.")));
}

TEST(SyslogTest, ThePageKeepsTheLastMessagesEvenWithoutAServer)
{
    PhoneRun run = anIdlePhone();
    for (int i = 0; i < 50; ++i) {
        run.resync(basicUrl);
        run.pass(1s);
    }
    EXPECT_THAT(std::string{run.phone->messages().text()}, HasSubstr("Successful resync"));
    EXPECT_LE(run.phone->messages().text().size(), MessageLog::maxBytes);
    EXPECT_TRUE(run.phone->messages().text().starts_with("CP-7832-3PCC")) << "whole lines only";
}

TEST(SyslogTest, AProfileMayNameTheSyslogServer)
{
    COVERS("SYSLOG-SERVER-NAME-UNDERSCORE", "SYSLOG-SERVER-NAME-LABEL");
    PhoneRun run = anIdlePhone();
    run.serve("<flat-profile><Syslog_Server ua=\"na\">10.74.30.84</Syslog_Server></flat-profile>");
    run.resync(basicUrl);
    run.pass(1s);
    ASSERT_THAT(run.lines, SizeIs(1)) << "the request came before the server was known";
    EXPECT_EQ(run.lines[0].server, "10.74.30.84");
    run.submit({{"Syslog_Server", "10.74.30.85"}});
    run.serve(std::string{basicProfile});
    run.resync(basicUrl);
    run.pass(1s);
    EXPECT_EQ(run.lines.back().server, "10.74.30.85");
}

}  // namespace
}  // namespace emulator
