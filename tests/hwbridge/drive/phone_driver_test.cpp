#include "hwbridge/drive/phone_driver.hpp"

#include "hwbridge/drive/sip_notify.hpp"
#include "tests/hwbridge/drive/running_phone.hpp"
#include "tests/hwbridge/drive/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hwbridge {
namespace {

using emulator::ErrorKind;
using emulator::Result;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::RunningPhone;
using tests::ScriptedServer;

PhoneDriver driver(const std::string& url, std::string user = {}, std::string password = {})
{
    return PhoneDriver::open(
               {.device = "CP7832-1", .url = url, .user = std::move(user), .password = std::move(password)})
        .value();
}

std::string valueOf(const std::vector<XmlLeaf>& values, std::string_view name)
{
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const XmlLeaf& leaf) { return leaf.name == name; });
    return found != values.end() ? found->value : "(none)";
}

std::string why(const Result<void>& result)
{
    return result.has_value() ? "done" : result.error().detail;
}

TEST(PhoneDriverTest, KnowsThePhoneByWhatItsPageShows)
{
    const RunningPhone phone;
    const Result<PhoneIdentity> identity = driver(phone.url()).identity();
    ASSERT_TRUE(identity.has_value()) << identity.error().detail;
    EXPECT_EQ(identity->product, "CP-7832-3PCC");
    EXPECT_EQ(identity->firmware, "sip7832.11-3-1MPP-678");
    EXPECT_EQ(identity->mac.plain(), "000e08000001");
    EXPECT_FALSE(identity->serial.empty());
}

TEST(PhoneDriverTest, ReadsParametersAsThePageShowsThem)
{
    const RunningPhone phone{{{"GPP_A", "a < b & \"c\""}, {"Admin_Password", "s3cret-Pass"}}};
    PhoneDriver driven = driver(phone.url(), "admin", "s3cret-Pass");
    const Result<PageParameters> page = driven.page();
    ASSERT_TRUE(page.has_value()) << page.error().detail;
    EXPECT_EQ(page->find("GPP A")->value, "a < b & \"c\"");
    EXPECT_EQ(page->find("Resync_On_Reset")->value, "No");
    EXPECT_THAT(page->find("Resync On Reset")->choices, ElementsAre("Yes", "No"));
    EXPECT_EQ(page->find("Line_Enable_1_")->path, "Voice > Ext 1 > General > Line Enable");
    EXPECT_TRUE(page->find("Voice > System > Admin Password")->secret);
    EXPECT_EQ(page->find("Admin_Password")->value, "");
    EXPECT_GT(page->all().size(), 500u);
    EXPECT_EQ(page->find("Resync_Periodc").error().detail,
              "the page /admin/advanced of " + driven.place() +
                  " shows no 'Resync_Periodc'; the nearest name is 'Resync_Periodic'");
}

TEST(PhoneDriverTest, SubmitsTheWholeFormAndNothingElseChanges)
{
    const RunningPhone phone{{{"GPP_B", "stays"}, {"User_Password", "keep-Me-1"}}};
    PhoneDriver driven = driver(phone.url());
    const std::vector<XmlLeaf> before = driven.configuration()->values;
    EXPECT_EQ(why(driven.submit(
                  {{"GPP A", "new <value>"}, {"Resync Periodic", "7200"}, {"Ext 1 > Display Name", "Zoë"}})),
              "done");
    ASSERT_TRUE(phone.comesToAnswer());
    std::vector<std::string> changed;
    const std::vector<XmlLeaf> after = driven.configuration()->values;
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i].value != after[i].value)
            changed.push_back(after[i].name + "=" + after[i].value);
    }
    EXPECT_THAT(changed, testing::UnorderedElementsAre("GPP_A=new <value>", "Resync_Periodic=7200",
                                                       "Display_Name_1_=Zoë"));
}

