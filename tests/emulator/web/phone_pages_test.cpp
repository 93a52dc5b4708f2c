#include "emulator/web/phone_pages.hpp"

#include "tests/emulator/web/web_phone.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>

namespace emulator::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view advanced = "/admin/advanced";

std::string advancedPage(WebPhone& phone)
{
    return textOf(phone.get(std::string{advanced}));
}

// Feeds the phone a profile for the resync that it has just been told to do.
void serve(WebPhone& phone, std::string profile)
{
    const FetchFile* fetch = effectIn<FetchFile>(phone.effects);
    ASSERT_NE(fetch, nullptr);
    const RequestId request = fetch->request;
    const Url url = fetch->fetch.url;
    phone.feed(bootedAt + 1s, FetchAddressed{request, IpAddress::parse("192.168.1.200").value(), &url});
    phone.feed(bootedAt + 2s, FetchFinished{request, shareBytes(std::move(profile))});
}

TEST(PhonePagesTest, ShowTheConfigurationAndTakeNewValues)
{
    COVERS("WEB-UTILITY", "WEB-SUBMIT");
    WebPhone phone;
    const std::string before = advancedPage(phone);
    EXPECT_EQ(shownValue(before, "Resync_Periodic"), "3600");
    EXPECT_THAT(before, HasSubstr(">Submit All Changes</button>"));
    EXPECT_THAT(before, HasSubstr(">Undo All Changes</button>"));
    EXPECT_EQ(phone.value("Resync_Periodic"), "3600");  // looking changes nothing

    const WebAnswer answer = phone.post(std::string{advanced}, "Resync_Periodic=30&GPP_A=a+b%26c");
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_EQ(phone.value("Resync_Periodic"), "30");
    EXPECT_EQ(phone.value("GPP_A"), "a b&c");
    EXPECT_EQ(shownValue(advancedPage(phone), "Resync_Periodic"), "30");
    EXPECT_EQ(shownValue(advancedPage(phone), "GPP_A"), "a b&amp;c");
}

TEST(PhonePagesTest, AreReachedByAdminLoginAndAdvancedOnFirmware11_0)
{
    COVERS("WEB-NAV-ADMINLOGIN");
    WebPhone phone{{.firmware = "11.0.1"}};
    const std::string home = textOf(phone.get("/"));
    const std::string admin = linkNamed(home, "Admin Login");
    ASSERT_EQ(admin, "/admin/basic");
    EXPECT_THAT(home, Not(HasSubstr("/admin/advanced#provisioning")));
    const std::string basicPage = textOf(phone.get(admin));
    EXPECT_THAT(linkNamed(basicPage, "Provisioning"), IsEmpty());
    const std::string next = linkNamed(basicPage, "advanced");
    ASSERT_EQ(next, "/admin/advanced");
    const std::string page = textOf(phone.get(next));
    EXPECT_EQ(linkNamed(between(page, "<h2>Voice</h2>", "</nav>"), "Provisioning"), "#provisioning");
    EXPECT_TRUE(hasField(tabOf(page, "provisioning"), "GPP_A"));
}

TEST(PhonePagesTest, HaveTheVoiceTabsRightAtTheFirstPageFromFirmware11_3)
{
    COVERS("WEB-NAV-MPP");
    WebPhone phone{{.firmware = "11.3.1"}};
    const std::string voice = between(textOf(phone.get("/")), "<h2>Voice</h2>", "</nav>");
    for (const std::string_view tab : {"System", "SIP", "Provisioning", "Regional", "Phone", "User", "Ext 1"})
        EXPECT_THAT(linkNamed(voice, tab), HasSubstr("/admin/advanced#")) << tab;
    const std::string address = linkNamed(voice, "Provisioning");
    const std::string page = textOf(phone.get(address.substr(0, address.find('#'))));
    EXPECT_TRUE(hasField(tabOf(page, address.substr(address.find('#') + 1)), "GPP_A"));
}

