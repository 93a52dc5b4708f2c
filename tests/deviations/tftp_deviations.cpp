#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include "emulator/protocol/tftp_packet.hpp"

#include <map>

namespace deviations {

namespace {

using emulator::DatagramArrived;
using emulator::Endpoint;
using Running = std::pair<PhoneIndex, FetchKey>;

bool isAck(std::string_view bytes)
{
    return emulator::tftpEventKind(bytes) == emulator::EventKind::TftpAck;
}

std::string ack(unsigned block)
{
    return encode(emulator::TftpPacket{emulator::TftpAck{static_cast<std::uint16_t>(block)}});
}

// Changes read requests.
class AlteredReads : public DeviatingWorld {
public:
    using Alter = std::function<void(emulator::TftpRead&)>;
    AlteredReads(emulator::PhoneWorld& real, Alter alter) : DeviatingWorld{real}, m_alter{std::move(alter)} {}

    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        const auto packet = emulator::decodeTftp(bytes);
        if (!packet.has_value() || !std::holds_alternative<emulator::TftpRead>(*packet))
            return real().sendDatagram(phone, key, to, bytes);
        emulator::TftpRead read = std::get<emulator::TftpRead>(*packet);
        m_alter(read);
        real().sendDatagram(phone, key, to, encode(emulator::TftpPacket{std::move(read)}));
    }

    // The phone has not asked for options and must not learn of them.
    const FetchEvent* arriving(PhoneIndex phone, FetchKey key, const FetchEvent& event) override
    {
        const auto* const datagram = std::get_if<DatagramArrived>(&event);
        if (datagram == nullptr || emulator::tftpEventKind(datagram->bytes) != emulator::EventKind::TftpOack)
            return &event;
        real().sendDatagram(phone, key, datagram->from, ack(0));
        return nullptr;
    }

private:
    Alter m_alter;
};

// Asks for blocks of 256 bytes and makes blocks of 512 of each two, which is what the phone knows.
class SmallBlocks : public AlteredReads {
public:
    explicit SmallBlocks(emulator::PhoneWorld& real)
        : AlteredReads{real, [](emulator::TftpRead& read) { read.options.emplace_back("blksize", "256"); }}
    {}

    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        if (isAck(bytes))
            AlteredReads::sendDatagram(phone, key, to, ack(m_halves[{phone, key}].blocks));
        else
            AlteredReads::sendDatagram(phone, key, to, bytes);
    }

    const FetchEvent* arriving(PhoneIndex phone, FetchKey key, const FetchEvent& event) override
    {
        const auto* const datagram = std::get_if<DatagramArrived>(&event);
        if (datagram == nullptr || emulator::tftpEventKind(datagram->bytes) != emulator::EventKind::TftpData)
            return AlteredReads::arriving(phone, key, event);
        Halves& halves = m_halves[{phone, key}];
        const auto packet = emulator::decodeTftp(datagram->bytes);
        const emulator::TftpData& data = std::get<emulator::TftpData>(*packet);
        ++halves.blocks;
        halves.bytes += data.bytes;
        const bool last = data.bytes.size() < 256;
        if (!last && halves.blocks % 2 != 0) {
            real().sendDatagram(phone, key, datagram->from, ack(halves.blocks));
            return nullptr;
        }
        const auto block = static_cast<std::uint16_t>((halves.blocks + 1) / 2);
        m_bytes = encode(emulator::TftpPacket{emulator::TftpData{block, halves.bytes}});
        halves.bytes.clear();
        m_event = DatagramArrived{datagram->from, m_bytes};
        return &m_event;
    }

private:
    struct Halves {
        unsigned blocks = 0;
        std::string bytes;
    };
    std::map<Running, Halves> m_halves;
    std::string m_bytes;
    FetchEvent m_event;
};

class NeverAgain : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        std::string& last = m_last[{phone, key}];
        if (last == bytes)
            return;
        last = bytes;
        real().sendDatagram(phone, key, to, bytes);
    }

private:
    std::map<Running, std::string> m_last;
};

class TwoAcks : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        real().sendDatagram(phone, key, to, bytes);
        if (isAck(bytes))
            real().sendDatagram(phone, key, to, bytes);
    }
};

class TwoReads : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        real().sendDatagram(phone, key, to, bytes);
        if (emulator::tftpEventKind(bytes) == emulator::EventKind::TftpRead)
            real().sendDatagram(phone, key, to, bytes);
    }
};

class ErrorForLastAck : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    const FetchEvent* arriving(PhoneIndex, FetchKey, const FetchEvent& event) override
    {
        constexpr std::size_t fullBlock = 4 + 512;
        if (const auto* const datagram = std::get_if<DatagramArrived>(&event))
            m_last = datagram->bytes.size() < fullBlock;
        return &event;
    }
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        if (isAck(bytes) && m_last)
            real().sendDatagram(phone, key, to, encode(emulator::TftpPacket{emulator::TftpError{}}));
        else
            real().sendDatagram(phone, key, to, bytes);
    }

private:
    bool m_last = false;
};

class NoLastAck : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    const FetchEvent* arriving(PhoneIndex, FetchKey, const FetchEvent& event) override
    {
        constexpr std::size_t fullBlock = 4 + 512;
        if (const auto* const datagram = std::get_if<DatagramArrived>(&event))
            m_last = datagram->bytes.size() < fullBlock;
        return &event;
    }
    void sendDatagram(PhoneIndex phone, FetchKey key, const Endpoint& to, std::string_view bytes) override
    {
        if (!isAck(bytes) || !m_last)
            real().sendDatagram(phone, key, to, bytes);
    }

private:
    bool m_last = false;
};

}  // namespace

Deviations tftpDeviations()
{
    const auto reads = [](AlteredReads::Alter alter) { return inWorld<AlteredReads>(std::move(alter)); };
    return {
        {"netascii", "tftp", "asks for the file as text",
         reads([](emulator::TftpRead& read) { read.mode = "netascii"; })},
        {"tftp-option", "tftp", "asks for the size of the file",
         reads([](emulator::TftpRead& read) { read.options.emplace_back("tsize", "0"); })},
        {"tftp-block-size", "tftp", "asks for blocks of 256 bytes", inWorld<SmallBlocks>()},
        {"tftp-file-case", "tftp", "asks for the file in upper case", reads([](emulator::TftpRead& read) {
             for (char& c : read.file)
                 c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
         })},
        {"leading-slash", "tftp", "asks for the file with a slash before its name",
         reads([](emulator::TftpRead& read) { read.file = "/" + read.file; })},
        {"doubled-read", "tftp", "asks for the file twice at once", inWorld<TwoReads>()},
        {"error-for-last-ack", "tftp", "ends the transfer with an error in place of the last acknowledgement",
         inWorld<ErrorForLastAck>()},
        {"no-retransmission", "tftp-loss", "never repeats a datagram", inWorld<NeverAgain>()},
        {"doubled-ack", "tftp", "acknowledges every block twice", inWorld<TwoAcks>()},
        {"no-last-ack", "tftp", "does not acknowledge the last block", inWorld<NoLastAck>()},
    };
}

}  // namespace deviations
