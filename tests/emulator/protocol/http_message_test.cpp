#include "emulator/protocol/http_message.hpp"

#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string_view bodyOf(const HttpResponse& response)
{
    return response.body ? std::string_view{*response.body} : std::string_view{};
}

// Everything of a response in one text, for comparison.
std::string shown(const HttpResponse& response)
{
    std::string text =
        std::to_string(response.minor) + ' ' + std::to_string(response.status) + ' ' + response.reason;
    for (const auto& [name, value] : response.fields.lines)
        text.append("\n").append(name).append("=").append(value);
    return text.append("\n\n").append(bodyOf(response));
}

// What a reader makes of bytes that arrive `step` at a time, before the server closes.
Result<HttpResponse> readResponse(std::string_view bytes, std::size_t step, const HttpLimits& limits = {})
{
    HttpResponseReader reader{limits};
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        Result<std::optional<HttpResponse>> read = reader.feed(bytes.substr(at, step));
        if (!read.has_value())
            return read.error();
        if (read->has_value())
            return std::move(**read);
    }
    return reader.finish();
}

Result<HttpResponse> readResponse(std::string_view bytes)
{
    return readResponse(bytes, std::max<std::size_t>(bytes.size(), 1));
}

Result<std::optional<HttpRequest>> readRequest(std::string_view bytes, const HttpLimits& limits = {})
{
    return HttpRequestReader{limits}.feed(bytes);
}

ErrorKind kindOf(const Result<HttpResponse>& result)
{
    return result.has_value() ? ErrorKind{255} : result.error().kind;
}

TEST(HttpResponseReaderTest, ReadsABodyOfStatedLength)
{
    COVERS("HTTP-V11");
    const Result<HttpResponse> response =
        readResponse("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello");
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->minor, 1);
    EXPECT_EQ(response->fields.first("content-type"), "text/xml");
    EXPECT_EQ(bodyOf(*response), "hello");
}

TEST(HttpResponseReaderTest, ReadsHttp10UntilTheServerCloses)
{
    COVERS("HTTP-V10");
    const Result<HttpResponse> response = readResponse("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello");
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(response->minor, 0);
    EXPECT_EQ(bodyOf(*response), "hello");
}

TEST(HttpResponseReaderTest, WaitsForTheCloseOfAResponseWithoutLength)
{
    HttpResponseReader reader;
    EXPECT_FALSE(reader.feed("HTTP/1.1 200 OK\r\n\r\nhel")->has_value());
    EXPECT_FALSE(reader.feed("lo")->has_value());
    EXPECT_EQ(bodyOf(*reader.finish()), "hello");
}

TEST(HttpResponseReaderTest, JoinsChunksAndDropsTheirExtensionsAndTrailers)
{
    COVERS("HTTP-CHUNKED");
    const Result<HttpResponse> response =
        readResponse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3;name=value\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n");
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(bodyOf(*response), "hello");
    EXPECT_EQ(response->fields.first("Trailer"), "");
}

TEST(HttpResponseReaderTest, RefusesChunksInHttp10)
{
    COVERS("HTTP-CHUNKED");
    EXPECT_EQ(kindOf(readResponse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
              ErrorKind::Malformed);
}

TEST(HttpResponseReaderTest, SkipsInterimResponses)
{
    EXPECT_EQ(readResponse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                           "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                  ->status,
              404);
}

TEST(HttpResponseReaderTest, TakesNoBodyAfter204And304)
{
    EXPECT_EQ(readResponse("HTTP/1.1 204 No Content\r\n\r\n", 4)->status, 204);
    HttpResponseReader reader;
    EXPECT_TRUE(reader.feed("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")->has_value());
}

TEST(HttpResponseReaderTest, CallsAShortBodyCutOff)
{
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "HTTP/1.1 200 OK\r\nConte", "",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhel",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"})
        EXPECT_EQ(kindOf(readResponse(bytes)), ErrorKind::Corrupt) << bytes;
}

