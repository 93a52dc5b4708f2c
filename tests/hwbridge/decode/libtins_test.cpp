#include "hwbridge/decode/ip_view.hpp"
#include "hwbridge/decode/tcp_stream.hpp"

#include "tests/hwbridge/decode/wire.hpp"

#include <gtest/gtest.h>

#if __has_include(<tins/tins.h>)
#include <tins/tcp_ip/stream_follower.h>
#include <tins/tins.h>

#include <algorithm>
#include <random>

using namespace wire;

namespace {

// What libtins, which others wrote, makes of the same bytes.
Tins::EthernetII theirs(const std::string& frame)
{
    return {reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<std::uint32_t>(frame.size())};
}

TEST(LibtinsTest, ReadsTheSameHeaders)
{
    std::mt19937 random{1};
    for (int i = 0; i < 500; ++i) {
        IpFields fields;
        fields.options = std::string(4 * (random() % 4), '\1');
        fields.identification = random() & 0xffff;
        const std::string payload(random() % 100, 'p');
        const Endpoint from{{static_cast<std::uint32_t>(random())}, static_cast<std::uint16_t>(random())};
        const Endpoint to{{static_cast<std::uint32_t>(random())}, static_cast<std::uint16_t>(random())};
        const auto sequence = static_cast<std::uint32_t>(random());
        const std::string segment =
            tcp(from, to, sequence, sequence / 3, static_cast<int>(random() & 0x17), payload);
        const std::string frame =
            ethernet(be16(7) + be16(0x0800) + ip(6, from.address, to.address, segment, fields), 0x8100);
        const LinkView link = viewLink(LinkType::Ethernet, frame);
        IpView ipv4;
        TcpView mine;
        ASSERT_EQ(viewIp(ipv4, link.payload), "");
        ASSERT_EQ(viewTcp(mine, ipv4.payload, 0), "");
        const Tins::EthernetII packet = theirs(frame);
        const auto& itsIp = packet.rfind_pdu<Tins::IP>();
        const auto& itsTcp = packet.rfind_pdu<Tins::TCP>();
        EXPECT_EQ(ipv4.source.text(), itsIp.src_addr().to_string());
        EXPECT_EQ(ipv4.destination.text(), itsIp.dst_addr().to_string());
        EXPECT_EQ(ipv4.identification, itsIp.id());
        EXPECT_EQ(mine.source, itsTcp.sport());
        EXPECT_EQ(mine.destination, itsTcp.dport());
        EXPECT_EQ(mine.sequence, itsTcp.seq());
        EXPECT_EQ(mine.acknowledged, itsTcp.ack_seq());
        EXPECT_EQ(mine.syn, itsTcp.get_flag(Tins::TCP::SYN) != 0);
        EXPECT_EQ(mine.fin, itsTcp.get_flag(Tins::TCP::FIN) != 0);
        EXPECT_EQ(mine.payload.size(), itsTcp.inner_pdu() != nullptr ? itsTcp.inner_pdu()->size() : 0);
    }
}

class Text : public StreamReader {
public:
    void bytes(std::string_view bytes, const Moment&) override { text += bytes; }
    void gap(std::uint64_t, bool, const Moment&) override { text += "<gap>"; }
    std::string text;
};

// Segments of one stream: early, late, doubled, overlapping.
std::vector<std::string> shuffledSegments(const std::string& stream, std::mt19937& random)
{
    std::vector<std::string> frames;
    const auto add = [&](std::size_t at, std::size_t count, int flags) {
        const std::string segment = tcp(phone, server, static_cast<std::uint32_t>(4'294'960'000u + at), 1,
                                        flags, std::string_view{stream}.substr(at, count));
        frames.push_back(ethernet(ip(6, phone.address, server.address, segment)));
    };
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t count = std::min<std::size_t>(1 + random() % 400, stream.size() - at);
        const std::size_t before = std::min<std::size_t>(random() % 3 == 0 ? random() % 200 : 0, at);
        add(at - before, count + before, Ack);
        if (random() % 4 == 0)
            add(at, count, Ack);
        at += count;
    }
    for (std::size_t i = 0; i + 4 < frames.size(); ++i)
        std::swap(frames[i], frames[i + random() % 4]);
    return frames;
}

TEST(LibtinsTest, PutsTheSameStreamTogether)
{
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random{seed};
        std::string stream(20'000, '\0');
        std::generate(stream.begin(), stream.end(), [&] { return static_cast<char>('a' + random() % 26); });
        std::vector<std::string> frames = shuffledSegments(stream, random);
        frames.insert(frames.begin(), ethernet(ip(6, phone.address, server.address,
                                                  tcp(phone, server, 4'294'959'999u, 0, Syn))));

        std::string itsText;
        Tins::TCPIP::StreamFollower follower;
        follower.new_stream_callback([&](Tins::TCPIP::Stream& itsStream) {
            itsStream.client_data_callback([&](Tins::TCPIP::Stream& one) {
                const auto& part = one.client_payload();
                itsText.append(part.begin(), part.end());
            });
        });
        Text mine;
        TcpStream ours;
        for (const std::string& frame : frames) {
            Tins::EthernetII packet = theirs(frame);
            follower.process_packet(packet);
            IpView ipv4;
            TcpView segment;
            ASSERT_EQ(viewIp(ipv4, viewLink(LinkType::Ethernet, frame).payload), "");
            ASSERT_EQ(viewTcp(segment, ipv4.payload, 0), "");
            EXPECT_NE(ours.segment(segment, {}, mine), TcpStream::Seen::Conflict);
        }
        EXPECT_EQ(mine.text, itsText) << "seed " << seed;
        EXPECT_EQ(mine.text, stream) << "seed " << seed;
    }
}

}  // namespace

#endif
