#include "emulator/web/execute.hpp"

#include "emulator/protocol/http_authentication.hpp"
#include "tests/emulator/web/web_phone.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>

namespace emulator::tests {
namespace {

using testing::HasSubstr;
using Set = std::vector<std::pair<std::string_view, std::string>>;

constexpr std::string_view object =
    "<CP-7832-3PCCExecute><ExecuteItem URL=Resync:tftp://192.168.1.200/$MA.cfg/>"
    "</CP-7832-3PCCExecute>";

WebPhone aPhone(Set set = {}, std::string_view model = "7832", std::string_view firmware = {})
{
    set.emplace(set.begin(), "CISCO_XML_EXE_Enable", "Yes");
    return WebPhone{{.model = model, .firmware = firmware, .set = std::move(set)}};
}

HttpRequest post(std::string_view body, std::string_view authorization = {},
                 std::string_view type = "text/xml")
{
    HttpRequest request;
    request.method = "POST";
    request.target = "/CGI/Execute";
    request.fields.add("Content-Type", std::string{type});
    if (!authorization.empty())
        request.fields.add("Authorization", std::string{authorization});
    request.body = shareBytes(std::string{body});
    return request;
}

TEST(ExecuteTest, TakesAnObjectByPost)
{
    COVERS("XML-CGI-EXECUTE", "XML-EXECUTE-RESYNC", "XML-MACROS", "MACRO-SCOPE-XML",
           "RSYNC-TRIGGER-NO-OTHER-BYPASS");
    WebPhone phone = aPhone();
    const WebAnswer answer = phone.ask(post(object));
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_THAT(textOf(answer), HasSubstr("Success"));
    const auto* resync = eventIn<ResyncCommanded>(answer);
    ASSERT_NE(resync, nullptr);
    EXPECT_EQ(resync->by, CommandedBy::XmlObject);
    EXPECT_EQ(resync->requester, WebPhone::requester());
    const auto* fetch = effectIn<FetchFile>(phone.effects);
    ASSERT_NE(fetch, nullptr);
    EXPECT_EQ(fetch->fetch.url.text(), "tftp://192.168.1.200:69/000e08aabbcc.cfg");
}

TEST(ExecuteTest, TakesTheObjectInAFormToo)
{
    WebPhone phone = aPhone();
    const std::string form = "XML=%3CCP-7832-3PCCExecute%3E%3CExecuteItem+URL%3D%22Resync%3A%22%2F%3E%3C%2F"
                             "CP-7832-3PCCExecute%3E";
    const WebAnswer answer = phone.ask(post(form, {}, "application/x-www-form-urlencoded"));
    EXPECT_EQ(answer.response.status, 200);
    EXPECT_NE(eventIn<ResyncCommanded>(answer), nullptr);
    EXPECT_EQ(phone.ask(post("a=b", {}, "application/x-www-form-urlencoded")).response.status, 400);
}

TEST(ExecuteTest, TakesTheRootOfItsOwnModelOnlyInEachGeneration)
{
    COVERS("XML-ROOT-X8XX", "XML-ROOT-XXXX");
    const std::string other = "<CP-7841-3PCCExecute><ExecuteItem URL=Resync:x/></CP-7841-3PCCExecute>";
    for (const std::string_view firmware : {"", "11.0.1"}) {
        EXPECT_EQ(aPhone({}, "7832", firmware).ask(post(object)).response.status, 200) << firmware;
        EXPECT_EQ(aPhone({}, "7841", firmware).ask(post(other)).response.status, 200) << firmware;
        const WebAnswer wrong = aPhone({}, "7832", firmware).ask(post(other));
        EXPECT_EQ(wrong.response.status, 400) << firmware;
        EXPECT_TRUE(wrong.events.empty()) << firmware;
    }
}

TEST(ExecuteTest, RefusesWhatIsNoResync)
{
    for (const std::string_view item : {"Dial:4711", "http://192.168.1.9/", "Upgrade:x", ""}) {
        const std::string text =
            "<CP-7832-3PCCExecute><ExecuteItem URL=\"" + std::string{item} + "\"/></CP-7832-3PCCExecute>";
        EXPECT_EQ(aPhone().ask(post(text)).response.status, 400) << item;
    }
    EXPECT_EQ(aPhone().ask(post("GPP_A=1")).response.status, 400);
    EXPECT_EQ(aPhone().ask(post(std::string(100'000, '<'))).response.status, 413);
}

TEST(ExecuteTest, DoesNothingUnlessItIsEnabled)
{
    WebPhone phone;  // the default is No
    const WebAnswer answer = phone.ask(post(object));
    EXPECT_EQ(answer.response.status, 403);
    EXPECT_TRUE(answer.events.empty());
    EXPECT_EQ(aPhone({{"Provision_Enable", "No"}}).ask(post(object)).response.status, 403);
    EXPECT_EQ(aPhone({{"Enable_Web_Server", "No"}}).ask(post(object)).response.status, 403);
}

TEST(ExecuteTest, IsReachedByPostOnly)
{
    const WebAnswer answer = aPhone().get("/CGI/Execute");
    EXPECT_EQ(answer.response.status, 405);
    EXPECT_EQ(answer.response.fields.first("Allow"), "POST");
}

std::string digest(const WebAnswer& challenge, const std::string& user, const std::string& password)
{
    const auto asked = strongestChallenge(challenge.response.fields, "WWW-Authenticate");
    return answerTo(asked.value(), {user, password}, {"POST", "/CGI/Execute", "0a4f", 1}).value();
}

TEST(ExecuteTest, AsksForTheLocalPassword)
{
    WebPhone phone = aPhone({{"User_Password", "blue"}, {"Admin_Password", "red"}});
    const WebAnswer challenge = phone.ask(post(object));
    EXPECT_EQ(challenge.response.status, 401);
    EXPECT_EQ(phone.ask(post(object, digest(challenge, "user", "blue"))).response.status, 200);
    EXPECT_EQ(phone.ask(post(object, digest(challenge, "admin", "red"))).response.status, 200);
    EXPECT_EQ(phone.ask(post(object, digest(challenge, "user", "red"))).response.status, 401);
    EXPECT_EQ(phone.ask(post(object, "Basic dXNlcjpibHVl")).response.status, 200);
    EXPECT_EQ(phone.ask(post(object, "Basic dXNlcjpyZWQ=")).response.status, 401);
}

TEST(ExecuteTest, AsksNobodyWhomItTrusts)
{
    EXPECT_EQ(aPhone({{"User_Password", "blue"}, {"CISCO_XML_EXE_Auth_Mode", "Trusted"}})
                  .ask(post(object))
                  .response.status,
              200);
}

TEST(ExecuteTest, AsksForTheRemotePassword)
{
    const Set remote{{"CISCO_XML_EXE_Auth_Mode", "Remote Credential"},
                     {"XML_User_Name", "app"},
                     {"XML_Password", "green"}};
    WebPhone phone = aPhone(remote);
    const WebAnswer challenge = phone.ask(post(object));
    EXPECT_EQ(challenge.response.status, 401);
    EXPECT_EQ(phone.ask(post(object, digest(challenge, "app", "green"))).response.status, 200);
    EXPECT_EQ(phone.ask(post(object, digest(challenge, "app", "blue"))).response.status, 401);

    WebPhone open = aPhone({{"CISCO_XML_EXE_Auth_Mode", "Remote Credential"}});
    EXPECT_EQ(open.ask(post(object, digest(open.ask(post(object)), "", ""))).response.status, 401);
}

TEST(UrlCommandTest, StartsFourOperationsThatDiffer)
{
    COVERS("WEB-ADMIN-OPS");
    WebPhone phone;
    EXPECT_NE(eventIn<ResyncCommanded>(phone.get("/admin/resync?tftp://192.168.1.9/a")), nullptr);
    EXPECT_NE(eventIn<UpgradeCommanded>(WebPhone{}.get("/admin/upgrade?http://192.168.1.9/a.loads")),
              nullptr);
    const WebAnswer reboot = WebPhone{}.get("/admin/reboot");
    const WebAnswer restart = WebPhone{}.get("/admin/restart");
    ASSERT_NE(eventIn<RebootCommanded>(reboot), nullptr);
    ASSERT_NE(eventIn<RebootCommanded>(restart), nullptr);
    EXPECT_FALSE(eventIn<RebootCommanded>(reboot)->warm);
    EXPECT_TRUE(eventIn<RebootCommanded>(restart)->warm);

    const std::string page = textOf(WebPhone{}.get("/admin/advanced"));
    for (const char* action : {"/admin/resync", "/admin/upgrade", "/admin/reboot", "/admin/restart"})
        EXPECT_THAT(page, HasSubstr("action=\"" + std::string{action} + "\"")) << action;
}

}  // namespace
}  // namespace emulator::tests
