#include "emulator/runtime/resolver.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"
#include "tests/support/covers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using tests::LocalSocket;

// What one query asks: its number, name and type.
struct Query {
    std::string id;
    std::string name;
    int type = 0;
    std::string question;
};

Query readQuery(const std::string& bytes)
{
    Query query;
    query.id = bytes.substr(0, 2);
    std::size_t at = 12;
    while (at < bytes.size() && bytes[at] != 0) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]));
        query.name += (query.name.empty() ? "" : ".") + bytes.substr(at + 1, length);
        at += 1 + length;
    }
    query.type = static_cast<unsigned char>(bytes.at(at + 2));
    query.question = bytes.substr(12, at + 5 - 12);
    return query;
}

// RFC 1035: an answer with these A records, or NXDOMAIN when there are none.
std::string answerTo(const Query& query, const std::vector<std::string>& addresses, char seconds)
{
    std::string bytes = query.id;
    bytes += '\x81';
    bytes += addresses.empty() ? '\x83' : '\x80';
    bytes += std::string{"\0\1\0", 3} + static_cast<char>(addresses.size()) + std::string(4, '\0') +
             query.question;
    for (const std::string& address : addresses) {
        const std::uint32_t value = IpAddress::parse(address)->value;
        bytes += std::string{"\xc0\x0c\0\1\0\1\0\0\0", 9} + seconds + std::string{"\0\4", 2};
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>(value >> shift);
    }
    return bytes;
}

class ResolverTest : public testing::Test {
protected:
    ResolverTest() { m_resolver = *Resolver::open(m_loop, m_server.local()); }

    Result<NameAnswer> lookUp(const std::string& name)
    {
        std::optional<Result<NameAnswer>> result;
        m_resolver->lookUp(name, [&](Result<NameAnswer> r) { result = std::move(r); });
        EXPECT_FALSE(result.has_value()) << "answered from inside the call";
        EXPECT_TRUE(m_loop.runUntil([&] { return result.has_value(); }, 30s));
        return result ? std::move(*result) : Result<NameAnswer>{fail(ErrorKind::Corrupt, "never answered")};
    }

    LocalSocket m_server = LocalSocket::datagrams();
    EventLoop m_loop;
    std::unique_ptr<Resolver> m_resolver;
};

TEST_F(ResolverTest, AsksForARecordsOnceAndGivesThemInTheOrderOfTheAnswer)
{
    COVERS("DNS-A-ONLY", "DNS-NO-SRV", "DNS-A-ITERATE");
    std::vector<Query> asked;
    std::thread server{[&] {
        Endpoint from;
        asked.push_back(readQuery(m_server.receive(&from)));
        m_server.sendTo(from, answerTo(asked.back(), {"192.0.2.9", "192.0.2.1", "192.0.2.5"}, 7));
    }};
    const Result<NameAnswer> answer = lookUp("prov.example.com");
    server.join();
    ASSERT_TRUE(answer.has_value()) << answer.error().detail;
    ASSERT_EQ(answer->addresses.size(), 3u);
    EXPECT_EQ(answer->addresses[0].text(), "192.0.2.9");
    EXPECT_EQ(answer->addresses[1].text(), "192.0.2.1");
    EXPECT_EQ(answer->addresses[2].text(), "192.0.2.5");
    EXPECT_EQ(answer->lifetime, Duration{7s});
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].name, "prov.example.com");
    EXPECT_EQ(asked[0].type, 1);
    EXPECT_FALSE(m_server.readable(0)) << "another query was sent";
}

TEST_F(ResolverTest, ANameThatDoesNotExistIsUnresolvable)
{
    COVERS("DNS-UNRESOLVABLE");
    std::thread server{[&] {
        Endpoint from;
        const Query query = readQuery(m_server.receive(&from));
        m_server.sendTo(from, answerTo(query, {}, 0));
    }};
    const Result<NameAnswer> answer = lookUp("nobody.example.com");
    server.join();
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().kind, ErrorKind::Unresolvable);
    EXPECT_NE(answer.error().detail.find("nobody.example.com"), std::string::npos);
    EXPECT_FALSE(m_server.readable(0)) << "a search list was tried";
}

TEST_F(ResolverTest, AsksAgainForEachLookup)
{
    std::thread server{[&] {
        for (const char* address : {"192.0.2.1", "192.0.2.2"}) {
            Endpoint from;
            const Query query = readQuery(m_server.receive(&from));
            m_server.sendTo(from, answerTo(query, {address}, 60));
        }
    }};
    const Result<NameAnswer> first = lookUp("prov.example.com");
    const Result<NameAnswer> second = lookUp("prov.example.com");
    server.join();
    ASSERT_TRUE(first.has_value() && second.has_value());
    EXPECT_EQ(first->addresses[0].text(), "192.0.2.1");
    EXPECT_EQ(second->addresses[0].text(), "192.0.2.2");
}

TEST_F(ResolverTest, ANumericAddressIsNoQuery)
{
    const Result<NameAnswer> answer = lookUp("192.0.2.77");
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->addresses, std::vector<IpAddress>{IpAddress{0xc000024d}});
    EXPECT_FALSE(m_server.readable(0));
}

TEST_F(ResolverTest, LocalhostIsNoQuery)
{
    EXPECT_EQ(lookUp("LocalHost")->addresses, std::vector<IpAddress>{IpAddress{0x7f000001}});
    EXPECT_FALSE(m_server.readable(0));
}

TEST_F(ResolverTest, AnEmptyNameIsMalformed)
{
    EXPECT_EQ(lookUp("").error().kind, ErrorKind::Malformed);
    EXPECT_EQ(lookUp(std::string("a\0b", 3)).error().kind, ErrorKind::Malformed);
}

TEST_F(ResolverTest, AClosedNameServerIsUnresolvable)
{
    m_server.close();
    EXPECT_EQ(lookUp("prov.example.com").error().kind, ErrorKind::Unresolvable);
}

TEST_F(ResolverTest, ManyLookupsAtOnceAreAllAnswered)
{
    constexpr int count = 1500;  // more than may ask at a time
    std::atomic<bool> over{false};
    std::thread server{[&] {
        while (!over) {
            if (!m_server.readable(20))
                continue;
            Endpoint from;
            const Query query = readQuery(m_server.receive(&from));
            m_server.sendTo(from, answerTo(query, {"192.0.2.1"}, 60));
        }
    }};
    int answered = 0;
    for (int i = 0; i < count; ++i)
        m_resolver->lookUp("prov" + std::to_string(i) + ".example.com",
                           [&](const Result<NameAnswer>&) { ++answered; });
    EXPECT_TRUE(m_loop.runUntil([&] { return answered == count; }, 60s));
    over = true;
    server.join();
}

TEST(ResolverLifeTest, GoesAwayWithLookupsUnanswered)
{
    const LocalSocket server = LocalSocket::datagrams();
    EventLoop loop;
    std::unique_ptr<Resolver> resolver = *Resolver::open(loop, server.local());
    resolver->lookUp("prov.example.com", [](const Result<NameAnswer>&) { FAIL(); });
    resolver.reset();
    loop.runUntil([] { return false; }, 10ms);
}

}  // namespace
}  // namespace emulator
