#include "emulator/protocol/fetch.hpp"

#include "emulator/profile/gzip.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr TimePoint beginning{};
const HttpCredentials account{"phone", "secret word"};
constexpr std::string_view basicAnswer = "Basic cGhvbmU6c2VjcmV0IHdvcmQ=";

HttpAnswered status(int number, std::vector<std::pair<std::string, std::string>> fields = {})
{
    HttpResponse response{.status = number};
    response.fields.lines = std::move(fields);
    return {std::move(response)};
}
HttpAnswered refused(std::string challenge)
{
    return status(401, {{"WWW-Authenticate", std::move(challenge)}});
}
HttpAnswered refusedByProxy(std::string challenge)
{
    return status(407, {{"Proxy-Authenticate", std::move(challenge)}});
}
HttpAnswered file(std::string bytes)
{
    HttpResponse response;
    response.body = shareBytes(std::move(bytes));
    return {std::move(response)};
}

// A fetch whose server answers one request after the other.
struct Conversation {
    explicit Conversation(FetchRequest request) : fetch{std::move(request)} { take(fetch.begin(beginning)); }
    void answer(const HttpAnswered& answered) { take(fetch.handle(beginning, answered)); }
    void take(const FetchSteps& steps)
    {
        for (const FetchStep& step : steps) {
            if (const auto* call = std::get_if<HttpCall>(&step))
                calls.push_back(*call);
            else if (const auto* done = std::get_if<FetchDone>(&step))
                outcome = *done;
            else if (const auto* lookUp = std::get_if<LookUp>(&step))
                names.push_back(lookUp->host);
            else if (const auto* addressed = std::get_if<Addressed>(&step))
                servers.push_back(addressed->server ? addressed->server->text() : "");
        }
    }
    std::string_view lastField(std::string_view name) const
    {
        return calls.back().request.fields.first(name);
    }

    Fetch fetch;
    std::vector<HttpCall> calls;
    std::vector<std::string> names;
    std::vector<std::string> servers;
    std::optional<FetchDone> outcome;
};

FetchRequest requestWithQuery(std::string_view url = "http://192.168.1.200/dir/basic.txt?a=b")
{
    return {.url = Url::parse(url).value(), .credentials = account, .luck = 5};
}

TEST(FetchCredentialsTest, RepeatsTheRequestWithBasicCredentials)
{
    COVERS("PROV-HTTP-AUTH-BASIC", "PROV-HTTP-401");
    Conversation conversation{requestWithQuery()};
    EXPECT_EQ(conversation.lastField("Authorization"), "") << "before it was asked for";
    conversation.answer(refused("Basic realm=\"a\""));
    ASSERT_EQ(conversation.calls.size(), 2u);
    EXPECT_EQ(conversation.lastField("Authorization"), basicAnswer);
    EXPECT_EQ(conversation.calls[1].request.target, conversation.calls[0].request.target);
    conversation.answer(file("profile"));
    EXPECT_EQ(**conversation.outcome->file, "profile");
}

TEST(FetchCredentialsTest, RepeatsItTwiceAndThenEndsInCategoryC)
{
    COVERS("PROV-HTTP-401");
    for (const char* challenge : {"Basic realm=\"a\"", "Digest realm=\"a\", nonce=\"n\", qop=\"auth\""}) {
        Conversation conversation{requestWithQuery()};
        for (int i = 0; i < 3; ++i) {
            EXPECT_FALSE(conversation.outcome.has_value());
            conversation.answer(refused(challenge));
        }
        EXPECT_EQ(conversation.calls.size(), 3u);
        ASSERT_TRUE(conversation.outcome.has_value());
        EXPECT_EQ(conversation.outcome->file.error().kind, ErrorKind::Refused);
        EXPECT_EQ(conversation.outcome->file.error().detail, "HTTP 401 Unauthorized");
    }
}

