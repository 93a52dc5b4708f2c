#include "emulator/runtime/http_client.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using tests::LocalSocket;

class HttpClientTest : public testing::Test {
protected:
    HttpCall callTo(const Endpoint& server) const
    {
        HttpCall call;
        call.server = server;
        call.request.target = "/basic.txt";
        call.request.fields.add("Host", server.text());
        call.request.fields.add("Connection", "close");
        call.connectTimeout = 10s;
        call.idleTimeout = 10s;
        call.totalTimeout = 10s;
        return call;
    }

    // The outcome of one call, the loop running on this thread and `serve` on another.
    Result<HttpResponse> outcome(HttpCall call, const std::function<void()>& serve,
                                 std::optional<IpAddress> from = std::nullopt)
    {
        std::thread server{serve};
        const Result<HttpResponse> result = unserved(std::move(call), from);
        server.join();
        return result;
    }
    Result<HttpResponse> unserved(HttpCall call, std::optional<IpAddress> from = std::nullopt)
    {
        std::optional<Result<HttpResponse>> result;
        m_client.call(std::move(call), from, [&](Result<HttpResponse> r) { result = std::move(r); });
        EXPECT_FALSE(result.has_value()) << "answered from inside the call";
        EXPECT_TRUE(m_loop.runUntil([&] { return result.has_value(); }, 20s));
        return result ? std::move(*result) : Result<HttpResponse>{fail(ErrorKind::Corrupt, "never answered")};
    }

    EventLoop m_loop;
    SocketBudget m_budget{m_loop, 100};
    HttpClient m_client{m_loop, m_budget};
    LocalSocket m_listener = LocalSocket::listening();
};

TEST_F(HttpClientTest, FetchesAFileFromTheGivenAddress)
{
    Endpoint from;
    std::string request;
    const Result<HttpResponse> response = outcome(
        callTo(m_listener.local()),
        [&] {
            const LocalSocket peer = m_listener.accept(&from);
            request = peer.readUntil("\r\n\r\n");
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            peer.readAll();
        },
        IpAddress{0x7f4e0007});
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(*response->body, "hello");
    EXPECT_EQ(from.address.text(), "127.78.0.7");
    EXPECT_EQ(request.substr(0, 26), "GET /basic.txt HTTP/1.1\r\nH");
}

TEST_F(HttpClientTest, TakesABodyInPiecesAndOneThatEndsWithTheConnection)
{
    const Result<HttpResponse> response = outcome(callTo(m_listener.local()), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        for (const char* piece : {"HTTP/1.0 200 O", "K\r\n", "\r\nab", "cd"})
            peer.send(piece);
    });
    ASSERT_TRUE(response.has_value()) << response.error().detail;
    EXPECT_EQ(*response->body, "abcd");
}

TEST_F(HttpClientTest, AnAnswerThatIsCutOffIsCorrupt)
{
    const Result<HttpResponse> response = outcome(callTo(m_listener.local()), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    });
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::Corrupt);
}

TEST_F(HttpClientTest, AResetAfterTheRequestIsUnreachable)
{
    const Result<HttpResponse> response = outcome(callTo(m_listener.local()), [&] {
        LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.reset();
    });
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::Unreachable);
    EXPECT_NE(response.error().detail.find("reset"), std::string::npos) << response.error().detail;
}

TEST_F(HttpClientTest, AClosedPortIsUnreachableAndNamed)
{
    const Endpoint gone = m_listener.local();
    m_listener.close();
    const Result<HttpResponse> response = unserved(callTo(gone));
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::Unreachable);
    EXPECT_EQ(response.error().detail, "connection refused by " + gone.text());
}

TEST_F(HttpClientTest, ALoopbackSourceTowardsAnotherNetworkIsUnreachable)
{
    const Result<HttpResponse> response =
        unserved(callTo({IpAddress{0xc0000201}, 80}), IpAddress{0x7f4e0007});
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::Unreachable);
}

TEST_F(HttpClientTest, ASilentServerTimesOut)
{
    HttpCall call = callTo(m_listener.local());
    call.idleTimeout = 30ms;
    const Result<HttpResponse> response = unserved(std::move(call));
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::TimedOut);
    EXPECT_EQ(response.error().detail, "no answer from " + m_listener.local().text());
}

TEST_F(HttpClientTest, AServerThatDripsBytesEndsAtTheTotalTime)
{
    HttpCall call = callTo(m_listener.local());
    call.totalTimeout = 100ms;
    const Result<HttpResponse> response = outcome(std::move(call), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (!peer.readable(2))  // until the client hangs up
            peer.send("x");
    });
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::TimedOut);
    EXPECT_NE(response.error().detail.find("takes too long"), std::string::npos);
}

