#include "hwbridge/drive/web_client.hpp"

#include "tests/hwbridge/drive/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::Result;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::LocalSocket;
using tests::ScriptedServer;

WebClient client(const ScriptedServer& server, std::string user = {}, std::string password = {})
{
    return WebClient::open({.device = "CP7832-1",
                            .url = server.url(),
                            .user = std::move(user),
                            .password = std::move(password)})
        .value();
}

std::string why(WebClient client, const WebRequest& request = {})
{
    const Result<WebReply> reply = client.send(request);
    return reply.has_value() ? "answered " + std::to_string(reply->status) : reply.error().detail;
}

const std::string basic = "WWW-Authenticate: Basic realm=\"phone\"\r\n";

TEST(WebClientTest, AsksOnceAndSaysWhoAsks)
{
    const ScriptedServer server{{ScriptedServer::says(ScriptedServer::page("hello"))}};
    const Result<WebReply> reply = client(server).send({.target = "/admin/resync?tftp://a/b"});
    ASSERT_TRUE(reply.has_value()) << reply.error().detail;
    EXPECT_EQ(reply->body, "hello");
    EXPECT_EQ(reply->contentType, "text/html");
    ASSERT_EQ(server.requests().size(), 1u);
    EXPECT_THAT(server.requests()[0], StartsWith("GET /admin/resync?tftp://a/b HTTP/1.1\r\nHost: 127.0.0.1:" +
                                                 std::to_string(server.port()) + "\r\n"));
    EXPECT_THAT(server.requests()[0], HasSubstr("\r\nUser-Agent: phonerig\r\n"));
}

TEST(WebClientTest, PostsABody)
{
    const ScriptedServer server{{ScriptedServer::says(ScriptedServer::page("ok"))}};
    ASSERT_TRUE(client(server)
                    .send({.method = "POST", .target = "/x", .contentType = "text/xml", .body = "<a/>"})
                    .has_value());
    EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nContent-Type: text/xml\r\n"));
    EXPECT_TRUE(server.requests()[0].ends_with("\r\n\r\n<a/>"));
}

TEST(WebClientTest, SendsAPersonsOwnLoginAsItIsAndTakesTheRefusalForAReply)
{
    const ScriptedServer server{
        {ScriptedServer::says(ScriptedServer::page("no", basic, "401 Unauthorized"))}};
    const Result<WebReply> reply =
        client(server, "admin", "pw").send({.userAgent = "Mozilla/5.0", .authorization = "Basic eDp5"});
    ASSERT_TRUE(reply.has_value()) << reply.error().detail;
    EXPECT_EQ(reply->status, 401);
    ASSERT_EQ(server.requests().size(), 1u);
    EXPECT_THAT(server.requests()[0], HasSubstr("\r\nAuthorization: Basic eDp5\r\n"));
    EXPECT_THAT(server.requests()[0], HasSubstr("\r\nUser-Agent: Mozilla/5.0\r\n"));
}

TEST(WebClientTest, SendsCredentialsWhenAskedAndKeepsTheWayForTheNextRequest)
{
    const ScriptedServer server{{ScriptedServer::says(ScriptedServer::page("", basic, "401 Unauthorized")),
                                 ScriptedServer::says(ScriptedServer::page("in")),
                                 ScriptedServer::says(ScriptedServer::page("again"))}};
    WebClient phone = client(server, "admin", "pw");
    EXPECT_EQ(phone.send({})->body, "in");
    EXPECT_EQ(phone.send({})->body, "again");
    ASSERT_EQ(server.requests().size(), 3u);
    EXPECT_THAT(server.requests()[0], Not(HasSubstr("Authorization")));
    EXPECT_THAT(server.requests()[1], HasSubstr("\r\nAuthorization: Basic YWRtaW46cHc=\r\n"));
    EXPECT_THAT(server.requests()[2], HasSubstr("\r\nAuthorization: Basic YWRtaW46cHc=\r\n"));
}

TEST(WebClientTest, AnOldNonceIsReplacedOnce)
{
    const std::string digest = "WWW-Authenticate: Digest realm=\"p\", qop=\"auth\", nonce=";
    const ScriptedServer server{
        {ScriptedServer::says(ScriptedServer::page("", digest + "\"one\"\r\n", "401 Unauthorized")),
         ScriptedServer::says(ScriptedServer::page("in")),
         ScriptedServer::says(
             ScriptedServer::page("", digest + "\"two\", stale=true\r\n", "401 Unauthorized")),
         ScriptedServer::says(ScriptedServer::page("in again"))}};
    WebClient phone = client(server, "admin", "pw");
    EXPECT_EQ(phone.send({})->body, "in");
    EXPECT_EQ(phone.send({})->body, "in again");
    ASSERT_EQ(server.requests().size(), 4u);
    EXPECT_THAT(server.requests()[2], HasSubstr("nonce=\"one\""));
    EXPECT_THAT(server.requests()[2], HasSubstr("nc=00000002"));
    EXPECT_THAT(server.requests()[3], HasSubstr("nonce=\"two\""));
    EXPECT_THAT(server.requests()[3], HasSubstr("nc=00000001"));
}

