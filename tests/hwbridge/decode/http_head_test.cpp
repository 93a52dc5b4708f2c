#include "hwbridge/decode/http_head.hpp"

#include <gtest/gtest.h>

using namespace hwbridge;

namespace {

HttpHead head(std::string_view text)
{
    static emulator::TrafficTrace secrets{"key"};
    HttpHead read;
    readHttpHead(read, text, secrets);
    return read;
}

TEST(HttpHeadTest, KeepsNamesOrderAndCaseAsOnTheWire)
{
    const HttpHead read =
        head("GET /a.cfg HTTP/1.1\r\nuser-AGENT: x\r\nHost:  10.0.0.2 \r\nAccept:*/*\r\n\r\n");
    EXPECT_TRUE(read.isRequest);
    EXPECT_EQ(read.method, "GET");
    EXPECT_EQ(read.target, "/a.cfg");
    EXPECT_EQ(read.minor, 1);
    EXPECT_EQ(read.headers, "user-AGENT: x\nHost:  10.0.0.2 \nAccept:*/*\n");
    EXPECT_EQ(read.notes, "");
}

TEST(HttpHeadTest, KeepsWhatIsWrongAsItWasSeen)
{
    const HttpHead read = head("get  /a b HTTP/1.0\r\nHost: h\r\n\r\n");
    EXPECT_EQ(read.method, "get");
    EXPECT_EQ(read.target, "/a b");
    EXPECT_EQ(read.minor, 0);
    EXPECT_EQ(read.notes, "white space around the target; white space inside the target");
}

TEST(HttpHeadTest, ReadsAResponse)
{
    const HttpHead read = head("HTTP/1.1 404 Not Found\r\nServer: s\r\n\r\n");
    EXPECT_FALSE(read.isRequest);
    EXPECT_EQ(read.status, 404);
    EXPECT_EQ(read.reason, "Not Found");
    EXPECT_EQ(read.framing("GET"), HttpFraming::UntilClose);
    EXPECT_EQ(read.framing("HEAD"), HttpFraming::None);
}

TEST(HttpHeadTest, ReplacesSecretsByPseudonymsThatStay)
{
    const HttpHead one =
        head("GET /?xpassword=abc HTTP/1.1\r\nAuthorization: Basic dTpw\r\nCookie: a=b\r\n\r\n");
    const HttpHead two = head("GET / HTTP/1.1\r\nauthorization:Basic dTpw\r\nX-Api-Key: 1\r\n\r\n");
    EXPECT_EQ(one.target.find("abc"), std::string::npos);
    EXPECT_EQ(one.headers.find("dTpw"), std::string::npos);
    EXPECT_EQ(one.headers.find("a=b"), std::string::npos);
    EXPECT_EQ(two.headers.find(": 1"), std::string::npos);
    const auto secret = [](const std::string& text) { return text.substr(text.find("secret-"), 19); };
    EXPECT_EQ(secret(one.headers), secret(two.headers));
}

TEST(HttpHeadTest, ReplacesASecretOnFoldedLines)
{
    const HttpHead read =
        head("GET / HTTP/1.1\r\nAuthorization: Digest\r\n response=\"0123\"\r\nA: b\r\n\r\n");
    EXPECT_EQ(read.headers.find("0123"), std::string::npos);
    EXPECT_TRUE(read.headers.ends_with("\nA: b\n"));
    EXPECT_EQ(read.notes, "a folded line");
}

TEST(HttpHeadTest, FindsHostAndUserAgentInAnyCase)
{
    const HttpHead read =
        head("GET / HTTP/1.1\r\nHOST: h:80\r\nUser-agent: phone (1)\r\nHost: other\r\n\r\n");
    EXPECT_EQ(read.host, "h:80");
    EXPECT_EQ(read.userAgent, "phone (1)");
}

struct Odd {
    const char* name;
    std::string_view text;
    const char* note;
};

TEST(HttpHeadTest, TakesEqualLengthsInAListAsOne)
{
    const HttpHead read = head("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n");
    EXPECT_EQ(read.length, 5u);
    EXPECT_EQ(read.framing("GET"), HttpFraming::Length);
    EXPECT_EQ(read.notes, "Content-Length twice");
}

class OddHeadTest : public testing::TestWithParam<Odd> {};

TEST_P(OddHeadTest, IsSaidToBeOdd)
{
    EXPECT_NE(head(GetParam().text).notes.find(GetParam().note), std::string::npos)
        << head(GetParam().text).notes;
}

INSTANTIATE_TEST_SUITE_P(
    Heads, OddHeadTest,
    testing::Values(
        Odd{"Lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "two different Content-Lengths"},
        Odd{"LengthTwice", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "Content-Length twice"},
        Odd{"LengthList", "GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", "Content-Length twice"},
        Odd{"LengthsInAList", "GET / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n",
            "two different Content-Lengths"},
        Odd{"LengthListOfNothing", "GET / HTTP/1.1\r\nContent-Length: 1,\r\n\r\n", "no number"},
        Odd{"LengthOf204", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
            "Content-Length in a response that has no body"},
        Odd{"LengthOf100", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n",
            "Content-Length in a response that has no body"},
        Odd{"LengthSign", "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", "no number"},
        Odd{"Both", "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "Content-Length beside Transfer-Encoding"},
        Odd{"NotChunked", "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "last coding is not chunked"},
        Odd{"ChunkedFirst", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
            "last coding is not chunked"},
        Odd{"Codings", "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "more than one"},
        Odd{"Old", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "in HTTP/1.0"},
        Odd{"BareLineFeed", "GET / HTTP/1.1\nHost: h\r\n\r\n", "a line end without CR"},
        Odd{"Fold", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "a folded line"},
        Odd{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "space before the colon of Host"},
        Odd{"NoColon", "GET / HTTP/1.1\r\nHost h\r\n\r\n", "a line without a colon"},
        Odd{"NoName", "GET / HTTP/1.1\r\n: h\r\n\r\n", "a field without a name"},
        Odd{"BareReturn", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "a CR or NUL"},
        Odd{"ReturnInTheFirstLine", "GET /\r HTTP/1.1\r\nA: b\r\n\r\n", "a CR or NUL"},
        Odd{"TwoReturns", "GET / HTTP/1.1\r\nA: b\r\r\n\r\n", "a CR or NUL"},
        Odd{"Nul", std::string_view{"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26}, "a CR or NUL"},
        Odd{"LeadingSpace", "GET / HTTP/1.1\r\n A: b\r\n\r\n", "white space before the first field"},
        Odd{"Version", "GET / HTTP/2.0\r\n\r\n", "version HTTP/2.0"},
        Odd{"NoVersion", "GET /\r\n\r\n", "no version"},
        Odd{"Status", "HTTP/1.1 20 OK\r\n\r\n", "not three digits"}),
    [](const auto& odd) { return std::string{odd.param.name}; });

TEST(HttpStartTest, TellsMessagesFromOtherBytes)
{
    EXPECT_EQ(httpStart("GET / HTTP/1.1\r\n"), HttpStart::Request);
    EXPECT_EQ(httpStart("gEt / http/1.1\n"), HttpStart::Request);
    EXPECT_EQ(httpStart("GET /\r\n"), HttpStart::Request);
    EXPECT_EQ(httpStart("FROB x HTTP/1.0\r\n"), HttpStart::Request);
    EXPECT_EQ(httpStart("HTTP/1.1 200 OK"), HttpStart::Response);
    EXPECT_EQ(httpStart("GE"), HttpStart::Maybe);
    EXPECT_EQ(httpStart("GET /long"), HttpStart::Maybe);
    EXPECT_EQ(httpStart(""), HttpStart::Maybe);
    EXPECT_EQ(httpStart("NOTIFY sip:a SIP/2.0\r\n"), HttpStart::No);
    EXPECT_EQ(httpStart("\x16\x03\x01"), HttpStart::No);
    EXPECT_EQ(httpStart("HELO there\r\n"), HttpStart::No);
    EXPECT_EQ(httpStart(" GET / HTTP/1.1\r\n"), HttpStart::No);
    EXPECT_EQ(httpStart("GET /\x01"), HttpStart::No);
    EXPECT_EQ(httpStart(std::string(100, 'A')), HttpStart::No);
}

TEST(HttpHeadEndTest, IsFoundWhereverTheHeadIsCutInTwo)
{
    const std::string text = "GET / HTTP/1.1\r\nHost: h\r\n\r\nbody";
    for (std::size_t cut = 0; cut < text.find("body"); ++cut) {
        EXPECT_FALSE(httpHeadEnd(std::string_view{text}.substr(0, cut), 0).has_value());
        EXPECT_EQ(httpHeadEnd(text, cut), text.find("body")) << cut;
    }
    EXPECT_EQ(httpHeadEnd("GET / HTTP/1.1\n\nbody", 0), 16u);
}

}  // namespace
