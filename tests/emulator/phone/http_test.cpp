#include "phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;

// The request that a resync begins with.
FetchRequest requestOf(PhoneRun::Options options, const std::string& url = "http://192.168.1.200/basic.txt")
{
    options.set.emplace("Resync_On_Reset", "No");
    PhoneRun run{std::move(options)};
    run.powerOn();
    run.pass(2s);
    run.resync(url);
    return run.fetches.at(0).request;
}

const std::map<std::string, std::string> allAccounts{{"Profile_Account_Username", "typed"},
                                                     {"Profile_Account_Password", "typed-word"},
                                                     {"Login_User_ID", "login"},
                                                     {"Login_Password", "login-word"},
                                                     {"SIP_Auth_ID", "sip"},
                                                     {"SIP_Password", "sip-word"}};

std::optional<HttpCredentials> accountOf(std::map<std::string, std::string> set,
                                         std::string model = "CP-7832-3PCC")
{
    set.insert(allAccounts.begin(), allAccounts.end());
    return requestOf({.set = std::move(set), .model = std::move(model)}).credentials;
}

TEST(PhoneHttpTest, AnswersWithTheTypedAccountUnlessToldOtherwise)
{
    COVERS("RSYNC-AUTH-BASIC", "RSYNC-AUTH-DEFAULT");
    const HttpCredentials typed{"typed", "typed-word"};
    EXPECT_EQ(accountOf({}), typed);
    EXPECT_EQ(accountOf({}, "CP-8841-3PCC"), typed);
    EXPECT_EQ(accountOf({{"Profile_Authentication_Type", "Basic Http Authentication"}}), typed);
}

TEST(PhoneHttpTest, AnswersWithNothingWhenTheAccountIsDisabled)
{
    COVERS("RSYNC-AUTH-DISABLED");
    EXPECT_EQ(accountOf({{"Profile_Authentication_Type", "Disabled"}}), std::nullopt);
}

TEST(PhoneHttpTest, AnswersWithTheXsiLoginOrTheXsiSipCredentials)
{
    COVERS("RSYNC-AUTH-XSI-LOGIN", "RSYNC-AUTH-XSI-SIP");
    const std::string type = "Profile_Authentication_Type";
    EXPECT_EQ(accountOf({{type, "XSI Authentication"}}), (HttpCredentials{"login", "login-word"}));
    EXPECT_EQ(accountOf({{type, "XSI Authentication"}, {"XSI_Authentication_Type", "SIP Credentials"}}),
              (HttpCredentials{"sip", "sip-word"}));
}

TEST(PhoneHttpTest, HasNoAccountWithoutAUser)
{
    EXPECT_EQ(requestOf({}).credentials, std::nullopt);
    EXPECT_EQ(requestOf({.set = {{"Profile_Account_Password", "word"}}}).credentials, std::nullopt);
}

TEST(PhoneHttpTest, ShowsItsAccountToNobody)
{
    PhoneRun run{
        {.set = {{"Profile_Account_Username", "typed"}, {"Profile_Account_Password", "typed-word"}}}};
    for (const char* name : {"Profile_Account_Username", "Profile_Account_Password"})
        EXPECT_TRUE(run.phone->model().schema->at(run.id(name)).hidden) << name;
    EXPECT_TRUE(run.phone->model().schema->at(run.id("Proxy_Password")).secret);
}

TEST(PhoneHttpTest, TellsTftpServersNothing)
{
    const FetchRequest request = requestOf(
        {.set = {{"Profile_Account_Username", "typed"}, {"Proxy_Mode", "Manual"}, {"Proxy_Host", "p"}}},
        "tftp://192.168.1.200/basic.txt");
    EXPECT_EQ(request.credentials, std::nullopt);
    EXPECT_FALSE(request.proxy);
    EXPECT_EQ(request.userAgent, "");
}

