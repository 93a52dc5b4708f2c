#include "emulator/protocol/http_authentication.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using testing::ElementsAre;
using testing::Pair;

HttpFields challenged(std::initializer_list<std::string_view> values)
{
    HttpFields fields;
    for (const std::string_view value : values)
        fields.add("www-authenticate", std::string{value});
    return fields;
}

// RFC 7616 section 3.9.1.
constexpr std::string_view printedNonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr std::string_view printedOpaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
constexpr DigestUse printedUse{"GET", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1};

HttpChallenge printedChallenge(DigestAlgorithm algorithm)
{
    HttpChallenge challenge;
    challenge.scheme = AuthScheme::Digest;
    challenge.realm = "http-auth@example.org";
    challenge.algorithm = algorithm;
    challenge.namesAlgorithm = true;
    challenge.nonce = printedNonce;
    challenge.opaque = printedOpaque;
    challenge.qopAuth = true;
    return challenge;
}

struct Vector {
    DigestAlgorithm algorithm;
    std::string_view response;
};

class DigestVectorTest : public testing::TestWithParam<Vector> {};

// MD5 and SHA-256 are printed; the -sess forms were computed apart, by RFC 7616 section 3.4.2.
TEST_P(DigestVectorTest, HashesAsPrinted)
{
    COVERS("PROV-HTTP-AUTH-DIGEST");
    EXPECT_EQ(
        digestResponse(printedChallenge(GetParam().algorithm), {"Mufasa", "Circle of Life"}, printedUse),
        GetParam().response);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7616Section3_9_1, DigestVectorTest,
    testing::Values(Vector{DigestAlgorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"},
                    Vector{DigestAlgorithm::Md5Sess, "e783283f46242139c486a698fec7211d"},
                    Vector{DigestAlgorithm::Sha256,
                           "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
                    Vector{DigestAlgorithm::Sha256Sess,
                           "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7"}));

TEST(HttpAuthenticationTest, HashesWithoutQopAsTheOldFormDoes)
{
    COVERS("PROV-HTTP-AUTH-DIGEST");
    HttpChallenge challenge;
    challenge.scheme = AuthScheme::Digest;
    challenge.realm = "testrealm@host.com";
    challenge.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    const HttpCredentials mufasa{"Mufasa", "Circle Of Life"};
    EXPECT_EQ(digestResponse(challenge, mufasa, {"GET", "/dir/index.html", "0a4f113b", 1}),
              "670fd8c2df070c60b045671b8b24ff02");
    challenge.qopAuth = true;  // RFC 2617 section 3.5
    EXPECT_EQ(digestResponse(challenge, mufasa, {"GET", "/dir/index.html", "0a4f113b", 1}),
              "6629fae49393a05397450978507c4ef1");
}

TEST(HttpAuthenticationTest, WritesADigestAnswer)
{
    EXPECT_EQ(answerTo(printedChallenge(DigestAlgorithm::Md5), {"Mufasa", "Circle of Life"}, printedUse),
              "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
              "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", "
              "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", nc=00000001, qop=auth, "
              "response=\"8ca523f5e9506fed4657c9700eebdbec\", "
              "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm=MD5");
}

TEST(HttpAuthenticationTest, NamesNeitherAlgorithmNorOpaqueThatTheChallengeLacks)
{
    const auto challenge =
        strongestChallenge(challenged({"Digest realm=\"a \\\"b\\\"\", nonce=n"}), "WWW-Authenticate");
    ASSERT_TRUE(challenge);
    const std::string answer = answerTo(*challenge, {"u\"s", "p"}, {"GET", "/", "c", 1}).value();
    EXPECT_THAT(answer, testing::StartsWith(
                            "Digest username=\"u\\\"s\", realm=\"a \\\"b\\\"\", nonce=\"n\", uri=\"/\", "
                            "response=\""));
    for (const char* absent : {"algorithm", "opaque", "qop", "nc=", "cnonce"})
        EXPECT_THAT(answer, testing::Not(testing::HasSubstr(absent)));
}

TEST(HttpAuthenticationTest, WritesBasicCredentials)
{
    COVERS("PROV-HTTP-AUTH-BASIC");
    EXPECT_EQ(answerTo(HttpChallenge{}, {"Aladdin", "open sesame"}, {}),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(answerTo(HttpChallenge{}, {"user", "with:colon"}, {}), "Basic dXNlcjp3aXRoOmNvbG9u");
}

TEST(HttpAuthenticationTest, DoesNotWriteWhatCouldBeReadInAnotherWay)
{
    EXPECT_EQ(answerTo(HttpChallenge{}, {"a:b", "c"}, {}), std::nullopt);
    EXPECT_EQ(answerTo(HttpChallenge{}, {"a", "b\r\nX: y"}, {}), std::nullopt);
    EXPECT_TRUE(answerTo(printedChallenge(DigestAlgorithm::Md5), {"a:b", "c"}, printedUse).has_value());
    EXPECT_EQ(answerTo(printedChallenge(DigestAlgorithm::Md5), {"a\nb", "c"}, printedUse), std::nullopt);
}

TEST(HttpAuthenticationTest, ReadsSeveralChallengesOfOneField)
{
    const auto texts =
        parseAuthField(R"(Newauth realm="apps", type=1, title="Login to \"apps\"", , Basic realm="simple",)"
                       R"( Negotiate, NTLM TlRMTVNTUAAB==)");
    ASSERT_TRUE(texts.has_value());
    ASSERT_EQ(texts->size(), 4u);
    EXPECT_EQ((*texts)[0].scheme, "Newauth");
    EXPECT_THAT((*texts)[0].parameters,
                ElementsAre(Pair("realm", "apps"), Pair("type", "1"), Pair("title", "Login to \"apps\"")));
    EXPECT_EQ((*texts)[1].scheme, "Basic");
    EXPECT_EQ((*texts)[1].parameter("REALM"), "simple");
    EXPECT_EQ((*texts)[2].scheme, "Negotiate");
    EXPECT_TRUE((*texts)[2].parameters.empty());
    EXPECT_EQ((*texts)[3].token, "TlRMTVNTUAAB==");
}

struct Choice {
    std::vector<std::string_view> fields;
    std::optional<AuthScheme> scheme;
    DigestAlgorithm algorithm = DigestAlgorithm::Md5;
};

class StrongestChallengeTest : public testing::TestWithParam<Choice> {};

TEST_P(StrongestChallengeTest, IsChosenAmongThoseThatCanBeAnswered)
{
    HttpFields fields;
    for (const std::string_view value : GetParam().fields)
        fields.add("WWW-Authenticate", std::string{value});
    const auto chosen = strongestChallenge(fields, "www-authenticate");
    ASSERT_EQ(chosen.has_value(), GetParam().scheme.has_value());
    if (!chosen)
        return;
    EXPECT_EQ(chosen->scheme, *GetParam().scheme);
    EXPECT_EQ(chosen->algorithm, GetParam().algorithm);
}

INSTANTIATE_TEST_SUITE_P(
    Fields, StrongestChallengeTest,
    testing::Values(Choice{{"Basic realm=\"a\""}, AuthScheme::Basic},
                    Choice{{"Basic realm=\"a\", Digest realm=\"a\", nonce=\"n\""}, AuthScheme::Digest},
                    Choice{{"Digest realm=\"a\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"",
                            "Digest realm=\"a\", nonce=\"n\", algorithm=MD5, qop=\"auth\""},
                           AuthScheme::Digest,
                           DigestAlgorithm::Sha256},
                    Choice{{"digest realm=a, nonce=n, algorithm=md5-SESS, qop=\"auth-int, AUTH\""},
                           AuthScheme::Digest,
                           DigestAlgorithm::Md5Sess},
                    Choice{{"Digest realm=\"a\", nonce=\"n\", algorithm=SHA-512-256", "Basic realm=\"b\""},
                           AuthScheme::Basic},
                    Choice{{"Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\""}, std::nullopt},
                    Choice{{"Digest realm=\"a\""}, std::nullopt}, Choice{{"Negotiate"}, std::nullopt},
                    Choice{{}, std::nullopt},
                    Choice{{"Digest realm=\"open", "Basic realm=\"b\""}, AuthScheme::Basic}));

TEST(HttpAuthenticationTest, RefusesWhatIsNoChallenge)
{
    for (const std::string_view bad :
         {"Basic realm=\"open", "=", "Basic realm=\"a\"x", "Digest realm=a, realm=b", "Basic \"quoted\"",
          "Basic realm=\"a\x01\"", "Basic(realm)", "Digest nonce=a b=c =d"})
        EXPECT_TRUE(parseAuthField(bad).has_error()) << bad;
}

TEST(HttpAuthenticationTest, ReadsNoMoreThanItsLimits)
{
    std::string many;
    for (std::size_t i = 0; i <= mostChallenges; ++i)
        many += "Basic realm=\"a\", ";
    EXPECT_EQ(parseAuthField(many).error().kind, ErrorKind::TooLarge);
    std::string wide = "Digest ";
    for (std::size_t i = 0; i <= mostAuthParameters; ++i)
        wide += "p" + std::to_string(i) + "=1, ";
    EXPECT_EQ(parseAuthField(wide).error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(parseAuthField("Basic realm=\"" + std::string(longestAuthField, 'a') + "\"").error().kind,
              ErrorKind::TooLarge);
}

TEST(HttpAuthenticationTest, SurvivesGarbage)
{
    RandomBytes random{7};
    constexpr std::string_view sample =
        R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XX", )"
        R"(opaque="FQhe/qaU", stale=true, Basic realm="x\"y", NTLM abc==)";
    for (int i = 0; i < 20'000; ++i) {
        const HttpFields fields = challenged({random.damaged(sample, 6)});
        if (const auto challenge = strongestChallenge(fields, "WWW-Authenticate")) {
            const auto answer = answerTo(*challenge, {"user", "word"}, printedUse);
            ASSERT_TRUE(answer.has_value());
            EXPECT_EQ(std::count_if(answer->begin(), answer->end(), [](char c) { return c == '\n'; }), 0);
            EXPECT_TRUE(parseAuthField(*answer).has_value()) << *answer;
        }
    }
    for (int i = 0; i < 20'000; ++i)
        (void)parseAuthField(random.octets(random.upTo(60)));
}

}  // namespace
}  // namespace emulator