TEST(HttpResponseReaderTest, RefusesFramingThatCouldBeReadInTwoWays)
{
    for (const std::string_view fields :
         {"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5, 6\r\n", "Content-Length: -5\r\n",
          "Content-Length: 99999999999999999999999\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"})
        EXPECT_EQ(kindOf(readResponse("HTTP/1.1 200 OK\r\n" + std::string{fields} + "\r\nhello")),
                  ErrorKind::Malformed)
            << fields;
}

TEST(HttpResponseReaderTest, RefusesWhatIsNotHttp)
{
    for (const std::string_view bytes :
         {"220 mail.example.com ESMTP\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n"})
        EXPECT_EQ(kindOf(readResponse(bytes)), ErrorKind::Malformed) << bytes;
}

TEST(HttpResponseReaderTest, RefusesALyingLengthBeforeAnyOfItArrives)
{
    HttpResponseReader reader{{.bodyBytes = 1000}};
    const auto read = reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(reader.feed("more").error().kind, ErrorKind::TooLarge) << "and stays so";
}

TEST(HttpResponseReaderTest, EndsEachKindOfBodyAtTheLimit)
{
    const HttpLimits limits{.bodyBytes = 10};
    const std::string length = "HTTP/1.1 200 OK\r\nContent-Length: ";
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string untilClose = "HTTP/1.1 200 OK\r\n\r\n";
    for (const std::size_t step : {1u, 3u, 1000u}) {
        EXPECT_TRUE(readResponse(length + "10\r\n\r\n0123456789", step, limits).has_value());
        EXPECT_TRUE(
            readResponse(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", step, limits).has_value());
        EXPECT_TRUE(readResponse(untilClose + "0123456789", step, limits).has_value());
        EXPECT_EQ(kindOf(readResponse(length + "11\r\n\r\n", step, limits)), ErrorKind::TooLarge);
        EXPECT_EQ(kindOf(readResponse(chunked + "5\r\n01234\r\n6\r\n567890", step, limits)),
                  ErrorKind::TooLarge);
        EXPECT_EQ(kindOf(readResponse(chunked + "fffffffffffffff\r\n01234", step, limits)),
                  ErrorKind::TooLarge);
        EXPECT_EQ(kindOf(readResponse(untilClose + "01234567890", step, limits)), ErrorKind::TooLarge);
    }
}

// How many bytes a reader takes from an endless repetition before it gives up.
std::size_t bytesUntilTooLarge(std::string_view start, std::string_view repeated, std::size_t atOnce,
                               const HttpLimits& limits)
{
    HttpResponseReader reader{limits};
    EXPECT_TRUE(reader.feed(start).has_value());
    std::string piece;
    while (piece.size() < atOnce)
        piece.append(repeated);
    for (std::size_t fed = 0; fed < (10u << 20); fed += piece.size()) {
        const auto read = reader.feed(piece);
        if (!read.has_value()) {
            EXPECT_EQ(read.error().kind, ErrorKind::TooLarge) << read.error().detail;
            return fed;
        }
    }
    ADD_FAILURE() << "never";
    return 0;
}

TEST(HttpResponseReaderTest, EndsHeadersChunkLinesAndTrailersAtTheLimit)
{
    const HttpLimits limits{.headerBytes = 4096, .bodyBytes = 10000};
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    for (const std::size_t atOnce : {1u, 100u, 5000u}) {
        EXPECT_LE(bytesUntilTooLarge(ok, "A: b\r\n", atOnce, limits), 4096u);
        EXPECT_LE(bytesUntilTooLarge(ok + "A: ", "b", atOnce, limits), 4096u);
        EXPECT_LE(bytesUntilTooLarge("HTTP/1.1 200 ", "O", atOnce, limits), 4096u);
        EXPECT_LE(bytesUntilTooLarge(chunked + "1;", "x", atOnce, limits), 4097u);
        EXPECT_LE(bytesUntilTooLarge(chunked + "0\r\n", "A: b\r\n", atOnce, limits), 4097u);
        EXPECT_LE(bytesUntilTooLarge("", "HTTP/1.1 100 Continue\r\n\r\n", atOnce, limits), 4096u);
        EXPECT_LE(
            bytesUntilTooLarge(chunked, "1;extension=" + std::string(40, 'x') + "\r\na\r\n", atOnce, limits),
            10000u);
    }
}

TEST(HttpResponseReaderTest, ReadsTheSameByteByByteAsAtOnce)
{
    const std::string long_(70000, 'x');
    for (const std::string& bytes : {
             std::string{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Empty:\r\n\r\nhello"},
             std::string{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
             std::string{"HTTP/1.0 200 \r\nServer:  spaces  \r\n\r\nuntil close"},
             std::string{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
             std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
             std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n"},
             std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                         "CHUNKED\r\n\r\n1\r\na\r\n0a;q=\"1;2\"\r\n0123456789\r\n"
                         "0;last\r\n\r\n"},
             std::string{"HTTP/1.1 200 OK\r\nFolded: one\r\n two\r\nContent-Length: 1\r\n\r\n1"},
             "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + long_,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" + long_ + "\r\n0\r\n\r\n",
         }) {
        const Result<HttpResponse> whole = readResponse(bytes);
        ASSERT_TRUE(whole.has_value()) << whole.error().detail << '\n' << bytes.substr(0, 200);
        for (const std::size_t step : {1u, 2u, 3u, 4u, 5u, 7u, 64u, 1000u}) {
            const Result<HttpResponse> pieces = readResponse(bytes, step);
            ASSERT_TRUE(pieces.has_value()) << step << ' ' << pieces.error().detail << '\n'
                                            << bytes.substr(0, 200);
            EXPECT_EQ(shown(*pieces), shown(*whole)) << step;
        }
    }
}

TEST(HttpResponseReaderTest, EndsGarbageInSomeWayWithinItsLimits)
{
    RandomBytes random{1};
    const HttpLimits limits{.headerBytes = 300, .bodyBytes = 200};
    const std::string_view messages[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nhello, phone",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n7\r\n, phone\r\n0\r\nA: "
        "b\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nServer: test\r\n\r\nhello, phone",
    };
    for (int round = 0; round < 30000; ++round) {
        std::string bytes = round % 4 == 0 ? random.octets(random.upTo(500))
                                           : random.damaged(messages[static_cast<std::size_t>(round) % 3], 4);
        if (round % 8 == 1)
            bytes += random.octets(random.upTo(400));
        HttpResponseReader reader{limits};
        bool ended = false;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t step = 1 + random.upTo(40);
            const auto read = reader.feed(std::string_view{bytes}.substr(at, step));
            at += step;
            if (read.has_value() && read->has_value()) {
                ASSERT_LE(bodyOf(**read).size(), limits.bodyBytes);
            }
            ASSERT_FALSE(ended && read.has_value()) << "an error must stay";
            ended = !read.has_value();
        }
        const auto last = reader.finish();
        if (last.has_value()) {
            ASSERT_LE(bodyOf(*last).size(), limits.bodyBytes);
        }
    }
}

TEST(HttpRequestReaderTest, ReadsRequestsOneAfterAnother)
{
    HttpRequestReader reader;
    const auto first =
        reader.feed("GET /admin/advanced?x=1 HTTP/1.1\r\nHost: phone\r\n\r\n"
                    "POST /submit HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b\r\nGET /last HTTP/1.0\r\n");
    ASSERT_TRUE(first.has_value() && first->has_value());
    EXPECT_EQ((*first)->method, "GET");
    EXPECT_EQ((*first)->target, "/admin/advanced?x=1");
    EXPECT_EQ((*first)->fields.first("HOST"), "phone");
    EXPECT_EQ((*first)->body, nullptr);

    const auto second = reader.feed({});
    ASSERT_TRUE(second.has_value() && second->has_value());
    EXPECT_EQ((*second)->method, "POST");
    EXPECT_EQ(*(*second)->body, "a=b");

    EXPECT_FALSE(reader.feed({})->has_value());
    const auto third = reader.feed("\r\n");
    ASSERT_TRUE(third.has_value() && third->has_value()) << "the empty line before it is passed over";
    EXPECT_EQ((*third)->target, "/last");
    EXPECT_EQ((*third)->minor, 0);
}

TEST(HttpRequestReaderTest, EndsHeadersBodiesAndUnreadRequestsAtTheLimit)
{
    const HttpLimits limits{.headerBytes = 100, .bodyBytes = 10};
    EXPECT_EQ(readRequest("GET /" + std::string(200, 'x'), limits).error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(readRequest("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", limits).error().kind,
              ErrorKind::TooLarge);
    EXPECT_EQ(readRequest("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789", limits)->has_value(),
              true);

    HttpRequestReader reader{limits};
    const std::string requests = "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    bool ended = false;
    for (int i = 0; i < 100 && !ended; ++i)
        ended = !reader.feed(requests).has_value();
    EXPECT_TRUE(ended);
}

TEST(HttpRequestReaderTest, RefusesABodyThatCouldBeReadInTwoWays)
{
    EXPECT_EQ(readRequest("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n").error().kind,
              ErrorKind::Malformed);
    EXPECT_EQ(readRequest("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n").error().kind,
              ErrorKind::Malformed);
}

TEST(HttpRequestReaderTest, SurvivesGarbage)
{
    RandomBytes random{2};
    for (int round = 0; round < 20000; ++round) {
        HttpRequestReader reader{{.headerBytes = 200, .bodyBytes = 100}};
        const std::string bytes =
            random.damaged("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                           "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                           6);
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t step = 1 + random.upTo(30);
            const auto read = reader.feed(std::string_view{bytes}.substr(at, step));
            if (read.has_value() && read->has_value() && (*read)->body) {
                ASSERT_LE((*read)->body->size(), 100u);
            }
            at += step;
        }
    }
}

TEST(HttpEncodeTest, WritesARequestInTheOrderOfItsFields)
{
    HttpRequest request{.target = "/basic.txt"};
    request.fields.add("User-Agent", "phone");
    request.fields.add("Host", "server");
    EXPECT_EQ(encode(request), "GET /basic.txt HTTP/1.1\r\nUser-Agent: phone\r\nHost: server\r\n\r\n");
}

TEST(HttpEncodeTest, StatesTheLengthOfABodyUnlessTheMessageFramesItself)
{
    HttpResponse response{.body = shareBytes("hello")};
    EXPECT_EQ(encode(response), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    response.fields.add("content-length", "4294967296");
    EXPECT_EQ(encode(response), "HTTP/1.1 200 OK\r\ncontent-length: 4294967296\r\n\r\nhello");
    EXPECT_EQ(encode(HttpResponse{.status = 404, .minor = 0}),
              "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(encode(HttpResponse{.status = 304}), "HTTP/1.1 304 Not Modified\r\n\r\n");
    EXPECT_EQ(encode(HttpRequest{.method = "POST"}), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpEncodeTest, KeepsALineEndInAValueFromForgingAField)
{
    HttpRequest request;
    request.fields.add("User-Agent", "phone\r\nX-Forged: yes");
    EXPECT_THAT(encode(request), HasSubstr("User-Agent: phone  X-Forged: yes\r\n"));
}

TEST(HttpEncodeTest, IsReadBackByTheReaders)
{
    HttpResponse response{.status = 503, .body = shareBytes(std::string(4096, 'p'))};
    response.fields.add("Server", "rig");
    const std::string bytes = encode(response);
    const Result<HttpResponse> read = readResponse(bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(encode(*read), bytes);
    EXPECT_THAT(bytes, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
}

TEST(HttpKeepAliveTest, FollowsVersionAndConnectionField)
{
    const auto with = [](std::string value) {
        HttpFields fields;
        fields.add("connection", std::move(value));
        return fields;
    };
    EXPECT_TRUE(keepsAlive(1, {}));
    EXPECT_FALSE(keepsAlive(0, {}));
    EXPECT_TRUE(keepsAlive(0, with("Keep-Alive")));
    EXPECT_FALSE(keepsAlive(1, with("upgrade , Close")));
    EXPECT_FALSE(keepsAlive(1, with("keep-alive, close")));
    EXPECT_TRUE(keepsAlive(1, with("closed")));
}

}  // namespace
}  // namespace emulator
