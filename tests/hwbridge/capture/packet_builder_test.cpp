#include "hwbridge/capture/packet_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

const PacketPath path{{{{0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}}, {{0x0a4e0001}, 49152}},
                      {madeUpMac({0xc000020a}), {{0xc000020a}, 69}}};

unsigned word(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned>(static_cast<unsigned char>(bytes.at(at))) << 8 |
           static_cast<unsigned char>(bytes.at(at + 1));
}

// What a receiver adds up: zero when the checksum inside is right (RFC 1071).
unsigned check(std::string bytes)
{
    if (bytes.size() % 2 != 0)
        bytes += '\0';
    unsigned sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2)
        sum += word(bytes, i);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return 0xffff - sum;
}

unsigned checkTransport(const std::string& ip)
{
    const std::string content = ip.substr(20);
    const std::string pseudo = ip.substr(12, 8) + '\0' + ip[9] + static_cast<char>(content.size() >> 8) +
                               static_cast<char>(content.size());
    return check(pseudo + content);
}

std::string ipOf(const std::string& frame)
{
    EXPECT_EQ(word(frame, 12), 0x0800u);
    const std::string ip = frame.substr(14);
    EXPECT_EQ(word(ip, 2), ip.size());
    EXPECT_EQ(check(ip.substr(0, 20)), 0u);
    return ip;
}

TEST(PacketBuilderTest, ADatagramIsOneFrameBetweenTheTwoMacs)
{
    const std::vector<std::string> frames = udpFrames(path, 7, "hello");
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].substr(0, 12), std::string("\x02\x00\xc0\x00\x02\x0a\x00\x0e\x08\x00\x00\x01", 12));
    const std::string ip = ipOf(frames[0]);
    EXPECT_EQ(word(ip, 4), 7u);
    EXPECT_EQ(ip.substr(12, 8), std::string("\x0a\x4e\x00\x01\xc0\x00\x02\x0a", 8));
    EXPECT_EQ(word(ip, 20), 49152u);
    EXPECT_EQ(word(ip, 22), 69u);
    EXPECT_EQ(word(ip, 24), 13u);
    EXPECT_EQ(checkTransport(ip), 0u);
    EXPECT_EQ(ip.substr(28), "hello");
}

TEST(PacketBuilderTest, ALongDatagramIsCutIntoFragmentsThatMakeItWhole)
{
    std::string data(4000, 'x');
    data.back() = 'y';
    const std::vector<std::string> frames = udpFrames(path, 9, data);
    ASSERT_EQ(frames.size(), 3u);
    std::string whole;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const std::string ip = ipOf(frames[i]);
        EXPECT_LE(ip.size(), frameMtu);
        EXPECT_EQ(word(ip, 4), 9u);
        EXPECT_EQ(word(ip, 6) & 0x1fff, whole.size() / 8);
        EXPECT_EQ((word(ip, 6) & 0x2000) != 0, i + 1 < frames.size());
        whole += ip.substr(20);
    }
    EXPECT_EQ(checkTransport(ipOf(frames[0]).substr(0, 20) + whole), 0u);
    EXPECT_EQ(whole.substr(8), data);
}

TEST(PacketBuilderTest, WhatNoDatagramHoldsIsLeftOut)
{
    std::string whole;
    for (const std::string& frame : udpFrames(path, 1, std::string(70'000, 'x')))
        whole += ipOf(frame).substr(20);
    EXPECT_EQ(whole.size(), 8 + datagramMost);
    EXPECT_EQ(word(whole, 4), whole.size());
}

TEST(PacketBuilderTest, AChecksumOfZeroIsWrittenAsAllOnes)
{
    // Two bytes that make the sum come out as zero without them.
    const std::string ip = ipOf(udpFrames(path, 1, std::string(2, '\0'))[0]);
    const unsigned sum = word(ip, 26);
    const std::string data{static_cast<char>(sum >> 8), static_cast<char>(sum & 255)};
    EXPECT_EQ(word(ipOf(udpFrames(path, 1, data)[0]), 26), 0xffffu);
}

TEST(PacketBuilderTest, ASegmentSaysWhatItCarries)
{
    const std::string ip =
        ipOf(tcpFrame(path, 3, {0x01020304, 0x05060708, TcpSegment::Ack | TcpSegment::Psh, "odd"}));
    EXPECT_EQ(ip.substr(24, 8), std::string("\x01\x02\x03\x04\x05\x06\x07\x08", 8));
    EXPECT_EQ(word(ip, 32), 0x5018u);
    EXPECT_EQ(ip.substr(40), "odd");
    EXPECT_EQ(checkTransport(ip), 0u);
}

TEST(PacketBuilderTest, AnOpeningSegmentSaysTheLargestSegmentAndTheScale)
{
    const std::string ip = ipOf(tcpFrame(path, 3, {1, 99, TcpSegment::Syn}));
    EXPECT_EQ(ip.substr(28, 4), std::string(4, '\0'));  // without Ack nothing is acknowledged
    EXPECT_EQ(word(ip, 32), 0x7002u);
    EXPECT_EQ(ip.substr(40), std::string("\x02\x04\x05\xb4\x01\x03\x03\x08", 8));
    EXPECT_EQ(checkTransport(ip), 0u);
}

TEST(PacketBuilderTest, PortUnreachableQuotesTheDatagram)
{
    const PacketPath back{path.to, path.from};
    for (const std::size_t size : {std::size_t{5}, std::size_t{4000}}) {
        const std::string data(size, 'x');
        const std::string ip = ipOf(unreachableFrame(back, 4, data));
        EXPECT_EQ(ip[9], 1);
        EXPECT_EQ(check(ip.substr(20)), 0u);
        EXPECT_EQ(word(ip, 20), 0x0303u);
        const std::string quoted = ip.substr(28);
        EXPECT_EQ(quoted.size(), 28u);
        EXPECT_EQ(check(quoted.substr(0, 20)), 0u);
        EXPECT_EQ(quoted.substr(12, 8), std::string("\x0a\x4e\x00\x01\xc0\x00\x02\x0a", 8));
        EXPECT_EQ(word(quoted, 24), 8 + size);
    }
}

}  // namespace
}  // namespace hwbridge