TEST(WebClientTest, WrongCredentialsAreOneSentenceAfterTwoRequests)
{
    const auto refuse = ScriptedServer::says(ScriptedServer::page("", basic, "401 Unauthorized"));
    const ScriptedServer server{{refuse, refuse, refuse, refuse}};
    WebClient phone = client(server, "admin", "wrong");
    const std::string place = "CP7832-1 at 127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(why(phone), place + " refuses the user 'admin' with the password that is known for it");
    EXPECT_EQ(server.requests().size(), 2u);
    EXPECT_EQ(why(client(server)), place + " asks for a password, but none is known for it");
    EXPECT_EQ(server.requests().size(), 3u);
}

TEST(WebClientTest, AnUnknownWayToAskForCredentialsIsNamed)
{
    const ScriptedServer server{{ScriptedServer::says(
        ScriptedServer::page("", "WWW-Authenticate: Negotiate abc\r\n", "401 Unauthorized"))}};
    EXPECT_THAT(why(client(server, "admin", "pw")), HasSubstr("'Negotiate abc', expected Basic or Digest"));
}

TEST(WebClientTest, FollowsRedirectsOfTheSameHost)
{
    const ScriptedServer server{
        {ScriptedServer::says(ScriptedServer::page("", "Location: /admin/basic\r\n", "302 Found")),
         ScriptedServer::says(ScriptedServer::page("here"))}};
    const Result<WebReply> reply = client(server).send(
        {.method = "POST", .target = "/admin/", .contentType = "text/plain", .body = "x"});
    ASSERT_TRUE(reply.has_value()) << reply.error().detail;
    EXPECT_EQ(reply->target, "/admin/basic");
    EXPECT_THAT(server.requests().at(1), StartsWith("GET /admin/basic HTTP/1.1\r\n"));
}