TEST(PhonePagesTest, LabelTheSyslogFieldsInTheNetworkConfigurationOfTheSystemTab)
{
    COVERS("SYSLOG-SERVER-NAME-LABEL", "SYSLOG-SERVER-NAME-UNDERSCORE", "EX-SYSLOG-11-3");
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"Syslog_Server", ">Syslog Server</label>"}, {"Syslog_Identifier", ">Syslog Identifier</label>"}};
    for (const char* model : {"7832", "7841", "8851"}) {
        for (const char* firmware : {"11.0.1", "11.3.1"}) {
            WebPhone phone{{.model = model, .firmware = firmware}};
            const std::string section =
                sectionOf(tabOf(advancedPage(phone), "system"), "Optional Network Configuration");
            for (const auto& [name, label] : fields) {
                EXPECT_TRUE(hasField(section, name)) << model << ' ' << firmware << ' ' << name;
                EXPECT_THAT(section, HasSubstr(label)) << model << ' ' << firmware;
            }
        }
    }
}

TEST(PhonePagesTest, LeadFromTheAdminEntryToTheLevelOfTheFirmware)
{
    EXPECT_EQ(WebPhone{{.firmware = "11.3.1"}}.get("/admin/").response.fields.first("Location"),
              "/admin/advanced");
    EXPECT_EQ(WebPhone{{.firmware = "11.0.1"}}.get("/admin/").response.fields.first("Location"),
              "/admin/basic");
}

