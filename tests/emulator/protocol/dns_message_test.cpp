#include "emulator/protocol/dns_message.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

std::string query(std::initializer_list<std::string_view> labels, char type = 1)
{
    std::string bytes{"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12};
    for (const std::string_view label : labels)
        bytes.append(1, static_cast<char>(label.size())).append(label);
    return bytes.append(1, '\0').append(1, '\0').append(1, type).append("\x00\x01", 2);
}

const DnsNames names{{"tftp.rig.test", {IpAddress{0x7f000001}}}};

unsigned code(const std::string& answer)
{
    return static_cast<unsigned char>(answer.at(3)) & 15u;
}

unsigned answers(const std::string& answer)
{
    return static_cast<unsigned char>(answer.at(7));
}

TEST(DnsMessageTest, AsksForTheAddressesOfAName)
{
    EXPECT_EQ(dnsQuery(0x1234, "tftp.rig.test"), query({"tftp", "rig", "test"}));
    EXPECT_EQ(dnsQuery(0x1234, "tftp.rig.test."), query({"tftp", "rig", "test"}));
    EXPECT_EQ(answers(answerDns(dnsQuery(1, "tftp.rig.test"), names)), 1u);
}

TEST(DnsMessageTest, DoesNotAskForWhatIsNoName)
{
    const std::string label(63, 'a');
    EXPECT_NE(dnsQuery(1, label + ".test"), "");
    for (const std::string& name : {std::string{}, std::string{"."}, std::string{"a..b"}, std::string{".a"},
                                    label + "a.test", label + '.' + label + '.' + label + '.' + label})
        EXPECT_EQ(dnsQuery(1, name), "") << name;
}

TEST(DnsMessageTest, KnowsTheServersInAnyCase)
{
    const std::string asked = query({"TFTP", "rig", "Test"});
    const std::string answer = answerDns(asked, names);
    ASSERT_EQ(answer.size(), asked.size() + 16);
    EXPECT_EQ(answer.substr(0, 2), "\x12\x34");
    EXPECT_EQ(code(answer), 0u);
    EXPECT_EQ(answers(answer), 1u);
    EXPECT_EQ(answer.substr(12, asked.size() - 12), asked.substr(12));  // the question, in its own spelling
    EXPECT_EQ(answer.substr(answer.size() - 4), std::string("\x7f\x00\x00\x01", 4));
}

TEST(DnsMessageTest, SaysThatOtherNamesDoNotExist)
{
    const std::string answer = answerDns(query({"nowhere", "rig", "test"}), names);
    EXPECT_EQ(code(answer), 3u);
    EXPECT_EQ(answers(answer), 0u);
}

TEST(DnsMessageTest, HasNoRecordsOfOtherTypes)
{
    const std::string answer = answerDns(query({"tftp", "rig", "test"}, 28), names);
    EXPECT_EQ(code(answer), 0u);
    EXPECT_EQ(answers(answer), 0u);
}

TEST(DnsMessageTest, IsSilentAboutWhatIsNoQuery)
{
    const std::string good = query({"tftp", "rig", "test"});
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_EQ(answerDns(good.substr(0, length), names), "") << length;
    std::string response = good;
    response[2] = '\x81';
    EXPECT_EQ(answerDns(response, names), "");
    std::string pointer = good;
    pointer[12] = '\xc0';
    EXPECT_EQ(answerDns(pointer, names), "");
    EXPECT_EQ(answerDns(std::string(600, '\0'), names), "");
}

}  // namespace
}  // namespace emulator