TEST(PhoneHttpTest, GoesByTheProxyThatIsSetByHand)
{
    const FetchRequest request = requestOf({.set = {{"Proxy_Mode", "Manual"},
                                                    {"Proxy_Host", "proxy.example"},
                                                    {"Proxy_Username", "desk"},
                                                    {"Proxy_Password", "word"}}});
    ASSERT_TRUE(request.proxy);
    EXPECT_EQ(request.proxy->host, "proxy.example");
    EXPECT_EQ(request.proxy->port, 3128);
    EXPECT_EQ(request.proxy->credentials, std::nullopt) << "it is not said to require any";

    const FetchRequest asked = requestOf({.set = {{"Proxy_Mode", "Manual"},
                                                  {"Proxy_Host", "proxy.example"},
                                                  {"Proxy_Port", "8080"},
                                                  {"Proxy_Server_Requires_Authentication", "Yes"},
                                                  {"Proxy_Username", "desk"},
                                                  {"Proxy_Password", "word"}}});
    EXPECT_EQ(asked.proxy->port, 8080);
    EXPECT_EQ(asked.proxy->credentials, (HttpCredentials{"desk", "word"}));
}

TEST(PhoneHttpTest, AsksDirectlyWhenNoProxyIsSet)
{
    EXPECT_FALSE(requestOf({}).proxy);
    EXPECT_FALSE(requestOf({.set = {{"Proxy_Host", "proxy.example"}}}).proxy) << "Proxy_Mode is Off";
    EXPECT_FALSE(requestOf({.set = {{"Proxy_Mode", "Manual"}}}).proxy) << "no host";
    EXPECT_FALSE(requestOf({.set = {{"Proxy_Mode", "Auto"}, {"Proxy_Host", "proxy.example"}}}).proxy);
}

TEST(PhoneHttpTest, HasNoProxySettingsBeforeFirmware11_3)
{
    PhoneRun run{{.firmware = "11.0.1"}};
    EXPECT_EQ(run.phone->model().schema->find("Proxy_Mode"), std::nullopt);
    EXPECT_TRUE(PhoneRun{{}}.phone->model().schema->find("Proxy_Mode").has_value());
}

TEST(PhoneHttpTest, MakesAnotherNonceForEachFetchAndTheSameInEachRun)
{
    const auto lucks = [] {
        PhoneRun run{{.set = {{"Resync_On_Reset", "No"}, {"Profile_Account_Username", "typed"}}}};
        run.serve(std::string{basicProfile});
        run.powerOn();
        run.pass(2s);
        for (int i = 0; i < 2; ++i) {
            run.resync("http://192.168.1.200/basic.txt");
            run.pass(1s);
        }
        return std::pair{run.fetches.at(0).request.luck, run.fetches.at(1).request.luck};
    };
    EXPECT_NE(lucks().first, lucks().second);
    EXPECT_EQ(lucks(), lucks());
}

TEST(PhoneHttpTest, PostsARegisterWithTheSameUserAgent)
{
    COVERS("HTTP-POST", "HTTP-POST-BODY", "HTTP-POST-TEMPLATE-GPP", "HTTP-UA");
    const std::string url = "http://192.168.1.200:8080/status?x";
    const PhoneRun::Options options{.set = {{"GPP_B", "$MA $SWVER $PATH $$ $B"}}};
    const FetchRequest posted = requestOf(options, "[--post b] " + url);
    EXPECT_EQ(posted.method, FetchMethod::Post);
    EXPECT_EQ(*posted.body, "000e08abcdef sip7832.11-3-1MPP-678 /status?x $ $MA $SWVER $PATH $$ $B");
    const FetchRequest got = requestOf(options, url);
    EXPECT_EQ(got.method, FetchMethod::Get);
    EXPECT_EQ(got.body, nullptr);
    EXPECT_EQ(posted.userAgent, got.userAgent);
    EXPECT_EQ(posted.userAgent, "Cisco-CP-7832-3PCC/11.3.1 (000e08abcdef)");
}

TEST(PhoneHttpTest, PrefersTheCredentialsOfTheRule)
{
    const PhoneRun::Options options{.set = {{"Profile_Account_Username", "typed"}}};
    EXPECT_EQ(requestOf(options, "[--uid joe --pwd word] http://192.168.1.200/a").credentials,
              (HttpCredentials{"joe", "word"}));
}

TEST(PhoneHttpTest, NamesItsSerialNumberWhenTheUserAgentAsksForIt)
{
    COVERS("HTTP-UA-SERIAL");
    PhoneRun run{{.set = {{"HTTP_User_Agent_Name", "$VERSION ($SN)"}, {"Resync_On_Reset", "No"}}}};
    run.powerOn();
    run.pass(2s);
    run.resync("http://192.168.1.200/basic.txt");
    EXPECT_EQ(run.fetches.at(0).userAgent, "Cisco-CP-7832-3PCC/11.3.1 (88012BABCDEF)");
}

}  // namespace
}  // namespace emulator
