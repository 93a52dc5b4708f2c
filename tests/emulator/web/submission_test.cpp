#include "emulator/web/submission.hpp"

#include "tests/emulator/web/web_phone.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>

namespace emulator::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr WebView admin{WebLogin::Admin, WebDetail::Advanced};
constexpr WebView user{WebLogin::User, WebDetail::Advanced};

Submission submitted(WebPhone& phone, const FormFields& form, WebView view = admin)
{
    return readSubmission(phone.phone(), view, form);
}

TEST(SubmissionTest, HoldsOnlyWhatDiffers)
{
    WebPhone phone;
    const Submission submission = submitted(
        phone, {{"Resync_Periodic", "3600"}, {"GPP_A", "new"}, {"Resync_On_Reset", "no"}, {"GPP_B", ""}});
    ASSERT_EQ(submission.changes.size(), 1u);
    EXPECT_EQ(submission.changes.front(), std::pair(phone.id("GPP_A"), std::string{"new"}));
    EXPECT_TRUE(submission.refused.empty());
    EXPECT_FALSE(submission.reboots);
}

TEST(SubmissionTest, TakesTheSpellingOfTheSchemaAndTheLastOfTwo)
{
    WebPhone phone;
    const Submission submission =
        submitted(phone, {{"Resync_On_Reset", "YES"}, {"GPP_A", "1"}, {"GPP_A", "2"}});
    EXPECT_THAT(submission.changes,
                ::testing::UnorderedElementsAre(std::pair(phone.id("Resync_On_Reset"), std::string{"Yes"}),
                                                std::pair(phone.id("GPP_A"), std::string{"2"})));
}

TEST(SubmissionTest, SaysThatAChangeOfTheProfileRuleReboots)
{
    WebPhone phone;
    EXPECT_TRUE(submitted(phone, {{"Profile_Rule", "tftp://192.168.1.200/basic.txt"}}).reboots);
    const WebAnswer answer =
        phone.post("/admin/advanced", "Profile_Rule=tftp%3A%2F%2F192.168.1.200%2Fbasic.txt");
    EXPECT_THAT(textOf(answer), HasSubstr("reboots and resyncs"));
    EXPECT_EQ(phone.phone().state(), PhoneState::Booting);
}

TEST(SubmissionTest, ChangesNothingWhenOneValueIsRefused)
{
    WebPhone phone;
    const WebAnswer answer =
        phone.post("/admin/advanced", "GPP_A=good&Resync_Random_Delay=70000&Resync_On_Reset=maybe");
    EXPECT_EQ(answer.response.status, 400);
    EXPECT_TRUE(answer.events.empty());
    EXPECT_EQ(phone.value("GPP_A"), "");
    const std::string page = textOf(answer);
    EXPECT_THAT(page, AllOf(HasSubstr("Nothing was changed: 2 values were refused."), HasSubstr("65535"),
                            HasSubstr("Yes or No")));
    EXPECT_EQ(shownValue(page, "GPP_A"), "good");  // what was typed is not lost
    EXPECT_EQ(shownValue(page, "Resync_Random_Delay"), "70000");
    EXPECT_THAT(page, HasSubstr("main:not(:has(:target)) #provisioning{display:block}"));
}

TEST(SubmissionTest, IsAnsweredUnderAnotherAddressThanThePage)
{
    WebPhone phone;
    const std::string form = between(textOf(phone.get("/admin/advanced")), "action=\"/admin/advanced", "\"");
    EXPECT_TRUE(form.starts_with('?'));  // or "Back to the page" would stay where it is
    const std::string answer = textOf(phone.post("/admin/advanced" + form, "GPP_A=x"));
    EXPECT_EQ(linkNamed(answer, "Back to the page"), "/admin/advanced#provisioning");
}

TEST(SubmissionTest, RefusesUnknownNamesWithTheNearest)
{
    WebPhone phone;
    const Submission submission = submitted(phone, {{"Resync_Periodicc", "1"}});
    ASSERT_EQ(submission.refused.size(), 1u);
    EXPECT_THAT(submission.refused.front().reason, HasSubstr("Resync_Periodic"));
}