TEST(FetchCredentialsTest, EndsAtOnceWithoutCredentialsOrAChallengeThatCanBeAnswered)
{
    FetchRequest without = requestWithQuery();
    without.credentials.reset();
    Conversation nobody{without};
    nobody.answer(refused("Basic realm=\"a\""));
    EXPECT_EQ(nobody.outcome->file.error().kind, ErrorKind::Refused);
    for (const char* challenge : {"Negotiate", "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"", ""}) {
        Conversation conversation{requestWithQuery()};
        conversation.answer(refused(challenge));
        EXPECT_EQ(conversation.calls.size(), 1u);
        EXPECT_EQ(conversation.outcome->file.error().kind, ErrorKind::Refused);
    }
}

TEST(FetchCredentialsTest, AnswersADigestChallengeForItsMethodAndTarget)
{
    COVERS("PROV-HTTP-AUTH-DIGEST");
    FetchRequest post = requestWithQuery();
    post.method = FetchMethod::Post;
    post.body = shareBytes("status=1");
    Conversation conversation{post};
    conversation.answer(refused("Digest realm=\"a\", nonce=\"first\", qop=\"auth\", algorithm=SHA-256"));
    const auto given = parseAuthField(conversation.lastField("Authorization")).value().at(0);
    EXPECT_EQ(given.parameter("uri"), "/dir/basic.txt?a=b");
    EXPECT_EQ(given.parameter("nc"), "00000001");
    EXPECT_EQ(given.parameter("cnonce").size(), 8u);
    HttpChallenge challenge;
    challenge.scheme = AuthScheme::Digest;
    challenge.algorithm = DigestAlgorithm::Sha256;
    challenge.realm = "a";
    challenge.nonce = "first";
    challenge.qopAuth = true;
    EXPECT_EQ(
        given.parameter("response"),
        digestResponse(challenge, account, {"POST", "/dir/basic.txt?a=b", given.parameter("cnonce"), 1}));
    EXPECT_EQ(*conversation.calls[1].request.body, "status=1") << "the body is sent again";
}

TEST(FetchCredentialsTest, CountsTheUsesOfANonceAndBeginsAnewWithAnother)
{
    COVERS("PROV-HTTP-AUTH-DIGEST");
    const auto parameter = [](const Conversation& conversation, std::string_view name) {
        return std::string{
            parseAuthField(conversation.lastField("Authorization")).value().at(0).parameter(name)};
    };
    Conversation same{requestWithQuery()};
    same.answer(refused("Digest realm=\"a\", nonce=\"n\", qop=\"auth\""));
    const std::string cnonce = parameter(same, "cnonce");
    same.answer(refused("Digest realm=\"a\", nonce=\"n\", qop=\"auth\""));
    EXPECT_EQ(parameter(same, "nc"), "00000002");
    EXPECT_EQ(parameter(same, "cnonce"), cnonce);

    Conversation stale{requestWithQuery()};
    stale.answer(refused("Digest realm=\"a\", nonce=\"n\", qop=\"auth\""));
    EXPECT_EQ(parameter(stale, "cnonce"), cnonce) << "the same luck, the same nonce";
    stale.answer(refused("Digest realm=\"a\", nonce=\"fresh\", qop=\"auth\", stale=true"));
    EXPECT_EQ(parameter(stale, "nonce"), "fresh");
    EXPECT_EQ(parameter(stale, "nc"), "00000001");
    EXPECT_NE(parameter(stale, "cnonce"), cnonce);
}

TEST(FetchCredentialsTest, GivesCredentialsToNoOtherServer)
{
    for (const char* elsewhere : {"http://192.168.1.201/x", "http://192.168.1.200:8080/x"}) {
        Conversation conversation{requestWithQuery()};
        conversation.answer(refused("Basic realm=\"a\""));
        conversation.answer(status(302, {{"Location", elsewhere}}));
        EXPECT_EQ(conversation.lastField("Authorization"), "");
        conversation.answer(refused("Basic realm=\"a\""));
        EXPECT_EQ(conversation.outcome->file.error().kind, ErrorKind::Refused) << elsewhere;

        Conversation back{requestWithQuery()};
        back.answer(status(302, {{"Location", elsewhere}}));
        back.answer(status(302, {{"Location", "http://192.168.1.200/x"}}));
        back.answer(refused("Basic realm=\"a\""));
        EXPECT_TRUE(back.outcome.has_value()) << "whoever sent it back may not be trusted";
    }
}

TEST(FetchCredentialsTest, AnswersAgainWhereTheSameServerRedirectsTo)
{
    Conversation conversation{requestWithQuery()};
    for (int i = 0; i < 2; ++i)
        conversation.answer(refused("Basic realm=\"a\""));
    conversation.answer(status(301, {{"Location", "/other.txt"}}));
    EXPECT_EQ(conversation.lastField("Authorization"), "");
    conversation.answer(refused("Basic realm=\"a\""));
    EXPECT_EQ(conversation.lastField("Authorization"), basicAnswer);
    EXPECT_EQ(conversation.calls.back().request.target, "/other.txt");
}

TEST(FetchCredentialsTest, RedirectsAPostAsAPost)
{
    for (const int number : {301, 302}) {
        FetchRequest post = requestWithQuery();
        post.method = FetchMethod::Post;
        post.body = shareBytes("status=1");
        Conversation conversation{post};
        conversation.answer(status(number, {{"Location", "/other.txt"}}));
        EXPECT_EQ(conversation.calls.back().request.method, "POST");
        EXPECT_EQ(*conversation.calls.back().request.body, "status=1");
    }
}

TEST(FetchCredentialsTest, TakesEverySuccessForAnAnswerToABody)
{
    for (const FetchMethod method : {FetchMethod::Get, FetchMethod::Post, FetchMethod::Put})
        for (const int number : {201, 204}) {
            FetchRequest what = requestWithQuery();
            what.method = method;
            Conversation conversation{what};
            conversation.answer(status(number));
            EXPECT_EQ(conversation.outcome->file.has_value(), method != FetchMethod::Get) << number;
        }
}

TEST(FetchCredentialsTest, AnswersAProxyInBetweenWithTheFilesCredentials)
{
    COVERS("PROV-HTTP-407", "PROV-HTTP-AUTH-BASIC", "PROV-HTTP-AUTH-DIGEST");
    for (const std::string challenge :
         {"Basic realm=\"a\"", "Digest realm=\"a\", nonce=\"n\", qop=\"auth\""}) {
        Conversation conversation{requestWithQuery()};
        for (int i = 0; i < 3; ++i) {
            EXPECT_FALSE(conversation.outcome.has_value());
            conversation.answer(refusedByProxy(challenge));
            const std::string_view answer = conversation.lastField("Proxy-Authorization");
            if (challenge.starts_with("Basic")) {
                EXPECT_EQ(answer, basicAnswer);
            } else {
                EXPECT_THAT(answer, StartsWith("Digest username=\"phone\""));
            }
            EXPECT_EQ(conversation.lastField("Authorization"), "");
        }
        EXPECT_EQ(conversation.calls.size(), 3u);
        EXPECT_EQ(conversation.outcome->file.error().kind, ErrorKind::Refused);
    }
}

FetchRequest proxied(std::string_view url, std::optional<HttpCredentials> credentials = std::nullopt)
{
    FetchRequest what = requestWithQuery(url);
    what.proxy.emplace(HttpProxy{"192.168.1.3", 3128, std::move(credentials)});
    return what;
}

TEST(FetchProxyTest, HandsTheWholeUrlToTheProxy)
{
    Conversation conversation{proxied("http://prov.example:8080/a.txt?b")};
    ASSERT_EQ(conversation.calls.size(), 1u);
    EXPECT_TRUE(conversation.names.empty()) << "the proxy looks the name up";
    EXPECT_EQ(conversation.servers, std::vector<std::string>{""});
    EXPECT_EQ(conversation.calls[0].server.text(), "192.168.1.3:3128");
    EXPECT_EQ(conversation.calls[0].request.target, "http://prov.example:8080/a.txt?b");
    EXPECT_EQ(conversation.lastField("Host"), "prov.example:8080");
    conversation.answer(file("profile"));
    EXPECT_EQ(**conversation.outcome->file, "profile");
}

TEST(FetchProxyTest, LooksTheProxyUpAndNamesANumericServer)
{
    FetchRequest what = proxied("http://192.168.1.200/a.txt");
    what.proxy->host = "proxy.example";
    Conversation conversation{what};
    EXPECT_EQ(conversation.names, std::vector<std::string>{"proxy.example"});
    conversation.take(
        conversation.fetch.handle(beginning, LookedUp{std::vector<IpAddress>{IpAddress{0xc0a80103}}}));
    EXPECT_EQ(conversation.servers, std::vector<std::string>{"192.168.1.200"});
    EXPECT_EQ(conversation.calls.at(0).server.text(), "192.168.1.3:3128");
}

TEST(FetchProxyTest, AnswersProxyAndServerEachWithItsOwnCredentials)
{
    COVERS("PROV-HTTP-407");
    Conversation conversation{proxied("http://192.168.1.200/a.txt", HttpCredentials{"desk", "pass"})};
    conversation.answer(refusedByProxy("Digest realm=\"p\", nonce=\"n\", qop=\"auth\""));
    const auto given = parseAuthField(conversation.lastField("Proxy-Authorization")).value().at(0);
    EXPECT_EQ(given.parameter("username"), "desk");
    EXPECT_EQ(given.parameter("uri"), "http://192.168.1.200/a.txt");
    EXPECT_EQ(conversation.lastField("Authorization"), "");
    conversation.answer(refused("Basic realm=\"a\""));
    EXPECT_EQ(conversation.lastField("Authorization"), basicAnswer);
    EXPECT_THAT(std::string{conversation.lastField("Proxy-Authorization")}, HasSubstr("nc=00000002"));
    conversation.answer(file("profile"));
    EXPECT_TRUE(conversation.outcome->file.has_value());
}

TEST(FetchProxyTest, GivesAProxyNoCredentialsThatAreTheServers)
{
    Conversation conversation{proxied("http://192.168.1.200/a.txt")};
    conversation.answer(refusedByProxy("Basic realm=\"p\""));
    EXPECT_EQ(conversation.calls.size(), 1u);
    EXPECT_EQ(conversation.outcome->file.error().detail, "HTTP 407 Proxy Authentication Required");
}

TEST(FetchProxyTest, FetchesByTftpWithoutIt)
{
    FetchRequest what = proxied("tftp://192.168.1.200/a.txt");
    Fetch fetch{what};
    EXPECT_EQ(std::get<SendDatagram>(fetch.begin(beginning)[1]).to.text(), "192.168.1.200:69");
}

FetchDone decoded(std::string encoding, std::string body, std::size_t limit = 1000)
{
    FetchRequest what = requestWithQuery();
    what.bodyLimit = limit;
    Conversation conversation{what};
    HttpAnswered answered = file(std::move(body));
    answered.response->fields.add("Content-Encoding", std::move(encoding));
    conversation.answer(answered);
    return *conversation.outcome;
}

TEST(FetchCodingTest, AsksForTheCodingsOfRealPhonesAndUndoesThem)
{
    Conversation conversation{requestWithQuery()};
    EXPECT_EQ(conversation.lastField("Accept-Encoding"), "deflate, gzip");
    EXPECT_EQ(**decoded("gzip", gzip("profile")).file, "profile");
    EXPECT_EQ(**decoded("X-GZIP", gzip("profile")).file, "profile");
    EXPECT_EQ(**decoded("deflate", std::string{"\x78\x9c\x4b\x04\x00\x00\x62\x00\x62", 9}).file, "a");
    EXPECT_EQ(**decoded("deflate", std::string{"\x4b\x04\x00", 3}).file, "a") << "without the zlib header";
    EXPECT_EQ(**decoded("Identity", "profile").file, "profile");
}

TEST(FetchCodingTest, UnpacksNoMoreThanTheLimit)
{
    EXPECT_EQ(decoded("gzip", gzip(std::string(1001, 'x'))).file.error().kind, ErrorKind::Corrupt);
    EXPECT_EQ((*decoded("gzip", gzip(std::string(1000, 'x'))).file)->size(), 1000u);
    EXPECT_EQ(decoded("gzip", gzip("profile").substr(0, 12)).file.error().kind, ErrorKind::Corrupt);
    EXPECT_EQ(decoded("gzip", "<flat-profile/>").file.error().kind, ErrorKind::Corrupt);
}

TEST(FetchCodingTest, LeavesAnEncryptedBodyToThePhone)
{
    const FetchDone done = decoded("aes128gcm", "cipher text");
    EXPECT_EQ(**done.file, "cipher text");
    EXPECT_EQ(done.coding, ContentCoding::Aes128Gcm);
    EXPECT_EQ(decoded("identity", "plain").coding, ContentCoding::Identity);
    EXPECT_EQ(decoded("br", "x").file.error().kind, ErrorKind::Unsupported);
    EXPECT_EQ(decoded("gzip, aes128gcm", "x").file.error().kind, ErrorKind::Unsupported);
}

}  // namespace
}  // namespace emulator