TEST(PhoneDriverTest, AValueThatThePhoneRefusesIsToldInItsOwnWords)
{
    const RunningPhone phone;
    PhoneDriver driven = driver(phone.url());
    const std::string said = why(driven.submit({{"Resync Periodic", "often"}}));
    EXPECT_THAT(said, HasSubstr("the page /admin/advanced of CP7832-1 at 127.79.3.1:"));
    EXPECT_THAT(said,
                HasSubstr(" answers 400 Bad Request, and says: Nothing was changed: 1 value was refused."));
}

TEST(PhoneDriverTest, AResyncUrlReachesThePhoneAsItWasWritten)
{
    const RunningPhone phone;
    PhoneDriver driven = driver(phone.url());
    EXPECT_EQ(why(driven.resync("tftp://127.0.0.1:9/a+b%20$MA.cfg")), "done");
    EXPECT_TRUE(phone.comesToSay("tftp://127.0.0.1:9/a+b%20000e08000001.cfg")) << phone.messages();
    EXPECT_EQ(driven.resync("a\nb").error().kind, ErrorKind::Malformed);
    EXPECT_EQ(driven.upgrade(std::string(3000, 'x')).error().kind, ErrorKind::Malformed);
}

TEST(PhoneDriverTest, ACommandThatThePhoneForbidsIsToldInItsOwnWords)
{
    const RunningPhone phone{{{"Upgrade_Enable", "No"}}};
    EXPECT_THAT(
        why(driver(phone.url()).upgrade("tftp://127.0.0.1/a")),
        HasSubstr(" answers 403 Forbidden, and says: The phone does not do this now: Upgrade Enable is No."));
}

TEST(PhoneDriverTest, ARebootIsSeenInTheStatusReport)
{
    const RunningPhone phone;
    PhoneDriver driven = driver(phone.url());
    EXPECT_EQ(valueOf(driven.statusReport()->values, "Reboot_Reason_1"), "");
    EXPECT_EQ(why(driven.reboot()), "done");
    ASSERT_TRUE(phone.comesToSay("System started"));
    ASSERT_TRUE(phone.comesToAnswer());
    EXPECT_THAT(valueOf(driven.statusReport()->values, "Reboot_Reason_1"), HasSubstr("User Triggered"));
}

TEST(PhoneDriverTest, AnObjectIsPostedWithTheDigestThatThePhoneAsksFor)
{
    const RunningPhone phone{{{"CISCO_XML_EXE_Enable", "Yes"}, {"User_Password", "user-Pass-1"}}};
    const std::string object =
        "<CP-7832-3PCCExecute><ExecuteItem URL=Resync:tftp://127.0.0.1:9/object.cfg/></CP-7832-3PCCExecute>";
    const Result<std::string> answer = driver(phone.url(), "user", "user-Pass-1").execute(object);
    ASSERT_TRUE(answer.has_value()) << answer.error().detail;
    EXPECT_THAT(*answer, HasSubstr("Success"));
    EXPECT_TRUE(phone.comesToSay("tftp://127.0.0.1:9/object.cfg"));
    EXPECT_THAT(driver(phone.url(), "user", "wrong").execute(object).error().detail,
                HasSubstr("refuses the user 'user'"));
}

TEST(PhoneDriverTest, WrongCredentialsAreOneSentence)
{
    const RunningPhone phone{{{"Admin_Password", "s3cret-Pass"}}};
    EXPECT_THAT(driver(phone.url(), "admin", "guess").page().error().detail,
                HasSubstr(" refuses the user 'admin' with the password that is known for it"));
    EXPECT_THAT(driver(phone.url()).page().error().detail,
                HasSubstr(" asks for a password, but none is known for it"));
}

TEST(PhoneDriverTest, AFormThatChangedSinceIsToldWithTheNearestName)
{
    const ScriptedServer phone{{ScriptedServer::says(ScriptedServer::page(
        "<form method=post action=x.csc><label for=1>Resync Period</label><input id=1 name=44></form>"))}};
    EXPECT_THAT(why(driver(phone.url()).submit({{"Resync_Periodic", "1"}})),
                HasSubstr(" shows no 'Resync_Periodic'; the nearest name is 'Resync Period'"));
    EXPECT_EQ(phone.requests().size(), 1u);
}