TEST(SubmissionTest, RefusesHiddenParametersAndTextThatNoFieldHolds)
{
    WebPhone phone;
    EXPECT_EQ(submitted(phone, {{"GPP_SA", "key"}}).refused.size(), 1u);
    EXPECT_EQ(submitted(phone, {{"GPP_A", "two\nlines"}}).refused.size(), 1u);
    EXPECT_EQ(submitted(phone, {{"GPP_A", "\xff"}}).refused.size(), 1u);
}

TEST(SubmissionTest, StopsLookingAtAFormFullOfNonsense)
{
    WebPhone phone;
    EXPECT_EQ(submitted(phone, FormFields(8000, {"nonsense", "1"})).refused.size(), maxRefusedValues);
}

TEST(SubmissionTest, LeavesPasswordsAloneUnlessTypedOrCleared)
{
    WebPhone phone{{.set = {{"User_Password", "old"}}}};
    EXPECT_TRUE(submitted(phone, {{"User_Password", ""}}).changes.empty());
    const Submission typed = submitted(phone, {{"User_Password", "new"}});
    ASSERT_EQ(typed.changes.size(), 1u);
    EXPECT_EQ(typed.changes.front().second, "new");
    const Submission cleared = submitted(phone, {{"User_Password", ""}, {"User_Password.clear", "Yes"}});
    ASSERT_EQ(cleared.changes.size(), 1u);
    EXPECT_EQ(cleared.changes.front().second, "");
    EXPECT_EQ(submitted(phone, {{"GPP_A.clear", "Yes"}}).refused.size(), 1u);
}

TEST(SubmissionTest, NeverShowsPasswords)
{
    WebPhone phone{{.set = {{"User_Password", "oldsecret"}}}};
    EXPECT_THAT(textOf(phone.get("/admin/advanced")), Not(HasSubstr("oldsecret")));
    EXPECT_THAT(textOf(phone.post("/admin/advanced", "User_Password=newsecret&Resync_Periodic=x")),
                Not(HasSubstr("newsecret")));
    const std::string answer = textOf(phone.post("/admin/advanced", "User_Password=newsecret"));
    EXPECT_EQ(phone.value("User_Password"), "newsecret");
    EXPECT_THAT(answer,
                AllOf(Not(HasSubstr("newsecret")), Not(HasSubstr("oldsecret")), HasSubstr("(hidden)")));
}

TEST(SubmissionTest, LetsTheUserChangeOnlyWhatIsHis)
{
    WebPhone phone;
    EXPECT_EQ(submitted(phone, {{"GPP_A", "x"}}, user).refused.size(), 1u);
    EXPECT_EQ(submitted(phone, {{"Host_Name", "desk"}}, user).changes.size(), 1u);
    const std::string page = textOf(phone.get("/advanced"));
    EXPECT_FALSE(hasField(page, "GPP_A"));
    EXPECT_TRUE(hasField(page, "Host_Name"));
    EXPECT_EQ(phone.post("/advanced", "GPP_A=x").response.status, 400);
    EXPECT_EQ(phone.value("GPP_A"), "");
}

TEST(SubmissionTest, NeedsAForm)
{
    WebPhone phone;
    HttpRequest request;
    request.method = "POST";
    request.target = "/admin/advanced";
    request.fields.add("Content-Type", "text/plain");
    request.body = shareBytes("GPP_A=x");
    EXPECT_EQ(phone.ask(request).response.status, 415);
    EXPECT_EQ(phone.post("/admin/advanced", "GPP_A=%4").response.status, 400);
    EXPECT_EQ(phone.post("/admin/advanced", "GPP_A=" + std::string(1u << 20, 'x')).response.status, 413);
    EXPECT_EQ(phone.value("GPP_A"), "");
}

}  // namespace
}  // namespace emulator::tests
