#include "emulator/web/web_access.hpp"

#include "tests/emulator/web/web_phone.hpp"

namespace emulator::tests {
namespace {

// "Basic " and base64 of "admin:secret", "admin:wrong", "user:secret", "user:mine".
constexpr std::string_view adminRight = "Basic YWRtaW46c2VjcmV0";
constexpr std::string_view adminWrong = "Basic YWRtaW46d3Jvbmc=";
constexpr std::string_view userWithAdminsPassword = "Basic dXNlcjpzZWNyZXQ=";
constexpr std::string_view userRight = "basic dXNlcjptaW5l";

int statusFor(WebPhone& phone, std::string target, std::string_view authorization)
{
    HttpRequest request;
    request.target = std::move(target);
    if (!authorization.empty())
        request.fields.add("Authorization", std::string{authorization});
    return phone.ask(request).response.status;
}

TEST(WebAccessTest, IsOpenToEverybodyOnAFactoryDefaultPhone)
{
    WebPhone phone;
    EXPECT_EQ(statusFor(phone, "/admin/advanced", {}), 200);
}

TEST(WebAccessTest, AsksForTheAdministratorsPasswordWhereOneIsSet)
{
    WebPhone phone{{.set = {{"Admin_Password", "secret"}}}};
    EXPECT_EQ(statusFor(phone, "/admin/advanced", {}), 401);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", adminWrong), 401);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", userWithAdminsPassword), 401);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", "Basic !!!"), 401);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", "Digest YWRtaW46c2VjcmV0"), 401);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", adminRight), 200);
    EXPECT_EQ(statusFor(phone, "/", {}), 200);

    const WebAnswer refused = phone.get("/admin/advanced");
    EXPECT_TRUE(refused.response.fields.first("WWW-Authenticate").starts_with("Basic realm="));
    EXPECT_EQ(textOf(refused).find("GPP_A"), std::string::npos);
}

TEST(WebAccessTest, KeepsUsersPagesForUserAndAdministratorWhereTheUserHasAPassword)
{
    WebPhone phone{{.set = {{"Admin_Password", "secret"}, {"User_Password", "mine"}}}};
    EXPECT_EQ(statusFor(phone, "/", {}), 401);
    EXPECT_EQ(statusFor(phone, "/", userRight), 200);
    EXPECT_EQ(statusFor(phone, "/basic", adminRight), 200);
    EXPECT_EQ(statusFor(phone, "/admin/advanced", userRight), 401);

    WebPhone open{{.set = {{"User_Password", "mine"}}}};  // whoever comes is the administrator
    EXPECT_EQ(statusFor(open, "/", {}), 200);
}

TEST(WebAccessTest, TakesALoginAtTheEndOfAUrlCommand)
{
    WebPhone phone{{.set = {{"Admin_Password", "secret"}}}};
    const WebAnswer wrong = phone.get("/admin/resync?tftp://192.168.1.200/a.txt&xuser=admin&xpassword=wrong");
    EXPECT_EQ(wrong.response.status, 401);
    EXPECT_TRUE(wrong.events.empty());

    const WebAnswer right =
        phone.get("/admin/resync?tftp://192.168.1.200/a.txt&xuser=admin&xpassword=secret");
    ASSERT_NE(eventIn<ResyncCommanded>(right), nullptr);
    EXPECT_EQ(eventIn<ResyncCommanded>(right)->rule, "tftp://192.168.1.200/a.txt");
    EXPECT_EQ(textOf(right).find("secret"), std::string::npos);
}

struct Sender {
    std::string_view field;
    std::string_view value;
    bool foreign;
};

class ForeignPageTest : public ::testing::TestWithParam<Sender> {};

TEST_P(ForeignPageTest, ChangesNothing)
{
    WebPhone phone;
    HttpRequest request;
    request.method = "POST";
    request.target = "/admin/advanced";
    request.fields.add("Host", "127.78.0.1:8078");
    request.fields.add("Content-Type", "application/x-www-form-urlencoded");
    if (!GetParam().field.empty())
        request.fields.add(std::string{GetParam().field}, std::string{GetParam().value});
    request.body = shareBytes("GPP_A=x");
    EXPECT_EQ(phone.ask(request).response.status, GetParam().foreign ? 403 : 200);
    EXPECT_EQ(phone.value("GPP_A"), GetParam().foreign ? "" : "x");
}

INSTANTIATE_TEST_SUITE_P(Senders, ForeignPageTest,
                         ::testing::Values(Sender{"", "", false},
                                           Sender{"Origin", "http://127.78.0.1:8078", false},
                                           Sender{"Referer", "http://127.78.0.1:8078/admin/advanced", false},
                                           Sender{"Origin", "http://127.78.0.2:8078", true},
                                           Sender{"Origin", "http://127.78.0.1:8079", true},
                                           Sender{"Origin", "null", true},
                                           Sender{"Referer", "https://evil.example/127.78.0.1:8078", true}));

}  // namespace
}  // namespace emulator::tests