TEST(PhoneDriverTest, AFormIsSentWhereThePageSaysButNotToOthers)
{
    const auto page = [](std::string_view action) {
        return ScriptedServer::says(ScriptedServer::page("<form method=post action='" + std::string{action} +
                                                         "'><label>Rule<input name=44></label></form>"));
    };
    const ScriptedServer phone{{page("bcisco.csc"), ScriptedServer::says(ScriptedServer::page("saved")),
                                page("http://192.0.2.66/steal")}};
    PhoneDriver driven = driver(phone.url());
    EXPECT_EQ(why(driven.submit({{"Rule", "a b"}})), "done");
    EXPECT_THAT(phone.requests().at(1), testing::StartsWith("POST /admin/bcisco.csc HTTP/1.1\r\n"));
    EXPECT_THAT(phone.requests()[1], testing::EndsWith("\r\n\r\n44=a+b"));
    EXPECT_THAT(why(driven.submit({{"Rule", "a"}})),
                HasSubstr("its form is sent to another host, 192.0.2.66"));
    EXPECT_EQ(phone.requests().size(), 3u);
}

TEST(SipNotifyTest, APhoneResyncsAndRebootsOnNotify)
{
    const RunningPhone phone{{{"User_ID_1_", "4711"}, {"Password_1_", "lucky"}}};
    NotifyCommand command{.event = "resync;profile=\"tftp://127.0.0.1:9/notified.cfg\"",
                          .lineUser = "4711",
                          .login = {"4711", "lucky"}};
    EXPECT_EQ(why(sendNotify("CP7832-1", phone.sip(), command)), "done");
    EXPECT_TRUE(phone.comesToSay("tftp://127.0.0.1:9/notified.cfg"));
    command.event = "reboot_now";
    EXPECT_EQ(why(sendNotify("CP7832-1", phone.sip(), command)), "done");
    EXPECT_TRUE(phone.comesToSay("System started"));
}

TEST(SipNotifyTest, WhatThePhoneRefusesIsOneSentence)
{
    const RunningPhone phone{{{"User_ID_1_", "4711"}, {"Password_1_", "lucky"}}};
    EXPECT_EQ(why(sendNotify("CP7832-1", phone.sip(), {.event = "reboot_now", .login = {"4711", "wrong"}})),
              "CP7832-1 at " + phone.sip() +
                  " refuses the line's user and password that are known for NOTIFY reboot_now");
    EXPECT_EQ(why(sendNotify("CP7832-1", phone.sip(), {.event = "dance"})),
              "CP7832-1 at " + phone.sip() + " answers 489 Bad Event to NOTIFY dance");
    EXPECT_EQ(sendNotify("CP7832-1", phone.sip(), {.event = "a\r\nEvent: b"}).error().kind,
              ErrorKind::Malformed);
    EXPECT_EQ(sendNotify("CP7832-1", "nowhere", {.event = "a"}).error().kind, ErrorKind::Malformed);
}

TEST(SipNotifyTest, WhereNobodyListensIsSaid)
{
    std::string at;
    {
        at = tests::LocalSocket::datagrams().local().text();
    }
    EXPECT_THAT(why(sendNotify("CP7832-1", at, {.event = "report"})),
                HasSubstr("CP7832-1 cannot be reached by SIP at " + at));
}

TEST(SipNotifyTest, AnswersAmongOtherDatagramsAreFound)
{
    const tests::LocalSocket phone = tests::LocalSocket::datagrams();
    std::thread answering{[&] {
        emulator::Endpoint from;
        std::string request = phone.receive(&from);
        phone.sendTo(from, "");
        phone.sendTo(from, "garbage");
        request.replace(0, request.find("\r\n"), "SIP/2.0 200 OK");
        phone.sendTo(from, request);
    }};
    EXPECT_EQ(why(sendNotify("CP7832-1", phone.local().text(), {.event = "report"})), "done");
    answering.join();
}

}  // namespace
}  // namespace hwbridge