TEST(PhonePagesTest, HaveTheAdvancedPageWithItsProvisioningTab)
{
    COVERS("WEB-ADMIN-ADVANCED", "WEB-TAB-PROVISIONING");
    WebPhone phone;
    const WebAnswer answer = phone.get(std::string{advanced});
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_EQ(answer.response.fields.first("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(linkNamed(textOf(answer), "Provisioning"), "#provisioning");
    const std::string tab = tabOf(textOf(answer), "provisioning");
    for (char letter = 'A'; letter <= 'P'; ++letter)
        EXPECT_TRUE(hasField(tab, std::string{"GPP_"} + letter)) << letter;
    for (const std::string_view name :
         {"Provision_Enable", "Resync_On_Reset", "Resync_Periodic", "Resync_Error_Retry_Delay",
          "Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D", "Upgrade_Enable",
          "Upgrade_Rule", "Upgrade_Error_Retry_Delay", "Downgrade_Rev_Limit", "Log_Request_Msg",
          "Log_Success_Msg", "Log_Failure_Msg", "Log_Upgrade_Request_Msg", "Log_Upgrade_Success_Msg",
          "Log_Upgrade_Failure_Msg"})
        EXPECT_TRUE(hasField(tab, name)) << name;
}

TEST(PhonePagesTest, HaveSyslogAndDebugServerOnTheSystemTab)
{
    COVERS("WEB-TAB-SYSTEM");
    WebPhone phone;
    const std::string section =
        sectionOf(tabOf(advancedPage(phone), "system"), "Optional Network Configuration");
    for (const std::string_view name : {"Syslog_Server", "Syslog_Identifier", "Debug_Server"})
        EXPECT_TRUE(hasField(section, name)) << name;
    EXPECT_THAT(section, AllOf(HasSubstr(">Syslog Server</label>"), HasSubstr(">Syslog Identifier</label>")));
}

TEST(PhonePagesTest, HaveResyncLogAndRulesInConfigurationProfile)
{
    COVERS("WEB-SEC-CONFIG-PROFILE");
    WebPhone phone;
    const std::string section =
        sectionOf(tabOf(advancedPage(phone), "provisioning"), "Configuration Profile");
    for (const std::string_view name : {"Provision_Enable",
                                        "Resync_On_Reset",
                                        "Resync_Random_Delay",
                                        "Resync_At__HHmm_",
                                        "Resync_At_Random_Delay",
                                        "Resync_Periodic",
                                        "Resync_Error_Retry_Delay",
                                        "Forced_Resync_Delay",
                                        "Resync_From_SIP",
                                        "Resync_After_Upgrade_Attempt",
                                        "Resync_Trigger_1",
                                        "Resync_Trigger_2",
                                        "Resync_Fails_On_FNF",
                                        "Profile_Authentication_Type",
                                        "User_Configurable_Resync",
                                        "Log_Request_Msg",
                                        "Log_Success_Msg",
                                        "Log_Failure_Msg",
                                        "Profile_Rule",
                                        "Profile_Rule_B",
                                        "Profile_Rule_C",
                                        "Profile_Rule_D"})
        EXPECT_TRUE(hasField(section, name)) << name;
}

TEST(PhonePagesTest, HaveTheUpgradeRuleInFirmwareUpgrade)
{
    COVERS("WEB-SEC-FW-UPGRADE");
    WebPhone phone;
    const std::string section = sectionOf(tabOf(advancedPage(phone), "provisioning"), "Firmware Upgrade");
    EXPECT_TRUE(hasField(section, "Upgrade_Enable"));
    EXPECT_TRUE(hasField(section, "Upgrade_Rule"));
}

TEST(PhonePagesTest, HaveTheRefreshOfTheDeviceCertificateInMicCertSettings)
{
    COVERS("WEB-SEC-MIC");
    WebPhone phone;
    const std::string section = sectionOf(tabOf(advancedPage(phone), "provisioning"), "MIC Cert Settings");
    EXPECT_TRUE(hasField(section, "MIC_Cert_Refresh_Enable"));
    EXPECT_TRUE(hasField(section, "MIC_Cert_Refresh_Rule"));
}

TEST(PhonePagesTest, HaveATabForTr069)
{
    COVERS("WEB-TAB-TR069");
    for (const std::string_view model : {"SPA508G", "WIP310", "7832"}) {
        WebPhone phone{{.model = model}};
        const std::string page = advancedPage(phone);
        EXPECT_EQ(linkNamed(between(page, "<h2>Voice</h2>", "</nav>"), "TR-069"), "#tr-069") << model;
        EXPECT_TRUE(hasField(tabOf(page, "tr-069"), "ACS_URL")) << model;
    }
}

TEST(PhonePagesTest, HaveOneTabPerLineOfTheModel)
{
    WebPhone conference{{.model = "7832"}};
    WebPhone desk{{.model = "7841"}};
    const std::string one = advancedPage(conference);
    const std::string four = advancedPage(desk);
    EXPECT_EQ(linkNamed(one, "Ext 1"), "#ext-1");
    EXPECT_EQ(linkNamed(one, "Ext 2"), "");
    EXPECT_EQ(linkNamed(four, "Ext 4"), "#ext-4");
    EXPECT_EQ(linkNamed(four, "Ext 5"), "");
    EXPECT_TRUE(hasField(tabOf(four, "ext-4"), "User_ID_4_"));
}

TEST(PhonePagesTest, ShowCustomCaStatusOnInfoStatus)
{
    COVERS("WEB-INFO-STATUS");
    WebPhone phone;
    const std::string tab = tabOf(advancedPage(phone), "status");
    EXPECT_THAT(tab, AllOf(HasSubstr("<h2>Custom CA Status</h2>"), HasSubstr("Custom CA Info")));
    EXPECT_EQ(linkNamed(advancedPage(phone), "Status"), "#status");
}

TEST(PhonePagesTest, ShowTheRefreshOfTheDeviceCertificateOnDownloadStatus)
{
    COVERS("WEB-INFO-DOWNLOAD");
    WebPhone phone;
    EXPECT_THAT(tabOf(advancedPage(phone), "download-status"), HasSubstr("<h2>MIC Cert Refresh Status</h2>"));
    EXPECT_EQ(linkNamed(advancedPage(phone), "Download Status"), "#download-status");
}

TEST(PhonePagesTest, HaveTheLogBehindTheMessagesLinkOfDebugInfo)
{
    COVERS("WEB-INFO-DEBUG", "SYSLOG-WEB-MESSAGES");
    WebPhone phone;
    phone.get("/admin/resync?tftp://192.168.1.200/basic.txt");
    serve(phone, "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>");

    const std::string tab = tabOf(advancedPage(phone), "debug-info");
    const std::string link = linkNamed(between(tab, "<h2>Control Logs</h2>", "</div>"), "messages");
    const WebAnswer log = phone.get(link);
    EXPECT_EQ(log.response.fields.first("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_THAT(textOf(log), AllOf(HasSubstr("Requesting resync tftp://192.168.1.200:69/basic.txt"),
                                   HasSubstr("Successful resync tftp://192.168.1.200:69/basic.txt")));
}

TEST(PhonePagesTest, ShowEmptyGeneralPurposeParametersOnAFactoryDefaultPhone)
{
    COVERS("WEB-GPP-EMPTY");
    WebPhone phone;
    const std::string tab = tabOf(advancedPage(phone), "provisioning");
    for (char letter = 'A'; letter <= 'P'; ++letter)
        EXPECT_EQ(shownValue(tab, std::string{"GPP_"} + letter), "") << letter;
}

TEST(PhonePagesTest, ShowWhatAResyncBroughtAfterARefresh)
{
    COVERS("WEB-REFRESH-SHOWS");
    WebPhone phone;
    phone.get("/admin/resync?tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(shownValue(advancedPage(phone), "GPP_A"), "");
    serve(phone, "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>");
    const std::string page = advancedPage(phone);
    EXPECT_EQ(shownValue(page, "GPP_A"), "12345678");
    EXPECT_THAT(page, HasSubstr("from tftp://192.168.1.200"));
}

TEST(PhonePagesTest, TakeResyncAndUpgradeAsUrlCommands)
{
    COVERS("WEB-URL-CMDS");
    WebPhone phone;
    const WebAnswer resync = phone.get("/admin/resync?tftp://192.168.1.200/basic.txt");
    ASSERT_NE(eventIn<ResyncCommanded>(resync), nullptr);
    EXPECT_EQ(eventIn<ResyncCommanded>(resync)->rule, "tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(eventIn<ResyncCommanded>(resync)->requester, WebPhone::requester());
    const FetchFile* fetch = effectIn<FetchFile>(phone.effects);
    ASSERT_NE(fetch, nullptr);
    EXPECT_EQ(fetch->fetch.url.text(), "tftp://192.168.1.200:69/basic.txt");

    WebPhone other;
    const WebAnswer upgrade = other.get("/admin/upgrade?http://192.168.1.200/sip7832.11-3-2MPP-1.loads");
    ASSERT_NE(eventIn<UpgradeCommanded>(upgrade), nullptr);
    const FetchFile* load = effectIn<FetchFile>(other.effects);
    ASSERT_NE(load, nullptr);
    EXPECT_EQ(load->fetch.url.text(), "http://192.168.1.200:80/sip7832.11-3-2MPP-1.loads");
}

TEST(PhonePagesTest, FetchAtOnceOnAResyncCommand)
{
    COVERS("WEB-RESYNC-CMD");
    WebPhone phone;
    const WebAnswer answer = phone.get("/admin/resync?tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_THAT(textOf(answer), HasSubstr("tftp://192.168.1.200/basic.txt"));
    EXPECT_NE(effectIn<FetchFile>(phone.effects), nullptr);
}

TEST(PhonePagesTest, TakeTheStoredRulesWhenAResyncCommandHasNoUrl)
{
    WebPhone phone;
    for (const std::string target : {"/admin/resync", "/admin/resync?"}) {
        const WebAnswer answer = phone.get(target);
        ASSERT_NE(eventIn<ResyncCommanded>(answer), nullptr);
        EXPECT_EQ(eventIn<ResyncCommanded>(answer)->rule, "");
    }
}

TEST(PhonePagesTest, TakeCommandsFromTheFormsOfDebugInfoToo)
{
    WebPhone phone;
    const WebAnswer answer = phone.post("/admin/resync", "url=tftp%3A%2F%2F192.168.1.200%2Fa%2Bb.txt");
    ASSERT_NE(eventIn<ResyncCommanded>(answer), nullptr);
    EXPECT_EQ(eventIn<ResyncCommanded>(answer)->rule, "tftp://192.168.1.200/a+b.txt");
    EXPECT_EQ(phone.post("/admin/resync", "url=a%0d%0ab").response.status, 400);
    EXPECT_EQ(phone.post("/admin/upgrade", "url=" + std::string(2049, 'a')).response.status, 414);
}

TEST(PhonePagesTest, RebootOnACommand)
{
    COVERS("WEB-REBOOT-CMD");
    WebPhone phone;
    const WebAnswer answer = phone.get("/admin/reboot");
    EXPECT_EQ(answer.response.status, 200);
    ASSERT_NE(eventIn<RebootCommanded>(answer), nullptr);
    EXPECT_EQ(phone.phone().state(), PhoneState::Booting);
}

TEST(PhonePagesTest, AskBeforeAFactoryReset)
{
    WebPhone phone{{.set = {{"GPP_A", "mine"}}}};
    const WebAnswer question = phone.get("/admin/factory-reset");
    EXPECT_TRUE(question.events.empty());
    EXPECT_THAT(textOf(question), HasSubstr(">Confirm Factory Reset</button>"));
    const WebAnswer answer = phone.post("/admin/factory-reset", "");
    ASSERT_NE(eventIn<FactoryResetCommanded>(answer), nullptr);
    EXPECT_EQ(phone.value("GPP_A"), "");
}

TEST(PhonePagesTest, ExportTheConfigurationAsCfgXml)
{
    COVERS("PROF-CFG-XML-NAME");
    WebPhone phone{{.set = {{"GPP_A", "a<b"}, {"Admin_Password", ""}}}};
    const WebAnswer answer = phone.get("/admin/cfg.xml");
    EXPECT_EQ(answer.response.fields.first("Content-Type"), "text/xml; charset=utf-8");
    EXPECT_THAT(textOf(answer),
                AllOf(HasSubstr("<flat-profile>"), HasSubstr("<GPP_A ua=\"na\">a&lt;b</GPP_A>"),
                      HasSubstr("</flat-profile>")));
}

TEST(PhonePagesTest, RefuseCommandsThatTheParametersForbid)
{
    WebPhone phone{{.set = {{"Provision_Enable", "No"}, {"Upgrade_Enable", "No"}}}};
    for (const std::string target : {"/admin/resync?tftp://h/a", "/admin/upgrade?tftp://h/a.loads"}) {
        const WebAnswer answer = phone.get(target);
        EXPECT_EQ(answer.response.status, 403);
        EXPECT_TRUE(answer.events.empty());
        EXPECT_THAT(textOf(answer), HasSubstr("is No."));
    }
}

TEST(PhonePagesTest, RefuseUrlCommandsWhenTheyAreOff)
{
    WebPhone phone{{.set = {{"Enable_Direct_Action_Url", "No"}}}};
    for (const std::string target :
         {"/admin/resync?tftp://h/a", "/admin/upgrade?tftp://h/a", "/admin/reboot", "/admin/factory-reset",
          "/admin/cfg.xml", "/status.xml", "/admin/status.xml"}) {
        const WebAnswer answer = phone.get(target);
        EXPECT_EQ(answer.response.status, 403) << target;
        EXPECT_TRUE(answer.events.empty()) << target;
    }
    EXPECT_EQ(phone.get(std::string{advanced}).response.status, 200);
}

TEST(PhonePagesTest, AreClosedByEnableWebServerAndEnableWebAdminAccess)
{
    WebPhone closed{{.set = {{"Enable_Web_Server", "No"}}}};
    EXPECT_EQ(closed.get("/").response.status, 403);
    WebPhone user{{.set = {{"Enable_Web_Admin_Access", "No"}}}};
    EXPECT_EQ(user.get("/").response.status, 200);
    EXPECT_EQ(user.get("/basic").response.status, 200);
    EXPECT_EQ(user.get(std::string{advanced}).response.status, 403);
    EXPECT_EQ(user.get("/admin/reboot").response.status, 403);
}

TEST(PhonePagesTest, AnswerHeadLikeGetWithoutItsBody)
{
    WebPhone phone;
    HttpRequest request;
    request.method = "HEAD";
    request.target = "/";
    const WebAnswer answer = phone.ask(request);
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_EQ(answer.response.body, nullptr);
    EXPECT_EQ(answer.response.fields.first("Content-Length"), std::to_string(textOf(phone.get("/")).size()));
}

TEST(PhonePagesTest, DoNothingOnAHeadOfACommand)
{
    WebPhone phone;
    HttpRequest request;
    request.method = "HEAD";
    request.target = "/admin/reboot";
    const WebAnswer answer = phone.ask(request);
    EXPECT_EQ(answer.response.status, 405);
    EXPECT_TRUE(answer.events.empty());
}

TEST(PhonePagesTest, RefuseOtherMethodsAndUnknownPages)
{
    WebPhone phone;
    HttpRequest request;
    request.method = "DELETE";
    request.target = std::string{advanced};
    const WebAnswer answer = phone.ask(request);
    EXPECT_EQ(answer.response.status, 405);
    EXPECT_EQ(answer.response.fields.first("Allow"), "GET, HEAD, POST");
    request.method = "";
    EXPECT_EQ(phone.ask(request).response.status, 405);
    EXPECT_EQ(phone.get("/nothing").response.status, 404);
    EXPECT_EQ(phone.get("/admin/%zz").response.status, 404);
    EXPECT_EQ(phone.get("/admin/resync?" + std::string(2049, 'a')).response.status, 414);
    EXPECT_EQ(phone.get("/admin/resync?%zz").response.status, 400);
}

TEST(PhonePagesTest, NeverSendBackWhatCouldRunInABrowser)
{
    const std::string attack = "<script>alert(1)</script>\"'";
    const std::string encoded = "%3Cscript%3Ealert(1)%3C/script%3E%22'";
    WebPhone phone{{.set = {{"GPP_A", attack}, {"Host_Name", attack}, {"Profile_Rule", attack}}}};
    std::vector<WebAnswer> answers;
    for (const std::string target : {"/", "/basic", "/advanced", "/admin/advanced"})
        answers.push_back(phone.get(target));
    answers.push_back(phone.get("/" + attack));
    answers.push_back(phone.get("/admin/resync?" + encoded));
    answers.push_back(phone.get("/admin/resync?" + attack));
    answers.push_back(phone.get("/admin/upgrade?" + encoded));
    answers.push_back(phone.get("/?%" + attack));
    answers.push_back(phone.post("/admin/resync", "url=" + encoded));
    answers.push_back(phone.post(std::string{advanced}, encoded + "=" + encoded));
    answers.push_back(phone.post(std::string{advanced}, "Resync_Periodic=" + encoded));
    answers.push_back(phone.post(std::string{advanced}, "GPP_B=" + encoded));
    answers.push_back(phone.post(std::string{advanced}, "GPP_C=%" + attack));
    for (const WebAnswer& answer : answers) {
        EXPECT_THAT(textOf(answer), AllOf(Not(HasSubstr("<script")), Not(HasSubstr("alert(1)</"))));
        EXPECT_EQ(answer.response.fields.first("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(answer.response.fields.first("Cache-Control"), "no-store");
        EXPECT_THAT(answer.response.fields.first("Content-Security-Policy"), HasSubstr("default-src 'none'"));
        EXPECT_THAT(answer.response.fields.first("Content-Type"), HasSubstr("charset=utf-8"));
    }
}

TEST(PhonePagesTest, SayWhichPhoneItIsOnASmallFirstPage)
{
    COVERS("MODEL-BARCODE", "MODEL-MAC-LABEL", "MODEL-SERIAL");
    WebPhone phone;
    const std::string home = textOf(phone.get("/"));
    EXPECT_THAT(home, AllOf(HasSubstr("000e08aabbcc"), HasSubstr("00:0e:08:aa:bb:cc"),
                            HasSubstr("88012BAABBCC"), HasSubstr("CP-7832-3PCC")));
    EXPECT_LT(home.size(), 16384u);
}

TEST(PhonePagesTest, ShowEveryParameterThatIsNotHiddenWithItsLabel)
{
    WebPhone phone{{.model = "7861"}};
    const std::string page = advancedPage(phone);
    for (const Parameter& parameter : phone.phone().parameters().schema().all()) {
        const std::string label = "for=\"" + parameter.name + "\"";
        EXPECT_EQ(hasField(page, parameter.name), !parameter.hidden && !parameter.tab.empty())
            << parameter.name;
        EXPECT_EQ(page.find(label) != std::string::npos, hasField(page, parameter.name)) << parameter.name;
    }
}

}  // namespace
}  // namespace emulator::tests