TEST_F(HttpClientTest, AFullBacklogTimesOutWhileConnecting)
{
    const LocalSocket full{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_in any = socketAddress({IpAddress{0x7f000001}, 0});
    ASSERT_EQ(::bind(full.number(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    ASSERT_EQ(::listen(full.number(), 0), 0);
    const LocalSocket first = LocalSocket::connected(full.local());  // takes the only place
    HttpCall call = callTo(full.local());
    call.connectTimeout = 50ms;
    const Result<HttpResponse> response = unserved(std::move(call));
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::TimedOut);
    EXPECT_EQ(response.error().detail, "no connection to " + full.local().text());
}

TEST_F(HttpClientTest, ATooLargeAnswerAndAMalformedOneAreErrors)
{
    HttpCall call = callTo(m_listener.local());
    call.limits.bodyBytes = 100;
    const Result<HttpResponse> large = outcome(std::move(call), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'));
    });
    ASSERT_TRUE(large.has_error());
    EXPECT_EQ(large.error().kind, ErrorKind::TooLarge);
    const Result<HttpResponse> garbage = outcome(callTo(m_listener.local()), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    });
    ASSERT_TRUE(garbage.has_error());
    EXPECT_EQ(garbage.error().kind, ErrorKind::Malformed);
}

TEST_F(HttpClientTest, ACancelledCallIsClosedAndNeverAnswered)
{
    bool answered = false;
    const CallId id = m_client.call(callTo(m_listener.local()), std::nullopt,
                                    [&](const Result<HttpResponse>&) { answered = true; });
    EXPECT_TRUE(m_loop.runUntil([&] { return m_budget.used() == 1; }, 20s));
    const LocalSocket peer = m_listener.accept();
    EXPECT_NE(peer.readUntil("\r\n\r\n"), "");
    m_client.cancel(id);
    m_client.cancel(id);
    EXPECT_EQ(peer.readAll(), "");
    EXPECT_FALSE(m_loop.runUntil([&] { return answered; }, 20ms));
    EXPECT_EQ(m_client.running(), 0u);
    EXPECT_EQ(m_budget.used(), 0u);
}

TEST_F(HttpClientTest, CallsBeyondTheBudgetWaitForEarlierOnes)
{
    SocketBudget one{m_loop, 1};
    HttpClient client{m_loop, one};
    int answered = 0;
    for (int i = 0; i < 3; ++i)
        client.call(callTo(m_listener.local()), IpAddress{0x7f4e0001},
                    [&](const Result<HttpResponse>& response) {
                        EXPECT_TRUE(response.has_value());
                        ++answered;
                    });
    const CallId dropped = client.call(callTo(m_listener.local()), IpAddress{0x7f4e0001},
                                       [&](const Result<HttpResponse>&) { FAIL() << "it was cancelled"; });
    client.cancel(dropped);
    std::thread server{[&] {
        for (int i = 0; i < 3; ++i) {
            const LocalSocket peer = m_listener.accept();
            peer.readUntil("\r\n\r\n");
            EXPECT_FALSE(m_listener.readable(0)) << "two connections at once";
            peer.send("HTTP/1.1 204 No Content\r\n\r\n");
        }
    }};
    EXPECT_TRUE(m_loop.runUntil([&] { return answered == 3; }, 20s));
    server.join();
    EXPECT_EQ(one.waited(), 3u);
    EXPECT_EQ(one.used(), 0u);
}

TEST_F(HttpClientTest, ThousandsOfCallsThatWaitTogetherAreAllAnsweredAndMayBeCancelled)
{
    SocketBudget few{m_loop, 50};
    HttpClient client{m_loop, few};
    constexpr int count = 5000;
    const Endpoint gone = m_listener.local();
    m_listener.close();
    int answered = 0;
    std::vector<CallId> ids;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < count; ++i)
            ids.push_back(
                client.call(callTo(gone), std::nullopt, [&](const Result<HttpResponse>&) { ++answered; }));
        for (int i = 0; i < count; i += 5)
            client.cancel(ids[static_cast<std::size_t>(round * count + i)]);
        EXPECT_TRUE(m_loop.runUntil([&] { return client.running() == 0; }, 60s));
        EXPECT_EQ(answered, (round + 1) * count * 4 / 5);
        for (const CallId id : ids)
            client.cancel(id);  // ended ones: nothing happens
    }
    EXPECT_EQ(few.used(), 0u);
}

TEST_F(HttpClientTest, AnUnboundCallLeavesTheCloseToTheServer)
{
    const Result<HttpResponse> response = outcome(callTo(m_listener.local()), [&] {
        const LocalSocket peer = m_listener.accept();
        peer.readUntil("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_FALSE(peer.readable(20)) << "the client closed first";
    });
    EXPECT_TRUE(response.has_value());
    EXPECT_TRUE(m_loop.runUntil([&] { return m_client.running() == 0; }, 20s));
}

}  // namespace
}  // namespace emulator