TEST(WebClientTest, APageThatHasMovedToAnotherPortGetsThePostThere)
{
    const ScriptedServer moved{{ScriptedServer::says(ScriptedServer::page("taken")),
                                ScriptedServer::says(ScriptedServer::page("still here"))}};
    const ScriptedServer server{{ScriptedServer::says(
        ScriptedServer::page("", "Location: " + moved.url() + "a?b\r\n", "301 Moved Permanently"))}};
    WebClient phone = client(server);
    EXPECT_EQ(
        phone.send({.method = "POST", .target = "/a?b", .contentType = "text/plain", .body = "x"})->body,
        "taken");
    EXPECT_EQ(phone.send({})->body, "still here");
    EXPECT_THAT(moved.requests().at(0), StartsWith("POST /a?b HTTP/1.1\r\n"));
    EXPECT_TRUE(moved.requests()[0].ends_with("\r\n\r\nx"));
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST(WebClientTest, RedirectsElsewhereAreNotFollowed)
{
    const ScriptedServer other{{}};
    const ScriptedServer server{{ScriptedServer::says(ScriptedServer::page(
        "", "Location: http://127.0.0.2:" + std::to_string(other.port()) + "/\r\n", "302 Found"))}};
    EXPECT_THAT(why(client(server)),
                HasSubstr("sends its readers to another host, 127.0.0.2; this is not followed"));
    EXPECT_TRUE(other.requests().empty());
}

TEST(WebClientTest, EndlessRedirectsEnd)
{
    const auto again = ScriptedServer::says(ScriptedServer::page("", "Location: /b\r\n", "302 Found"));
    const ScriptedServer server{{again, again, again, again, again, again, again, again}};
    EXPECT_THAT(why(client(server)), HasSubstr("redirects more than 5 times"));
    EXPECT_EQ(server.requests().size(), 6u);
}

TEST(WebClientTest, AClosedConnectionIsNotTriedAgain)
{
    const ScriptedServer server{
        {[](const LocalSocket&) {}, ScriptedServer::says(ScriptedServer::page("late"))}};
    EXPECT_THAT(why(client(server), {.target = "/admin/reboot"}),
                HasSubstr("ended the connection without an answer"));
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST(WebClientTest, APhoneThatIsUnpluggedInTheMiddleIsSaidToBe)
{
    const ScriptedServer server{{ScriptedServer::says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")}};
    EXPECT_THAT(why(client(server)),
                HasSubstr("ended the connection in the middle of its answer, after 44 bytes"));
}

WebClient impatient(const ScriptedServer& server)
{
    return WebClient::open({.device = "CP7832-1", .url = server.url(), .timeout = 2s}).value();
}

TEST(WebClientTest, SilenceEndsInTime)
{
    const ScriptedServer server{{[](const LocalSocket& socket) { socket.readAll(); }}};
    EXPECT_THAT(why(impatient(server)), HasSubstr("did not answer in time"));
}

TEST(WebClientTest, DripsEndInTime)
{
    const ScriptedServer server{{[](const LocalSocket& socket) {
        socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (!socket.readable(1))
            socket.send("x");
    }}};
    EXPECT_THAT(why(impatient(server)), HasSubstr("began to answer, but did not finish in time"));
}

TEST(WebClientTest, WhoeverWantsAnEndDoesNotWaitForTheAnswer)
{
    const ScriptedServer server{{[](const LocalSocket& socket) { socket.readAll(); }}};
    const auto bored =
        WebClient::open({.device = "CP7832-1", .url = server.url(), .timeout = 1h, .stop = [&] {
                             return !server.requests().empty();
                         }});
    EXPECT_THAT(why(bored.value()), HasSubstr("was not waited for any longer"));
}

TEST(WebClientTest, WhoeverWantsAnEndDoesNotWaitForTheConnection)
{
    const LocalSocket busy = LocalSocket::listening();
    ASSERT_EQ(::listen(busy.number(), 0), 0);  // which leaves room for one that nobody accepts
    const LocalSocket first = LocalSocket::connected(busy.local());
    const auto bored = WebClient::open({.device = "CP7832-1",
                                        .url = "http://" + busy.local().text() + "/",
                                        .timeout = 1h,
                                        .stop = [looks = 0]() mutable { return ++looks > 2; }});
    EXPECT_THAT(why(bored.value()), HasSubstr("was not waited for any longer"));
}

TEST(WebClientTest, WhoeverWantsAnEndDoesNotWaitForTheHandshake)
{
    const LocalSocket silent =
        LocalSocket::listening();  // connections are made, and then nobody says anything
    const auto bored = WebClient::open({.device = "CP7832-1",
                                        .url = "https://" + silent.local().text() + "/",
                                        .timeout = 1h,
                                        .stop = [looks = 0]() mutable { return ++looks > 2; }});
    EXPECT_THAT(why(bored.value()), HasSubstr("was not waited for any longer"));
}

TEST(WebClientTest, AHandshakeThatDoesNotComeIsBounded)
{
    const LocalSocket silent = LocalSocket::listening();
    const auto patient = WebClient::open(
        {.device = "CP7832-1", .url = "https://" + silent.local().text() + "/", .timeout = 250ms});
    EXPECT_THAT(why(patient.value()), HasSubstr("did not finish the TLS handshake in time"));
}

TEST(WebClientTest, AnswersBeyondTheLimitAreNotRead)
{
    const ScriptedServer server{
        {ScriptedServer::says("HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n"),
         ScriptedServer::says("HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x')),
         ScriptedServer::says("220 ftp\r\n")}};
    const auto small = [&] {
        return WebClient::open({.device = "CP7832-1", .url = server.url(), .maxBytes = 4096}).value();
    };
    EXPECT_EQ(small().send({}).error().kind, ErrorKind::TooLarge);
    EXPECT_THAT(why(small()), HasSubstr("answers more than is read"));
    EXPECT_THAT(why(small()), HasSubstr("answers something that is no HTTP"));
}

TEST(WebClientTest, WhereNobodyListensIsSaid)
{
    std::string url;
    {
        const LocalSocket taken = LocalSocket::listening();
        url = "http://" + taken.local().text() + "/";
    }
    EXPECT_THAT(why(WebClient::open({.device = "CP7832-1", .url = url}).value()),
                HasSubstr("cannot be reached: Connection refused"));
}

TEST(WebClientTest, AddressesThatAreNoneAreRefused)
{
    EXPECT_EQ(WebClient::open({.device = "CP7832-1", .url = "192.0.2.7"}).error().detail,
              "'192.0.2.7' of CP7832-1: expected http://ADDRESS/ or https://ADDRESS/");
    EXPECT_EQ(WebClient::open({.device = "CP7832-1", .url = "tftp://192.0.2.7/"}).error().detail,
              "'tftp://192.0.2.7/' of CP7832-1: expected http or https");
    EXPECT_TRUE(WebClient::open({.device = "CP7832-1", .url = "https://192.0.2.7"}).has_value());
}

}  // namespace
}  // namespace hwbridge
