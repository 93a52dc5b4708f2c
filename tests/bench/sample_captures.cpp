#include "tests/bench/sample_captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace bench {

using namespace emulator;

namespace {

constexpr std::uint32_t server = 0x0a010002;  // 10.1.0.2
constexpr std::size_t phones = 1000;

struct End {
    std::uint32_t address = 0;
    std::uint16_t port = 0;
};

enum Flags : std::uint8_t { Fin = 1, Syn = 2, Push = 8, Ack = 16 };

// Writes the packets of one capture.
class Writer {
public:
    explicit Writer(const std::string& path) : m_file{path, std::ios::binary}
    {
        little(0xa1b2c3d4, 4);
        little(2, 2);
        little(4, 2);
        little(0, 8);
        little(262'144, 4);
        little(1, 4);
        flush();
    }

    std::size_t packets() const { return m_packets; }
    bool close()
    {
        m_file.close();
        return m_file.good();
    }

    void udp(const End& from, const End& to, std::string_view payload)
    {
        begin(from, to, 17, 8 + payload.size());
        big(from.port, 2);
        big(to.port, 2);
        big(8 + payload.size(), 2);
        big(0, 2);
        m_packet += payload;
        end();
    }

    void tcp(const End& from, const End& to, std::uint32_t sequence, std::uint32_t ack, int flags,
             std::string_view payload = {})
    {
        begin(from, to, 6, 20 + payload.size());
        big(from.port, 2);
        big(to.port, 2);
        big(sequence, 4);
        big(ack, 4);
        big(0x5000u | static_cast<unsigned>(flags), 2);
        big(64'240, 2);
        big(0, 4);
        m_packet += payload;
        end();
    }

private:
    void big(std::uint64_t value, int bytes)
    {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            m_packet += static_cast<char>(value >> shift);
    }
    void little(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i, value >>= 8)
            m_packet += static_cast<char>(value);
    }
    void mac(std::uint32_t address)
    {
        big(address == server ? 0x020000u : 0x000e08u, 3);
        big(address & 0xffffff, 3);
    }
    void begin(const End& from, const End& to, int protocol, std::size_t payload)
    {
        constexpr std::size_t link = 14;
        constexpr std::size_t ip = 20;
        constexpr std::uint64_t gap = 50;  // microseconds
        const std::uint64_t at = 1'767'225'600'000'000 + m_packets * gap;
        ++m_packets;
        little(at / 1'000'000, 4);
        little(at % 1'000'000, 4);
        little(link + ip + payload, 4);
        little(link + ip + payload, 4);
        mac(to.address);
        mac(from.address);
        big(0x0800, 2);
        big(0x4500, 2);
        big(ip + payload, 2);
        big(m_packets & 0xffff, 2);
        big(0x4000, 2);
        big(64, 1);
        big(static_cast<std::uint64_t>(protocol), 1);
        big(0, 2);
        big(from.address, 4);
        big(to.address, 4);
    }
    void end()
    {
        constexpr std::size_t enough = 1u << 20;
        if (m_packet.size() >= enough)
            flush();
    }
    void flush()
    {
        m_file.write(m_packet.data(), static_cast<std::streamsize>(m_packet.size()));
        m_packet.clear();
    }

    std::ofstream m_file;
    std::string m_packet;
    std::size_t m_packets = 0;

    friend Result<std::size_t> finished(Writer& writer, const std::string& path);
};

Result<std::size_t> finished(Writer& writer, const std::string& path)
{
    writer.flush();
    if (!writer.close())
        return fail(ErrorKind::Refused, "cannot write " + path);
    return writer.packets();
}

// Phone k has the address 10.0.k/256.k%256 and the MAC 00:0e:08 with the same three numbers.
std::uint32_t phoneAddress(std::size_t k)
{
    return 0x0a000000 + static_cast<std::uint32_t>(k % phones) + 1;
}

std::string macText(std::uint32_t address)
{
    return fmt::format("000e08{:06x}", address & 0xffffff);
}

std::uint16_t ephemeral(std::size_t k)
{
    return static_cast<std::uint16_t>(32'768 + k / phones % 28'000);
}

}  // namespace

Result<std::size_t> writeHttpCapture(const std::string& path, std::size_t packets)
{
    constexpr std::size_t body = 4000;
    constexpr std::size_t segment = 1448;
    Writer writer{path};
    const std::string answer = fmt::format(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: "
        "text/xml\r\nContent-Length: {}\r\nConnection: close\r\nETag: \"6956a1c0-fa0\"\r\n\r\n{}",
        body, std::string(body, 'x'));
    for (std::size_t k = 0; writer.packets() < packets; ++k) {
        const End phone{phoneAddress(k), ephemeral(k)};
        const End web{server, 80};
        const std::string request = fmt::format(
            "GET /{}.xml HTTP/1.1\r\nUser-Agent: Cisco-CP-7832-3PCC/11.0.1 ({})\r\nHost: 10.1.0.2\r\n"
            "Accept-Encoding: deflate, gzip\r\nAccept: */*\r\nAccept-Language: en\r\nAccept-Charset: "
            "iso-8859-1\r\n\r\n",
            macText(phone.address), macText(phone.address));
        auto mine = static_cast<std::uint32_t>(k * 77'777);
        auto theirs = static_cast<std::uint32_t>(k * 55'555);
        writer.tcp(phone, web, mine++, 0, Syn);
        writer.tcp(web, phone, theirs++, mine, Syn | Ack);
        writer.tcp(phone, web, mine, theirs, Ack);
        writer.tcp(phone, web, mine, theirs, Ack | Push, request);
        mine += static_cast<std::uint32_t>(request.size());
        for (std::size_t at = 0; at < answer.size(); at += segment) {
            const std::string_view part = std::string_view{answer}.substr(at, segment);
            writer.tcp(web, phone, theirs, mine, Ack, part);
            theirs += static_cast<std::uint32_t>(part.size());
            if (at / segment % 2 == 1)
                writer.tcp(phone, web, mine, theirs, Ack);
        }
        writer.tcp(web, phone, theirs++, mine, Fin | Ack);
        writer.tcp(phone, web, mine++, theirs, Fin | Ack);
        writer.tcp(web, phone, theirs, mine, Ack);
    }
    return finished(writer, path);
}

Result<std::size_t> writeMixedCapture(const std::string& path, std::size_t packets)
{
    constexpr std::size_t fileBytes = 2000;
    constexpr std::size_t blockBytes = 512;
    Writer writer{path};
    const auto be16 = [](std::size_t value) {
        return std::string{static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    for (std::size_t k = 0; writer.packets() < packets; ++k) {
        const std::uint32_t address = phoneAddress(k);
        const std::string mac = macText(address);
        const End phone{address, ephemeral(k)};
        const std::string question = std::string{"\4prov\7example\3com\0\0\1\0\1", 22};
        const std::string rest{"\0\1\0\0\0\0\0\0", 8};
        writer.udp(phone, {server, 53}, be16(k & 0xffff) + std::string{"\1\0", 2} + rest + question);
        writer.udp({server, 53}, phone,
                   be16(k & 0xffff) + std::string{"\x81\x80\0\1\0\1\0\0\0\0", 10} + question +
                       std::string{"\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\x0a\1\0\2", 16});
        const auto line = [&](std::string_view text) {
            writer.udp({address, 514}, {server, 514},
                       fmt::format("<134>Jan  1 00:00:05 CP-7832-3PCC {} -- {} tftp://10.1.0.2/{}.xml", mac,
                                   text, mac));
        };
        line("Requesting resync");
        const End transfer{server, static_cast<std::uint16_t>(ephemeral(k) ^ 0x4000)};
        std::string request = be16(1) + mac + ".xml";
        request += std::string{"\0octet\0", 7};
        writer.udp(phone, {server, 69}, request);
        for (std::size_t block = 1; (block - 1) * blockBytes <= fileBytes; ++block) {
            const std::size_t left = fileBytes - (block - 1) * blockBytes;
            writer.udp(transfer, phone, be16(3) + be16(block) + std::string(std::min(left, blockBytes), 'x'));
            writer.udp(phone, transfer, be16(4) + be16(block));
        }
        line("Successful resync");
        line("Next resync in an hour");
    }
    return finished(writer, path);
}

}  // namespace bench
